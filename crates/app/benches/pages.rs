//! How long does the page of a 1,000-activity plan take, and how many bytes is it?
//!
//! `cargo bench -p opora --bench pages`

use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use jiff::civil::date;
use opora::web::digest::Digest;
use opora::web::pages::{calendar, plan, timeline};
use opora::web::state::LoadedPlan;
use opora::web::ui::{Theme, Ui};
use opora_cycle::vocabulary::{
    Act, Activity, ActivityKey, Order, Participants, Party, PartyKind, Plan, SchoolKind, SchoolRef, Section,
};
use opora_neutral::{Format, Place, Source};
use opora_schedule::{Context, Period};

const ACTIVITIES: u32 = 1_000;
const SECTIONS: u32 = 10;

const DEADLINES: [&str; 8] = [
    "до 30.05.2022",
    "сентябрь 2021 года – май 2022 года",
    "ежемесячно",
    "октябрь 2023",
    "в течение учебного года",
    "не реже 1 раза в 3-4 недели",
    "по мере необходимости",
    "15.03.2022, 20.11.2022",
];

fn main() {
    divan::main();
}

fn activity(key: u32) -> Activity {
    let index = usize::try_from(key).unwrap_or(0);
    let text = DEADLINES[index % DEADLINES.len()];
    let period = Period { start: date(2020, 1, 1), end: date(2024, 12, 31) };
    let context = Context { year: None, period: Some(period), act_date: Some(date(2020, 9, 17)) };
    let school = SchoolRef { number: Some(key % 40), kind: SchoolKind::Unspecified, name: None };
    let party = |text: String, kind, schools| Party { text, kind, person: None, schools };
    Activity {
        key: ActivityKey(key),
        number: Some(format!("{}.{}", key % SECTIONS + 1, key / SECTIONS + 1)),
        title: format!(
            "Организация методического сопровождения педагогических команд школ по направлению {key}: семинары, \
             консультации, посещение уроков и совместный анализ"
        ),
        responsible: vec![
            party(format!("Методический отдел {}", key % 12), PartyKind::Body, Vec::new()),
            party(format!("МОУ № {}", key % 40), PartyKind::Schools, vec![school]),
        ],
        schedule: opora_schedule::parse(text, &context),
        outcome: Some(format!("Аналитическая справка {key}, адресные рекомендации школам")),
        target_group: None,
        other: Vec::new(),
        source: Vec::new(),
    }
}

fn loaded() -> LoadedPlan {
    let sections = (0..SECTIONS)
        .map(|index| Section {
            number: Some((index + 1).to_string()),
            title: "Поддержка школ и развитие профессионального сообщества".into(),
            year: None,
            activities: (0..ACTIVITIES).filter(|key| key % SECTIONS == index).map(activity).collect(),
            place: Place::WHOLE,
        })
        .collect();
    let period = Some(Period { start: date(2020, 1, 1), end: date(2024, 12, 31) });
    let order = Order {
        source: Source { name: "приказ.txt".into(), sha256: "0".repeat(64), format: Format::Text },
        act: Act { date: Some(date(2020, 9, 17)), ..Act::default() },
        programme: None,
        plans: vec![Plan {
            title: "Дорожная карта".into(), period, sections, ..Plan::default()
        }],
        indicators: Vec::new(),
        criteria: Vec::new(),
        participants: Participants::default(),
        unplaced: Vec::new(),
        findings: Vec::new(),
    };
    let report = opora_checks::check(&order, &[]);
    let owner = opora_access::Place::Installation;
    LoadedPlan { id: 1, version: 1, archived: false, owner, order, suppressions: Vec::new(), report }
}

fn ui() -> Ui {
    Ui {
        theme: Theme::System,
        path: "/plans/1".into(),
        partial: false,
        today: date(2022, 4, 12),
        actor: None,
    }
}

#[divan::bench]
fn plan_page(bencher: Bencher) {
    let (plan, ui) = (loaded(), ui());
    bencher.bench(|| plan::draw(black_box(&ui), black_box(&plan), None).into_string());
}

#[divan::bench]
fn plan_page_with_words(bencher: Bencher) {
    let (plan, ui) = (loaded(), ui());
    bencher.bench(|| plan::draw(black_box(&ui), black_box(&plan), Some("q=семинар&school=14")).into_string());
}

#[divan::bench]
fn timeline_page(bencher: Bencher) {
    let plan = loaded();
    bencher.bench(|| timeline::content(black_box(&plan), None, date(2022, 4, 12)).into_string());
}

#[divan::bench]
fn calendar_page(bencher: Bencher) {
    let plan = loaded();
    bencher.bench(|| {
        calendar::plan_content(black_box(&plan), Some("month=2022-05"), date(2022, 4, 12), None).into_string()
    });
}

/// The calendar of 500 plans of 60 activities each, all of them at hand.
#[divan::bench]
fn calendar_of_many_plans(bencher: Bencher) {
    let today = date(2022, 4, 12);
    let order = |plan: u32| {
        let mut order = loaded().order;
        let keys = plan * 60..(plan + 1) * 60;
        let activities = keys.map(|key| activity(key % ACTIVITIES)).collect();
        order.plans[0].sections =
            vec![Section { number: None, title: String::new(), year: None, activities, place: Place::WHOLE }];
        order
    };
    let name = |plan: u32| calendar::PlanName {
        base: format!("/plans/{plan}"),
        title: Some(format!("Дорожная карта школы № {plan}")),
        version: Vec::new(),
    };
    let plans: Vec<_> =
        (0..500).map(|plan| (name(plan), Arc::new(Digest::of(&order(plan), 1, today)))).collect();
    bencher
        .bench(|| calendar::all_content(black_box(&plans), Some("month=2022-05"), today, None).into_string());
}
