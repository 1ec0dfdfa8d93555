//! Who works in the invented municipality?

use jiff::Timestamp;
use jiff::civil::Date;
use opora_access::{Grant, PasswordHash, Place, Role, Token};
use opora_approval::{Action, Content, Fact, Kind, Party};
use opora_cells::OrganisationId;
use opora_registry::{NodeId, Registry};
use opora_roadmap::{DraftInput, Most, Municipal, Risk, Significance};
use opora_schedule::Period;
use opora_store::{AccountId, Authorship, CredentialKind, NewAccount, PlanId, Store, StoreError};

use super::WHO;
use crate::usecases::agreement::{Agreement, NotAgreed, of_roadmap};
use crate::usecases::people::give_role;
use crate::usecases::results::dataset::Workbench;
use crate::usecases::roadmap;

/// By what an invented person gets in.
#[derive(Clone, Debug)]
pub struct Login {
    /// Name to log in with.
    pub login: String,
    /// Password of this start.
    pub password: String,
    /// Name of the person.
    pub name: String,
    /// What the person is.
    pub role: String,
}

/// Login, name, role, and which school of the municipality where the role is of one.
const PEOPLE: [(&str, &str, Role, Option<usize>); 9] = [
    ("operator", "Орлова Нина", Role::RegionalOperator, None),
    ("koordinator", "Миронова Ольга", Role::Coordinator, None),
    ("kurator-1", "Юдина Вера", Role::Curator, Some(0)),
    ("kurator-2", "Власов Илья", Role::Curator, Some(1)),
    ("direktor-1", "Лапин Егор", Role::SchoolHead, Some(0)),
    ("direktor-2", "Зуева Майя", Role::SchoolHead, Some(1)),
    ("komanda-1", "Титова Инна", Role::SchoolTeam, Some(0)),
    ("metodist", "Седов Павел", Role::Methodologist, None),
    ("nablyudatel", "Гончар Лев", Role::Observer, None),
];

/// Accounts in all roles with passwords made anew, the sample plans given to their municipality, and a roadmap of a
/// school that waits for its curator.
pub async fn fill_people(bench: &Workbench, today: Date, at: Timestamp) -> Result<Vec<Login>, StoreError> {
    let store = &bench.store;
    let registry = store.registry().await?.registry;
    let Some((town, schools)) = municipality(&registry) else { return Ok(Vec::new()) };
    let by = Authorship { who: WHO, reason: "придуманный пример", at };
    let mut logins = Vec::new();
    for (login, name, role, school) in PEOPLE {
        let place = match (role, school.and_then(|index| schools.get(index))) {
            (Role::RegionalOperator, _) => Place::Installation,
            (_, Some(school)) => Place::School(*school),
            _ => Place::Node(town),
        };
        let account =
            account(store, login, name, &Grant { role, place, from: today, until: None }, &by).await?;
        let password = new_password(store, account, &by).await?;
        logins.push(Login {
            login: login.to_owned(),
            password,
            name: name.to_owned(),
            role: role.russian().to_owned(),
        });
    }
    for plan in store.plans().await?.iter().filter(|plan| plan.owner == Place::Installation) {
        store.set_plan_owner(plan.id, Place::Node(town), &by).await?;
    }
    if let Some(school) = schools.first() {
        waiting_roadmap(bench, &registry, *school, today, at).await?;
    }
    Ok(logins)
}

/// The first municipality with schools enough.
fn municipality(registry: &Registry) -> Option<(NodeId, Vec<OrganisationId>)> {
    registry.nodes().find_map(|node| {
        let own = registry.organisations().iter().filter(|school| school.municipality == node.id);
        let schools: Vec<OrganisationId> = own.map(|school| school.id).take(3).collect();
        (schools.len() == 3).then_some((node.id, schools))
    })
}

async fn account(
    store: &Store,
    login: &str,
    name: &str,
    grant: &Grant,
    by: &Authorship<'_>,
) -> Result<AccountId, StoreError> {
    if let Some(known) = store.account_of(login).await? {
        return Ok(known.id);
    }
    let id = store.create_account(&NewAccount { login, mail: "", name }, by).await?;
    give_role(store, id, grant, by).await?;
    Ok(id)
}

async fn new_password(store: &Store, id: AccountId, by: &Authorship<'_>) -> Result<String, StoreError> {
    let token = Token::new().ok_or(StoreError::LinkUnknown)?;
    let password: String = token.as_str().chars().take(14).collect();
    let typed = password.clone();
    let hash = tokio::task::spawn_blocking(move || PasswordHash::of(&typed)).await.ok().flatten();
    let hash = hash.ok_or(StoreError::LinkUnknown)?;
    store.set_credentials(id, CredentialKind::Password, &[hash.as_str().to_owned()], by).await?;
    Ok(password)
}

/// Drafts the roadmap of a school and submits it, once.
async fn waiting_roadmap(
    bench: &Workbench,
    registry: &Registry,
    id: OrganisationId,
    today: Date,
    at: Timestamp,
) -> Result<(), StoreError> {
    let store = &bench.store;
    let owner = Place::School(id);
    let plans = store.plans().await?;
    let name = registry.get(id).map(|school| school.name.clone()).unwrap_or_default();
    if plans.iter().any(|plan| plan.owner == owner) {
        return Ok(());
    }
    let factors = &bench.catalog.papers.dictionary.factors;
    let levels = [Significance::High, Significance::High, Significance::Medium];
    let risks: Vec<Risk> = factors
        .iter()
        .zip(levels)
        .map(|(factor, significance)| Risk {
            code: factor.id.clone(),
            name: factor.name.clone(),
            significance,
        })
        .collect();
    let upstream = match plans.first() {
        Some(plan) => Some(store.plan(plan.id).await?),
        None => None,
    };
    let municipal = upstream
        .as_ref()
        .and_then(|record| Some(Municipal { id: record.summary.id.0, plan: record.order.plans.first()? }));
    let school = roadmap::school(&name);
    let input = DraftInput {
        title: &format!("Дорожная карта повышения качества образования: {name}"),
        period: Period { start: today, end: end_of_school_year(today) },
        school: &school,
        tier: None,
        risks: &risks,
        library: &bench.catalog.measures,
        municipal,
        most: Most::default(),
    };
    let head = store.account_of("direktor-1").await?;
    let (account, who) = head.map_or((None, WHO.to_owned()), |head| (Some(head.id), head.name));
    let by = Authorship { who: &who, reason: "черновик по рискам школы", at };
    let basis = roadmap::Basis {
        municipal_version: upstream.as_ref().map(|record| record.version.number.0),
        tier_reason: None,
    };
    let plan = roadmap::create(store, &input, &basis, owner, account, &by).await?;
    submit(store, plan, account, &by).await
}

/// The last day of August that comes next, half a year away at least.
fn end_of_school_year(today: Date) -> Date {
    let year = if today.month() > 2 { today.year() + 1 } else { today.year() };
    Date::new(year, 8, 31).unwrap_or(today)
}

async fn submit(
    store: &Store,
    plan: PlanId,
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    let Some(version) = store.history(plan).await?.into_iter().next() else { return Ok(()) };
    let agreement = Agreement::read(store, Kind::Roadmap, &of_roadmap(plan.0)).await?;
    let content = Content {
        version: version.number.0,
        sha256: &version.content_sha256,
        written_at: version.created_at,
    };
    let fact = Fact {
        action: Action::Submit,
        by: account.map_or(-1, |account| account.0),
        party: Party::Author,
        at: by.at,
        version: version.number.0,
        content_sha256: version.content_sha256.clone(),
        text: String::new(),
        remarks: Vec::new(),
        remark: None,
    };
    match agreement.act(store, &content, &fact, account, by).await {
        Err(NotAgreed::Store(error)) => Err(error),
        // The life cycle refuses what was done already: nothing is to be done.
        Ok(()) | Err(NotAgreed::Refused(_)) => Ok(()),
    }
}
