//! Who is asking, by which rules are plans checked, and by which methodologies are schools judged?

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use opora_access::Scope;
use opora_methodology::{Pack, describe};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::findings::level_word;
use super::wire::At;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(methodologies))
        .routes(routes!(methodology))
        .routes(routes!(rules))
        .routes(routes!(rule))
}

/// For whom a token acts.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    /// Number of the account; none for the one who works alone.
    account: Option<i64>,
    /// The name under which is recorded what it does.
    name: String,
    /// The name of the account at the door; none for the one who works alone.
    login: Option<String>,
    /// The address that letters go to; none where the account has none.
    mail: Option<String>,
    /// Roles that hold today: role and place.
    roles: Vec<MyRole>,
    /// Name of the token.
    token: Option<String>,
    /// What it may do.
    scopes: Vec<&'static str>,
    /// The last day on which it holds.
    last_day: Option<Date>,
    today: Date,
}

/// A role that holds today.
#[derive(Serialize, ToSchema)]
pub(super) struct MyRole {
    role: &'static str,
    /// `all`, `node/11`, `school/5`.
    place: String,
}

#[utoipa::path(get, path = "/api/v1/me", tag = "Токен", summary = "От чьего имени идёт запрос и что токен может",
    responses((status = 200, description = "Владелец токена", body = Me)))]
pub(super) async fn me(State(state): State<AppState>, actor: Actor) -> Result<Json<Me>, WebError> {
    let own = match actor.account() {
        Some(id) => Some(state.store.account(id).await?),
        None => None,
    };
    let held = actor.person.grants.iter().filter(|grant| grant.holds(actor.today));
    let token = actor.token.as_deref();
    Ok(Json(Me {
        account: actor.person.account,
        name: actor.name().to_owned(),
        mail: own.as_ref().map(|own| own.mail.clone()).filter(|mail| !mail.is_empty()),
        login: own.map(|own| own.login),
        roles: held.map(|grant| MyRole { role: grant.role.code(), place: grant.place.code() }).collect(),
        token: token.map(|token| token.name.clone()),
        scopes: token
            .map_or(&Scope::ALL[..], |token| &token.scopes)
            .iter()
            .map(|scope| scope.code())
            .collect(),
        last_day: token.map(|token| token.last_day),
        today: actor.today,
    }))
}

/// A methodology.
#[derive(Serialize, ToSchema)]
pub(super) struct PackLine {
    id: String,
    version: String,
    title: String,
    about: String,
    /// Kind of the act and who issued it.
    act: String,
    /// First day in force.
    from: Date,
    /// Last day in force.
    to: Option<Date>,
    /// Numbers of the methodology with their clauses, in words; in the list they are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    criteria: Vec<CriterionShown>,
    /// Numbers that a what-if can move; in the list they are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    numbers: Vec<NumberShown>,
}

/// A number of a methodology.
#[derive(Serialize, ToSchema)]
pub(super) struct NumberShown {
    id: String,
    name: String,
    /// As the act writes it.
    value: String,
}

/// A criterion of a methodology.
#[derive(Serialize, ToSchema)]
pub(super) struct CriterionShown {
    id: String,
    name: String,
    /// Where in the act it stands.
    clause: String,
    /// What it asks.
    asks: String,
}

fn pack_line(pack: &Pack) -> PackLine {
    PackLine {
        id: pack.id.clone(),
        version: pack.version.clone(),
        title: pack.title.clone(),
        about: pack.about.clone(),
        act: format!("{}, {}", pack.act.kind, pack.act.authority),
        from: pack.force.from,
        to: pack.force.to,
        criteria: Vec::new(),
        numbers: Vec::new(),
    }
}

#[utoipa::path(get, path = "/api/v1/methodologies", tag = "Справочники", summary = "Методики",
    responses((status = 200, description = "Методики", body = Vec<PackLine>)))]
pub(super) async fn methodologies(State(state): State<AppState>) -> Json<Vec<PackLine>> {
    Json(state.results.catalog().packs.values().map(|known| pack_line(&known.pack)).collect())
}

#[utoipa::path(get, path = "/api/v1/methodologies/{id}", tag = "Справочники", summary = "Методика с признаками и числами",
    params(("id" = String, Path, description = "Имя методики")), responses((status = 200, description = "Методика", body = PackLine)))]
pub(super) async fn methodology(
    State(state): State<AppState>,
    At(id): At<String>,
) -> Result<Json<PackLine>, WebError> {
    let catalog = state.results.catalog();
    let known = catalog.packs.get(&id).ok_or_else(|| WebError::not_found("Такой методики нет"))?;
    let described = describe(&known.pack, &catalog.dictionary);
    let criterion = |own: opora_methodology::DescribedCriterion| CriterionShown {
        id: own.id,
        name: own.name,
        clause: own.clause,
        asks: own.asks,
    };
    let criteria = described.criteria.into_iter().map(criterion).collect();
    let number = |own: &opora_methodology::Number| NumberShown {
        id: own.id.clone(),
        name: own.name.clone(),
        value: own.text.clone(),
    };
    let numbers = known.pack.numbers().iter().map(number).collect();
    Ok(Json(PackLine { criteria, numbers, ..pack_line(&known.pack) }))
}

/// A rule of the checker.
#[derive(Serialize, ToSchema)]
pub(super) struct RuleShown {
    code: &'static str,
    title: &'static str,
    /// `error`, `warning` or `note`.
    level: &'static str,
    /// Manual page, Markdown; in the list it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    manual: Option<&'static str>,
}

fn rule_line(rule: &opora_checks::Rule) -> RuleShown {
    RuleShown { code: rule.code, title: rule.title, level: level_word(rule.level), manual: None }
}

#[utoipa::path(get, path = "/api/v1/rules", tag = "Справочники", summary = "Правила проверки планов",
    responses((status = 200, description = "Правила", body = Vec<RuleShown>)))]
pub(super) async fn rules() -> Json<Vec<RuleShown>> {
    Json(opora_checks::rules().iter().map(rule_line).collect())
}

#[utoipa::path(get, path = "/api/v1/rules/{code}", tag = "Справочники", summary = "Правило с его страницей руководства",
    params(("code" = String, Path, description = "Код правила")), responses((status = 200, description = "Правило", body = RuleShown)))]
pub(super) async fn rule(At(code): At<String>) -> Result<Json<RuleShown>, WebError> {
    let rule = opora_checks::rule(&code).ok_or_else(|| WebError::not_found("Правила с таким кодом нет"))?;
    Ok(Json(RuleShown { manual: Some(rule.manual), ..rule_line(rule) }))
}
