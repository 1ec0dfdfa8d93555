//! Where do these words stand, in whatever plan?

use std::collections::HashSet;

use axum::extract::{RawQuery, State};
use maud::{Markup, html};
use opora_store::{Hit, PlanId, SearchField};

use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::{pairs, value};
use crate::web::views::found::marked;
use crate::web::words;

/// Answers shown; more than these say that the words are too common.
const HITS_MAX: u64 = 100;
/// Texts of one answer shown beside its heading.
const TEXTS_MAX: usize = 3;

/// `GET /search?q=`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    RawQuery(query): RawQuery,
) -> Result<Markup, WebError> {
    let pairs = pairs(query.as_deref());
    let words: String = value(&pairs, "q").unwrap_or_default().chars().take(200).collect();
    let hits = hits(&state, &actor, &words).await?;
    let title = if words.is_empty() { "Поиск".to_owned() } else { format!("Поиск: {words}") };
    Ok(page(&ui, &title, Section::None, &content(&words, &hits)))
}

/// The answers in the plans that the actor may read.
pub async fn hits(state: &AppState, actor: &Actor, words: &str) -> Result<Vec<Hit>, WebError> {
    let readable = actor.standings(state).await?;
    let own = readable.iter().map(|plan| &plan.summary).filter(|plan| !plan.archived);
    let own: Vec<PlanId> = own.map(|plan| plan.id).collect();
    Ok(state.store.search(words, &own, HITS_MAX).await?)
}

fn content(words: &str, hits: &[Hit]) -> Markup {
    html! {
        div.page-head { h1 { "Поиск по всем планам" } }
        form.filter-bar role="search" aria-label="Поиск по всем планам" action="/search" method="get" {
            div.grow {
                label.visually-hidden for="search-words" { "Слова" }
                input #search-words type="search" name="q" value=(words) maxlength="200"
                    placeholder="Слова, фамилия, номер пункта";
            }
            button.primary type="submit" { (icon("search")) "Найти" }
        }
        @if words.is_empty() {
            (empty("search", "Что искать?",
                "Мероприятия, ответственных, школы, номера пунктов и актов, показатели. Ищутся все слова сразу, в любой \
                 форме: «мониторинг результатов» найдёт и «мониторинга результата».", &html! {}))
        } @else if hits.is_empty() {
            (empty("search", "Ничего не найдено",
                "Проверьте, нет ли опечатки, уберите часть слов или напишите только начало слова. Планы из архива \
                 в поиске не участвуют.", &html! { a.button href="/plans" { "К списку планов" } }))
        } @else {
            (groups(words, hits))
        }
    }
}

/// The answers, plan by plan in the order in which they came.
fn groups(words: &str, hits: &[Hit]) -> Markup {
    let mut seen = HashSet::new();
    let plans: Vec<&Hit> = hits.iter().filter(|hit| seen.insert(hit.plan)).collect();
    let all = u64::try_from(hits.len()).unwrap_or(u64::MAX);
    html! {
        p.muted role="status" {
            @if all >= HITS_MAX {
                "Показаны первые " (words::count(hits.len(), ANSWERS)) ". Уточните запрос, чтобы увидеть остальные."
            } @else {
                "Найдено: " (words::count(hits.len(), ANSWERS)) ", " (words::count(plans.len(), words::PLANS)) "."
            }
        }
        @for plan in plans {
            section.card.found aria-labelledby={ "plan-" (plan.plan.0) } {
                div.card-head {
                    h2 id={ "plan-" (plan.plan.0) } {
                        a.plain href={ "/plans/" (plan.plan.0) } { (plan.plan_title) }
                    }
                }
                ul.hits {
                    @for hit in hits.iter().filter(|hit| hit.plan == plan.plan) { (answer(words, hit)) }
                }
            }
        }
    }
}

const ANSWERS: [&str; 3] = ["ответ", "ответа", "ответов"];

fn answer(words: &str, hit: &Hit) -> Markup {
    let place = match hit.activity {
        Some(key) => format!("/plans/{}/activities/{}", hit.plan.0, key.0),
        None => format!("/plans/{}/review", hit.plan.0),
    };
    let heading = if hit.heading.trim().is_empty() {
        "Сведения об акте и плане"
    } else {
        &hit.heading
    };
    let texts = hit.matches.iter().filter(|(field, text)| {
        hit.activity.is_none()
            || !(matches!(field, SearchField::Title | SearchField::Number) && heading.contains(text.as_str()))
    });
    html! {
        li {
            a.hit-heading href=(place) { (marks(heading, words)) }
            @for (field, text) in texts.take(TEXTS_MAX) {
                p.hit-text { span.hit-field { (field_name(*field)) ": " } (marks(text, words)) }
            }
        }
    }
}

fn marks(text: &str, words: &str) -> Markup {
    html! {
        @for (hit, piece) in marked(text, words) {
            @if hit { mark { (piece) } } @else { (piece) }
        }
    }
}

fn field_name(field: SearchField) -> &'static str {
    match field {
        SearchField::Number => "Номер",
        SearchField::Title => "Мероприятие",
        SearchField::Responsible => "Ответственные",
        SearchField::Schedule => "Срок",
        SearchField::Outcome => "Результат",
        SearchField::TargetGroup => "Целевая группа",
        SearchField::Other => "Другой столбец",
        SearchField::PlanTitle => "План",
        SearchField::Section => "Раздел",
        SearchField::Act => "Акт",
        SearchField::Programme => "Программа",
        SearchField::Indicator => "Показатель",
        SearchField::Criterion => "Критерий",
        SearchField::Participants => "Участники",
        SearchField::Unplaced => "Прочий текст",
    }
}
