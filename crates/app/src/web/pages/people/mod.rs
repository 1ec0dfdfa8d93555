//! Who works in Opora, in which roles, and how does somebody new get in?

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{Grant, Place, Right, Role};
use opora_cells::OrganisationId;
use opora_registry::{NodeLevel, Organisation, Registry};
use opora_store::{Account, AccountId, Authorship, CredentialKind, GrantId, HeldGrant, NewAccount};
use serde::Deserialize;

use crate::clock;
use crate::mail::Letter;
use crate::usecases::people::{NotInvited, field_of, give_role, invite, wrong_for_the_first};
use crate::web::actor::{Actor, end_role, refused};
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::origin::Origin;
use crate::web::security::unkept;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

mod entry;

pub use entry::{link, open_account, reset_second_factor, set_open};

/// Most schools offered in the list of a form; beyond, a school is written by its name.
const SCHOOLS_OFFERED: usize = 1_500;

/// Name of a place as shown.
pub fn place_name(place: Place, registry: &Registry) -> String {
    match place {
        Place::Installation => "вся установка".to_owned(),
        Place::Node(node) => {
            registry.node(node).map_or_else(|| format!("узел {}", node.0), |node| node.name.clone())
        }
        Place::School(school) => {
            registry.get(school).map_or_else(|| format!("школа {}", school.0), |school| school.name.clone())
        }
    }
}

/// The roles of a person. With `ending`, those that the reader may end have a form for it.
pub fn roles_list(grants: &[HeldGrant], reader: &Actor, ending: bool) -> Markup {
    let today = reader.today;
    let (now, other): (Vec<&HeldGrant>, Vec<&HeldGrant>) =
        grants.iter().partition(|held| held.grant.until.is_none_or(|until| until >= today));
    html! {
        @if now.is_empty() { p.muted { "Действующих ролей нет." } }
        ul.roles {
            @for held in now {
                li {
                    strong { (held.grant.role.russian()) } ", " (place_name(held.grant.place, &reader.registry)) " — " (days(&held.grant, today))
                    @if ending && reader.person.may_name(held.grant.role, held.grant.place, &reader.registry, today) {
                        details {
                            summary { "Завершить" }
                            form.stack action={ "/people/" (held.account.0) "/roles/end" } method="post" {
                                input type="hidden" name="grant" value=(held.id.0);
                                div.field { label for={ "end-" (held.id.0) } { "Последний день" } input id={ "end-" (held.id.0) } type="date" name="last_day" value=(today) required; }
                                div.field { label for={ "why-" (held.id.0) } { "Причина" } input id={ "why-" (held.id.0) } name="reason" required; }
                                div.actions { button type="submit" { "Завершить роль" } }
                            }
                        }
                    }
                }
            }
        }
        @if !other.is_empty() {
            details { summary { "Прежние роли: " (other.len()) }
                ul.roles { @for held in other { li { (held.grant.role.russian()) ", " (place_name(held.grant.place, &reader.registry)) " — " (days(&held.grant, today)) } } }
            }
        }
    }
}

fn days(grant: &Grant, today: Date) -> String {
    let from = words::date_short(grant.from);
    match grant.until {
        Some(until) => format!("с {from} по {}", words::date_short(until)),
        None if grant.from > today => format!("с {from}"),
        None => format!("с {from}, без срока"),
    }
}

/// The accounts the reader looks after, with their grants: those with a role in an own place, and for the one who
/// looks after everything all.
pub async fn looked_after(
    state: &AppState,
    actor: &Actor,
) -> Result<Vec<(Account, Vec<HeldGrant>)>, WebError> {
    let grants = state.store.grants(None).await?;
    let everything = actor.may(Right::ManagePeople, Place::Installation);
    let mut people = Vec::new();
    for account in state.store.accounts().await? {
        let own: Vec<HeldGrant> = grants.iter().filter(|held| held.account == account.id).cloned().collect();
        if everything || own.iter().any(|held| actor.may(Right::ManagePeople, held.grant.place)) {
            people.push((account, own));
        }
    }
    Ok(people)
}

/// One of them, or a refusal.
pub async fn one(state: &AppState, actor: &Actor, id: i64) -> Result<(Account, Vec<HeldGrant>), WebError> {
    let account = state.store.account(AccountId(id)).await?;
    let grants = state.store.grants(Some(account.id)).await?;
    let everything = actor.may(Right::ManagePeople, Place::Installation);
    if everything || grants.iter().any(|held| actor.may(Right::ManagePeople, held.grant.place)) {
        Ok((account, grants))
    } else {
        Err(refused())
    }
}

/// Only those may change how somebody gets in who look after every role the person has: otherwise the head of a school
/// could take over the account of a coordinator who is in the team too.
fn require_all(actor: &Actor, grants: &[HeldGrant]) -> Result<(), WebError> {
    let today = actor.today;
    let mut open = grants.iter().filter(|held| held.grant.until.is_none_or(|until| until >= today));
    let all =
        open.all(|held| actor.person.may_name(held.grant.role, held.grant.place, &actor.registry, today));
    if all { Ok(()) } else { Err(refused()) }
}

/// `GET /people`.
pub async fn list(ui: Ui, State(state): State<AppState>, actor: Actor) -> Result<Markup, WebError> {
    let people = looked_after(&state, &actor).await?;
    Ok(list_page(&ui, &actor, &people, &Typed::default(), None))
}

fn list_page(
    ui: &Ui,
    actor: &Actor,
    people: &[(Account, Vec<HeldGrant>)],
    typed: &Typed,
    wrong: Option<(&str, &str)>,
) -> Markup {
    let content = html! { div.stack {
        @if actor.may_somewhere(Right::Assign) { p.actions { a.button href="/assignments" { "Кураторы и школы-наставники" } } }
        div.page-head { div { h1 { "Люди" } p { (words::count(people.len(), ["учётная запись", "учётные записи", "учётных записей"])) } } }
        @if people.is_empty() && actor.account().is_none() {
            p.notice { "Учётных записей пока нет: вы работаете одни, без входа. Как только появится первая, Опора станет спрашивать пароль. Поэтому первой заведите свою — с ролью «региональный оператор» для всей установки." }
        }
        @if !people.is_empty() {
            div.table-scroll tabindex="0" role="region" aria-label="Люди" {
                table {
                    thead { tr { th scope="col" { "Имя" } th scope="col" { "Вход" } th scope="col" { "Роли сегодня" } } }
                    tbody { @for (account, grants) in people { tr {
                        th scope="row" { a href={ "/people/" (account.id.0) } { (account.name) } @if !account.open { " (закрыта)" } }
                        td { (account.login) }
                        td { (roles_today(grants, actor)) }
                    } } }
                }
            }
        }
        section.card aria-labelledby="invite" {
            div.card-head { h2 #invite { "Пригласить человека" } }
            div.card-body { (invitation(actor, typed, wrong)) }
        }
    } };
    page(ui, "Люди", Section::People, &content)
}

fn roles_today(grants: &[HeldGrant], actor: &Actor) -> String {
    let held = grants.iter().filter(|held| held.grant.holds(actor.today));
    let words: Vec<String> = held
        .map(|held| {
            format!("{}: {}", held.grant.role.russian(), place_name(held.grant.place, &actor.registry))
        })
        .collect();
    if words.is_empty() { "нет".to_owned() } else { words.join("; ") }
}

/// What was typed into the form of an invitation or of a role.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    mail: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    school: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

fn note(wrong: Option<(&str, &str)>, field: &str) -> Markup {
    html! { @if let Some((name, text)) = wrong { @if name == field { p.why.error role="alert" id={ (field) "-wrong" } { (text) } } } }
}

fn invitation(actor: &Actor, typed: &Typed, wrong: Option<(&str, &str)>) -> Markup {
    let text = |field: &'static str, label: &str, value: &str, hint: &str| {
        html! {
            div.field {
                label for=(field) { (label) }
                input id=(field) name=(field) value=(value) autocomplete="off" required[field != "mail"]
                    aria-describedby={ (field) "-hint" } aria-invalid=[wrong.filter(|(name, _)| *name == field).map(|_| "true")];
                p.hint id={ (field) "-hint" } { (hint) }
                (note(wrong, field))
            }
        }
    };
    html! {
        form.stack action="/people" method="post" {
            (text("name", "Фамилия и имя", &typed.name, "Так человека увидят другие: «Соколова Анна»."))
            (text("login", "Имя для входа", &typed.login, "Латинские или русские буквы, цифры, точка, дефис. Можно адрес почты."))
            (text("mail", "Почта", &typed.mail, "Необязательно. На неё придёт приглашение и ссылка, если пароль забудется."))
            (role_fields(actor, typed, wrong))
            div.actions { button.primary type="submit" { "Пригласить" } }
        }
    }
}

/// Role, place and days.
fn role_fields(actor: &Actor, typed: &Typed, wrong: Option<(&str, &str)>) -> Markup {
    let places = actor.places(Right::ManagePeople);
    let roles = Role::ALL
        .into_iter()
        .filter(|role| actor.person.roles(actor.today).iter().any(|own| own.may_name(*role)));
    let nodes = nodes_of(&places, actor);
    let schools = schools_of(&places, actor);
    html! {
        div.field {
            label for="role" { "Роль" }
            select #role name="role" { @for role in roles { option value=(role.code()) selected[typed.role == role.code()] { (role.russian()) } } }
            (note(wrong, "role"))
        }
        @if !nodes.is_empty() {
            div.field {
                label for="place" { "Где" }
                select #place name="place" aria-describedby="place-hint" {
                    @for (place, name) in &nodes { option value=(place.code()) selected[typed.place == place.code()] { (name) } }
                }
                p.hint #place-hint { "Для куратора, руководителя школы и члена команды выберите школу ниже." }
                (note(wrong, "place"))
            }
        }
        div.field {
            label for="school" { "Школа" }
            input #school name="school" value=(typed.school) list="schools" autocomplete="off" aria-describedby="school-hint"
                aria-invalid=[wrong.filter(|(name, _)| *name == "school").map(|_| "true")];
            datalist #schools { @for name in &schools { option value=(name) {} } }
            p.hint #school-hint {
                @if schools.is_empty() {
                    "Школ пока нет: роли школы можно дать, когда загружен реестр организаций"
                    @if actor.may(Right::LoadResults, Place::Installation) { " на странице " a href="/data" { "Данные" } }
                    "."
                } @else { "Для ролей школы: название, как в реестре." }
            }
            (note(wrong, "school"))
        }
        div.field-row {
            div.field { label for="from" { "С какого дня" } input #from type="date" name="from" value=(or_today(&typed.from, actor.today)); (note(wrong, "from")) }
            div.field { label for="until" { "По какой день" } input #until type="date" name="until" value=(typed.until); p.hint { "Пусто — без срока." } (note(wrong, "until")) }
        }
        div.field { label for="reason" { "Основание" } input #reason name="reason" value=(typed.reason) autocomplete="off"; p.hint { "Например, приказ о назначении. Останется в журнале." } }
    }
}

fn or_today(typed: &str, today: Date) -> String {
    if typed.is_empty() { today.to_string() } else { typed.to_owned() }
}

/// The installation, regions and municipalities inside the own places.
pub fn nodes_of(places: &[Place], actor: &Actor) -> Vec<(Place, String)> {
    let inside = |place: Place| places.iter().any(|own| opora_access::contains(*own, place, &actor.registry));
    let mut nodes: Vec<(u8, String, Place)> = Vec::new();
    if inside(Place::Installation) {
        nodes.push((0, "вся установка".to_owned(), Place::Installation));
    }
    for node in actor.registry.nodes() {
        let place = Place::Node(node.id);
        if inside(place) {
            let level = if node.level == NodeLevel::Region { 1 } else { 2 };
            nodes.push((level, node.name.clone(), place));
        }
    }
    nodes.sort();
    nodes.into_iter().map(|(_, name, place)| (place, name)).collect()
}

fn schools_of(places: &[Place], actor: &Actor) -> Vec<String> {
    let inside = |place: Place| places.iter().any(|own| opora_access::contains(*own, place, &actor.registry));
    let own = actor.registry.organisations().iter().filter(|school| inside(Place::School(school.id)));
    let mut names: Vec<String> = own.map(|school| school.name.clone()).take(SCHOOLS_OFFERED).collect();
    names.sort();
    names
}

/// The grant that the form describes, or the field that is wrong.
fn grant_of(typed: &Typed, actor: &Actor) -> Result<Grant, (&'static str, String)> {
    let role = Role::of_code(&typed.role).ok_or(("role", "Выберите роль.".to_owned()))?;
    let place = if role.is_of_school() || !typed.school.trim().is_empty() {
        school_named(&typed.school, Right::ManagePeople, actor)?
    } else {
        Place::of_code(&typed.place).ok_or(("place", "Выберите, где действует роль.".to_owned()))?
    };
    let day = |field, text: &str| {
        text.trim()
            .parse::<Date>()
            .map_err(|_| (field, "Дата не понята. Она нужна в виде ГГГГ-ММ-ДД.".to_owned()))
    };
    let from = if typed.from.trim().is_empty() { actor.today } else { day("from", &typed.from)? };
    let until = if typed.until.trim().is_empty() { None } else { Some(day("until", &typed.until)?) };
    if !actor.person.may_name(role, place, &actor.registry, actor.today) {
        return Err((
            "place",
            "Дать такую роль в этом месте вы не можете: ваша роль действует в другом.".to_owned(),
        ));
    }
    let grant = Grant { role, place, from, until };
    let wrong = wrong_for_the_first(&grant, actor.today).filter(|_| actor.account().is_none());
    wrong.map_or(Ok(grant), |(field, text)| Err((field, text.to_owned())))
}

/// A school by its name inside the own places.
pub fn school_named(typed: &str, right: Right, actor: &Actor) -> Result<Place, (&'static str, String)> {
    let wanted = typed.trim().to_lowercase();
    if wanted.is_empty() {
        return Err(("school", "Для этой роли нужна школа: выберите её из списка.".to_owned()));
    }
    let places = actor.places(right);
    let inside = |place: Place| places.iter().any(|own| opora_access::contains(*own, place, &actor.registry));
    let found: Vec<Place> =
        schools_called(&wanted, &actor.registry).map(Place::School).filter(|place| inside(*place)).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(("school", "Такой школы нет среди ваших. Проверьте название по реестру.".to_owned())),
        _ => Err(("school", SEVERAL_SCHOOLS.to_owned())),
    }
}

/// What is told where a name fits several schools.
pub const SEVERAL_SCHOOLS: &str =
    "Школ с таким названием несколько. Допишите через запятую муниципалитет: «Школа № 1, Верхнеозёрск».";

/// The schools of a name, or of «name, municipality»; in lower case.
pub fn schools_called<'a>(
    wanted: &'a str,
    registry: &'a Registry,
) -> impl Iterator<Item = OrganisationId> + 'a {
    let fits = move |school: &&Organisation| {
        let name = school.name.to_lowercase();
        let of_town = wanted.strip_prefix(&name).and_then(|rest| rest.trim_start().strip_prefix(','));
        let node = || registry.node(school.municipality).map(|node| node.name.to_lowercase());
        name == wanted || of_town.is_some_and(|town| Some(town.trim()) == node().as_deref())
    };
    registry.organisations().iter().filter(fits).map(|school| school.id)
}

/// `POST /people`: makes the account and shows the link, once.
pub async fn create(
    ui: Ui,
    State(state): State<AppState>,
    Origin(origin): Origin,
    actor: Actor,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let by = Authorship { who: actor.name(), reason: typed.reason.trim(), at: clock::now() };
    let new = NewAccount { login: &typed.login, mail: &typed.mail, name: &typed.name };
    let outcome = match grant_of(&typed, &actor) {
        Ok(grant) => invite(&state.store, &new, &grant, &by).await,
        Err((field, text)) => Err(NotInvited::Field(field, text)),
    };
    let (field, text) = match outcome {
        Ok((id, token)) => {
            let account = state.store.account(id).await?;
            let first = actor.account().is_none();
            return Ok(invited(&ui, &state, &account, origin.as_deref(), token.as_str(), first));
        }
        Err(NotInvited::Field(field, text)) => (field, text),
        Err(NotInvited::Store(error @ opora_store::StoreError::AccountKnown)) => ("login", error.to_string()),
        Err(NotInvited::Store(error)) => return Err(error.into()),
    };
    let people = looked_after(&state, &actor).await?;
    let again = list_page(&ui, &actor, &people, &typed, Some((field, &text)));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// The page with a link that lets somebody choose a password; a letter goes out where mail is set up.
/// The first one is for the person who looks at the page, who can't come back to it.
fn invited(
    ui: &Ui,
    state: &AppState,
    account: &Account,
    origin: Option<&str>,
    token: &str,
    first: bool,
) -> Response {
    let address = format!("{}/link/{token}", origin.unwrap_or_default());
    let mailed = state.mailer().is_set_up() && !account.mail.is_empty();
    if mailed {
        let letter = Letter {
            to: account.mail.clone(),
            subject: "Приглашение в Опору".to_owned(),
            text: format!(
                "Здравствуйте, {}!\n\nВас пригласили работать в Опоре. Откройте ссылку и выберите пароль (она действует неделю и один раз):\n{address}\n\nИмя для входа: {}\n",
                account.name, account.login
            ),
        };
        let state = state.clone();
        tokio::spawn(async move {
            if let Err(error) = state.mailer().send(&letter).await {
                tracing::error!(%error, "an invitation was not sent");
            }
        });
    }
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/people" { "Люди" } a href={ "/people/" (account.id.0) } { (account.name) } }
        div.page-head { h1 { "Ссылка для человека" } }
        p role="status" {
            @if first { "Учётная запись заведена, и теперь Опора спрашивает пароль. Откройте ссылку и выберите его сейчас: на эту страницу вернуться нельзя." }
            @else if mailed { "Письмо со ссылкой отправляется на " (account.mail) ". На всякий случай вот она же." }
            @else { "Передайте ссылку человеку лично или в сообщении: по ней он выберет пароль." }
        }
        p { code.secret { (address) } }
        p.muted { "Ссылка показана один раз, действует неделю и срабатывает однажды. Имя для входа: " (account.login) "." }
        @if first { p.muted { "Закрыли страницу и не успели? Новую ссылку даст команда " code { "opora user link " (account.login) } " на компьютере, где лежат данные." } }
        p.actions {
            @if first { a.button.primary href={ "/link/" (token) } { "Выбрать пароль" } }
            @else { a.button href="/people" { "К списку людей" } }
        }
    };
    unkept(page(ui, "Ссылка для человека", Section::People, &content))
}

/// `GET /people/{id}`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
) -> Result<Markup, WebError> {
    let person = with_second(&state, one(&state, &actor, id).await?).await?;
    Ok(person_page(&ui, &actor, &person, &Typed::default(), None))
}

/// A person, and whether a second step is asked of them.
async fn with_second(
    state: &AppState,
    (account, grants): (Account, Vec<HeldGrant>),
) -> Result<(Account, Vec<HeldGrant>, bool), WebError> {
    let second = state.store.credentials(account.id, CredentialKind::SecondFactor).await?;
    Ok((account, grants, !second.is_empty()))
}

fn person_page(
    ui: &Ui,
    actor: &Actor,
    (account, grants, second): &(Account, Vec<HeldGrant>, bool),
    typed: &Typed,
    wrong: Option<(&str, &str)>,
) -> Markup {
    let may_let_in = require_all(actor, grants).is_ok();
    let second = *second;
    let content = html! { div.stack {
        nav.breadcrumbs aria-label="Путь" { a href="/people" { "Люди" } }
        div.page-head { div {
            h1 { (account.name) @if !account.open { " (закрыта)" } }
            p { "Имя для входа: " (account.login) @if !account.mail.is_empty() { " · почта: " (account.mail) } " · завёл " (account.created_by) ", " (words::moment(account.created_at)) }
        } }
        section.card aria-labelledby="roles" { div.card-head { h2 #roles { "Роли" } } div.card-body { (roles_list(grants, actor, true)) } }
        section.card aria-labelledby="give" {
            div.card-head { h2 #give { "Дать роль" } }
            div.card-body {
                form.stack action={ "/people/" (account.id.0) "/roles" } method="post" {
                    (role_fields(actor, typed, wrong))
                    div.actions { button.primary type="submit" { "Дать роль" } }
                }
            }
        }
        @if may_let_in {
            section.card aria-labelledby="entry" {
                div.card-head { h2 #entry { "Вход" } }
                div.card-body.stack {
                    form action={ "/people/" (account.id.0) "/link" } method="post" { button type="submit" { "Сделать новую ссылку для выбора пароля" } }
                    @if second {
                        form.stack action={ "/people/" (account.id.0) "/second-factor" } method="post" {
                            p { "Второй шаг входа включён. Если телефон потерян, а кодов восстановления нет, его можно сбросить: человек войдёт по паролю и включит его заново." }
                            div.field { label for="second-reason" { "Причина сброса" } input #second-reason name="reason" required; }
                            div.actions { button type="submit" { "Сбросить второй шаг" } }
                        }
                    }
                    form.stack action={ "/people/" (account.id.0) "/open" } method="post" {
                        input type="hidden" name="open" value=(if account.open { "no" } else { "yes" });
                        div.field { label for="close-reason" { "Причина" } input #close-reason name="reason" required; }
                        div.actions { button type="submit" { @if account.open { "Закрыть учётную запись" } @else { "Открыть учётную запись" } } }
                    }
                }
            }
        }
    } };
    page(ui, &account.name, Section::People, &content)
}

/// `POST /people/{id}/roles`.
pub async fn give(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let (account, grants) = one(&state, &actor, id).await?;
    let by = Authorship { who: actor.name(), reason: typed.reason.trim(), at: clock::now() };
    let wrong = match grant_of(&typed, &actor) {
        Ok(grant) => match give_role(&state.store, account.id, &grant, &by).await {
            Ok(_) => return Ok(Redirect::to(&format!("/people/{id}")).into_response()),
            Err(opora_store::StoreError::GrantRefused(refused)) => {
                (field_of(refused), refused.russian().to_owned())
            }
            Err(error) => return Err(error.into()),
        },
        Err(wrong) => wrong,
    };
    let person = with_second(&state, (account, grants)).await?;
    let again = person_page(&ui, &actor, &person, &typed, Some((wrong.0, &wrong.1)));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// A role to end.
#[derive(Deserialize)]
pub struct Ending {
    grant: i64,
    last_day: String,
    #[serde(default)]
    reason: String,
}

/// `POST /people/{id}/roles/end`.
pub async fn end(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(ending): Form<Ending>,
) -> Result<Redirect, WebError> {
    let (_, grants) = one(&state, &actor, id).await?;
    let held = grants.iter().find(|held| held.id == GrantId(ending.grant));
    let held = held.ok_or_else(|| WebError::from(opora_store::StoreError::GrantUnknown))?;
    let last_day: Date = ending
        .last_day
        .trim()
        .parse()
        .map_err(|_| WebError::bad_request("Последний день не понят", "Он нужен в виде ГГГГ-ММ-ДД."))?;
    end_role(&state, &actor, held, last_day, &ending.reason).await?;
    Ok(Redirect::to(&format!("/people/{id}")))
}
