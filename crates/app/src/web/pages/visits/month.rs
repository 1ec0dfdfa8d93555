//! What does a curator have to do in a month: windows, a route, and what to see in each school?

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{Place, Right, Role};
use opora_cells::OrganisationId;
use opora_execution::work::WorkItem;

use super::route::{CuratorLine, Month, PLANNED_AT_ONCE, School, Wanted, plan_all};
use super::school::{badge, notice};
use super::{Told, school_name};
use crate::usecases::support::Window;
use crate::web::actor::Actor;
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::components::pager::pager;
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::Fields;
use crate::web::pages::obligations::{disagreements, windows_table};
use crate::web::pages::work::page_of;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::local;
use crate::web::words;

/// Things to see in a school that are named; the rest is counted.
const SEEN: usize = 6;
/// Schools on a page: a region has a thousand.
const SCHOOLS: usize = 25;
/// Visits without a day that are named; the rest is counted.
const UNPLACED: usize = 25;

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

async fn whole(
    ui: &Ui,
    state: &AppState,
    actor: &Actor,
    wanted: &Wanted,
    wrong: Option<&Told>,
) -> Result<Markup, WebError> {
    let month = Month::of(state, actor, wanted).await?;
    let (start, curator) = (month.days.start, month.curator);
    let pages = month.schools.len().div_ceil(SCHOOLS).max(1);
    let number = wanted.page.unwrap_or(1).clamp(1, pages);
    let shown = month.schools.iter().skip((number - 1) * SCHOOLS).take(SCHOOLS);
    let content = html! { div.stack {
        div.page-head { div {
            h1 { "Посещения" }
            p { (words::period(&month.days)) @if let Some(curator) = curator { " · " (month.names.get(&curator).map_or("", String::as_str)) } }
        } }
        nav.choices aria-label="Разделы сопровождения" {
            a.choice href="/visits" aria-current="page" { "Посещения" }
            a.choice href="/meetings" { "Заседания" }
            a.choice href="/obligations" { "Обязательства" }
        }
        nav.choices aria-label="Месяц" {
            a.choice href=(wanted.address(start.saturating_sub(1.month()), curator)) { "Предыдущий месяц" }
            a.choice href=(wanted.address(start.saturating_add(1.month()), curator)) { "Следующий месяц" }
        }
        @if let Some(told) = wrong { (notice(told)) }
        @if month.schools.is_empty() {
            (empty("school", "Сопровождаемых школ пока нет", "Школа появится здесь, когда у неё будет куратор или дорожная карта.", &html! {}))
        } @else {
            (curators(&month.curators(actor.today), wanted, &month))
            (route_section(actor, wanted, &month))
            @for school in shown { (school_card(state, actor, &month, school)) }
            (pager("Страницы школ", ["Предыдущие школы", "Следующие школы"], number, pages, |page| wanted.page_address(start, curator, page)))
            (disagreements(state, actor, &month.view, None))
        }
    } };
    Ok(page(ui, "Посещения", Section::Visits, &content))
}

/// All curators of the municipality, for whoever coordinates them.
fn curators(lines: &[CuratorLine<'_>], wanted: &Wanted, month: &Month) -> Markup {
    let (start, chosen) = (month.days.start, month.curator);
    html! {
        @if lines.len() > 1 {
            section aria-labelledby="curators" {
                h2 #curators { "Кураторы" }
                div.table-scroll tabindex="0" role="region" aria-label="Кураторы" {
                    table.folds {
                        thead { tr { th scope="col" { "Куратор" } th scope="col" { "Школ" } th scope="col" { "Состоялось за месяц" } th scope="col" { "Запланировано" } } }
                        tbody {
                            @for line in lines {
                                tr {
                                    th scope="row" data-label="Куратор" { a href=(wanted.address(start, Some(line.account))) aria-current=[(chosen == Some(line.account)).then_some("true")] { (line.name) } }
                                    td data-label="Школ" { (line.schools) }
                                    td data-label="Состоялось" { (line.held) }
                                    td data-label="Запланировано" { (line.planned) }
                                }
                            }
                        }
                    }
                }
                @if chosen.is_some() { p { a href=(wanted.address(start, None)) { "Показать школы всех кураторов" } } }
            }
        }
    }
}

fn route_section(actor: &Actor, wanted: &Wanted, month: &Month) -> Markup {
    let visits = |school: &School| actor.may(Right::Visit, Place::School(school.id()));
    let writes = month.schools.iter().any(visits);
    let (route, start, curator) = (&month.route, month.days.start, month.curator);
    // No more than are recorded at once.
    let mut room = PLANNED_AT_ONCE;
    let days = route.days.iter().map_while(|day| {
        let stops = day.stops.get(..room.min(day.stops.len())).filter(|stops| !stops.is_empty())?;
        room -= stops.len();
        Some((day.day, stops))
    });
    let days: Vec<_> = days.collect();
    let more = route.days.iter().map(|day| day.stops.len()).sum::<usize>() - (PLANNED_AT_ONCE - room);
    html! {
        section.card aria-labelledby="route" {
            div.card-head { h2 #route { "Маршрут на месяц" } }
            div.card-body.stack {
                form.inline-form action="/visits" method="get" {
                    input type="hidden" name="month" value=(start.strftime("%Y-%m"));
                    @if let Some(curator) = curator { input type="hidden" name="curator" value=(curator); }
                    label for="per-day" { "Посещений в день не больше" }
                    input #per-day.short type="number" name="per_day" min="1" max="6" value=(wanted.per_day());
                    button type="submit" { "Пересчитать" }
                }
                @if route.days.is_empty() && route.unplaced.is_empty() && route.later.is_empty() { p { "В этом месяце окна больше не требуют новых посещений." } }
                @else {
                    form.stack action="/visits" method="post" {
                        input type="hidden" name="back" value=(wanted.address(start, curator));
                        ul.route {
                            @for (day, stops) in days {
                                li { strong { (words::date_near(day, actor.today)) } ": "
                                    ul { @for stop in stops { li {
                                        label.choice-line {
                                            @if writes { input type="checkbox" name="visit" value={ (stop.school) "/" (day) } checked; " " }
                                            (month.name(stop.school))
                                        }
                                        span.small.muted { " окно до " (words::date_short(stop.window.due)) }
                                    } } }
                                }
                            }
                        }
                        @if more > 0 { p.small.muted { "И ещё посещений: " (more) ". За один раз записывается не больше " (PLANNED_AT_ONCE) "; остальные появятся здесь потом." } }
                        @if writes && !route.days.is_empty() {
                            div.field { label for="aim" { "Цель всех отмеченных посещений" } input #aim name="aim" value="Выполнение дорожной карты, просроченное и поручения" required autocomplete="off"; }
                            div.actions { button.primary type="submit" { "Запланировать отмеченные" } }
                        }
                    }
                    @if !route.unplaced.is_empty() {
                        div.notice.warning { div {
                            p { "Не нашлось дня:" }
                            ul { @for left in route.unplaced.iter().take(UNPLACED) { li { (month.name(left.stop.school)) ": " (left.why) } } }
                            @if route.unplaced.len() > UNPLACED { p.small { "И ещё " (route.unplaced.len() - UNPLACED) ". Выберите куратора, чтобы увидеть его школы." } }
                        } }
                    }
                    @if !route.later.is_empty() {
                        details {
                            summary { "Можно и позже, окна идут дольше месяца: " (route.later.len()) }
                            ul { @for stop in route.later.iter().take(UNPLACED) { li { (month.name(stop.school)) span.small.muted { " окно до " (words::date_short(stop.window.due)) } } } }
                            @if route.later.len() > UNPLACED { p.small { "И ещё " (route.later.len() - UNPLACED) "." } }
                        }
                    }
                    details { summary { "Как составлен маршрут" } ul { @for line in &route.how { li { (line) } } } }
                }
            }
        }
    }
}

fn school_card(state: &AppState, actor: &Actor, month: &Month, school: &School) -> Markup {
    let (id, view, month) = (school.id(), &month.view, month.days);
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
    let read = |marked: &str| -> Option<(OrganisationId, Date)> {
        let (school, day) = marked.split_once('/')?;
        Some((OrganisationId(school.parse().ok()?), day.parse().ok()?))
    };
    let visits: Vec<_> = fields.all("visit").take(PLANNED_AT_ONCE).filter_map(read).collect();
    let lines = plan_all(&state, &actor, &visits, &fields.one("aim")).await?;
    let done = lines.iter().filter(|line| line.is_ok()).count();
    let mut messages = Vec::new();
    for ((school, on), line) in visits.iter().zip(lines) {
        let name = school_name(&actor, *school)?;
        let why = line.err().into_iter().flat_map(|told| told.messages);
        messages.extend(why.map(|why| format!("{name}, {}: {why}", words::date_short(*on))));
    }
    if messages.is_empty() && done > 0 {
        let back = fields.one("back");
        return Ok(Redirect::to(local(&back)).into_response());
    }
    if done == 0 && messages.is_empty() {
        messages.push("Ни одно посещение не отмечено. Отметьте нужные и повторите.".to_owned());
    } else {
        messages.insert(0, format!("Запланировано: {done}. Остальное не записано:"));
    }
    let told = Told { status: StatusCode::UNPROCESSABLE_ENTITY, messages };
    let page = whole(&ui, &state, &actor, &Wanted::default(), Some(&told)).await?;
    Ok((told.status, page).into_response())
}
