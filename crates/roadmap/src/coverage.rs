//! Which risks are not answered yet, and what is missing?

use std::collections::BTreeSet;

use opora_cycle::text::fold;
use opora_cycle::vocabulary::{Activity, ActivityKey, PartyKind, Plan};
use opora_schedule::{Kind, Period};

use crate::fields::{EVIDENCE, INDICATOR, activity_name, shortened};
use crate::merge::context;
use crate::{Field, Link, LinkTo, Path, Risk, Significance, evidence_in};

/// Something that a high risk lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Code of the risk.
    pub risk: String,
    /// What is missing.
    pub lack: Lack,
    /// The field to fill in; none where there is no measure at all.
    pub path: Option<Path>,
    /// A Russian sentence of what is missing, why it matters and what next.
    pub sentence: String,
}

/// What may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lack {
    /// A measure.
    Measure,
    /// A deadline that can be checked.
    Deadline,
    /// A person by name.
    Person,
    /// An expected result.
    Indicator,
    /// What proves it.
    Evidence,
}

/// What every high risk lacks, in the order of the risks; empty when each has a measure with a deadline, a person, an
/// expected result and evidence. Where no measure of a risk has all four, the gaps are those of the one that has most.
pub fn coverage(risks: &[Risk], plan: &Plan, links: &[Link]) -> Vec<Gap> {
    risks
        .iter()
        .filter(|risk| risk.significance == Significance::High)
        .flat_map(|risk| gaps(risk, plan, links))
        .collect()
}

fn gaps(risk: &Risk, plan: &Plan, links: &[Link]) -> Vec<Gap> {
    let answers = |link: &&Link| matches!(&link.to, LinkTo::Risk(code) if *code == risk.code);
    let keys: BTreeSet<ActivityKey> = links.iter().filter(answers).map(|link| link.activity).collect();
    let linked = plan.activities().filter(|activity| keys.contains(&activity.key));
    let nearest =
        linked.map(|activity| (lacks(activity, plan), activity)).min_by_key(|(lacks, _)| lacks.len());
    let Some((lacks, activity)) = nearest else {
        let sentence = format!(
            "На высокий риск «{}» не отвечает ни одно мероприятие. Добавьте меру или отметьте мероприятие, которое на него отвечает.",
            risk.name
        );
        return vec![Gap { risk: risk.code.clone(), lack: Lack::Measure, path: None, sentence }];
    };
    let gap = |lack: Lack| Gap {
        risk: risk.code.clone(),
        lack,
        path: Some(Path::ActivityField(activity.key, field_of(lack, activity))),
        sentence: format!("Высокий риск «{}». {}", risk.name, said(lack, activity)),
    };
    lacks.into_iter().map(gap).collect()
}

/// What an activity lacks to answer a risk.
pub fn lacks(activity: &Activity, plan: &Plan) -> Vec<Lack> {
    let is_blank = |text: Option<&str>| text.is_none_or(|text| !text.chars().any(char::is_alphanumeric));
    let outcome = is_blank(activity.outcome.as_deref()) && is_blank(cell(activity, "показател"));
    let missing = [
        (Lack::Deadline, !has_deadline(activity, plan)),
        (Lack::Person, !activity.responsible.iter().any(|party| party.kind == PartyKind::Person)),
        (Lack::Indicator, outcome),
        (Lack::Evidence, evidence_in(cell(activity, "подтвержд").unwrap_or_default()).is_empty()),
    ];
    missing.into_iter().filter(|(_, missing)| *missing).map(|(lack, _)| lack).collect()
}

/// The text of the first filled cell whose head has a word with this stem.
fn cell<'a>(activity: &'a Activity, stem: &str) -> Option<&'a str> {
    let fits = |head: &str| fold(head).contains(stem);
    let found = activity.other.iter().find(|cell| fits(&cell.head) && !cell.text.trim().is_empty());
    found.map(|cell| cell.text.as_str())
}

/// The deadline falls on days of the plan's period; without a period, on days at all.
fn has_deadline(activity: &Activity, plan: &Plan) -> bool {
    let section =
        plan.sections.iter().find(|section| section.activities.iter().any(|other| other.key == activity.key));
    let context = context(plan.period, section);
    match plan.period {
        Some(period) => !activity.schedule.occurrences(period, &context).is_empty(),
        None => {
            let century = |year| jiff::civil::Date::new(year, 1, 1).ok();
            let window = century(2000).zip(century(2100)).map(|(start, end)| Period { start, end });
            window.is_some_and(|window| !activity.schedule.occurrences(window, &context).is_empty())
        }
    }
}

fn field_of(lack: Lack, activity: &Activity) -> Field {
    match lack {
        Lack::Measure => Field::Title,
        Lack::Deadline => Field::Schedule,
        Lack::Person => Field::Responsible,
        Lack::Indicator => match activity.other.iter().find(|cell| fold(&cell.head).contains("показател"))
        {
            Some(cell) if cell.head == INDICATOR => Field::Other(INDICATOR.to_owned(), 1),
            _ => Field::Outcome,
        },
        Lack::Evidence => {
            let head = activity.other.iter().find(|cell| fold(&cell.head).contains("подтвержд"));
            Field::Other(head.map_or_else(|| EVIDENCE.to_owned(), |cell| cell.head.clone()), 1)
        }
    }
}

fn said(lack: Lack, activity: &Activity) -> String {
    let name = activity_name(activity);
    let who = activity.responsible_text();
    let when = shortened(&activity.schedule.text);
    let understood = |kind: fn(&Kind) -> bool| activity.schedule.parts.iter().any(|part| kind(&part.kind));
    match lack {
        Lack::Measure => format!("{name}: добавьте меру."),
        Lack::Deadline if understood(|kind| *kind == Kind::Missing) => {
            format!(
                "{name}: нет срока. Без срока не видно, выполнено ли оно вовремя. Поставьте дату или период."
            )
        }
        Lack::Deadline
            if understood(|kind| {
                matches!(kind, Kind::Condition(_) | Kind::ExternalPlan(_) | Kind::Relative { .. })
            }) =>
        {
            format!(
                "{name}: срок «{when}» не называет дней, его нельзя проверить. Добавьте дату, до которой это случится."
            )
        }
        Lack::Deadline if understood(|kind| matches!(kind, Kind::Unrecognised(_))) => {
            format!(
                "{name}: срок «{when}» не понят. Запишите его датой или месяцем, например «до 1 октября»."
            )
        }
        Lack::Deadline => {
            format!("{name}: срок «{when}» не попадает в период дорожной карты. Проверьте год.")
        }
        Lack::Person if who.trim().is_empty() => {
            format!("{name}: нет ответственного. Назовите человека с фамилией и инициалами.")
        }
        Lack::Person => {
            format!(
                "{name}: ответственный «{}» не назван по имени. Допишите фамилию и инициалы.",
                shortened(&who)
            )
        }
        Lack::Indicator => {
            format!(
                "{name}: не сказано, по какому показателю будет виден результат. Заполните ожидаемый результат."
            )
        }
        Lack::Evidence => {
            format!(
                "{name}: не сказано, чем подтвердить выполнение. Укажите файл, ссылку, число или протокол."
            )
        }
    }
}
