//! Who carries a thing out?

/// One party of a responsible text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Party {
    /// The piece of text it was read from, verbatim.
    pub text: String,
    /// What it is.
    pub kind: PartyKind,
    /// Name and post, for a person.
    pub person: Option<Person>,
    /// The schools meant, for a set of schools or a role in schools.
    pub schools: Vec<SchoolRef>,
}

/// What a party is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartyKind {
    /// A named person: «Иванова О.В., директор школы № 5».
    Person,
    /// An organisation or its unit: «Управление образования», «координационная группа».
    Body,
    /// A post or role without a name: «кураторы», «руководители МОУ №№ 2, 7».
    Role,
    /// A set of schools: «МОУ №№ 2, 7, 14», «ОО».
    Schools,
}

/// A named person.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Person {
    /// Name as written: «Иванова О.В.».
    pub name: String,
    /// Post as written.
    pub post: Option<String>,
}

/// A school as a text refers to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchoolRef {
    /// Number: 14 in «Основная школа № 14».
    pub number: Option<u32>,
    /// Kind as far as the text says it.
    pub kind: SchoolKind,
    /// Name, where the text gives more than a number, verbatim.
    pub name: Option<String>,
}

/// Kind of a school.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SchoolKind {
    /// Начальная школа.
    Primary,
    /// Основная школа.
    Basic,
    /// Средняя школа.
    Secondary,
    /// Гимназия.
    Gymnasium,
    /// Лицей.
    Lyceum,
    /// Not said: «МОУ № 2», «школа № 2».
    #[default]
    Unspecified,
}
