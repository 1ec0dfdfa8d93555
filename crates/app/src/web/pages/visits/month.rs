//! What does a curator have to do in a month: windows, a route, and what to see in each school?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{Place, Right, Role, contains};
use opora_cells::OrganisationId;
use opora_execution::obligations::Kept;
use opora_execution::visits::{Call, Distances, Route, RouteLimits, VisitDeed, VisitState, route};
use opora_execution::work::{WorkItem, WorkKind, calls};
use opora_schedule::Period;
use serde::Deserialize;

use super::school::{badge, notice};
use super::ways::Ways;
use super::{NameOf, Told, View, doer, names, school_name, supported, told};
use crate::usecases::results::alphabet::key;
use crate::usecases::support::{self, Ground, Window, school_windows};
use crate::web::actor::{Actor, refused};
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::Fields;
use crate::web::pages::obligations::{disagreements, windows_table};
use crate::web::pages::work::page_of;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::address;
use crate::web::words;

/// Visits a day where nothing else is asked for.
const PER_DAY: usize = 2;
/// Things to see in a school that are named; the rest is counted.
const SEEN: usize = 6;

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    /// «2026-12».
    #[serde(default)]
    month: String,
    /// Account of a curator; everybody's schools without.
    #[serde(default)]
    curator: Option<i64>,
    /// Visits a day at most.
    #[serde(default)]
    per_day: Option<usize>,
}

impl Wanted {
    fn month(&self, today: Date) -> Period {
        let first = format!("{}-01", self.month).parse::<Date>().unwrap_or(today).first_of_month();
        Period { start: first, end: first.last_of_month() }
    }

    fn per_day(&self) -> usize {
        self.per_day.unwrap_or(PER_DAY).clamp(1, 6)
    }

    fn address(&self, month: Date, curator: Option<i64>) -> String {
        let mut pairs = vec![("month", month.strftime("%Y-%m").to_string())];
        pairs.extend(curator.map(|curator| ("curator", curator.to_string())));
        pairs.extend(self.per_day.map(|number| ("per_day", number.to_string())));
        address("/visits", &pairs)
    }
}

/// A school of the month.
struct School {
    ground: Ground,
    name: String,
    windows: Arc<Vec<Window>>,
    see: Vec<WorkItem>,
}

impl School {
    fn id(&self) -> OrganisationId {
        self.ground.school
    }
}

/// `GET /visits`. A head is led to the visits to the own school.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    if let ([Place::School(school)], false) =
        (actor.places(Right::SeeDiagnosis).as_slice(), actor.may_somewhere(Right::Visit))
    {
        return Ok(Redirect::to(&format!("/schools/{}/visits", school.0)).into_response());
    }
    Ok(whole(&ui, &state, &actor, &wanted, None).await?.into_response())
}

/// Whose month is shown: the one asked for, or one's own.
fn chosen(actor: &Actor, view: &View, wanted: &Wanted) -> Option<i64> {
    let known = |account: i64| view.grounds.iter().any(|ground| ground.curators.contains(&account));
    let own = actor.account().map(|account| account.0).filter(|account| known(*account));
    let coordinates = actor.person.roles(actor.today).iter().any(|role| role.gives(Right::Meet));
    wanted.curator.filter(|account| known(*account)).or(own.filter(|_| !coordinates))
}

async fn schools(
    state: &AppState,
    actor: &Actor,
    view: &View,
    curator: Option<i64>,
) -> Result<Vec<School>, WebError> {
    let own = view.grounds.iter().filter(|ground| curator.is_none_or(|own| ground.curators.contains(&own)));
    let own: Vec<&Ground> = own.collect();
    let mut see: BTreeMap<i64, Vec<WorkItem>> = BTreeMap::new();
    let mut items = supported(state, actor).await?;
    for plan in actor.standings(state).await? {
        items.extend(plan.items.iter().cloned());
    }
    for item in items {
        let worth = match item.kind {
            WorkKind::Visit | WorkKind::Obligation | WorkKind::Mention => false,
            WorkKind::Activity | WorkKind::Task => item.due.is_some_and(|due| due < actor.today),
            _ => true,
        };
        if let Some(school) = item.school.filter(|_| worth) {
            see.entry(school).or_default().push(item);
        }
    }
    let mut schools = Vec::new();
    for ground in own {
        let mut see = see.remove(&i64::from(ground.school.0)).unwrap_or_default();
        see.sort_by_key(|item| (item.due, item.since));
        schools.push(School {
            name: school_name(actor, ground.school)?,
            windows: school_windows(&state.results.catalog().rulebook, &view.records, ground, actor.today),
            see,
            ground: ground.clone(),
        });
    }
    schools.sort_by_cached_key(|school| key(&school.name));
    Ok(schools)
}

async fn whole(
    ui: &Ui,
    state: &AppState,
    actor: &Actor,
    wanted: &Wanted,
    wrong: Option<&Told>,
) -> Result<Markup, WebError> {
    let view = View::of(state, actor).await?;
    let names = names(state).await?;
    let curator = chosen(actor, &view, wanted);
    let schools = schools(state, actor, &view, curator).await?;
    let month = wanted.month(actor.today);
    let ways = Ways::of(state, actor, curator, &schools.iter().map(School::id).collect::<Vec<_>>()).await?;
    let rules = &state.results.catalog().rulebook;
    let mut route = month_route(actor, &view, &schools, wanted, &month, (rules, ways.distances.as_ref()));
    route.how.extend(ways.how);
    let content = html! { div.stack {
        div.page-head { div {
            h1 { "Посещения" }
            p { (words::period(&month)) @if let Some(curator) = curator { " · " (names.get(&curator).map_or("", String::as_str)) } }
        } }
        nav.choices aria-label="Разделы сопровождения" {
            a.choice href="/visits" aria-current="page" { "Посещения" }
            a.choice href="/meetings" { "Заседания" }
            a.choice href="/obligations" { "Обязательства" }
        }
        nav.choices aria-label="Месяц" {
            a.choice href=(wanted.address(month.start.saturating_sub(1.month()), curator)) { "Предыдущий месяц" }
            a.choice href=(wanted.address(month.start.saturating_add(1.month()), curator)) { "Следующий месяц" }
        }
        @if let Some(told) = wrong { (notice(told)) }
        @if schools.is_empty() {
            (empty("school", "Сопровождаемых школ пока нет", "Школа появится здесь, когда у неё будет куратор или дорожная карта.", &html! {}))
        } @else {
            (curators(actor, &view, &names, wanted, &month, curator))
            (route_section(actor, &schools, wanted, &month, curator, &route))
            @for school in &schools { (school_card(state, actor, &view, school, &month)) }
            (disagreements(state, actor, &view, None))
        }
    } };
    Ok(page(ui, "Посещения", Section::Visits, &content))
}

/// All curators of the municipality, for whoever coordinates them.
fn curators(
    actor: &Actor,
    view: &View,
    names: &NameOf,
    wanted: &Wanted,
    month: &Period,
    chosen: Option<i64>,
) -> Markup {
    let accounts: BTreeSet<i64> = view.grounds.iter().flat_map(|ground| ground.curators.clone()).collect();
    let mut rows: Vec<(&str, i64)> =
        accounts.iter().filter_map(|account| Some((names.get(account)?.as_str(), *account))).collect();
    rows.sort_by_cached_key(|(name, _)| key(name));
    let held = |account: i64, closed: bool| {
        let visits = view.grounds.iter().flat_map(|ground| view.records.visits_of(ground.school));
        let own = visits.filter(|visit| visit.curator == account);
        own.filter(|visit| {
            let within = visit.day().is_some_and(|day| month.start <= day && day <= month.end);
            within && (visit.held().is_some() == closed) && visit.state(actor.today) != VisitState::Cancelled
        })
        .count()
    };
    html! {
        @if rows.len() > 1 {
            section aria-labelledby="curators" {
                h2 #curators { "Кураторы" }
                div.table-scroll tabindex="0" role="region" aria-label="Кураторы" {
                    table.folds {
                        thead { tr { th scope="col" { "Куратор" } th scope="col" { "Школ" } th scope="col" { "Состоялось за месяц" } th scope="col" { "Запланировано" } } }
                        tbody {
                            @for (name, account) in rows {
                                tr {
                                    th scope="row" data-label="Куратор" { a href=(wanted.address(month.start, Some(account))) aria-current=[(chosen == Some(account)).then_some("true")] { (name) } }
                                    td data-label="Школ" { (view.grounds.iter().filter(|ground| ground.curators.contains(&account)).count()) }
                                    td data-label="Состоялось" { (held(account, true)) }
                                    td data-label="Запланировано" { (held(account, false)) }
                                }
                            }
                        }
                    }
                }
                @if chosen.is_some() { p { a href=(wanted.address(month.start, None)) { "Показать школы всех кураторов" } } }
            }
        }
    }
}

/// The visits that windows of the month still call for: what is planned already is not called for twice.
fn wanted_calls(actor: &Actor, view: &View, schools: &[School], rules: &support::Rulebook) -> Vec<Call> {
    let mut all = Vec::new();
    for school in schools {
        let kept: Vec<Kept<'_>> = school
            .windows
            .iter()
            .filter_map(|window| window.kept(rules))
            .filter(|kept| kept.rule.event == "visit")
            .collect();
        let mut own = calls(&kept);
        for day in planned(actor, view, school.ground.school) {
            let mut served: BTreeSet<String> = BTreeSet::new();
            own.retain(|call| {
                let fits = call.window.from <= day && day <= call.window.due;
                !(fits && served.insert(call.rule.clone()))
            });
        }
        all.extend(own);
    }
    all
}

fn planned(actor: &Actor, view: &View, school: OrganisationId) -> Vec<Date> {
    let visits = view.records.visits_of(school).iter();
    visits
        .filter_map(|visit| match visit.state(actor.today) {
            VisitState::Planned(on) => Some(on),
            _ => None,
        })
        .collect()
}

fn route_section(
    actor: &Actor,
    schools: &[School],
    wanted: &Wanted,
    month: &Period,
    curator: Option<i64>,
    route: &Route,
) -> Markup {
    let writes = schools.iter().any(|school| actor.may(Right::Visit, Place::School(school.ground.school)));
    let name = |id: i64| {
        schools
            .iter()
            .find(|school| i64::from(school.ground.school.0) == id)
            .map_or("", |school| school.name.as_str())
    };
    html! {
        section.card aria-labelledby="route" {
            div.card-head { h2 #route { "Маршрут на месяц" } }
            div.card-body.stack {
                form.inline-form action="/visits" method="get" {
                    input type="hidden" name="month" value=(month.start.strftime("%Y-%m"));
                    @if let Some(curator) = curator { input type="hidden" name="curator" value=(curator); }
                    label for="per-day" { "Посещений в день не больше" }
                    input #per-day.short type="number" name="per_day" min="1" max="6" value=(wanted.per_day());
                    button type="submit" { "Пересчитать" }
                }
                @if route.days.is_empty() && route.unplaced.is_empty() { p { "В этом месяце окна больше не требуют новых посещений." } }
                @else {
                    form.stack action="/visits" method="post" {
                        input type="hidden" name="back" value=(wanted.address(month.start, curator));
                        ul.route {
                            @for day in &route.days {
                                li { strong { (words::date_near(day.day, actor.today)) } ": "
                                    ul { @for stop in &day.stops { li {
                                        label.choice-line {
                                            @if writes { input type="checkbox" name="visit" value={ (stop.school) "/" (day.day) } checked; " " }
                                            (name(stop.school))
                                        }
                                        span.small.muted { " окно до " (words::date_short(stop.window.due)) }
                                    } } }
                                }
                            }
                        }
                        @if writes && !route.days.is_empty() {
                            div.field { label for="aim" { "Цель всех отмеченных посещений" } input #aim name="aim" value="Выполнение дорожной карты, просроченное и поручения" required autocomplete="off"; }
                            div.actions { button.primary type="submit" { "Запланировать отмеченные" } }
                        }
                    }
                    @if !route.unplaced.is_empty() {
                        div.notice.warning { div {
                            p { "Не нашлось дня:" }
                            ul { @for left in &route.unplaced { li { (name(left.stop.school)) ": " (left.why) } } }
                        } }
                    }
                    details { summary { "Как составлен маршрут" } ul { @for line in &route.how { li { (line) } } } }
                }
            }
        }
    }
}

fn month_route(
    actor: &Actor,
    view: &View,
    schools: &[School],
    wanted: &Wanted,
    month: &Period,
    (rules, distances): (&support::Rulebook, Option<&Distances>),
) -> Route {
    let start = month.start.max(actor.today);
    if start > month.end {
        return Route::default();
    }
    let per_day = wanted.per_day();
    let mut days: BTreeMap<Date, usize> = BTreeMap::new();
    for school in schools {
        for day in planned(actor, view, school.ground.school) {
            *days.entry(day).or_default() += 1;
        }
    }
    let busy = days.into_iter().filter(|(_, number)| *number >= per_day).map(|(day, _)| day).collect();
    let calls = wanted_calls(actor, view, schools, rules);
    route(&calls, &RouteLimits { days: Period { start, end: month.end }, per_day, busy }, distances)
}

fn school_card(state: &AppState, actor: &Actor, view: &View, school: &School, month: &Period) -> Markup {
    let id = school.ground.school;
    let within =
        |window: &&Window| window.duty.window.due >= month.start && window.duty.window.from <= month.end;
    let windows: Vec<Window> = school.windows.iter().filter(within).cloned().collect();
    let visits = view.records.visits_of(id).iter();
    let visits: Vec<_> = visits
        .filter(|visit| visit.day().is_some_and(|day| month.start <= day && day <= month.end))
        .collect();
    let heading = format!("school-{}", id.0);
    html! {
        section.card aria-labelledby=(heading) {
            div.card-head { h2 id=(heading) { a href={ "/schools/" (id.0) "/visits" } { (school.name) } } }
            div.card-body.stack {
                @if !visits.is_empty() {
                    ul { @for visit in visits { li {
                        a href={ "/schools/" (id.0) "/visits/" (visit.number) } { (visit.day().map(words::date).unwrap_or_default()) ": " (visit.aim) }
                        " " span class={ "badge " (badge(visit.state(actor.today))) } { (visit.state(actor.today).russian()) }
                    } } }
                }
                h3 { "Что посмотреть" }
                @if school.see.is_empty() { p.muted { "Просроченного и ждущего проверки нет." } }
                @else {
                    ul { @for item in school.see.iter().take(SEEN) { li {
                        (see_line(item)) span.small.muted { " — " (item.kind.russian()) @if let Some(due) = item.due { ", срок " (words::date_short(due)) } }
                    } } }
                    @if school.see.len() > SEEN { p.small.muted { "И ещё " (school.see.len() - SEEN) "." } }
                }
                details open[actor.person.roles(actor.today).contains(&Role::Curator)] {
                    summary { "Окна обязательств в этом месяце: " (windows.len()) }
                    (windows_table(state, actor, &view.records, &windows, "/visits", false))
                }
            }
        }
    }
}

fn see_line(item: &WorkItem) -> Markup {
    html! { a href=(page_of(item)) { (item.what) } }
}

/// `POST /visits`: plans the visits of a route that were left marked.
pub async fn plan_many(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let fields = Fields(sent);
    let doer = doer(&state, &actor, 1);
    let mut messages = Vec::new();
    let mut done = 0;
    for marked in fields.all("visit").take(100) {
        let read = marked.split_once('/').and_then(|(school, day)| {
            Some((OrganisationId(school.parse().ok()?), day.parse::<Date>().ok()?))
        });
        let Some((school, on)) = read else { continue };
        let place = Place::School(school);
        let name = school_name(&actor, school)?;
        if !actor.places(Right::Visit).iter().any(|held| contains(*held, place, &actor.registry)) {
            return Err(refused());
        }
        match support::plan(&doer, school, &VisitDeed::Planned(on), &fields.one("aim")).await {
            Ok(_) => done += 1,
            Err(error) => {
                let told = told(error)?;
                messages.extend(
                    told.messages.iter().map(|why| format!("{name}, {}: {why}", words::date_short(on))),
                );
            }
        }
    }
    if messages.is_empty() && done > 0 {
        let back = fields.one("back");
        return Ok(Redirect::to(crate::web::views::address::local(&back)).into_response());
    }
    if done == 0 && messages.is_empty() {
        messages.push("Ни одно посещение не отмечено. Отметьте нужные и повторите.".to_owned());
    } else {
        messages.insert(0, format!("Запланировано: {done}. Остальное не записано:"));
    }
    let told = Told { status: axum::http::StatusCode::UNPROCESSABLE_ENTITY, messages };
    let page = whole(&ui, &state, &actor, &Wanted::default(), Some(&told)).await?;
    Ok((told.status, page).into_response())
}
