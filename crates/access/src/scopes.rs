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
    /// Read schools, verdicts, frozen lists, the registry.
    ReadResults,
    /// Load and remove results, freeze lists, load the registry.
    WriteResults,
    /// Read accounts and roles.
    ReadPeople,
    /// Invite people, give and end roles.
    WritePeople,
    /// Read the journal.
    ReadJournal,
}

impl Scope {
    /// All scopes, in the order in which they are shown.
    pub const ALL: [Self; 11] = [
        Self::ReadPlans,
        Self::WritePlans,
        Self::Execute,
        Self::Agree,
        Self::ReadDiagnosis,
        Self::WriteDiagnosis,
        Self::ReadResults,
        Self::WriteResults,
        Self::ReadPeople,
        Self::WritePeople,
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
            Self::ReadResults => "results:read",
            Self::WriteResults => "results:write",
            Self::ReadPeople => "people:read",
            Self::WritePeople => "people:write",
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
            Self::ReadPlans => "читать планы, сроки, согласование и выполнение",
            Self::WritePlans => "загружать приказы, записывать версии планов, убирать планы в архив",
            Self::Execute => "отмечать выполнение: сделано, подтверждено, возвращено, перенесено",
            Self::Agree => "согласовывать дорожные карты",
            Self::ReadDiagnosis => "читать самодиагностику и профили рисков",
            Self::WriteDiagnosis => "заполнять и проверять самодиагностику",
            Self::ReadResults => "читать реестр, результаты школ и закреплённые списки",
            Self::WriteResults => "загружать результаты и реестр, закреплять списки",
            Self::ReadPeople => "читать учётные записи и роли",
            Self::WritePeople => "приглашать людей, давать и завершать роли",
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
