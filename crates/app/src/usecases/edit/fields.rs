//! Which texts of an order can be typed anew, and how do they read now?

use jiff::civil::Date;
use opora_cycle::vocabulary::{
    ActKind, Activity, Criterion, IndicatorGroup, Item, Order, Person, Plan, SchoolKind, SchoolRef, Section,
};

/// A text with the name of its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Name of the field in a form.
    pub name: String,
    /// What it is, in Russian, lower case: «номер».
    pub label: &'static str,
    /// The text.
    pub value: String,
}

/// A struct of texts with their Russian names; each field is named in a form as it is here.
macro_rules! texts {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $label:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name {
            $($(#[$doc])* pub $field: String,)+
        }

        impl $name {
            /// The texts of a form.
            pub fn read(value: impl Fn(&str) -> String) -> Self {
                Self { $($field: value(stringify!($field)),)+ }
            }

            /// Each text with its name.
            pub fn texts(&self) -> Vec<Text> {
                vec![$(Text { name: stringify!($field).to_owned(), label: $label, value: self.$field.clone() },)+]
            }
        }
    };
}

texts! {
    /// Texts of the act as typed.
    ActFields {
        /// Kind as a Russian noun; empty for unknown.
        kind: "вид",
        /// Number.
        number: "номер",
        /// Date in any of the usual forms; empty for unknown.
        date: "дата",
        /// Settlement.
        locality: "место издания",
        /// Authority.
        authority: "орган",
        /// Title.
        title: "название",
        /// The point about control, verbatim.
        control: "контроль",
        /// Who controls.
        controller: "кто контролирует",
        /// Post of who controls.
        controller_post: "должность контролирующего",
        /// Who signed.
        signatory: "подписал",
        /// Post of who signed.
        signatory_post: "должность подписавшего",
    }
}

texts! {
    /// Texts of the plan itself as typed.
    PlanFields {
        /// Title.
        title: "название",
        /// First day of the period; empty for none.
        start: "начало периода",
        /// Last day of the period; empty for none.
        end: "окончание периода",
    }
}

texts! {
    /// Texts of a section as typed.
    SectionFields {
        /// Number; empty for none.
        number: "номер",
        /// Title.
        title: "название",
        /// Year its deadlines belong to; empty for none.
        year: "год",
    }
}

texts! {
    /// Texts of an activity as typed.
    ActivityFields {
        /// Number.
        number: "номер",
        /// What is done.
        title: "название",
        /// Who does it.
        responsible: "ответственные",
        /// When.
        schedule: "срок",
        /// Expected result.
        outcome: "результат",
        /// For whom.
        target_group: "целевая группа",
    }
}

texts! {
    /// Texts of the programme as typed; lists have an item a line.
    ProgrammeFields {
        /// Name.
        name: "название",
        /// Period.
        period: "период",
        /// Goals.
        goals: "цели",
        /// Tasks.
        tasks: "задачи",
        /// Expected results.
        expected_results: "ожидаемые результаты",
    }
}

texts! {
    /// The schools that take part, one a line.
    ParticipantsFields {
        /// Schools that receive support.
        schools: "школы-участницы",
        /// Schools that send curators.
        curator_schools: "школы-кураторы",
    }
}

/// A head with the lines under it: a group of indicators, a criterion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFields {
    /// Head.
    pub title: String,
    /// One item a line.
    pub lines: String,
}

/// Which lists are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    /// Indicators of effectiveness, by group.
    Indicators,
    /// Criteria of identification with their indicators.
    Criteria,
}

impl Lists {
    /// In Russian, capitalised.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Indicators => "Показатели",
            Self::Criteria => "Критерии",
        }
    }

    /// The lists an order has now.
    pub fn of(self, order: &Order) -> Vec<ListFields> {
        let list =
            |title: &str, items: &[Item]| ListFields { title: title.to_owned(), lines: lines_of(items) };
        let group = |group: &IndicatorGroup| list(&group.group, &group.indicators);
        let criterion = |criterion: &Criterion| list(&criterion.title, &criterion.indicators);
        match self {
            Self::Indicators => order.indicators.iter().map(group).collect(),
            Self::Criteria => order.criteria.iter().map(criterion).collect(),
        }
    }
}

impl ListFields {
    /// The lists of a form: `title-0`, `lines-0`, `title-1`…, those without a word left out.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Vec<Self> {
        let list = |index: usize| {
            let title = value(&format!("title-{index}"));
            let lines = value(&format!("lines-{index}"));
            (title.is_some() || lines.is_some())
                .then(|| Self { title: title.unwrap_or_default(), lines: lines.unwrap_or_default() })
        };
        let empty = |list: &Self| list.title.trim().is_empty() && list.lines.trim().is_empty();
        (0..).map_while(list).filter(|list| !empty(list)).collect()
    }

    /// The texts of several lists with their names.
    pub fn texts(lists: &[Self]) -> Vec<Text> {
        let text = |name: String, label, value: &String| Text { name, label, value: value.clone() };
        let pair = |(index, list): (usize, &Self)| {
            [
                text(format!("title-{index}"), "группа", &list.title),
                text(format!("lines-{index}"), "строки", &list.lines),
            ]
        };
        lists.iter().enumerate().flat_map(pair).collect()
    }
}

impl ActFields {
    /// The texts an order has now.
    pub fn of(order: &Order) -> Self {
        let act = &order.act;
        let control = act.control.as_ref();
        let controller = control.and_then(|control| control.person.as_ref());
        Self {
            kind: act.kind.map(ActKind::russian).unwrap_or_default().to_owned(),
            number: act.number.clone().unwrap_or_default(),
            date: act.date.map(day_text).unwrap_or_default(),
            locality: act.locality.clone().unwrap_or_default(),
            authority: act.authority.clone().unwrap_or_default(),
            title: act.title.clone().unwrap_or_default(),
            control: control.map(|control| control.text.clone()).unwrap_or_default(),
            controller: name(controller),
            controller_post: post(controller),
            signatory: name(act.signatory.as_ref()),
            signatory_post: post(act.signatory.as_ref()),
        }
    }
}

fn name(person: Option<&Person>) -> String {
    person.map(|person| person.name.clone()).unwrap_or_default()
}

fn post(person: Option<&Person>) -> String {
    person.and_then(|person| person.post.clone()).unwrap_or_default()
}

impl PlanFields {
    /// The texts a plan has now.
    pub fn of(plan: &Plan) -> Self {
        let day = |day: Option<Date>| day.map(day_text).unwrap_or_default();
        Self {
            title: plan.title.clone(),
            start: day(plan.period.map(|period| period.start)),
            end: day(plan.period.map(|period| period.end)),
        }
    }
}

impl SectionFields {
    /// The texts a section has now.
    pub fn of(section: &Section) -> Self {
        Self {
            number: section.number.clone().unwrap_or_default(),
            title: section.title.clone(),
            year: section.year.map(|year| year.to_string()).unwrap_or_default(),
        }
    }
}

impl ActivityFields {
    /// The texts an activity has now.
    pub fn of(activity: &Activity) -> Self {
        Self {
            number: activity.number.clone().unwrap_or_default(),
            title: activity.title.clone(),
            responsible: activity.responsible_text(),
            schedule: activity.schedule.text.clone(),
            outcome: activity.outcome.clone().unwrap_or_default(),
            target_group: activity.target_group.clone().unwrap_or_default(),
        }
    }
}

impl ProgrammeFields {
    /// The texts of the order's programme; empty where it has none.
    pub fn of(order: &Order) -> Self {
        let Some(programme) = &order.programme else { return Self::default() };
        Self {
            name: programme.name.clone().unwrap_or_default(),
            period: programme.period_text.clone().unwrap_or_default(),
            goals: lines_of(&programme.goals),
            tasks: lines_of(&programme.tasks),
            expected_results: lines_of(&programme.expected_results),
        }
    }
}

impl ParticipantsFields {
    /// The schools an order has now.
    pub fn of(order: &Order) -> Self {
        let lines = |schools: &[SchoolRef]| schools.iter().map(school_line).collect::<Vec<_>>().join("\n");
        Self {
            schools: lines(&order.participants.schools),
            curator_schools: lines(&order.participants.curator_schools),
        }
    }
}

/// A school as a line that reads back to the same school.
pub fn school_line(school: &SchoolRef) -> String {
    let kind = match school.kind {
        SchoolKind::Primary => "начальная школа",
        SchoolKind::Basic => "основная школа",
        SchoolKind::Secondary => "средняя школа",
        SchoolKind::Gymnasium => "гимназия",
        SchoolKind::Lyceum => "лицей",
        SchoolKind::Unspecified => "школа",
    };
    match (school.number, &school.name) {
        (Some(number), None) => format!("{kind} № {number}"),
        (Some(number), Some(name)) if name.contains(&number.to_string()) => one_line(name),
        (Some(number), Some(name)) => format!("{kind} № {number} «{}»", one_line(name)),
        (None, Some(name)) => one_line(name),
        (None, None) => kind.to_owned(),
    }
}

fn lines_of(items: &[Item]) -> String {
    items.iter().map(|item| one_line(&item.text)).collect::<Vec<_>>().join("\n")
}

/// A text without line ends and doubled spaces: an item of a list is a line of a form.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn day_text(day: Date) -> String {
    day.strftime("%d.%m.%Y").to_string()
}
