//! Which school helps which, and which could?

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{MentorOffer, Place, Right};
use opora_cells::OrganisationId;
use opora_store::Authorship;

use super::desk::{Desk, asked, day};
use super::offers::MentorsProposed;
use super::{Ending, Outcome, Sent, Wanted, ending, profile, span, tabs, terms, told};
use crate::clock;
use crate::usecases::assignments::{
    Mentoring, NotMentored, Support, Wanted as Wished, assign_mentor, end_mentor, note_mentor_school,
};
use crate::web::actor::{Actor, refused};
use crate::web::components::empty::empty;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::people::school_named;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// `GET /assignments/mentors`.
pub async fn list(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let mut outcome = Outcome::default();
    // The small form that asks for a school leads on to the page of that school.
    if let Some(name) = wanted.school.as_deref() {
        match school_named(name, Right::Assign, &actor) {
            Ok(Place::School(school)) => {
                let to = format!("/assignments/mentors/schools/{}", school.0);
                return Ok(Redirect::to(&to).into_response());
            }
            Ok(_) => {}
            Err((_, wrong)) => outcome.wrong.push(wrong),
        }
    }
    if wanted.done.is_some() {
        outcome.done.push("Записано.".to_owned());
    }
    let desk = Desk::read(&state, &actor).await?;
    let proposed = match wanted.propose {
        Some(_) => Some(MentorsProposed::of(&state, &actor, &desk).await?),
        None => None,
    };
    Ok(whole(&ui, &actor, &desk, proposed.as_ref(), &outcome).into_response())
}

/// Schools of the programme without a mentor school.
pub(super) fn lacking(desk: &Desk, actor: &Actor) -> Vec<OrganisationId> {
    let has = |school: &OrganisationId| {
        desk.support.mentorings.iter().any(|own| own.school == *school && own.is_open(actor.today))
    };
    desk.by_name(desk.programme.iter().copied().filter(|school| !has(school)))
}

/// Mentorings that the reader looks after, by the school that is helped.
pub(super) fn own<'a>(desk: &'a Desk, actor: &Actor) -> Vec<&'a Mentoring> {
    let mut own: Vec<&Mentoring> = desk
        .support
        .mentorings
        .iter()
        .filter(|own| actor.may(Right::Assign, Place::School(own.school)))
        .collect();
    own.sort_by_cached_key(|own| (crate::usecases::results::alphabet::key(&desk.school(own.school)), own.id));
    own
}

fn whole(
    ui: &Ui,
    actor: &Actor,
    desk: &Desk,
    proposed: Option<&MentorsProposed>,
    outcome: &Outcome,
) -> Markup {
    let (open, past): (Vec<&Mentoring>, Vec<&Mentoring>) =
        own(desk, actor).into_iter().partition(|own| own.is_open(actor.today));
    let lacking = lacking(desk, actor);
    let content = html! { div.stack {
        div.page-head { div { h1 { "Школы-наставники" } p { (words::count(open.len(), ["назначение", "назначения", "назначений"])) " · школ программы без наставника: " (lacking.len()) } } }
        (tabs("/assignments/mentors"))
        (told(outcome))
        @match proposed {
            Some(proposed) => { (proposal(actor, desk, proposed)) }
            None => { @if !lacking.is_empty() {
                section.card aria-labelledby="lacking" {
                    div.card-head { h2 #lacking { "Школы без наставника" } }
                    div.card-body {
                        ul { @for school in &lacking { li { a href={ "/schools/" (school.0) } { (desk.school(*school)) } } } }
                        p.actions { a.button.primary href="/assignments/mentors?propose=1" { "Предложить школы-наставники" } }
                    }
                }
            } }
        }
        section aria-labelledby="now" {
            h2 #now { "Кто кому помогает" }
            @if open.is_empty() {
                (empty("school", "Назначений пока нет", "Сначала укажите ниже, какие школы могут быть наставниками.", &html! {}))
            } @else { (table(actor, desk, &open)) }
            p.actions { "Список файлом: " a href="/assignments/files/mentors.csv" { "CSV" } " · " a href="/assignments/files/mentors.xlsx" { "XLSX" } }
        }
        (by_hand(actor, desk))
        (schools(actor, desk))
        @if !past.is_empty() {
            details { summary { "Прежние назначения: " (past.len()) }
                ul.roles { @for own in past { li { (desk.school(own.mentor)) " – " (desk.school(own.school)) ", " (span(own.from, own.until)) ". " (own.reasons.join("; ")) } } }
            }
        }
    } };
    page(ui, "Школы-наставники", Section::People, &content)
}

fn table(actor: &Actor, desk: &Desk, open: &[&Mentoring]) -> Markup {
    html! {
        div.table-scroll tabindex="0" role="region" aria-label="Школы-наставники" {
            table.folds {
                thead { tr { th scope="col" { "Школа" } th scope="col" { "Наставник" } th scope="col" { "Расстояние, км" } th scope="col" { "Дни" } th scope="col" { "Договор" } th scope="col" { span.visually-hidden { "Действие" } } } }
                tbody { @for own in open {
                    @let what = format!("{}: {}", desk.school(own.school), desk.school(own.mentor));
                    tr {
                        th scope="row" data-label="Школа" { (desk.school(own.school)) }
                        td data-label="Наставник" { (desk.school(own.mentor)) }
                        td data-label="Расстояние, км" { (desk.support.kilometres(own.school, own.mentor).map_or_else(|| "–".to_owned(), |way| way.to_string())) }
                        td data-label="Дни" { (span(own.from, own.until)) }
                        td data-label="Договор" {
                            a href={ "/assignments/mentors/" (own.id.0) } {
                                @match own.contracts.last() {
                                    Some(contract) => { "№ " (contract.number) " от " (words::date_short(contract.signed)) }
                                    None => { "добавить" }
                                }
                                span.visually-hidden { ": " (what) }
                            }
                        }
                        td { (ending("/assignments/mentors/end", own.id.0, &what, actor.today)) }
                    }
                } }
            }
        }
    }
}

fn proposal(actor: &Actor, desk: &Desk, proposed: &MentorsProposed) -> Markup {
    html! {
        section.card aria-labelledby="proposal" {
            div.card-head { h2 #proposal { "Предложение" } }
            div.card-body {
                @if proposed.offers.iter().all(|offer| offer.is_supported) {
                    p { "Пока ни одна школа не отмечена как возможный наставник. Отметьте их ниже. Школа, которой самой нужна поддержка, наставником не предлагается." }
                } @else {
                    form.stack action="/assignments/mentors" method="post" {
                        div.table-scroll tabindex="0" role="region" aria-label="Наставники по школам" { table.folds {
                            thead { tr { th scope="col" { "Согласны" } th scope="col" { "Школа" } th scope="col" { "Наставник" } th scope="col" { "Почему" } } }
                            tbody { @for school in &proposed.schools { (row(desk, *school, proposed)) } }
                        } }
                        (terms(actor.today))
                        div.actions { button.primary type="submit" { "Назначить отмеченных" } a.button.quiet href="/assignments/mentors" { "Не сейчас" } }
                    }
                }
            }
        }
    }
}

fn row(desk: &Desk, school: OrganisationId, proposed: &MentorsProposed) -> Markup {
    let name = desk.school(school);
    let chosen = proposed.of_school(school).map(|(mentor, _)| mentor);
    let id = format!("mentor-{}", school.0);
    let may = |offer: &&MentorOffer| offer.school != school && !offer.is_supported;
    html! {
        tr {
            td data-label="Согласны" { input type="checkbox" name="take" value=(school.0) checked[chosen.is_some()] aria-label={ "Назначить наставника: " (name) }; }
            th scope="row" data-label="Школа" { (name) }
            td data-label="Наставник" {
                select id=(id) name=(id) aria-label={ "Наставник: " (name) } {
                    option value="" selected[chosen.is_none()] { "не выбран" }
                    @for offer in proposed.offers.iter().filter(may) {
                        option value=(offer.school.0) selected[chosen == Some(offer.school)] { (desk.school(offer.school)) @if offer.capacity == 0 { " – мест нет" } }
                    }
                }
            }
            td data-label="Почему" { (proposed.reasons(desk, school).join(" ")) }
        }
    }
}

fn by_hand(actor: &Actor, desk: &Desk) -> Markup {
    html! {
        @if !desk.support.mentor_schools.is_empty() {
            section.card aria-labelledby="by-hand" {
                div.card-head { h2 #by-hand { "Назначить вручную" } }
                div.card-body {
                    form.stack action="/assignments/mentors" method="post" {
                        div.field {
                            label for="school" { "Школа" }
                            input #school name="school" required list="schools" autocomplete="off";
                            datalist #schools { @for (_, name) in desk.schools(actor) { option value=(name) {} } }
                        }
                        div.field {
                            label for="mentor" { "Наставник" }
                            select #mentor name="mentor" { @for school in desk.by_name(desk.support.mentor_schools.keys().copied()) { option value=(school.0) { (desk.school(school)) } } }
                        }
                        (terms(actor.today))
                        div.actions { button.primary type="submit" { "Назначить" } }
                    }
                }
            }
        }
    }
}

fn schools(actor: &Actor, desk: &Desk) -> Markup {
    let noted = desk.by_name(desk.support.mentor_schools.keys().copied());
    html! {
        section aria-labelledby="schools" {
            h2 #schools { "Какие школы могут быть наставниками" }
            @if !noted.is_empty() {
                div.table-scroll tabindex="0" role="region" aria-label="Школы, которые могут быть наставниками" { table.folds {
                    thead { tr { th scope="col" { "Школа" } th scope="col" { "В чём сильна" } th scope="col" { "Школ" } th scope="col" { span.visually-hidden { "Действие" } } } }
                    tbody { @for school in noted {
                        @let profile = desk.support.mentor_schools.get(&school).cloned().unwrap_or_default();
                        tr {
                            th scope="row" data-label="Школа" { (desk.school(school)) @if desk.programme.contains(&school) { " – сама в программе, не предлагается" } }
                            td data-label="В чём сильна" { (desk.fields(profile.strengths.iter())) }
                            td data-label="Школ" { (desk.support.load(school, actor.today)) " из " (profile.capacity) }
                            td { @if actor.may(Right::Assign, Place::School(school)) { a href={ "/assignments/mentors/schools/" (school.0) } { "Изменить" span.visually-hidden { ": " (desk.school(school)) } } } }
                        }
                    } }
                } }
            }
            form.stack action="/assignments/mentors" method="get" {
                div.field {
                    label for="mentor-school" { "Отметить ещё одну школу" }
                    input #mentor-school name="school" required list="mentor-schools" autocomplete="off";
                    datalist #mentor-schools { @for (_, name) in desk.schools(actor) { option value=(name) {} } }
                }
                div.actions { button type="submit" { "Дальше" } }
            }
        }
    }
}

/// `POST /assignments/mentors`: by hand, or the rows of a proposal that were ticked.
pub async fn assign(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(sent): Sent,
) -> Result<Response, WebError> {
    let desk = Desk::read(&state, &actor).await?;
    let mut outcome = Outcome::default();
    let terms = (|| Ok::<_, String>((day(&sent, "from")?.unwrap_or(actor.today), day(&sent, "until")?)))();
    match terms {
        Ok((from, until)) => {
            for pair in pairs(&sent, &actor) {
                let (school, mentor) = match pair {
                    Ok(pair) => pair,
                    Err(wrong) => {
                        outcome.wrong.push(wrong);
                        continue;
                    }
                };
                let wanted = (school, mentor, from, until);
                match give(&state, &actor, &desk, wanted, asked(&sent, "reason")).await? {
                    Ok(()) => {
                        let (school, mentor) = (desk.school(school), desk.school(mentor));
                        outcome.done.push(format!("{school}: наставник – {mentor}."));
                    }
                    Err(why) => outcome.wrong.push(why),
                }
            }
            if outcome.done.is_empty() && outcome.wrong.is_empty() {
                outcome.wrong.push(
                    "Не отмечено ни одной школы. Отметьте те, которым назначаете наставника.".to_owned(),
                );
            }
        }
        Err(wrong) => outcome.wrong.push(wrong),
    }
    if outcome.wrong.is_empty() {
        return Ok(Redirect::to("/assignments/mentors?done=1").into_response());
    }
    let desk = Desk::read(&state, &actor).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, whole(&ui, &actor, &desk, None, &outcome)).into_response())
}

/// Assigns a mentor school, or tells why not.
pub async fn give(
    state: &AppState,
    actor: &Actor,
    desk: &Desk,
    wanted: Wished,
    reason: &str,
) -> Result<Result<(), String>, WebError> {
    let (school, mentor, ..) = wanted;
    actor.require(Right::Assign, Place::School(school))?;
    let name = desk.school(school);
    if !desk.support.mentor_schools.contains_key(&mentor) {
        return Ok(Err(format!("{name}: эта школа не отмечена как возможный наставник. Отметьте её ниже.")));
    }
    let by = Authorship { who: actor.name(), reason, at: clock::now() };
    match assign_mentor(&state.store, wanted, actor.account(), &by).await {
        Ok(()) => Ok(Ok(())),
        Err(NotMentored::Refused(why)) => Ok(Err(format!("{name}: {why}"))),
        Err(NotMentored::Store(error)) => Err(error.into()),
    }
}

/// School and mentor: `take=7` with `mentor-7=3`, or a school by its name with `mentor=3`.
fn pairs(sent: &[(String, String)], actor: &Actor) -> Vec<Result<(OrganisationId, OrganisationId), String>> {
    let number = |text: &str| {
        text.trim().parse().map(OrganisationId).map_err(|_| "Выберите школу из списка.".to_owned())
    };
    let mut found = Vec::new();
    for (_, school) in sent.iter().filter(|(name, _)| name == "take") {
        let mentor = || number(asked(sent, &format!("mentor-{school}")));
        found.push(number(school).and_then(|school| Ok((school, mentor()?))));
    }
    if let Some((_, name)) = sent.iter().find(|(name, _)| name == "school") {
        found.push(match school_named(name, Right::Assign, actor) {
            Ok(Place::School(school)) => number(asked(sent, "mentor")).map(|mentor| (school, mentor)),
            Ok(_) => Err("Наставник назначается школе.".to_owned()),
            Err((_, wrong)) => Err(wrong),
        });
    }
    found
}

/// `POST /assignments/mentors/end`.
pub async fn end(
    State(state): State<AppState>,
    actor: Actor,
    Form(ending): Form<Ending>,
) -> Result<Redirect, WebError> {
    end_mentoring(&state, &actor, ending.number, ending.last_day()?, &ending.reason).await?;
    Ok(Redirect::to("/assignments/mentors?done=1"))
}

/// Ends the help of a mentor school.
pub async fn end_mentoring(
    state: &AppState,
    actor: &Actor,
    number: i64,
    last_day: Date,
    reason: &str,
) -> Result<(), WebError> {
    let support = Support::read(&state.store).await?;
    let own = support.mentoring(number).filter(|own| own.is_open(actor.today)).ok_or_else(unknown)?;
    actor.require(Right::Assign, Place::School(own.school))?;
    let by = Authorship { who: actor.name(), reason: reason.trim(), at: clock::now() };
    Ok(end_mentor(&state.store, own, last_day, actor.account(), &by).await?)
}

/// What is told where there is no such mentoring.
pub(super) fn unknown() -> WebError {
    WebError::not_found("Такого назначения наставника нет")
}

async fn of_school(state: &AppState, actor: &Actor, id: u32) -> Result<Desk, WebError> {
    let school = OrganisationId(id);
    if actor.registry.get(school).is_none() {
        return Err(WebError::not_found("Такой школы нет в реестре"));
    }
    if !actor.may(Right::Assign, Place::School(school)) {
        return Err(refused());
    }
    Desk::read(state, actor).await
}

/// `GET /assignments/mentors/schools/{id}`: what is kept of a school that may be a mentor.
pub async fn school(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
) -> Result<Markup, WebError> {
    let desk = of_school(&state, &actor, id).await?;
    Ok(school_form(&ui, &desk, OrganisationId(id), &Outcome::default()))
}

fn school_form(ui: &Ui, desk: &Desk, id: OrganisationId, outcome: &Outcome) -> Markup {
    let kept = desk.support.mentor_schools.get(&id).cloned().unwrap_or_default();
    let schools = desk.by_name(desk.programme.iter().copied());
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/assignments/mentors" { "Школы-наставники" } }
        div.page-head { h1 { (desk.school(id)) } }
        (told(outcome))
        @if desk.programme.contains(&id) { p.notice { "Школа сама в программе поддержки: наставником она не предлагается." } }
        form.stack action={ "/assignments/mentors/schools/" (id.0) } method="post" {
            (profile::fields(desk, &kept, Some(id), &schools))
            div.actions { button.primary type="submit" { "Сохранить" } a.button.quiet href="/assignments/mentors" { "Назад" } }
        }
    };
    page(ui, &desk.school(id), Section::People, &content)
}

/// `POST /assignments/mentors/schools/{id}`.
pub async fn save_school(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Form(sent): Sent,
) -> Result<Response, WebError> {
    let desk = of_school(&state, &actor, id).await?;
    let id = OrganisationId(id);
    let schools = desk.by_name(desk.programme.iter().copied());
    match profile::typed(&desk, &sent, Some(id), &schools) {
        Ok((kept, ways)) => {
            let by = Authorship { who: actor.name(), reason: "", at: clock::now() };
            note_mentor_school(&state.store, id, &kept, &ways, actor.account(), &by).await?;
            Ok(Redirect::to("/assignments/mentors?done=1").into_response())
        }
        Err(wrong) => {
            let outcome = Outcome { wrong: vec![wrong], ..Outcome::default() };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, school_form(&ui, &desk, id, &outcome)).into_response())
        }
    }
}
