//! What if somebody else has changed the same thing meanwhile? Both texts, and nothing is lost.

use std::collections::{BTreeSet, HashMap};

use maud::{Markup, html};
use opora_store::{VersionNumber, VersionSummary};

use super::target::Target;
use super::view::Typed;
use crate::usecases::edit::{Edit, Text};
use crate::usecases::joining::{Collision, Field};
use crate::web::assets::icon;
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::components::segments::{new_side, old_side};
use crate::web::state::LoadedPlan;
use crate::web::ui::Ui;

/// Names of the fields that wait for a decision, in a hidden field.
const ASKED: &str = "asked";

/// Who has written since the version that was seen.
pub struct Others {
    seen: i32,
    version: i32,
    names: String,
}

impl Others {
    /// The authors of the versions after `seen` up to `version`.
    pub fn of(history: &[VersionSummary], seen: VersionNumber, version: VersionNumber) -> Self {
        let since = history.iter().filter(|one| one.number > seen && one.number <= version);
        let names: BTreeSet<&str> = since.map(|one| one.author.as_str()).collect();
        Self { seen: seen.0, version: version.0, names: names.into_iter().collect::<Vec<_>>().join(", ") }
    }
}

/// The page of a conflict: others wrote while the person typed.
pub fn page(ui: &Ui, plan: &LoadedPlan, others: &Others, collision: &Collision, typed: &Typed) -> Markup {
    let compare = format!("/plans/{}/compare?from={}&to={}", plan.id, others.seen, others.version);
    let notice = html! {
        div.notice.warning role="alert" {
            (icon("triangle-alert"))
            div {
                p.notice-title { "Пока вы правили, это же место изменили" }
                p {
                    "Сейчас действует версия " (others.version) @if !others.names.is_empty() { ", её пишет: " (others.names) } ". "
                    "Ваш текст не потерян: сравните и решите, какой оставить. "
                    a href=(compare) { "Всё, что изменили без вас" }
                }
                @for told in &collision.told { p { (told) } }
            }
        }
    };
    // A section may stand elsewhere now.
    let target = match (&collision.edit, typed.target) {
        (Edit::Section { section, .. }, _) => Target::Section(*section),
        (_, target) => target,
    };
    let form =
        Form { target, version: others.version, fields: &collision.fields, unplaced: typed.unplaced() };
    plan_page(ui, plan, PlanTab::Review, &html! { (notice) (form.card(plan, &HashMap::new())) })
}

/// The same page once more: a decision is missing.
pub fn again(ui: &Ui, plan: &LoadedPlan, typed: &Typed, form: &HashMap<String, String>) -> Markup {
    let text = |name: &str| form.get(name).cloned().unwrap_or_default();
    let asked: Vec<String> = text(ASKED).split(' ').map(str::to_owned).collect();
    let field = |shown: Text| {
        let collides = asked.contains(&shown.name);
        // What did not collide was sent as one text.
        let side = |side: &str| {
            if collides { text(&format!("{side}-{}", shown.name)) } else { shown.value.clone() }
        };
        let (base, theirs, mine) = (side("base"), side("theirs"), side("mine"));
        Field { base, theirs, mine, collides, label: shown.label.to_owned(), name: shown.name }
    };
    let fields: Vec<Field> = typed.edit.texts().into_iter().map(field).collect();
    let version = text("version").parse().unwrap_or(plan.version);
    let shown = Form { target: typed.target, version, fields: &fields, unplaced: typed.unplaced() };
    let content = html! {
        div.notice.error role="alert" {
            (icon("circle-alert"))
            div { p.notice-title { "Решено не всё" } p { "У каждого отмеченного места выберите текст. Всё набранное осталось в форме." } }
        }
        (shown.card(plan, form))
    };
    plan_page(ui, plan, PlanTab::Review, &content)
}

/// Some decision that the form asked for is missing.
pub fn undecided(form: &HashMap<String, String>) -> bool {
    let asked = form.get(ASKED).map(String::as_str).unwrap_or_default();
    let missing = |name: &str| !form.contains_key(&format!("choice-{name}"));
    asked.split(' ').any(|name| !name.is_empty() && missing(name))
}

/// The form with the texts that were chosen in place of those that were offered.
pub fn decided(mut form: HashMap<String, String>) -> HashMap<String, String> {
    let asked = form.get(ASKED).cloned().unwrap_or_default();
    for name in asked.split(' ') {
        let side = match form.get(&format!("choice-{name}")).map(String::as_str) {
            Some("theirs") => "theirs",
            Some("mine") => "mine",
            _ => continue,
        };
        let chosen = form.get(&format!("{side}-{name}")).cloned().unwrap_or_default();
        form.insert(name.to_owned(), chosen);
    }
    form
}

/// The form of a decision.
struct Form<'a> {
    target: Target,
    version: i32,
    fields: &'a [Field],
    unplaced: Option<&'a str>,
}

impl Form<'_> {
    /// The card; `typed` holds what was chosen already.
    fn card(&self, plan: &LoadedPlan, typed: &HashMap<String, String>) -> Markup {
        let back = format!("/plans/{}/review", plan.id);
        let at = match self.target.key() {
            Some(key) => format!("?at={0}#activity-{0}", key.0),
            None => format!("#{}", self.target.element()),
        };
        let asked: Vec<&str> =
            self.fields.iter().filter(|field| field.collides).map(|field| field.name.as_str()).collect();
        html! {
            form.card.decision method="post" action=(back) data-guard {
                div.card-head { h2 { @if asked.is_empty() { "Что сделать" } @else { "Два текста" } } }
                div.card-body {
                    input type="hidden" name="version" value=(self.version);
                    input type="hidden" name="target" value=(self.target);
                    input type="hidden" name=(ASKED) value=(asked.join(" "));
                    @if let Some(text) = self.unplaced { input type="hidden" name="unplaced" value=(text); }
                    @if self.fields.is_empty() { p { "Действие можно повторить на новой версии." } }
                    @for field in self.fields {
                        @if field.collides { (self.choice(field, typed)) } @else { (joined(field)) }
                    }
                    div.actions {
                        button.primary type="submit" { (icon("save")) @if asked.is_empty() { "Повторить" } @else { "Сохранить выбранное" } }
                        a.button href={ (back) (at) } { "Оставить всё как в версии " (self.version) }
                    }
                }
            }
        }
    }

    /// A field with two texts, one of which is chosen, or a third one typed.
    fn choice(&self, field: &Field, typed: &HashMap<String, String>) -> Markup {
        let Field { name, label, base, theirs, mine, .. } = field;
        let chosen = typed.get(&format!("choice-{name}")).map(String::as_str).unwrap_or_default();
        let own = typed.get(name).unwrap_or(mine);
        let option = |value: &str, words: &Markup, text: &Markup| {
            html! {
                div.conflict-option {
                    label { input type="radio" name={ "choice-" (name) } value=(value) checked[chosen == value] required; " " (words) }
                    (text)
                }
            }
        };
        html! {
            fieldset.conflict-row.differs {
                legend { (capitalised(label)) }
                @for (side, text) in [("base", base), ("theirs", theirs), ("mine", mine)] {
                    input type="hidden" name={ (side) "-" (name) } value=(text);
                }
                p.small.muted { "Было: " @if base.is_empty() { "пусто" } @else { (base) } }
                (option("theirs", &html! { "Текст версии " (self.version) }, &html! {
                    p.conflict-text { @if theirs.is_empty() { span.absent { "пусто" } } @else { (new_side(base, theirs)) } }
                }))
                (option("mine", &html! { "Ваш текст" }, &html! {
                    p.conflict-text { @if mine.is_empty() { span.absent { "пусто" } } @else { (new_side(base, mine)) } }
                }))
                (option("typed", &html! { "Другой текст" }, &html! {
                    textarea name=(name) rows="2" aria-label={ (capitalised(label)) ": другой текст" } { (own) }
                }))
            }
        }
    }
}

/// A field in which nothing collides: the text that stands.
fn joined(field: &Field) -> Markup {
    let text = field.joined();
    html! {
        input type="hidden" name=(field.name) value=(text);
        @if field.is_theirs() {
            div.conflict-joined {
                p { strong { (capitalised(&field.label)) } ": взят новый текст, вы его не меняли." }
                p.conflict-text { (old_side(&field.base, text)) " " (icon("arrow-right")) " " @if text.is_empty() { span.absent { "пусто" } } @else { (new_side(&field.base, text)) } }
            }
        }
    }
}

/// The page for a thing that was deleted meanwhile: its texts can be added as a new one, `target`.
pub fn deleted(ui: &Ui, plan: &LoadedPlan, target: Target, typed: &Typed) -> Markup {
    let back = format!("/plans/{}/review", plan.id);
    let texts = typed.edit.texts();
    let (gone, new) = match (target, typed.target) {
        (Target::AddSection(_), _) => ("этот раздел удалили", "новый раздел"),
        (_, Target::Add(_)) => ("раздел, куда добавлялось мероприятие, удалили", "новое мероприятие"),
        _ => ("это мероприятие удалили", "новое мероприятие"),
    };
    let content = html! {
        div.notice.warning role="alert" {
            (icon("triangle-alert"))
            div {
                p.notice-title { "Пока вы правили, " (gone) }
                p {
                    "В версии " (plan.version) " этого уже нет. Ваш текст не потерян: его можно добавить как " (new) ". "
                    "Прежний текст остался в " a href={ "/plans/" (plan.id) "/history" } { "истории" } "."
                }
            }
        }
        form.card.decision method="post" action=(back) data-guard {
            div.card-head { h2 { "Ваш текст" } }
            div.card-body {
                input type="hidden" name="version" value=(plan.version);
                input type="hidden" name="target" value=(target);
                @for text in &texts {
                    div.field {
                        label for={ "mine-" (text.name) } { (capitalised(text.label)) }
                        textarea id={ "mine-" (text.name) } name=(text.name) rows="2" { (text.value) }
                    }
                }
                div.actions {
                    button.primary type="submit" { (icon("plus")) "Добавить как " (new) }
                    a.button href=(back) { "Не добавлять" }
                }
            }
        }
    };
    plan_page(ui, plan, PlanTab::Review, &content)
}

fn capitalised(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
