//! What may a program do that acts for a person? A token narrows the rights of its account and widens nothing.

/// A part of what the person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Read plans with their findings, occurrences, agreement and facts of execution; agenda and own work.
    ReadPlans,
    /// Take orders in, save versions, archive plans.
    WritePlans,
    /// Tell what was done, with evidence; confirm, return, postpone.
    Execute,
    /// Submit, return, approve roadmaps.
    Agree,
    /// Read self-diagnoses and risk profiles.
    ReadDiagnosis,
    /// Answer, submit, review self-diagnoses.
    WriteDiagnosis,
    /// Read visits, obligations and meetings.
    ReadSupport,
    /// Plan and hold visits, call meetings, keep obligations, with what they give to do.
    WriteSupport,
    /// Read schools, verdicts, frozen lists, the registry.
    ReadResults,
    /// Load and remove results, freeze lists, reply to them and decide, load the registry.
    WriteResults,
    /// Read accounts, roles, and who helps which school.
    ReadPeople,
    /// Invite people, give and end roles, assign curators and mentor schools.
    WritePeople,
    /// Mark own notices as read, choose how to be told.
    WriteNotices,
    /// Read the journal.
    ReadJournal,
}

impl Scope {
    /// All scopes, in the order in which they are shown.
    pub const ALL: [Self; 14] = [
        Self::ReadPlans,
        Self::WritePlans,
        Self::Execute,
        Self::Agree,
        Self::ReadDiagnosis,
        Self::WriteDiagnosis,
        Self::ReadSupport,
        Self::WriteSupport,
        Self::ReadResults,
        Self::WriteResults,
        Self::ReadPeople,
        Self::WritePeople,
        Self::WriteNotices,
        Self::ReadJournal,
    ];

    /// Stable word for records and documents.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReadPlans => "plans:read",
            Self::WritePlans => "plans:write",
            Self::Execute => "execution:write",
            Self::Agree => "agreement:write",
            Self::ReadDiagnosis => "diagnosis:read",
            Self::WriteDiagnosis => "diagnosis:write",
            Self::ReadSupport => "support:read",
            Self::WriteSupport => "support:write",
            Self::ReadResults => "results:read",
            Self::WriteResults => "results:write",
            Self::ReadPeople => "people:read",
            Self::WritePeople => "people:write",
            Self::WriteNotices => "notices:write",
            Self::ReadJournal => "journal:read",
        }
    }

    /// The scope of a stable word.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }

    /// As shown.
    pub fn russian(self) -> &'static str {
        match self {
            Self::ReadPlans => "читать планы, сроки, согласование, выполнение, сводки и свои уведомления",
            Self::WritePlans => {
                "загружать приказы, составлять и записывать планы, снимать замечания, убирать планы в архив"
            }
            Self::Execute => "отмечать выполнение: сделано, подтверждено, возвращено, перенесено, передано",
            Self::Agree => "согласовывать дорожные карты",
            Self::ReadDiagnosis => "читать самодиагностику, сводки опросов и профили рисков",
            Self::WriteDiagnosis => {
                "заполнять и проверять самодиагностику, назначать её сроки, вести опросы и анкеты, решать о рисках"
            }
            Self::ReadSupport => "читать посещения, обязательства и заседания",
            Self::WriteSupport => "вести посещения, обязательства и заседания с их поручениями",
            Self::ReadResults => "читать реестр, результаты школ и закреплённые списки",
            Self::WriteResults => {
                "загружать результаты и реестр, закреплять списки, отвечать и решать по ним"
            }
            Self::ReadPeople => "читать учётные записи, роли, назначения кураторов и наставников",
            Self::WritePeople => {
                "приглашать людей, давать и завершать роли, назначать кураторов и наставников"
            }
            Self::WriteNotices => "отмечать свои уведомления прочитанными, менять их настройки",
            Self::ReadJournal => "читать журнал действий",
        }
    }

    /// Nothing can be changed with it.
    pub fn only_reads(self) -> bool {
        self.code().ends_with(":read")
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn codes_are_read_back() {
        for scope in Scope::ALL {
            assert_eq!(Scope::of_code(scope.code()), Some(scope));
            assert_eq!(scope.only_reads(), scope.russian().starts_with("читать"), "{scope:?}");
        }
        assert_eq!(Scope::of_code("everything"), None);
    }
}
