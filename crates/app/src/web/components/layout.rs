//! What stands around the content of every page?

use maud::{DOCTYPE, Markup, html};

use opora_access::{Place, Right};

use crate::web::assets::{APP_JS, MARK_SVG, STYLE_CSS, icon, url};
use crate::web::pages::notices::count;
use crate::web::ui::{Theme, Ui};

/// Which item of the main navigation a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// None.
    None,
    /// Главная.
    Home,
    /// Планы.
    Plans,
    /// Школы.
    Schools,
    /// Самодиагностика школ.
    Diagnosis,
    /// Данные.
    Data,
    /// Календарь.
    Calendar,
    /// Правила.
    Rules,
    /// Журнал.
    Journal,
    /// Загрузка.
    Upload,
    /// Люди.
    People,
    /// Моя работа.
    Work,
    /// Посещения, заседания, обязательства.
    Visits,
    /// Сводка.
    Boards,
}

/// Item, address, name, and what a person must be allowed to be shown it: somewhere, or everywhere.
const NAVIGATION: [(Section, &str, &str, Right, bool); 9] = [
    (Section::Work, "/work", "Моя работа", Right::Enter, false),
    (Section::Boards, "/boards", "Сводка", Right::SeePlans, false),
    (Section::Plans, "/plans", "Планы", Right::SeePlans, false),
    (Section::Schools, "/schools", "Школы", Right::SeeResults, false),
    (Section::Diagnosis, "/diagnosis", "Диагностика", Right::SeeDiagnosis, false),
    (Section::Visits, "/visits", "Посещения", Right::Visit, false),
    (Section::Data, "/data", "Данные", Right::LoadResults, true),
    (Section::Calendar, "/calendar", "Календарь", Right::SeePlans, false),
    (Section::People, "/people", "Люди", Right::ManagePeople, false),
];

/// The items that lead a person somewhere.
fn navigation(ui: &Ui) -> impl Iterator<Item = (Section, &'static str, &'static str)> {
    let shown = |right, everywhere| {
        ui.actor.as_ref().is_some_and(|actor| match everywhere {
            true => actor.may(right, Place::Installation),
            false => actor.may_somewhere(right),
        })
    };
    let items = NAVIGATION.into_iter().filter(move |(_, _, _, right, everywhere)| shown(*right, *everywhere));
    items.map(|(section, address, name, _, _)| (section, address, name))
}

/// A page: `title` is shown by the browser, `content` goes into the main landmark and starts with its `h1`.
pub fn page(ui: &Ui, title: &str, section: Section, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="ru" data-theme=(ui.theme.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content=(colour_scheme(ui.theme));
                meta name="htmx-config" content=r#"{"includeIndicatorCSS": false, "history": true}"#;
                title { (title) " — Опора" }
                link rel="icon" href=(url(MARK_SVG)) type="image/svg+xml";
                link rel="stylesheet" href=(url(STYLE_CSS));
                script type="module" src=(url(APP_JS)) {}
            }
            body {
                a.skip-link href="#main" { "К содержанию" }
                (header(ui, section))
                main #main tabindex="-1" { (content) }
                (footer(ui))
                div #announcer.visually-hidden aria-live="polite" {}
            }
        }
    }
}

fn colour_scheme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "light dark",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

fn header(ui: &Ui, section: Section) -> Markup {
    html! {
        header.site-header {
            div.site-header-row {
                a.brand href="/" aria-current=[(section == Section::Home).then_some("page")] {
                    img src=(url(MARK_SVG)) alt="" width="28" height="28";
                    span { "Опора" }
                }
                nav.site-nav aria-label="Разделы" {
                    ul {
                        @for (item, address, name) in navigation(ui) {
                            li { a href=(address) aria-current=[(item == section).then_some("page")] { (name) } }
                        }
                    }
                }
                @if may(ui, Right::SeePlans) { form.site-search role="search" action="/search" method="get" {
                    label.visually-hidden for="site-search" { "Поиск по всем планам" }
                    (icon("search"))
                    input #site-search type="search" name="q" placeholder="Поиск по всем планам" autocomplete="off";
                    button.visually-hidden type="submit" { "Найти" }
                } }
                div.site-tools {
                    @if may(ui, Right::EditPlans) { a.button.primary.upload-link href="/upload" title="Загрузить приказ" aria-current=[(section == Section::Upload).then_some("page")] {
                        (icon("upload")) span { "Загрузить" }
                    } }
                    (bell(ui))
                    (person(ui))
                    (theme_switch(ui))
                }
            }
        }
    }
}

fn may(ui: &Ui, right: Right) -> bool {
    ui.actor.as_ref().is_some_and(|actor| actor.may_somewhere(right))
}

/// The way to one's notices, with how many are unread.
fn bell(ui: &Ui) -> Markup {
    html! {
        @if let Some(actor) = ui.actor.as_ref().filter(|actor| actor.account().is_some()) {
            a.bell href="/notices" title="Уведомления" {
                (icon("bell"))
                span.visually-hidden { "Уведомления" @if actor.unread > 0 { ", непрочитанных: " } }
                @if actor.unread > 0 { span.count.error { (count(actor.unread)) } }
            }
        }
    }
}

/// Who is logged in, and the way out. Nothing for the one who works alone.
fn person(ui: &Ui) -> Markup {
    html! {
        @if let Some(actor) = ui.actor.as_ref().filter(|actor| actor.account().is_some()) {
            a.person href="/account" { (icon("user")) span { (actor.name()) } }
        }
    }
}

/// One button that goes round system, light, dark; a form, so that it works without JavaScript.
fn theme_switch(ui: &Ui) -> Markup {
    let (next, picture, words) = match ui.theme {
        Theme::System => (Theme::Light, "monitor", "Тема: как в системе. Включить светлую"),
        Theme::Light => (Theme::Dark, "sun", "Тема: светлая. Включить тёмную"),
        Theme::Dark => (Theme::System, "moon", "Тема: тёмная. Включить как в системе"),
    };
    html! {
        form.theme-switch action="/theme" method="post" {
            input type="hidden" name="back" value=(ui.path);
            button.icon-button type="submit" name="theme" value=(next.code()) title=(words) aria-label=(words) {
                (icon(picture))
            }
        }
    }
}

fn footer(ui: &Ui) -> Markup {
    html! {
        footer.site-footer {
            p { "Опора " (env!("CARGO_PKG_VERSION")) " · дорожные карты поддержки школ" }
            @if ui.actor.is_some() { nav aria-label="Справка" {
                ul {
                    li { a href="/methods" { "Методики" } }
                    @if may(ui, Right::SeeResults) { li { a href="/runs" { "Закреплённые списки" } } }
                    li { a href="/obligations" { "Обязательства" } }
                    li { a href="/meetings" { "Заседания" } }
                    li { a href="/rules" { "Правила проверки" } }
                    @if ui.actor.as_ref().is_some_and(|actor| actor.may_somewhere(Right::SeeJournal)) {
                        li { a href="/journal" { "Журнал действий" } }
                    }
                    li { a href="/account" { "Учётная запись" } }
                }
            } }
        }
    }
}
