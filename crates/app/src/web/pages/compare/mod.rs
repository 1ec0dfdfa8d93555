//! What differs between any two versions of a plan, in words and side by side?

mod table;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use opora_approval::{Action, Kind, Standing, permitted, standing};
use opora_cycle::vocabulary::Order;
use opora_roadmap::ChangeKind;
use opora_store::{PlanId, VersionNumber, VersionSummary};
use serde::Deserialize;

use crate::usecases::agreement::{Agreement, content_of, of_roadmap};
use crate::usecases::edit_changes::{Change, changes};
use crate::web::actor::Actor;
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::download::{self, FileForm};
use crate::web::errors::WebError;
use crate::web::pages::approval::sides;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Which two versions; the newest and the one before it without.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Pair {
    /// The one version.
    #[serde(default)]
    pub from: Option<i32>,
    /// The other one.
    #[serde(default)]
    pub to: Option<i32>,
}

/// Two versions with what differs, the earlier one first.
pub struct Compared {
    /// The earlier one.
    pub from: VersionSummary,
    /// The later one.
    pub to: VersionSummary,
    /// What differs, in the order of the later one; what is gone last.
    pub changes: Vec<Change>,
    history: Vec<VersionSummary>,
    before: Order,
    after: Order,
}

impl Compared {
    /// Reads them.
    pub async fn read(state: &AppState, id: i64, pair: Pair) -> Result<Self, WebError> {
        let plan = PlanId(id);
        let history = state.store.history(plan).await?;
        let newest = history.first().map_or(VersionNumber::FIRST, |version| version.number);
        let to = pair.to.map_or(newest, VersionNumber);
        let from = pair.from.map_or(VersionNumber(to.0.saturating_sub(1).max(1)), VersionNumber);
        let (from, to) = (from.min(to), from.max(to));
        let (first, second) =
            (state.store.plan_version(plan, from).await?, state.store.plan_version(plan, to).await?);
        let changes = changes(&first.order, &second.order);
        Ok(Self {
            history,
            from: first.version,
            to: second.version,
            before: first.order,
            after: second.order,
            changes,
        })
    }

    fn count(&self, kind: ChangeKind) -> usize {
        self.changes.iter().filter(|change| change.kind == kind).count()
    }
}

/// `GET /plans/{id}/compare`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Query(pair): Query<Pair>,
) -> Result<Markup, WebError> {
    let plan = state.plan(id).await?;
    let owner = state.store.summary(PlanId(id)).await?.owner;
    let compared = Compared::read(&state, id, pair).await?;
    let agreement = Agreement::read(&state.store, Kind::Roadmap, &of_roadmap(id)).await?;
    let standing = compared
        .history
        .first()
        .filter(|_| !agreement.facts.is_empty())
        .map(|newest| standing(Kind::Roadmap, &agreement.facts, &content_of(newest)));
    // Whoever checks writes a remark right where something changed.
    let remarks = compared.history.first().is_some_and(|newest| {
        newest.number == compared.to.number
            && sides(&actor, owner).into_iter().any(|party| {
                let may = permitted(Kind::Roadmap, &agreement.facts, &content_of(newest), party);
                may.contains(&Action::AddRemark)
            })
    });
    let content = html! { div.stack.compare {
        div.page-head { div { h2 { "Что изменилось" } p { (between(&compared)) } } }
        (choice(id, &compared.history, compared.from.number, compared.to.number, standing.as_ref()))
        (reasons(&compared, standing.as_ref()))
        @if compared.from.number == compared.to.number {
            p.muted { "Это одна и та же версия. Выберите две разные." }
        } @else if compared.changes.is_empty() {
            p.muted { "Слова плана не изменились." }
        } @else {
            (files(id, &compared))
            (in_words(&compared))
            (table::side_by_side(id, &compared.changes, (&compared.before, &compared.after), remarks))
        }
    } };
    Ok(plan_page(&ui, &plan, PlanTab::History, &content))
}

/// The versions that are compared with their authors.
fn between(compared: &Compared) -> Markup {
    let named = |version: &VersionSummary| {
        html! { "версия " (version.number.0) " (" (version.author) ", " (words::moment(version.created_at)) ")" }
    };
    html! { "Было: " (named(&compared.from)) ". Стало: " (named(&compared.to)) "." }
}

/// A form to choose two versions.
pub fn choice(
    plan: i64,
    history: &[VersionSummary],
    from: VersionNumber,
    to: VersionNumber,
    standing: Option<&Standing>,
) -> Markup {
    let select = |name: &str, label: &str, chosen: VersionNumber| {
        html! {
            div.field-inline {
                label for=(name) { (label) }
                select id=(name) name=(name) {
                    @for version in history {
                        option value=(version.number.0) selected[version.number == chosen] {
                            (version.number.0) " — " (words::moment(version.created_at)) ", " (version.author) (mark(version, standing))
                        }
                    }
                }
            }
        }
    };
    html! {
        form.filter-bar.no-print action={ "/plans/" (plan) "/compare" } method="get" aria-label="Какие версии сравнить" {
            (select("from", "Было, версия", from))
            (select("to", "Стало, версия", to))
            button type="submit" { "Сравнить" }
        }
    }
}

/// What the agreement says of a version.
fn mark(version: &VersionSummary, standing: Option<&Standing>) -> &'static str {
    let is =
        |bound: Option<&opora_approval::Bound>| bound.is_some_and(|bound| bound.version == version.number.0);
    match standing {
        Some(standing) if is(standing.in_force.as_ref()) => " (действует)",
        Some(standing) if is(standing.approved.as_ref()) => " (одобрена)",
        _ => "",
    }
}

/// Why the version in force is being corrected, where that is what is compared.
fn reasons(compared: &Compared, standing: Option<&Standing>) -> Markup {
    let reasons = standing
        .filter(|standing| standing.in_force_version().is_some_and(|version| version < compared.to.number.0))
        .map(|standing| standing.reasons.as_slice())
        .unwrap_or_default();
    html! {
        @if !reasons.is_empty() {
            section aria-labelledby="reasons" {
                h3 #reasons { "Причины исправления" }
                ul { @for reason in reasons { li { (reason.text) } } }
            }
        }
    }
}

fn files(id: i64, compared: &Compared) -> Markup {
    let (from, to) = (compared.from.number.0, compared.to.number.0);
    let link = |ending: &str| format!("/plans/{id}/compare/files/changes.{ending}?from={from}&to={to}");
    html! {
        p.chart-files.no-print {
            "Список изменений: " a href=(link("xlsx")) { "Excel" } " " a href=(link("csv")) { "CSV" }
            " · для бумаги нажмите Ctrl + P"
        }
    }
}

/// The changes as sentences.
fn in_words(compared: &Compared) -> Markup {
    let counts = [
        (ChangeKind::Added, "добавлено"),
        (ChangeKind::Removed, "удалено"),
        (ChangeKind::Edited, "текстов изменено"),
        (ChangeKind::Moved, "переставлено"),
    ];
    let counts: Vec<String> = counts
        .iter()
        .map(|(kind, word)| (compared.count(*kind), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{word}: {count}"))
        .collect();
    html! {
        section aria-labelledby="in-words" {
            h3 #in-words { "Словами" }
            p.muted { (counts.join(", ")) }
            ol.told-changes { @for change in &compared.changes { li { (change.sentence) } } }
        }
    }
}

/// `GET /plans/{id}/compare/files/{file}`: the list of changes as `changes.xlsx`, `changes.csv` or `changes.json`.
pub async fn file(
    State(state): State<AppState>,
    Path((id, file)): Path<(i64, String)>,
    Query(pair): Query<Pair>,
) -> Result<Response, WebError> {
    let ("changes", form) = FileForm::of_name(&file)? else {
        return Err(WebError::not_found("Такого файла нет"));
    };
    let plan = state.plan(id).await?;
    let compared = Compared::read(&state, id, pair).await?;
    let heads = ["Что", "Как", "Было", "Стало", "Словами"].map(str::to_owned).to_vec();
    let row = |change: &Change| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let kind = table::kind_word(change.kind).to_owned();
        vec![change.what.clone(), kind, text(&change.before), text(&change.after), change.sentence.clone()]
    };
    let rows = compared.changes.iter().map(row).collect();
    let (from, to) = (compared.from.number.0, compared.to.number.0);
    let title = format!("Изменения плана {id}, версии {from} и {to}");
    download::table(form, &title, plan.title(), (heads, rows)).await
}
