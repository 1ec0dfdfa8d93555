//! Which rights does each role give?

/// What a person may do, whatever the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Read manuals and methodologies; keep one's own account.
    Enter,
    /// Read orders, plans and roadmaps, their calendar and exports.
    SeePlans,
    /// Take orders in, edit and archive plans of the place, set findings aside.
    EditPlans,
    /// Read results of schools, verdicts with their traces, frozen lists.
    SeeResults,
    /// Read possible markers of non-objective results.
    SeeMarkers,
    /// Load and remove results.
    LoadResults,
    /// Change the registry of organisations.
    KeepRegistry,
    /// Freeze a list, decide on replies, make a list final.
    Decide,
    /// Reply for a school to its verdict.
    Reply,
    /// Read the journal of actions.
    SeeJournal,
    /// Invite people, grant and end roles inside the place.
    ManagePeople,
    /// Assign curators and mentor schools.
    Assign,
    /// Fill in the self-diagnosis of a school.
    Diagnose,
    /// Read the self-diagnosis and the risk profile of a school.
    SeeDiagnosis,
    /// Write the roadmap of a school and submit it.
    WriteRoadmap,
    /// Check self-diagnosis and roadmap: approve or return with remarks.
    Review,
    /// Tell what was done, with evidence; ask for postponement.
    Perform,
    /// Confirm or return what was done, grant postponements.
    Confirm,
    /// Plan visits, write their protocols and follow-ups.
    Visit,
    /// Call meetings of the coordination group, write minutes and decisions.
    Meet,
    /// Upload questionnaires and take them in force.
    KeepQuestionnaires,
}

impl Right {
    /// All rights.
    pub const ALL: [Self; 21] = [
        Self::Enter,
        Self::SeePlans,
        Self::EditPlans,
        Self::SeeResults,
        Self::SeeMarkers,
        Self::LoadResults,
        Self::KeepRegistry,
        Self::Decide,
        Self::Reply,
        Self::SeeJournal,
        Self::ManagePeople,
        Self::Assign,
        Self::Diagnose,
        Self::SeeDiagnosis,
        Self::WriteRoadmap,
        Self::Review,
        Self::Perform,
        Self::Confirm,
        Self::Visit,
        Self::Meet,
        Self::KeepQuestionnaires,
    ];

    /// What is for all below a place is read by those below it too: the plan of a municipality by its schools.
    pub(crate) fn is_shared_downwards(self) -> bool {
        matches!(self, Self::Enter | Self::SeePlans)
    }
}

/// What a person is in the programme of support.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Региональный оператор.
    RegionalOperator,
    /// Муниципальный координатор.
    Coordinator,
    /// Куратор, of one school a grant; works at another school.
    Curator,
    /// Руководитель школы.
    SchoolHead,
    /// Член школьной команды.
    SchoolTeam,
    /// Методист.
    Methodologist,
    /// Наблюдатель.
    Observer,
}

impl Role {
    /// All roles, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::RegionalOperator,
        Self::Coordinator,
        Self::Curator,
        Self::SchoolHead,
        Self::SchoolTeam,
        Self::Methodologist,
        Self::Observer,
    ];

    /// Stable word for records.
    pub fn code(self) -> &'static str {
        match self {
            Self::RegionalOperator => "regional-operator",
            Self::Coordinator => "coordinator",
            Self::Curator => "curator",
            Self::SchoolHead => "school-head",
            Self::SchoolTeam => "school-team",
            Self::Methodologist => "methodologist",
            Self::Observer => "observer",
        }
    }

    /// The role of a stable word.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// As shown.
    pub fn russian(self) -> &'static str {
        match self {
            Self::RegionalOperator => "региональный оператор",
            Self::Coordinator => "муниципальный координатор",
            Self::Curator => "куратор",
            Self::SchoolHead => "руководитель школы",
            Self::SchoolTeam => "член школьной команды",
            Self::Methodologist => "методист",
            Self::Observer => "наблюдатель",
        }
    }

    /// The role belongs to one school.
    pub fn is_of_school(self) -> bool {
        matches!(self, Self::Curator | Self::SchoolHead | Self::SchoolTeam)
    }

    /// Whom a holder of this role may name, inside the place of the grant.
    pub fn may_name(self, other: Self) -> bool {
        match self {
            Self::RegionalOperator => true,
            Self::Coordinator => other != Self::RegionalOperator,
            Self::SchoolHead => other == Self::SchoolTeam,
            _ => false,
        }
    }

    /// The access table of roles: what a holder may do in the place of the grant.
    pub fn gives(self, right: Right) -> bool {
        use Right as R;
        match self {
            Self::RegionalOperator => !matches!(
                right,
                R::Diagnose | R::WriteRoadmap | R::Reply | R::Review | R::Perform | R::Confirm | R::Visit
            ),
            Self::Coordinator => !matches!(right, R::KeepRegistry | R::Diagnose | R::WriteRoadmap | R::Reply),
            Self::Curator => matches!(
                right,
                R::Enter | R::SeePlans | R::SeeResults | R::SeeDiagnosis | R::Review | R::Confirm | R::Visit
            ),
            Self::SchoolHead => matches!(
                right,
                R::Enter
                    | R::SeePlans
                    | R::EditPlans
                    | R::SeeResults
                    | R::Reply
                    | R::ManagePeople
                    | R::Diagnose
                    | R::SeeDiagnosis
                    | R::WriteRoadmap
                    | R::Perform
            ),
            Self::SchoolTeam => matches!(
                right,
                R::Enter
                    | R::SeePlans
                    | R::EditPlans
                    | R::SeeResults
                    | R::Diagnose
                    | R::SeeDiagnosis
                    | R::WriteRoadmap
                    | R::Perform
            ),
            Self::Methodologist => {
                matches!(
                    right,
                    R::Enter
                        | R::SeePlans
                        | R::SeeResults
                        | R::SeeDiagnosis
                        | R::Perform
                        | R::Visit
                        | R::KeepQuestionnaires
                )
            }
            Self::Observer => matches!(right, R::Enter | R::SeePlans),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Right, Role};

    /// The table as a person reads it: any change of rights shows here as a diff.
    #[test]
    fn the_table_of_roles() {
        let mut table = String::new();
        for role in Role::ALL {
            let rights: Vec<String> = Right::ALL
                .into_iter()
                .filter(|right| role.gives(*right))
                .map(|right| format!("{right:?}"))
                .collect();
            table.push_str(&format!("{}: {}\n", role.code(), rights.join(" ")));
        }
        let expected = "\
regional-operator: Enter SeePlans EditPlans SeeResults SeeMarkers LoadResults KeepRegistry Decide SeeJournal ManagePeople Assign SeeDiagnosis Meet KeepQuestionnaires
coordinator: Enter SeePlans EditPlans SeeResults SeeMarkers LoadResults Decide SeeJournal ManagePeople Assign SeeDiagnosis Review Perform Confirm Visit Meet KeepQuestionnaires
curator: Enter SeePlans SeeResults SeeDiagnosis Review Confirm Visit
school-head: Enter SeePlans EditPlans SeeResults Reply ManagePeople Diagnose SeeDiagnosis WriteRoadmap Perform
school-team: Enter SeePlans EditPlans SeeResults Diagnose SeeDiagnosis WriteRoadmap Perform
methodologist: Enter SeePlans SeeResults SeeDiagnosis Perform Visit KeepQuestionnaires
observer: Enter SeePlans
";
        assert_eq!(table, expected);
    }

    #[test]
    fn codes_are_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::of_code(role.code()), Some(role));
        }
        assert_eq!(Role::of_code("admin"), None);
    }
}
