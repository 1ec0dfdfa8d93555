//! How is an example of a manual page turned into an order?
//!
//! An example is a few header lines `ключ: значение` and a table. Rows keep the columns of the head; a line
//! `раздел: …` starts a section. What the page does not say is as in a clean act.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a slip in an example must fail its test")]

use jiff::civil::Date;
use opora_checks::{Component, Subject, Suppression};
use opora_cycle::vocabulary::{
    Act, ActKind, Activity, ActivityKey, CitedAct, Column, Control, Criterion, IndicatorGroup, Item, Mention,
    MentionRole, Order, Participants, Party, PartyKind, Person, Plan, Point, Programme, SchoolKind,
    SchoolRef, Section, SourceCell,
};
use opora_neutral::{Format, Place, Source};
use opora_schedule::{Context, Period, parse};

/// An order, the suppressions, and the subjects that findings are expected at.
pub struct Example {
    pub order: Order,
    pub suppressions: Vec<Suppression>,
    pub expected: Vec<Subject>,
}

/// Reads an example; panics on a line it does not know, so that a slip in a page is seen.
pub fn read(text: &str) -> Example {
    let mut example = Example { order: clean_order(), suppressions: Vec::new(), expected: Vec::new() };
    let mut expected = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('|') {
            table_line(&mut example.order, line, number);
        } else if let Some((key, value)) = line.split_once(':') {
            match key.trim() {
                "замечание" => expected.push(value.trim().to_owned()),
                "отключено" => example.suppressions.push(suppression(value)),
                key => header(&mut example.order, key, value.trim(), number),
            }
        } else {
            assert!(line.is_empty(), "line {number} of the example: {line}");
        }
    }
    read_schedules(&mut example.order);
    example.expected = expected.iter().map(|text| subject(text)).collect();
    example.expected.sort();
    example
}

/// An act with everything an act should have and one plan without activities.
fn clean_order() -> Order {
    let act = Act {
        kind: Some(ActKind::Order),
        number: Some("15".to_owned()),
        date: Some(date("01.02.2021")),
        points: vec![Point {
            number: "1".to_owned(),
            text: "Утвердить план".to_owned(),
            place: Place::WHOLE,
        }],
        control: Some(Control {
            text: "Контроль".to_owned(), own: true, person: None, place: Place::WHOLE
        }),
        ..Act::default()
    };
    Order {
        source: Source { name: "пример.txt".to_owned(), sha256: String::new(), format: Format::Text },
        act,
        programme: None,
        plans: vec![Plan { sections: vec![Section::default()], ..Plan::default() }],
        indicators: Vec::new(),
        criteria: Vec::new(),
        participants: Participants::default(),
        unplaced: Vec::new(),
        findings: Vec::new(),
    }
}

fn header(order: &mut Order, key: &str, value: &str, line: usize) {
    let place = place(line);
    let item = Item { text: value.to_owned(), place: place.clone() };
    match key {
        "приказ" => {
            order.act.number = value.split_once('№').map(|(_, rest)| first_word(rest));
            order.act.date = value.split_once("от ").map(|(_, rest)| date(rest));
        }
        "название приказа" => order.act.title = Some(value.to_owned()),
        "контроль" if value == "нет" => order.act.control = None,
        "контроль" => {}
        "пункты" if value == "нет" => order.act.points.clear(),
        "ссылка" => order.act.cited.push(CitedAct {
            kind: ActKind::Order,
            authority: None,
            date: value.split_once("от ").map(|(_, rest)| date(rest)),
            number: None,
            title: None,
            text: value.to_owned(),
            place,
        }),
        "план" => order.plans[0].title = value.to_owned(),
        "период" => order.plans[0].period = Some(period(value)),
        "раздел" => start_section(order, value, place),
        "критерий" => {
            if order.criteria.is_empty() {
                let title = "Критерий".to_owned();
                order.criteria.push(Criterion { title, indicators: Vec::new(), place });
            }
            order.criteria[0].indicators.push(item);
        }
        "показатель" => {
            order.indicators.push(IndicatorGroup {
                indicators: vec![item],
                place,
                ..IndicatorGroup::default()
            });
        }
        "цель" => order.programme.get_or_insert_with(Programme::default).goals.push(item),
        "результат программы" => {
            order.programme.get_or_insert_with(Programme::default).expected_results.push(item);
        }
        "участники" => mention(order, MentionRole::Supported, value, place),
        "кураторы" => mention(order, MentionRole::Curator, value, place),
        _ => panic!("line {line} of the example: unknown key {key}"),
    }
}

fn start_section(order: &mut Order, value: &str, place: Place) {
    let year = value.strip_suffix(" год").and_then(|year| year.parse().ok());
    let (number, title) = match value.split_once(". ") {
        Some((number, title)) if number.parse::<u32>().is_ok() => (Some(number.to_owned()), title),
        _ => (None, value),
    };
    let section = Section { number, title: title.to_owned(), year, activities: Vec::new(), place };
    let sections = &mut order.plans[0].sections;
    if sections.last().is_some_and(|last| last.title.is_empty() && last.activities.is_empty()) {
        sections.pop();
    }
    sections.push(section);
}

fn mention(order: &mut Order, role: MentionRole, value: &str, place: Place) {
    let schools = schools(value);
    let list = match role {
        MentionRole::Curator => &mut order.participants.curator_schools,
        _ => &mut order.participants.schools,
    };
    for school in &schools {
        if !list.contains(school) {
            list.push(school.clone());
        }
    }
    order.participants.mentions.push(Mention { role, schools, text: value.to_owned(), place });
}

/// Numbers of a list: all of «2, 7, 14», those after the sign in «МОУ №№ 2, 7».
fn schools(text: &str) -> Vec<SchoolRef> {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    numbers
        .map(|number| SchoolRef { number: Some(number), kind: SchoolKind::Unspecified, name: None })
        .collect()
}

fn table_line(order: &mut Order, line: &str, number: usize) {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let plan = &mut order.plans[0];
    if plan.columns.is_empty() {
        plan.columns = cells.iter().map(|head| column(head)).collect();
        return;
    }
    assert_eq!(cells.len(), plan.columns.len(), "line {number} of the example");
    let key = ActivityKey(u32::try_from(plan.activities().count()).unwrap() + 1);
    let mut activity = Activity {
        key,
        number: None,
        title: String::new(),
        responsible: Vec::new(),
        schedule: parse("", &Context::default()),
        outcome: None,
        target_group: None,
        other: Vec::new(),
        source: source(plan, number),
    };
    for (column, cell) in plan.columns.iter().zip(cells) {
        let text = Some(cell.to_owned()).filter(|text| !text.is_empty());
        match column {
            Column::Number => activity.number = text,
            Column::Title => activity.title = cell.to_owned(),
            Column::Responsible => activity.responsible = parties(cell),
            Column::Schedule => activity.schedule.text = cell.to_owned(),
            Column::Outcome => activity.outcome = text,
            Column::TargetGroup => activity.target_group = text,
            Column::Other => {}
        }
    }
    plan.sections.last_mut().unwrap().activities.push(activity);
}

/// A place for each cell: the line of the example and the column.
fn source(plan: &Plan, number: usize) -> Vec<SourceCell> {
    let cell = |(index, column): (usize, &Column)| {
        let place = Place { column: u32::try_from(index + 1).ok(), ..place(number) };
        SourceCell { column: *column, place, text: String::new(), confidence: None }
    };
    plan.columns.iter().enumerate().map(cell).collect()
}

fn place(line: usize) -> Place {
    Place::line(u32::try_from(line).unwrap() + 1)
}

fn column(head: &str) -> Column {
    match head {
        "№" => Column::Number,
        "Мероприятие" => Column::Title,
        "Ответственные" => Column::Responsible,
        "Срок" => Column::Schedule,
        "Результат" => Column::Outcome,
        "Целевая группа" => Column::TargetGroup,
        _ => panic!("unknown column {head}"),
    }
}

/// Parties divided by semicolons: a person has initials; a group of schools has numbers; a body has a capital letter.
fn parties(text: &str) -> Vec<Party> {
    let pieces = text.split(';').map(str::trim).filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| {
            let (name, post) = piece.split_once(", ").unwrap_or((piece, ""));
            let is_person = name.ends_with('.') && name.contains(' ');
            let kind = if is_person {
                PartyKind::Person
            } else if ["Отдел", "Управление", "Центр"].iter().any(|body| piece.starts_with(body))
            {
                PartyKind::Body
            } else {
                PartyKind::Role
            };
            let person = Person { name: name.to_owned(), post: Some(post.to_owned()) };
            let schools = piece.split_once('№').map(|(_, list)| schools(list)).unwrap_or_default();
            Party { text: piece.to_owned(), kind, person: is_person.then_some(person), schools }
        })
        .collect()
}

/// Deadlines are read last: by then the act, the period and the sections are known.
fn read_schedules(order: &mut Order) {
    let act_date = order.act.date;
    for plan in &mut order.plans {
        for section in &mut plan.sections {
            let context = Context { year: section.year, period: plan.period, act_date };
            for activity in &mut section.activities {
                activity.schedule = parse(&activity.schedule.text, &context);
            }
        }
    }
}

fn suppression(value: &str) -> Suppression {
    let (code, reason) = value.split_once('—').unwrap_or((value, ""));
    Suppression { code: code.trim().to_owned(), subject: None, reason: reason.trim().to_owned() }
}

fn subject(text: &str) -> Subject {
    let number =
        || first_word(text.split_once(' ').unwrap().1).trim_end_matches(',').parse::<usize>().unwrap();
    match text.split(' ').next().unwrap() {
        "приказ" => Subject::Act,
        "план" => Subject::Plan(0),
        "ссылка" => Subject::CitedAct(number() - 1),
        "критерий" => Subject::Criterion(0, number() - 1),
        "список" => Subject::Mention(number() - 1),
        "компонент" => Subject::Component(Component::ALL[number() - 1]),
        "отключение" => Subject::Suppression(number() - 1),
        "строка" => Subject::Activity(ActivityKey(u32::try_from(number()).unwrap()), field(text)),
        _ => panic!("unknown subject {text}"),
    }
}

fn field(text: &str) -> Column {
    match text.split_once(", ").unwrap().1 {
        "срок" => Column::Schedule,
        "номер" => Column::Number,
        "мероприятие" => Column::Title,
        "ответственные" => Column::Responsible,
        "результат" => Column::Outcome,
        field => panic!("unknown field {field}"),
    }
}

fn first_word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

/// «01.02.2021» at the start of a text.
pub fn date(text: &str) -> Date {
    let numbers: Vec<i16> = first_word(text).split('.').map(|piece| piece.parse().unwrap()).collect();
    Date::new(numbers[2], i8::try_from(numbers[1]).unwrap(), i8::try_from(numbers[0]).unwrap()).unwrap()
}

/// «2021» or «2020–2024».
fn period(text: &str) -> Period {
    let (first, last) = text.split_once('–').unwrap_or((text, text));
    let (first, last): (i16, i16) = (first.parse().unwrap(), last.parse().unwrap());
    Period { start: Date::new(first, 1, 1).unwrap(), end: Date::new(last, 12, 31).unwrap() }
}
