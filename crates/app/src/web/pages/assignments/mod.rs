//! Which curator and which mentor school does each school have, and who could take more?

mod contract;
mod curator;
mod desk;
mod files;
mod mentors;
mod offers;
mod profile;
mod proposal;
mod school;
mod ways;

pub use contract::{
    add as add_contract, file as contract_file, keep as keep_contract, show as contract,
    typed as typed_contract,
};
pub use curator::{save as save_curator, show as curator};
pub use desk::Desk;
pub use files::file;
pub use mentors::{
    assign as assign_mentors, end as end_mentor, end_mentoring, give as give_mentor, list as mentors,
};
pub use mentors::{save_school as save_mentor_school, school as mentor_school};
pub use offers::MentorsProposed;
pub use proposal::{Proposed, show as proposal};
pub use school::card;
pub use ways::{LINES_MAX as WAYS_MAX, keep as keep_ways, save as save_ways};

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{Grant, Place, Right, Role};
use opora_cells::OrganisationId;
use opora_store::{AccountId, Authorship, GrantId, HeldGrant, StoreError};
use serde::Deserialize;

use desk::{asked, day};

use crate::clock;
use crate::usecases::assignments::load;
use crate::usecases::people::give_role;
use crate::web::actor::{Actor, end_role, refused};
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::people::{place_name, school_named};
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// What a form sends: fields in their order.
type Sent = Form<Vec<(String, String)>>;

/// What was just done.
#[derive(Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    done: Option<String>,
    #[serde(default)]
    propose: Option<u8>,
    #[serde(default)]
    account: Option<i64>,
    #[serde(default)]
    school: Option<String>,
}

/// What came of a form: what was done, and what was not and why.
#[derive(Default)]
struct Outcome {
    done: Vec<String>,
    wrong: Vec<String>,
}

/// `GET /assignments`.
pub async fn list(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    // The small form that asks for a person leads on to the page of that person.
    if let Some(account) = wanted.account {
        return Ok(Redirect::to(&format!("/assignments/curators/{account}")).into_response());
    }
    let mut outcome = Outcome::default();
    if wanted.done.is_some() {
        outcome.done.push("Записано.".to_owned());
    }
    let desk = Desk::read(&state, &actor).await?;
    Ok(whole(&ui, &actor, &desk, &outcome, "").into_response())
}

fn tabs(current: &str) -> Markup {
    html! {
        nav.choices aria-label="Кто помогает школам" {
            @for (address, name) in [("/assignments", "Кураторы"), ("/assignments/mentors", "Школы-наставники")] {
                a.choice href=(address) aria-current=[(address == current).then_some("page")] { (name) }
            }
        }
    }
}

fn told(outcome: &Outcome) -> Markup {
    html! {
        @if !outcome.done.is_empty() {
            div.notice.good role="status" { div { @for line in &outcome.done { p { (line) } } } }
        }
        @if !outcome.wrong.is_empty() {
            div.notice.error role="alert" { div {
                p.notice-title { "Записано не всё" }
                @for line in &outcome.wrong { p { (line) } }
            } }
        }
    }
}

fn whole(ui: &Ui, actor: &Actor, desk: &Desk, outcome: &Outcome, ways: &str) -> Markup {
    let today = actor.today;
    let (open, past): (Vec<&HeldGrant>, Vec<&HeldGrant>) =
        desk.curating(actor).partition(|held| held.grant.until.is_none_or(|until| until >= today));
    let lacking = desk.without_curator(actor);
    let content = html! { div.stack {
        div.page-head { div { h1 { "Кураторы школ" } p { (words::count(open.len(), ["назначение", "назначения", "назначений"])) " · школ программы без куратора: " (lacking.len()) } } }
        (tabs("/assignments"))
        (told(outcome))
        @if !lacking.is_empty() {
            section.card aria-labelledby="lacking" {
                div.card-head { h2 #lacking { "Школы без куратора" } }
                div.card-body {
                    ul { @for school in &lacking { li { a href={ "/schools/" (school.0) } { (desk.school(*school)) } } } }
                    p.actions { a.button.primary href="/assignments/proposal" { "Предложить кураторов" } }
                }
            }
        }
        section aria-labelledby="now" {
            h2 #now { "Кто кого курирует" }
            @if open.is_empty() {
                (empty("users", "Назначений пока нет", "Сначала укажите ниже, кто может быть куратором и скольких школ, потом нажмите «Предложить кураторов» или назначьте вручную.", &html! {}))
            } @else { (current(actor, desk, &open)) }
            p.actions { "Список файлом: " a href="/assignments/files/curators.csv" { "CSV" } " · " a href="/assignments/files/curators.xlsx" { "XLSX" } }
        }
        (by_hand(actor, desk))
        (people(actor, desk))
        (ways::card(desk, ways))
        @if !past.is_empty() {
            details { summary { "Прежние назначения: " (past.len()) }
                ul.roles { @for held in past { li { (desk.person(held.account)) " – " (place_name(held.grant.place, &actor.registry)) ", " (days(&held.grant)) @if !held.reason.is_empty() { ". " (held.reason) } } } }
            }
        }
    } };
    page(ui, "Кураторы школ", Section::People, &content)
}

fn days(grant: &Grant) -> String {
    span(grant.from, grant.until)
}

/// «с 01.09.2026 по 31.08.2027».
fn span(from: Date, until: Option<Date>) -> String {
    let from = words::date_short(from);
    match until {
        Some(until) => format!("с {from} по {}", words::date_short(until)),
        None => format!("с {from}, без срока"),
    }
}

fn current(actor: &Actor, desk: &Desk, open: &[&HeldGrant]) -> Markup {
    html! {
        div.table-scroll tabindex="0" role="region" aria-label="Назначения кураторов" {
            table.folds {
                thead { tr { th scope="col" { "Школа" } th scope="col" { "Куратор" } th scope="col" { "Где работает" } th scope="col" { "Расстояние, км" } th scope="col" { "Дни" } th scope="col" { span.visually-hidden { "Действие" } } } }
                tbody { @for held in open {
                    @let school = place_name(held.grant.place, &actor.registry);
                    @let home = desk.home(held.account, actor.today);
                    tr {
                        th scope="row" data-label="Школа" { (school) }
                        td data-label="Куратор" { (desk.person(held.account)) }
                        td data-label="Где работает" { (home.map_or_else(|| "не указано".to_owned(), |home| desk.school(home))) }
                        td data-label="Расстояние, км" { (desk.way(home, held.grant.place).map_or_else(|| "–".to_owned(), |way| way.to_string())) }
                        td data-label="Дни" { (days(&held.grant)) }
                        td { (ending("/assignments/end", held.id.0, &format!("{school}: {}", desk.person(held.account)), actor.today)) }
                    }
                } }
            }
        }
    }
}

/// A folded form that ends something.
fn ending(action: &str, number: i64, what: &str, today: Date) -> Markup {
    html! {
        details {
            summary { "Завершить" span.visually-hidden { ": " (what) } }
            form.stack action=(action) method="post" {
                input type="hidden" name="number" value=(number);
                div.field { label for={ "end-" (number) } { "Последний день" } input id={ "end-" (number) } type="date" name="last_day" value=(today) required; }
                div.field { label for={ "why-" (number) } { "Причина" } input id={ "why-" (number) } name="reason" required autocomplete="off"; }
                div.actions { button type="submit" { "Завершить" } }
            }
        }
    }
}

/// Days and reason of an assignment.
fn terms(today: Date) -> Markup {
    html! {
        div.field-row {
            div.field { label for="from" { "С какого дня" } input #from type="date" name="from" value=(today) required; }
            div.field { label for="until" { "По какой день" } input #until type="date" name="until"; p.hint { "Пусто – без срока." } }
        }
        div.field { label for="reason" { "Основание" } input #reason name="reason" autocomplete="off"; p.hint { "Например, приказ о назначении. Останется в журнале." } }
    }
}

fn by_hand(actor: &Actor, desk: &Desk) -> Markup {
    html! {
        @if !desk.candidates().is_empty() {
            section.card aria-labelledby="by-hand" {
                div.card-head { h2 #by-hand { "Назначить вручную" } }
                div.card-body {
                    form.stack action="/assignments" method="post" {
                        div.field {
                            label for="school" { "Школа" }
                            input #school name="school" required list="schools" autocomplete="off";
                            datalist #schools { @for (_, name) in desk.schools(actor) { option value=(name) {} } }
                        }
                        div.field {
                            label for="curator" { "Куратор" }
                            select #curator name="curator" { @for (account, words) in desk.choices(actor.today) { option value=(account) { (words) } } }
                        }
                        (terms(actor.today))
                        div.actions { button.primary type="submit" { "Назначить" } }
                    }
                }
            }
        }
    }
}

fn people(actor: &Actor, desk: &Desk) -> Markup {
    let candidates = desk.candidates();
    let others: Vec<_> =
        desk.people.iter().filter(|account| account.open && !candidates.contains(&account.id)).collect();
    html! {
        section aria-labelledby="people" {
            h2 #people { "Кто может быть куратором" }
            @if candidates.is_empty() {
                p { "Пока никто не отмечен. Выберите человека и укажите, где он работает, в чём силён и сколько школ может взять." }
            } @else {
                div.table-scroll tabindex="0" role="region" aria-label="Кураторы и их нагрузка" {
                    table.folds {
                        thead { tr { th scope="col" { "Имя" } th scope="col" { "Где работает" } th scope="col" { "В чём силён" } th scope="col" { "Школ" } th scope="col" { span.visually-hidden { "Действие" } } } }
                        tbody { @for account in &candidates {
                            @let profile = desk.support.curators.get(account).cloned().unwrap_or_default();
                            @let held = load(*account, &desk.grants, actor.today);
                            tr {
                                th scope="row" data-label="Имя" { (desk.person(*account)) }
                                td data-label="Где работает" { (desk.home(*account, actor.today).map_or_else(|| "не указано".to_owned(), |home| desk.school(home))) }
                                td data-label="В чём силён" { (desk.fields(profile.strengths.iter())) }
                                td data-label="Школ" { (held) " из " (profile.capacity) @if held > profile.capacity as usize { " – больше, чем может" } }
                                td { a href={ "/assignments/curators/" (account.0) } { "Изменить" span.visually-hidden { ": " (desk.person(*account)) } } }
                            }
                        } }
                    }
                }
            }
            @if !others.is_empty() {
                form.stack action="/assignments" method="get" {
                    div.field {
                        label for="account" { "Отметить ещё одного человека" }
                        select #account name="account" { @for account in others { option value=(account.id.0) { (account.name) " (" (account.login) ")" } } }
                    }
                    div.actions { button type="submit" { "Дальше" } }
                }
            }
            p.hint { "Нового человека сначала пригласите на странице " a href="/people" { "«Люди»" } "." }
        }
    }
}

/// A grant of the role of a curator to be given.
pub struct Pair {
    /// To look after this school.
    pub school: OrganisationId,
    /// To this person.
    pub account: AccountId,
}

/// `POST /assignments`: by hand, or the rows of a proposal that were ticked. Each is recorded for itself.
pub async fn assign(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(sent): Sent,
) -> Result<Response, WebError> {
    let desk = Desk::read(&state, &actor).await?;
    let mut outcome = Outcome::default();
    let terms = (|| Ok((day(&sent, "from")?.unwrap_or(actor.today), day(&sent, "until")?)))();
    match terms {
        Ok((from, until)) => {
            for pair in pairs(&sent, &actor) {
                let given = match &pair {
                    Ok(pair) => {
                        let reason = asked(&sent, "reason");
                        let given = give_curator(&state, &actor, &desk, pair, (from, until), reason).await?;
                        let (school, person) = (desk.school(pair.school), desk.person(pair.account));
                        given.map(|_| format!("{school}: куратор – {person}."))
                    }
                    Err(wrong) => Err(wrong.clone()),
                };
                match given {
                    Ok(line) => outcome.done.push(line),
                    Err(line) => outcome.wrong.push(line),
                }
            }
            if outcome.done.is_empty() && outcome.wrong.is_empty() {
                outcome
                    .wrong
                    .push("Не отмечено ни одной школы. Отметьте те, которым назначаете куратора.".to_owned());
            }
        }
        Err(wrong) => outcome.wrong.push(wrong),
    }
    if outcome.wrong.is_empty() {
        return Ok(Redirect::to("/assignments?done=1").into_response());
    }
    let desk = Desk::read(&state, &actor).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, whole(&ui, &actor, &desk, &outcome, "")).into_response())
}

/// The pairs that a form names: `take=7` with `curator-7=3`, or a school by its name with `curator=3`.
fn pairs(sent: &[(String, String)], actor: &Actor) -> Vec<Result<Pair, String>> {
    let account = |text: &str| {
        text.trim().parse().map(AccountId).map_err(|_| "Выберите куратора из списка.".to_owned())
    };
    let mut found: Vec<Result<Pair, String>> = Vec::new();
    for (_, school) in sent.iter().filter(|(name, _)| name == "take") {
        let number = school.parse().map(OrganisationId);
        found.push(match number {
            Ok(id) => {
                account(asked(sent, &format!("curator-{school}"))).map(|account| Pair { school: id, account })
            }
            Err(_) => Err("Школа не понята. Обновите страницу и отметьте её ещё раз.".to_owned()),
        });
    }
    if let Some((_, name)) = sent.iter().find(|(name, _)| name == "school") {
        found.push(match school_named(name, Right::Assign, actor) {
            Ok(Place::School(school)) => {
                account(asked(sent, "curator")).map(|account| Pair { school, account })
            }
            Ok(_) => Err("Куратор назначается школе.".to_owned()),
            Err((_, wrong)) => Err(wrong),
        });
    }
    found
}

/// Gives the role through the same checks as the page of people, and not beyond the curator's capacity.
pub async fn give_curator(
    state: &AppState,
    actor: &Actor,
    desk: &Desk,
    pair: &Pair,
    (from, until): (Date, Option<Date>),
    reason: &str,
) -> Result<Result<GrantId, String>, WebError> {
    let place = Place::School(pair.school);
    actor.require(Right::Assign, place)?;
    if !actor.person.may_name(Role::Curator, place, &actor.registry, actor.today) {
        return Err(refused());
    }
    let name = desk.school(pair.school);
    let Some(profile) = desk.support.curators.get(&pair.account).filter(|_| desk.knows(pair.account)) else {
        return Ok(Err(format!("{name}: этот человек не отмечен как возможный куратор. Отметьте его ниже.")));
    };
    // The roles may have changed since the page was read: counted anew for each.
    let grants = state.store.grants(Some(pair.account)).await?;
    if load(pair.account, &grants, actor.today) >= profile.capacity as usize {
        let person = desk.person(pair.account);
        return Ok(Err(format!(
            "{name}: у куратора ({person}) больше нет места. Увеличьте число школ в его карточке или выберите другого."
        )));
    }
    if desk.home(pair.account, actor.today) == Some(pair.school) {
        return Ok(Err(format!("{name}: {}", opora_access::GrantRefused::OwnSchool.russian())));
    }
    let by = Authorship { who: actor.name(), reason, at: clock::now() };
    let grant = Grant { role: Role::Curator, place, from, until };
    match give_role(&state.store, pair.account, &grant, &by).await {
        Ok(id) => Ok(Ok(id)),
        Err(StoreError::GrantRefused(refused)) => Ok(Err(format!("{name}: {}", refused.russian()))),
        Err(error) => Err(error.into()),
    }
}

/// What is ended, and when.
#[derive(Deserialize)]
pub struct Ending {
    number: i64,
    last_day: String,
    #[serde(default)]
    reason: String,
}

impl Ending {
    fn last_day(&self) -> Result<Date, WebError> {
        let wrong = |_| WebError::bad_request("Последний день не понят", "Он нужен в виде ГГГГ-ММ-ДД.");
        self.last_day.trim().parse().map_err(wrong)
    }
}

/// `POST /assignments/end`.
pub async fn end(
    State(state): State<AppState>,
    actor: Actor,
    Form(ending): Form<Ending>,
) -> Result<Redirect, WebError> {
    end_curator(&state, &actor, ending.number, ending.last_day()?, &ending.reason).await?;
    Ok(Redirect::to("/assignments?done=1"))
}

/// Ends the role of a curator at a school.
pub async fn end_curator(
    state: &AppState,
    actor: &Actor,
    number: i64,
    last_day: Date,
    reason: &str,
) -> Result<(), WebError> {
    let grants = state.store.grants(None).await?;
    let held = grants.into_iter().find(|held| held.id == GrantId(number));
    let held = held.filter(|held| held.grant.role == Role::Curator).ok_or(StoreError::GrantUnknown)?;
    actor.require(Right::Assign, held.grant.place)?;
    end_role(state, actor, &held, last_day, reason).await
}
