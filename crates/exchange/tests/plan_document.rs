//! What does a plan look like as a document?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test may fail where it stands, and its cases read best as literals"
)]

use jiff::civil::date;
use opora_cycle::vocabulary::{
    Act, ActKind, Activity, ActivityKey, Column, Order, OtherCell, Participants, Party, PartyKind, Plan,
    Section,
};
use opora_exchange::plan_document;
use opora_neutral::{Document, Format, Source};
use opora_schedule::{Inferred, Kind, Part, Schedule};

fn activity(key: u32, number: &str, title: &str, responsible: &[&str], due: &str) -> Activity {
    let party = |text: &&str| Party {
        text: (*text).to_owned(),
        kind: PartyKind::Role,
        person: None,
        schools: Vec::new(),
    };
    let part = Part { kind: Kind::Unrecognised(due.into()), scope: None, inferred: Inferred::default() };
    Activity {
        key: ActivityKey(key),
        number: Some(number.to_owned()),
        title: title.to_owned(),
        responsible: responsible.iter().map(party).collect(),
        schedule: Schedule { text: due.to_owned(), parts: vec![part] },
        outcome: None,
        target_group: None,
        other: Vec::new(),
        source: Vec::new(),
    }
}

fn order(plan: Plan) -> Order {
    Order {
        source: Source { name: "приказ.txt".into(), sha256: "00".into(), format: Format::Text },
        act: Act {
            kind: Some(ActKind::Order),
            authority: Some("Управление образования города Заречного".into()),
            number: Some("17-Д".into()),
            date: Some(date(2026, 2, 9)),
            locality: Some("г. Заречный".into()),
            title: Some("Об утверждении дорожной карты".into()),
            ..Act::default()
        },
        programme: None,
        plans: vec![plan],
        indicators: Vec::new(),
        criteria: Vec::new(),
        participants: Participants::default(),
        unplaced: Vec::new(),
        findings: Vec::new(),
    }
}

/// The document as text: a line for a paragraph or a row, cells between bars, `(n)` before a cell of n columns.
fn shown(document: &Document) -> Vec<String> {
    let paragraphs = document.paragraphs().map(|paragraph| paragraph.text.clone());
    let rows = document.tables().flat_map(|table| &table.rows).map(|row| {
        let cell = |c: &opora_neutral::Cell| match c.column_span {
            1 => c.text.clone(),
            span => format!("({span}) {}", c.text),
        };
        row.cells.iter().map(cell).collect::<Vec<_>>().join(" | ")
    });
    paragraphs.chain(rows).collect()
}

#[test]
fn columns_that_hold_nothing_are_left_out_and_sections_span_the_rest() {
    let section = Section {
        number: Some("1".into()),
        title: "Мониторинг".into(),
        activities: vec![
            activity(1, "1.1", "Собеседование", &["методист", "кураторы"], "март 2026"),
            activity(2, "1.2", "Справка", &[], ""),
        ],
        ..Section::default()
    };
    let plan =
        Plan { title: "Дорожная карта".into(), sections: vec![section], ..Plan::default() };
    let document = plan_document(&order(plan), 0);
    assert_eq!(
        shown(&document),
        [
            "Управление образования города Заречного",
            "ПРИКАЗ",
            "г. Заречный",
            "Об утверждении дорожной карты",
            "от 09.02.2026 № 17-Д",
            "Дорожная карта",
            "№ | Мероприятие | Ответственные | Срок",
            "(4) 1. Мониторинг",
            "1.1 | Собеседование | методист, кураторы | март 2026",
            "1.2 | Справка |  | ",
        ]
    );
    let table = document.tables().next().unwrap();
    assert_eq!(table.text_at(1, 3), "1. Мониторинг", "the section covers the last column");
}

#[test]
fn columns_keep_the_order_of_the_source_and_foreign_heads() {
    let mut first = activity(1, "1", "Вебинар", &[], "май 2026");
    first.other = vec![OtherCell { head: "Бюджет".into(), text: "5 тыс. руб.".into() }];
    first.outcome = Some("Запись".into());
    let plan = Plan {
        columns: vec![Column::Schedule, Column::Title, Column::Other, Column::Responsible],
        sections: vec![Section { activities: vec![first], ..Section::default() }],
        ..Plan::default()
    };
    let lines = shown(&plan_document(&order(plan), 0));
    assert_eq!(
        lines[5..],
        [
            "Срок | Мероприятие | Бюджет | Ответственные | № | Ожидаемый результат",
            "май 2026 | Вебинар | 5 тыс. руб. |  | 1 | Запись",
        ]
    );
}

#[test]
fn a_plan_that_is_not_there_gives_no_table() {
    let document = plan_document(&order(Plan::default()), 7);
    assert_eq!(document.tables().count(), 0);
    assert_eq!(shown(&document).len(), 5, "the head of the act is there all the same");
}

#[test]
fn intake_reads_the_plan_back() {
    let section = |number: &str, title: &str, activities| Section {
        number: Some(number.into()),
        title: title.into(),
        activities,
        ..Section::default()
    };
    let sections = vec![
        section("1", "Мониторинг", vec![activity(1, "1.1", "Собеседование", &["методист"], "март 2026")]),
        section(
            "2",
            "Поддержка",
            vec![activity(2, "2.1", "Вебинар для педагогов", &["кураторы"], "ежемесячно")],
        ),
    ];
    let plan =
        Plan {
            title: "Дорожная карта поддержки школ на 2026 год".into(), sections, ..Plan::default()
        };
    let order = order(plan);
    let again = opora_cycle::intake::read(&plan_document(&order, 0));
    assert_eq!((&again.act.title, &again.act.number), (&order.act.title, &order.act.number));
    assert_eq!((again.act.date, &again.act.authority), (order.act.date, &order.act.authority));
    let lines = |plan: &Plan| {
        let section = |s: &Section| {
            let activity = |a: &Activity| {
                format!("{:?} {} / {} / {}", a.number, a.title, a.responsible_text(), a.schedule.text)
            };
            format!("{:?} {}: {}", s.number, s.title, s.activities.iter().map(activity).collect::<String>())
        };
        (plan.title.clone(), plan.sections.iter().map(section).collect::<Vec<_>>())
    };
    assert_eq!(lines(&again.plans[0]), lines(&order.plans[0]));
}
