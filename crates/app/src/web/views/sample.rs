//! Which invented plan do the tests of the views look at?

use jiff::civil::{Date, date};
use opora_cycle::vocabulary::{
    Act, Activity, ActivityKey, Order, Participants, Party, PartyKind, Person, Plan, SchoolKind, SchoolRef,
    Section,
};
use opora_neutral::{Format, Place, Source};
use opora_schedule::{Every, Inferred, Kind, Part, Period, Schedule, Span, Unit, When};

/// The day on which the sample is looked at.
pub const TODAY: Date = date(2021, 4, 12);

pub fn schedule(text: &str, kinds: Vec<Kind>) -> Schedule {
    let part = |kind| Part { kind, scope: None, inferred: Inferred::default() };
    Schedule { text: text.into(), parts: kinds.into_iter().map(part).collect() }
}

pub fn deadline(day: Date) -> Kind {
    Kind::Deadline { end: When::Date(day), annual: false }
}

pub fn interval(start: Date, end: Date) -> Kind {
    Kind::Interval { start: When::Date(start), end: When::Date(end), annual: false }
}

pub fn monthly() -> Kind {
    Kind::Recurrence {
        every: Every { count: 1, unit: Unit::Month },
        every_max: None,
        times: None,
        within: None,
    }
}

pub fn weekly() -> Kind {
    Kind::Recurrence {
        every: Every { count: 1, unit: Unit::Week },
        every_max: None,
        times: None,
        within: None,
    }
}

pub fn person(name: &str, post: &str) -> Party {
    let person = Some(Person { name: name.into(), post: Some(post.into()) });
    Party { text: format!("{name}, {post}"), kind: PartyKind::Person, person, schools: Vec::new() }
}

pub fn schools(text: &str, numbers: &[u32]) -> Party {
    let school = |&number| SchoolRef { number: Some(number), kind: SchoolKind::Unspecified, name: None };
    let schools = numbers.iter().map(school).collect();
    Party { text: text.into(), kind: PartyKind::Schools, person: None, schools }
}

pub fn activity(
    key: u32,
    number: &str,
    title: &str,
    responsible: Vec<Party>,
    schedule: Schedule,
) -> Activity {
    Activity {
        key: ActivityKey(key),
        number: Some(number.into()),
        title: title.into(),
        responsible,
        schedule,
        outcome: None,
        target_group: None,
        other: Vec::new(),
        source: Vec::new(),
    }
}

pub fn order(sections: Vec<Section>) -> Order {
    let source = Source { name: "приказ.txt".into(), sha256: "0".repeat(64), format: Format::Text };
    let period = Some(Period { start: date(2021, 1, 1), end: date(2021, 12, 31) });
    let plan = Plan {
        title: "Дорожная карта на 2021 год".into(), period, sections, ..Plan::default()
    };
    Order {
        source,
        act: Act { date: Some(date(2021, 1, 20)), ..Act::default() },
        programme: None,
        plans: vec![plan],
        indicators: Vec::new(),
        criteria: Vec::new(),
        participants: Participants::default(),
        unplaced: Vec::new(),
        findings: Vec::new(),
    }
}

pub fn section(number: &str, title: &str, activities: Vec<Activity>) -> Section {
    let number = Some(number.into());
    Section { number, title: title.into(), year: None, activities, place: Place::WHOLE }
}

/// Two sections, six activities: past, due soon, going on, ahead, recurring, undated.
pub fn small() -> Order {
    let ivanova = || person("Ёжикова М.Д.", "методист");
    let march = interval(date(2021, 3, 1), date(2021, 3, 31));
    let summer = interval(date(2021, 3, 15), date(2021, 8, 20));
    let first = vec![
        activity(
            1,
            "1.1",
            "Анализ результатов прошлого года",
            vec![ivanova()],
            schedule("март", vec![march]),
        ),
        activity(
            2,
            "1.2",
            "Утверждение планов школ",
            vec![schools("МОУ №№ 2, 14", &[2, 14])],
            schedule("до 20.04.2021", vec![deadline(date(2021, 4, 20))]),
        ),
        activity(
            3,
            "1.3",
            "Обучение школьных команд",
            vec![ivanova(), schools("МОУ № 14", &[14])],
            schedule("15.03–20.08", vec![summer]),
        ),
    ];
    let second = vec![
        activity(
            4,
            "2.1",
            "Итоговое совещание",
            Vec::new(),
            schedule("25.11.2021", vec![Kind::Day(When::Date(date(2021, 11, 25)))]),
        ),
        activity(
            5,
            "2.2",
            "Мониторинг результатов",
            vec![ivanova()],
            schedule("ежемесячно", vec![monthly()]),
        ),
        activity(
            6,
            "2.3",
            "Консультации",
            Vec::new(),
            schedule("по мере необходимости", vec![Kind::Condition("по мере необходимости".into())]),
        ),
    ];
    order(vec![section("1", "Подготовка", first), section("2", "Сопровождение", second)])
}

/// So many activities in ten sections, of every manner.
pub fn large(count: u32) -> Order {
    let sections = (0..10_u32)
        .map(|index| {
            let keys = (0..count).filter(|key| key % 10 == index);
            let activities = keys.enumerate().map(|(place, key)| {
                let kind = match key % 4 {
                    0 => monthly(),
                    1 => deadline(date(2021, 5, 30)),
                    2 => interval(date(2021, 9, 1), date(2021, 10, 31)),
                    _ => Kind::Ongoing(Span::Project),
                };
                let title = format!("Мероприятие по направлению {key}");
                let number = format!("{}.{}", index + 1, place + 1);
                activity(
                    key,
                    &number,
                    &title,
                    vec![schools("МОУ", &[key % 30])],
                    schedule("срок", vec![kind]),
                )
            });
            section(&(index + 1).to_string(), "Направление", activities.collect())
        })
        .collect();
    order(sections)
}
