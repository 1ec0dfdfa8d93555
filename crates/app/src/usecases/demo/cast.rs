//! Who works in the invented municipality?

use jiff::Timestamp;
use jiff::civil::Date;
use opora_access::{Grant, PasswordHash, Place, Role, Token};
use opora_cells::OrganisationId;
use opora_registry::{NodeId, Registry};
use opora_store::{AccountId, Authorship, CredentialKind, NewAccount, Store, StoreError};

use super::WHO;
use crate::usecases::people::give_role;

/// Schools of the programme in the small example.
const IN_PROGRAMME: usize = 7;
/// Schools whose people help the others.
const CURATOR_SCHOOLS: usize = 6;
/// Schools a curator has when a whole region is in the programme.
const SCHOOLS_A_CURATOR: usize = 10;
/// Of the heads of a whole region every so many gets a password: making one takes a while.
const PASSWORD_EVERY: usize = 20;

const SURNAMES: [&str; 24] = [
    "Лапин",
    "Зуев",
    "Юдин",
    "Власов",
    "Титов",
    "Гончар",
    "Седов",
    "Орешин",
    "Кротов",
    "Малышев",
    "Рябов",
    "Сомов",
    "Дроздов",
    "Ершов",
    "Жилин",
    "Климов",
    "Лосев",
    "Мохов",
    "Носов",
    "Панин",
    "Рогов",
    "Снегирёв",
    "Тополев",
    "Чижов",
];
const NAMES: [(&str, bool); 16] = [
    ("Егор", false),
    ("Майя", true),
    ("Вера", true),
    ("Илья", false),
    ("Инна", true),
    ("Лев", false),
    ("Нина", true),
    ("Павел", false),
    ("Ольга", true),
    ("Роман", false),
    ("Софья", true),
    ("Тимур", false),
    ("Ульяна", true),
    ("Фёдор", false),
    ("Юлия", true),
    ("Яков", false),
];

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

/// An invented person.
#[derive(Clone, Debug)]
pub(super) struct Who {
    /// The account.
    pub account: AccountId,
    /// Name as recorded.
    pub name: String,
}

/// A school of the programme with its people.
#[derive(Clone, Debug)]
pub(super) struct Supported {
    /// The school.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its head.
    pub head: Who,
    /// Her curator, who works at another school.
    pub curator: Who,
}

/// Everybody.
#[derive(Clone, Debug)]
pub(super) struct Cast {
    /// Whose programme it is.
    pub place: Place,
    /// The municipality of the coordinator.
    pub town: NodeId,
    /// The coordinator of the first municipality.
    pub coordinator: Who,
    /// Its methodologist.
    pub methodist: Who,
    /// The curators.
    pub curators: Vec<Who>,
    /// The schools of the programme.
    pub schools: Vec<Supported>,
    /// How those who can get in get in.
    pub logins: Vec<Login>,
}

/// Makes accounts, once, and passwords, anew at every start.
struct Casting<'a> {
    store: &'a Store,
    from: Date,
    by: Authorship<'a>,
    logins: Vec<Login>,
    made: usize,
}

impl Cast {
    /// The people of one municipality, or of a whole region. `programme` are the schools that are supported first of
    /// all; others of the same place fill up. Their roles hold from `from` on.
    pub(super) async fn gather(
        store: &Store,
        registry: &Registry,
        programme: &[OrganisationId],
        whole_region: bool,
        from: Date,
        at: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let Some(town) = largest(registry) else { return Ok(None) };
        let place = if whole_region { Place::Installation } else { Place::Node(town) };
        let (supported, curating) = chosen(registry, town, programme, whole_region);
        let by = Authorship { who: WHO, reason: "придуманный пример", at };
        let mut casting = Casting { store, from, by, logins: Vec::new(), made: 0 };
        casting.person("operator", Role::RegionalOperator, &[Place::Installation], true).await?;
        let coordinator =
            casting.person("koordinator", Role::Coordinator, &[Place::Node(town)], true).await?;
        let methodist = casting.person("metodist", Role::Methodologist, &[Place::Node(town)], true).await?;
        casting.person("nablyudatel", Role::Observer, &[Place::Node(town)], true).await?;
        let mut curators = Vec::new();
        for index in 0..curating {
            let own = |(at, _): &(usize, &(OrganisationId, String))| at % curating == index;
            let own = supported.iter().enumerate().filter(own);
            let places: Vec<Place> = own.map(|(_, (id, _))| Place::School(*id)).collect();
            let login = format!("kurator-{}", index + 1);
            curators.push(casting.person(&login, Role::Curator, &places, index < CURATOR_SCHOOLS).await?);
        }
        let mut schools = Vec::new();
        for (index, (id, name)) in supported.iter().enumerate() {
            let place = [Place::School(*id)];
            let known = index < IN_PROGRAMME || index % PASSWORD_EVERY == 0;
            let head =
                casting.person(&format!("direktor-{}", index + 1), Role::SchoolHead, &place, known).await?;
            if index == 0 {
                casting.person("komanda-1", Role::SchoolTeam, &place, true).await?;
            }
            let Some(curator) = curators.get(index % curating.max(1)).cloned() else { continue };
            schools.push(Supported { id: *id, name: name.clone(), head, curator });
        }
        Ok(Some(Self { place, town, coordinator, methodist, curators, schools, logins: casting.logins }))
    }
}

/// The municipality with the most schools.
pub(super) fn largest(registry: &Registry) -> Option<NodeId> {
    let schools =
        |node: NodeId| registry.organisations().iter().filter(|own| own.municipality == node).count();
    registry.nodes().map(|node| node.id).max_by_key(|node| (schools(*node), std::cmp::Reverse(*node)))
}

/// The schools of the programme, and how many curators they have.
fn chosen(
    registry: &Registry,
    town: NodeId,
    programme: &[OrganisationId],
    whole_region: bool,
) -> (Vec<(OrganisationId, String)>, usize) {
    let named = registry.organisations().iter().filter(|school| whole_region || school.municipality == town);
    let mut all: Vec<(OrganisationId, String)> =
        named.map(|school| (school.id, school.name.clone())).collect();
    if whole_region {
        let curators = all.len().div_ceil(SCHOOLS_A_CURATOR);
        return (all, curators);
    }
    // Stable: the schools of the list first, the order of the registry among the rest.
    all.sort_by_key(|(id, _)| !programme.contains(id));
    all.truncate(IN_PROGRAMME);
    (all, CURATOR_SCHOOLS)
}

impl Casting<'_> {
    async fn person(
        &mut self,
        login: &str,
        role: Role,
        places: &[Place],
        enters: bool,
    ) -> Result<Who, StoreError> {
        let surname = SURNAMES.get(self.made % SURNAMES.len()).copied().unwrap_or_default();
        let turn = self.made + self.made / SURNAMES.len() * 5;
        let (name, is_woman) = NAMES.get(turn % NAMES.len()).copied().unwrap_or_default();
        let name = format!("{surname}{} {name}", if is_woman { "а" } else { "" });
        self.made += 1;
        let known = self.store.account_of(login).await?;
        let account = match known {
            Some(known) => known.id,
            None => {
                let account = NewAccount { login, mail: "", name: &name };
                let id = self.store.create_account(&account, &self.by).await?;
                for place in places {
                    let grant = Grant { role, place: *place, from: self.from, until: None };
                    give_role(self.store, id, &grant, &self.by).await?;
                }
                id
            }
        };
        if enters {
            let password = new_password(self.store, account, &self.by).await?;
            let role = role.russian().to_owned();
            self.logins.push(Login { login: login.to_owned(), password, name: name.clone(), role });
        }
        Ok(Who { account, name })
    }
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
