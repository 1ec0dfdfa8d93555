//! What does a person hold, and is that enough?

use jiff::civil::Date;
use opora_registry::Registry;

use crate::{Place, Right, Role, contains};

/// A role in a place for some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it holds.
    pub place: Place,
    /// First day.
    pub from: Date,
    /// Last day; none for an open end.
    pub until: Option<Date>,
}

impl Grant {
    /// The grant holds on this day.
    pub fn holds(&self, today: Date) -> bool {
        self.from <= today && self.until.is_none_or(|until| today <= until)
    }
}

/// Who asks, with everything the answer depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Number of the account; none for the one who works on this machine without accounts.
    pub account: Option<i64>,
    /// Name as recorded with each action.
    pub name: String,
    /// All grants, those of other days included.
    pub grants: Vec<Grant>,
}

impl Person {
    /// The one who works alone on a machine where nobody has an account yet.
    pub fn alone(name: &str) -> Self {
        let everywhere = |role| Grant { role, place: Place::Installation, from: Date::MIN, until: None };
        Self { account: None, name: name.to_owned(), grants: Role::ALL.map(everywhere).to_vec() }
    }

    /// Places in which a right holds today, without repetition.
    pub fn places(&self, right: Right, today: Date) -> Vec<Place> {
        let holding = self.grants.iter().filter(|grant| grant.holds(today) && grant.role.gives(right));
        let mut places: Vec<Place> = holding.map(|grant| grant.place).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// May the person do this to something of that place?
    pub fn may(&self, right: Right, place: Place, registry: &Registry, today: Date) -> bool {
        self.places(right, today).into_iter().any(|held| {
            contains(held, place, registry) || right.is_shared_downwards() && contains(place, held, registry)
        })
    }

    /// May the person do this somewhere at all?
    pub fn may_somewhere(&self, right: Right, today: Date) -> bool {
        self.grants.iter().any(|grant| grant.holds(today) && grant.role.gives(right))
    }

    /// May the person give this role in that place?
    pub fn may_name(&self, role: Role, place: Place, registry: &Registry, today: Date) -> bool {
        let mut holding = self.grants.iter().filter(|grant| grant.holds(today));
        holding.any(|grant| grant.role.may_name(role) && contains(grant.place, place, registry))
    }

    /// The roles that hold today over something of that place.
    pub fn roles_at(&self, place: Place, registry: &Registry, today: Date) -> Vec<Role> {
        let holds = |grant: &&Grant| grant.holds(today) && contains(grant.place, place, registry);
        let mut roles: Vec<Role> = self.grants.iter().filter(holds).map(|grant| grant.role).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// The roles held today, in the order in which roles are shown.
    pub fn roles(&self, today: Date) -> Vec<Role> {
        let holds = |role: &Role| self.grants.iter().any(|grant| grant.holds(today) && grant.role == *role);
        Role::ALL.into_iter().filter(holds).collect()
    }
}

/// Why a grant can't be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantRefused {
    /// The role belongs to a school, the place is none, or the other way round.
    WrongPlace,
    /// A curator must not check her own school.
    OwnSchool,
    /// The last day is before the first.
    Reversed,
    /// The same role in the same place is held already on some of these days.
    Held,
}

impl GrantRefused {
    /// What is wrong and what to do.
    pub fn russian(self) -> &'static str {
        match self {
            Self::WrongPlace => {
                "Роль не подходит к месту. Куратор, руководитель и член команды назначаются на школу, остальные — на муниципалитет, регион или всю установку."
            }
            Self::OwnSchool => {
                "Куратор не может проверять школу, в которой сам работает. Выберите другую школу или другого человека."
            }
            Self::Reversed => "Последний день роли раньше первого. Проверьте даты.",
            Self::Held => {
                "Эта роль в этом месте у человека уже есть. Дождитесь её окончания или завершите её."
            }
        }
    }
}

/// Checks a grant against those the person has.
pub fn check_grant(held: &[Grant], new: &Grant) -> Result<(), GrantRefused> {
    let at_school = matches!(new.place, Place::School(_));
    let fits = at_school || !new.role.is_of_school();
    // A methodologist or an observer may be of one school; an office is never.
    let office = matches!(new.role, Role::RegionalOperator | Role::Coordinator);
    if !fits || office && at_school {
        return Err(GrantRefused::WrongPlace);
    }
    if new.until.is_some_and(|until| until < new.from) {
        return Err(GrantRefused::Reversed);
    }
    // A methodologist of one school works there; one of a municipality helps many.
    let works = |role| matches!(role, Role::SchoolHead | Role::SchoolTeam | Role::Methodologist);
    for grant in held.iter().filter(|grant| grant.place == new.place && overlap(grant, new)) {
        if grant.role == new.role {
            return Err(GrantRefused::Held);
        }
        let curator_at_work =
            grant.role == Role::Curator && works(new.role) || new.role == Role::Curator && works(grant.role);
        if curator_at_work {
            return Err(GrantRefused::OwnSchool);
        }
    }
    Ok(())
}

fn overlap(one: &Grant, other: &Grant) -> bool {
    let before = |until: Option<Date>, from: Date| until.is_some_and(|until| until < from);
    !before(one.until, other.from) && !before(other.until, one.from)
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::civil::{Date, date};
    use opora_cells::OrganisationId;
    use opora_registry::{Node, NodeId, NodeLevel, Organisation, Registry};

    use super::{Grant, GrantRefused, Person, check_grant};
    use crate::{Place, Right, Role};

    pub(crate) const REGION: Place = Place::Node(NodeId(1));
    pub(crate) const TOWN: Place = Place::Node(NodeId(11));
    pub(crate) const NEIGHBOUR: Place = Place::Node(NodeId(12));
    pub(crate) const SCHOOL: Place = Place::School(OrganisationId(5));
    pub(crate) const OTHER_SCHOOL: Place = Place::School(OrganisationId(6));
    const TODAY: Date = date(2026, 11, 22);

    pub(crate) fn registry() -> Registry {
        let node = |id, level, parent: Option<u32>| Node {
            id: NodeId(id),
            level,
            parent: parent.map(NodeId),
            name: format!("узел {id}"),
            code: None,
        };
        let school = |id, town| Organisation {
            id: OrganisationId(id),
            name: format!("Школа № {id}"),
            kind: "СОШ".to_owned(),
            municipality: NodeId(town),
            rural: None,
            identifiers: vec![],
        };
        let nodes = vec![
            node(1, NodeLevel::Region, None),
            node(11, NodeLevel::Municipality, Some(1)),
            node(12, NodeLevel::Municipality, Some(1)),
        ];
        let (registry, errors) =
            Registry::new(nodes, vec![school(5, 11), school(6, 11), school(7, 12)], vec![]);
        assert_eq!(errors, []);
        registry
    }

    fn grant(role: Role, place: Place) -> Grant {
        Grant { role, place, from: date(2026, 9, 1), until: Some(date(2027, 8, 31)) }
    }

    fn person(grants: Vec<Grant>) -> Person {
        Person { account: Some(1), name: "Соколова".to_owned(), grants }
    }

    #[test]
    fn a_right_holds_in_the_place_of_the_grant() {
        let registry = registry();
        let check = |role, held, right, place, expected| {
            let person = person(vec![grant(role, held)]);
            let found = person.may(right, place, &registry, TODAY);
            assert_eq!(found, expected, "{role:?} of {held:?}: {right:?} at {place:?}");
        };
        check(Role::Coordinator, TOWN, Right::EditPlans, SCHOOL, true);
        check(Role::Coordinator, TOWN, Right::EditPlans, NEIGHBOUR, false);
        check(Role::Coordinator, TOWN, Right::EditPlans, REGION, false);
        check(Role::Coordinator, TOWN, Right::SeePlans, REGION, true);
        check(Role::Coordinator, TOWN, Right::SeePlans, NEIGHBOUR, false);
        check(Role::SchoolHead, SCHOOL, Right::SeePlans, TOWN, true);
        check(Role::SchoolHead, SCHOOL, Right::SeePlans, OTHER_SCHOOL, false);
        check(Role::SchoolHead, SCHOOL, Right::SeeResults, TOWN, false);
        check(Role::SchoolHead, SCHOOL, Right::SeeResults, SCHOOL, true);
        check(Role::Curator, SCHOOL, Right::Review, SCHOOL, true);
        check(Role::Curator, SCHOOL, Right::Review, OTHER_SCHOOL, false);
        check(Role::Observer, REGION, Right::EditPlans, TOWN, false);
        check(Role::RegionalOperator, Place::Installation, Right::KeepRegistry, Place::Installation, true);
        check(Role::RegionalOperator, REGION, Right::KeepRegistry, Place::Installation, false);
    }

    #[test]
    fn a_right_holds_on_the_days_of_the_grant() {
        let registry = registry();
        let head = person(vec![grant(Role::SchoolHead, SCHOOL)]);
        let check =
            |day, expected| assert_eq!(head.may(Right::Reply, SCHOOL, &registry, day), expected, "{day}");
        check(date(2026, 8, 31), false);
        check(date(2026, 9, 1), true);
        check(date(2027, 8, 31), true);
        check(date(2027, 9, 1), false);
    }

    #[test]
    fn a_role_is_given_by_those_above() {
        let registry = registry();
        let check = |own, held, role, place, expected| {
            let giver = person(vec![grant(own, held)]);
            assert_eq!(
                giver.may_name(role, place, &registry, TODAY),
                expected,
                "{own:?} names {role:?} of {place:?}"
            );
        };
        check(Role::Coordinator, TOWN, Role::Curator, SCHOOL, true);
        check(Role::Coordinator, TOWN, Role::SchoolHead, Place::School(OrganisationId(7)), false);
        check(Role::Coordinator, TOWN, Role::RegionalOperator, TOWN, false);
        check(Role::SchoolHead, SCHOOL, Role::SchoolTeam, SCHOOL, true);
        check(Role::SchoolHead, SCHOOL, Role::SchoolHead, SCHOOL, false);
        check(Role::SchoolHead, SCHOOL, Role::Curator, SCHOOL, false);
        check(Role::Observer, REGION, Role::Observer, TOWN, false);
    }

    #[test]
    fn a_grant_is_checked_against_those_held() {
        let check =
            |held: &[Grant], new: Grant, expected| assert_eq!(check_grant(held, &new), expected, "{new:?}");
        let head = grant(Role::SchoolHead, SCHOOL);
        check(&[], head.clone(), Ok(()));
        check(&[], grant(Role::SchoolHead, TOWN), Err(GrantRefused::WrongPlace));
        check(&[], grant(Role::Coordinator, SCHOOL), Err(GrantRefused::WrongPlace));
        let reversed = Grant { until: Some(date(2026, 8, 1)), ..grant(Role::SchoolHead, SCHOOL) };
        check(&[], reversed, Err(GrantRefused::Reversed));
        check(std::slice::from_ref(&head), head.clone(), Err(GrantRefused::Held));
        check(std::slice::from_ref(&head), grant(Role::Curator, SCHOOL), Err(GrantRefused::OwnSchool));
        check(&[grant(Role::Curator, SCHOOL)], grant(Role::SchoolTeam, SCHOOL), Err(GrantRefused::OwnSchool));
        check(
            &[grant(Role::Curator, SCHOOL)],
            grant(Role::Methodologist, SCHOOL),
            Err(GrantRefused::OwnSchool),
        );
        check(&[grant(Role::Curator, SCHOOL)], grant(Role::Methodologist, TOWN), Ok(()));
        check(std::slice::from_ref(&head), grant(Role::Curator, OTHER_SCHOOL), Ok(()));
        let later = Grant { from: date(2027, 9, 1), until: None, ..grant(Role::Curator, SCHOOL) };
        check(&[head], later, Ok(()));
    }

    #[test]
    fn who_works_alone_may_do_everything() {
        let registry = registry();
        let alone = Person::alone("Локальный пользователь");
        for right in Right::ALL {
            assert!(alone.may(right, SCHOOL, &registry, TODAY), "{right:?}");
            assert!(alone.may(right, Place::Installation, &registry, TODAY), "{right:?}");
        }
    }
}
