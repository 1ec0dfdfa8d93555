//! What is due, what was done, and whose move is it?

mod board;
mod bulk;
mod chart;
mod deeds;
mod mine;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use opora_access::{Place, Right, Role};
use opora_cycle::vocabulary::ActivityKey;
use opora_execution::{
    Account, Baseline, Deed, DeedKind, Evidence, Fact, Nature, Occurrence, OccurrenceKey, Outline, Party,
    Progress, StateKind, due, state_of, step,
};
use serde::Deserialize;

pub use bulk::{AT_ONCE, act as act_on_many, record_many};
pub use deeds::act;
pub use mine::{Waiting, mine, page_of, roadmaps_to_write};

use crate::usecases::edit::activity;
use crate::usecases::in_force::Why;
use crate::usecases::support::{Known, people_at};
use crate::web::actor::Actor;
use crate::web::carried::CarriedOut;
use crate::web::components::deed;
use crate::web::components::pager::pager;
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::deeds::Told;
use crate::web::errors::WebError;
use crate::web::pages::files;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::address;
use crate::web::words;

/// Lines of one page.
pub const PAGE: usize = 100;

/// On which sides a person stands towards the work of a place.
pub fn sides(actor: &Actor, owner: Place) -> Vec<Party> {
    let roles = actor.roles_at(owner);
    let gives = |right: Right| roles.iter().any(|role| role.gives(right));
    let mut sides = Vec::new();
    if gives(Right::Perform) {
        sides.push(Party::Performer);
    }
    if roles.contains(&Role::Curator) {
        sides.push(Party::Curator);
    }
    if roles.contains(&Role::Coordinator) {
        sides.push(Party::Coordinator);
    }
    sides
}

/// A plan with its execution and the people around it.
pub struct Case {
    /// What is carried out.
    pub of: CarriedOut,
    /// Who can be called on.
    pub people: Vec<Known>,
    /// Who can carry on.
    pub performers: Vec<Known>,
}

impl Case {
    /// Reads it.
    pub async fn read(state: &AppState, actor: &Actor, id: i64) -> Result<Self, WebError> {
        let of = CarriedOut::read(state, id, actor.today).await?;
        let people = people_at(&state.store, &actor.registry, of.owner, true, actor.today).await?;
        let performs = |person: &&Known| person.role.gives(Right::Perform);
        let performers = people.iter().filter(performs).cloned().collect();
        Ok(Self { of, people, performers })
    }

    /// Name of an account.
    pub fn name(&self, by: i64) -> String {
        self.of.name(by).to_owned()
    }

    fn title(&self, key: ActivityKey) -> String {
        activity(self.of.order(), key).map_or_else(
            || "мероприятие, которого больше нет в плане".to_owned(),
            |activity| match &activity.number {
                Some(number) => format!("{number}. {}", activity.title),
                None => activity.title.clone(),
            },
        )
    }

    /// On which sides a person stands towards one occurrence: to whom it was passed on carries it out.
    pub fn sides_towards(&self, actor: &Actor, account: &Account<'_>) -> Vec<Party> {
        let mut sides = sides(actor, self.of.owner);
        let is_delegate = actor.account().is_some_and(|own| account.performer == Some(own.0));
        if is_delegate && !sides.contains(&Party::Performer) {
            sides.insert(0, Party::Performer);
        }
        sides
    }

    /// The same for a key.
    pub fn sides_of(&self, actor: &Actor, key: OccurrenceKey) -> Vec<Party> {
        self.with_account(key, |account| self.sides_towards(actor, account))
    }

    /// The side on which a person may do this, or else one on which it is refused with the reason.
    pub fn side_for(&self, actor: &Actor, key: OccurrenceKey, kind: DeedKind) -> Option<Party> {
        self.with_account(key, |account| {
            let sides = self.sides_towards(actor, account);
            let fit = sides.iter().find(|side| step(account.phase, kind, **side).is_ok());
            fit.or(sides.last()).copied()
        })
    }

    fn with_account<T>(&self, key: OccurrenceKey, read: impl FnOnce(&Account<'_>) -> T) -> T {
        let ledger = self.of.execution.ledger();
        let at = self.of.execution.occurrences.iter().position(|occurrence| occurrence.key == key);
        let facts = at.map(|at| ledger.facts(at)).unwrap_or_default();
        read(&Account::of(facts.iter().copied()))
    }
}

/// What to show.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: Option<usize>,
    /// `board` or `chart`; the list without.
    #[serde(default)]
    view: String,
}

/// `GET /plans/{id}/work`.
pub async fn of_plan(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let case = Case::read(&state, &actor, id).await?;
    Ok(work_page_with(&ui, &actor, &case, &wanted, None, None))
}

/// `GET /plans/{id}/proofs/{sha256}`: a file that proves something of this plan.
pub async fn proof(
    State(state): State<AppState>,
    actor: Actor,
    Path((id, sha256)): Path<(i64, String)>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, id).await?;
    let is_proof = |deed: &Deed| matches!(deed, Deed::EvidenceAdded(Evidence::File { sha256: own, .. }) if *own == sha256);
    if !case.of.execution.facts.iter().any(|fact| is_proof(&fact.deed)) {
        return Err(WebError::not_found("Такого подтверждения у плана нет"));
    }
    files::send(&state, &sha256).await
}

/// A form that was refused: what it told, and why it is not recorded.
#[derive(Clone, Copy)]
struct Again<'a> {
    told: &'a Told,
    message: &'a str,
}

fn work_page_again(ui: &Ui, actor: &Actor, case: &Case, wanted: &Wanted, again: &Again<'_>) -> Markup {
    let line = format!("#o-{}", again.told.occurrence.replace(['/', '.'], "-"));
    let notice = html! {
        div.notice.warning role="alert" { p { (again.message) " " a href=(line) { "К этой строке" } } }
    };
    work_page_of(ui, actor, case, wanted, &notice, Some(again))
}

fn work_page_with(
    ui: &Ui,
    actor: &Actor,
    case: &Case,
    wanted: &Wanted,
    wrong: Option<&str>,
    report: Option<&Markup>,
) -> Markup {
    let notice = html! {
        @if let Some(wrong) = wrong { div.notice.warning role="alert" { p { (wrong) } } }
        @if let Some(report) = report { (report) }
    };
    work_page_of(ui, actor, case, wanted, &notice, None)
}

fn work_page_of(
    ui: &Ui,
    actor: &Actor,
    case: &Case,
    wanted: &Wanted,
    notice: &Markup,
    again: Option<&Again<'_>>,
) -> Markup {
    let today = actor.today;
    let ledger = case.of.execution.ledger();
    let mut progress = Progress::default();
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (at, (occurrence, account)) in ledger.accounts().enumerate() {
        let state = state_of(occurrence, &account, today);
        progress.add(&Outline::of(occurrence, &account), 1, today);
        if wanted.state.is_empty() || state.kind().slug() == wanted.state {
            lines.push(Line { occurrence, account, kind: state.kind(), facts: ledger.facts(at) });
        }
    }
    // By the day it is due; what has no day comes last.
    lines.sort_by_key(|line| {
        let day = due(line.occurrence, &line.account);
        (day.is_none(), day, line.occurrence.key)
    });
    let drawn =
        || lines.iter().map(|line| (line.occurrence, line.account.clone(), line.kind)).collect::<Vec<_>>();
    let content = html! {
        div.view-head { h2 { "Выполнение" } (views(case, wanted)) }
        (notice)
        (which_version(case))
        (summary(case, &progress, wanted))
        @match wanted.view.as_str() {
            "board" => (board::draw(case, &drawn())),
            "chart" => (chart::draw(case, &drawn(), today)),
            _ => (list(case, actor, wanted, &lines, again)),
        }
        @if !ledger.orphans.is_empty() {
            section.card aria-labelledby="orphans" {
                div.card-head { h3 #orphans { "Записи без срока" } }
                div.card-body {
                    p { "Срок, к которому они относились, из плана исчез. Ничего не потеряно: проверьте, не нужно ли вернуть срок." }
                    ul { @for orphan in &ledger.orphans { li { (orphan.russian()) } } }
                }
            }
        }
    };
    plan_page(ui, &case.of.plan, PlanTab::Work, &content)
}

/// Which version is carried out, where that is worth a word.
fn which_version(case: &Case) -> Markup {
    let (id, newest, version) = (case.of.plan.id, case.of.plan.version, case.of.followed.version.0);
    let said = match case.of.followed.why {
        _ if version < newest => {
            format!(
                "Работа идёт по согласованной версии {version}. Версия {newest} ещё пишется или ждёт согласования: её сроки начнут действовать потом."
            )
        }
        Why::NothingAgreed => {
            "План ещё не согласован. Показаны сроки новейшей версии, они могут измениться.".to_owned()
        }
        Why::Closed => format!("Работа завершена. Показана версия {version}, по которой она шла."),
        Why::Approved => format!("Версия {version} одобрена, но ещё не введена в действие."),
        Why::NeverAsked | Why::InForce => return html! {},
    };
    html! {
        div.notice role="status" {
            p {
                (said) " "
                @if version < newest {
                    a href={ "/plans/" (id) "/compare?from=" (version) "&to=" (newest) } { "Что изменится" } " · "
                }
                a href={ "/plans/" (id) "/approval" } { "Согласование" }
            }
        }
    }
}

/// A time of an activity with everything recorded about it.
struct Line<'a> {
    occurrence: &'a Occurrence,
    account: Account<'a>,
    kind: StateKind,
    facts: &'a [&'a Fact],
}

/// The ways to look at the same: a list, a board, days on a line.
fn views(case: &Case, wanted: &Wanted) -> Markup {
    let base = format!("/plans/{}/work", case.of.plan.id);
    let to = |view: &str| {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if !view.is_empty() {
            pairs.push(("view", view.to_owned()));
        }
        if !wanted.state.is_empty() && view != "board" {
            pairs.push(("state", wanted.state.clone()));
        }
        address(&base, &pairs)
    };
    html! {
        nav.segments.no-print aria-label="Вид" {
            ul {
                @for (view, name) in [("", "Список"), ("board", "Доска"), ("chart", "Лента и сдвиги")] {
                    li { a href=(to(view)) aria-current=[(wanted.view == view).then_some("true")] { (name) } }
                }
            }
        }
    }
}

fn list(
    case: &Case,
    actor: &Actor,
    wanted: &Wanted,
    lines: &[Line<'_>],
    again: Option<&Again<'_>>,
) -> Markup {
    // The form of a line that was refused stands on the page of that line.
    let refused = again.and_then(|again| {
        let at = lines.iter().position(|line| again.told.is_about(&line.occurrence.key.to_string()));
        at.map(|at| at / PAGE + 1)
    });
    let page = refused.or(wanted.page).unwrap_or(1).clamp(1, lines.len().div_ceil(PAGE).max(1));
    let shown: Vec<_> = lines.iter().skip((page - 1) * PAGE).take(PAGE).collect();
    let possible: Vec<Vec<(DeedKind, Party)>> = shown
        .iter()
        .map(|line| {
            let sides = case.sides_towards(actor, &line.account);
            deed::possible(&line.account, &sides, !case.performers.is_empty())
        })
        .collect();
    let offered =
        bulk::DEEDS.into_iter().filter(|deed| possible.iter().flatten().any(|(own, _)| own == deed));
    let offered: Vec<DeedKind> = offered.collect();
    html! {
        (deed::people_list(&case.people))
        @if lines.is_empty() { p.muted { "Таких сроков в плане нет." } } @else { (bulk::form(case, wanted, &offered)) }
        ol.work-list { @for (shown, possible) in shown.iter().zip(&possible) { (line(case, shown, possible, actor, again)) } }
        (pages(case, wanted, page, lines.len()))
    }
}

/// Counts by state as links that narrow the list, and how much is confirmed.
fn summary(case: &Case, progress: &Progress, wanted: &Wanted) -> Markup {
    let base = match wanted.view.as_str() {
        "chart" => format!("/plans/{}/work?view=chart&state=", case.of.plan.id),
        _ => format!("/plans/{}/work?state=", case.of.plan.id),
    };
    html! {
        nav.work-states aria-label="Отбор по состоянию" {
            a href=(base) aria-current=[wanted.state.is_empty().then_some("true")] { "все" }
            @for kind in StateKind::ALL {
                @let count = progress.count(kind);
                @if count > 0 {
                    a class={ "state " (kind.slug()) } href={ (base) (kind.slug()) } aria-current=[(wanted.state == kind.slug()).then_some("true")] {
                        (kind.russian()) " " strong { (count) }
                    }
                }
            }
        }
        p.muted { (progress.forecast()) }
    }
}

fn pages(case: &Case, wanted: &Wanted, page: usize, all: usize) -> Markup {
    let address = |page: usize| format!("/plans/{}/work?state={}&page={page}", case.of.plan.id, wanted.state);
    pager("Страницы", ["Раньше", "Позже"], page, all.div_ceil(PAGE), address)
}

fn line(
    case: &Case,
    line: &Line<'_>,
    possible: &[(DeedKind, Party)],
    actor: &Actor,
    again: Option<&Again<'_>>,
) -> Markup {
    let Line { occurrence, account, .. } = line;
    let state = state_of(occurrence, account, actor.today);
    let key = occurrence.key.to_string();
    let anchor = key.replace(['/', '.'], "-");
    let name = |by: i64| case.name(by);
    let base = format!("/plans/{}", case.of.plan.id);
    let baseline = Baseline::of(occurrence, account);
    html! {
        li class={ "work-line " (line.kind.slug()) } id={ "o-" (anchor) } {
            div.work-head {
                @if possible.iter().any(|(deed, _)| bulk::DEEDS.contains(deed)) {
                    (bulk::pick(&key, account.facts, &format!("{}, {}", case.title(occurrence.key.activity), due_words(occurrence.key))))
                }
                a.work-title href={ (base) "/activities/" (occurrence.key.activity.0) } { (case.title(occurrence.key.activity)) }
                span class={ "badge " (line.kind.slug()) } { (state.russian()) }
            }
            p.small.muted {
                @match (&occurrence.nature, due(occurrence, account)) {
                    (Nature::Undated(why), _) => (why.russian()),
                    (_, Some(due)) => {
                        "срок " (words::date(due))
                        @if let Some(window) = occurrence.window.filter(|_| account.postponed.is_some()) { ", был " (words::date_short(window.due)) }
                    },
                    (_, None) => "без срока",
                }
                @if let Some((at, by)) = account.done { " · отметил выполнение " (case.name(by)) ", " (words::date_short(at.date())) }
                @if baseline.actual.is_some() && baseline.slip_days(actor.today).is_some_and(|days| days != 0) { ", " (chart::slip(baseline, actor.today)) " срока по плану" }
            }
            (deed::notes(account, &name))
            (deed::proofs(&format!("{base}/proofs"), account, &name))
            (deed::comments(line.facts, &name))
            (deed::form(&format!("{base}/work"), &key, account, possible, !case.people.is_empty(), again.map(|again| (again.told, again.message))))
        }
    }
}

/// The days of an occurrence in words, to tell its times apart.
fn due_words(key: OccurrenceKey) -> String {
    match key.window {
        Some(window) => format!("срок {}", words::date_short(window.due)),
        None => "без срока".to_owned(),
    }
}
