//! How does the wire form become an order again?

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use opora_cycle::vocabulary::{
    Act, Activity, ActivityKey, CitedAct, Column, Control, Criterion, IndicatorGroup, Item, Measure,
    MeasuredValue, Mention, Order, OtherCell, Participants, Party, Person, Plan, Point, Programme,
    ProgrammeRow, SchoolKind, SchoolRef, Section, SourceCell, Unplaced,
};
use opora_neutral::{Finding, Source};

use crate::order_json::*;
use crate::schedule_json::{date, period_from_json, schedule_from_json};
use crate::{ExchangeError, ORDER_SCHEMA, words};

/// An order from its wire form. A form of another version and a value without a meaning are refused.
pub fn from_json(json: OrderJson) -> Result<Order, ExchangeError> {
    check_version(&json.schema)?;
    let indicators = indicators(json.indicators, json.indicator_groups)?;
    Ok(Order {
        source: source(json.source)?,
        act: act(json.act).map_err(|e| e.within("act"))?,
        programme: json.programme.map(programme).transpose().map_err(|e| e.within("programme"))?,
        plans: each("plans", json.plans, plan)?,
        indicators,
        criteria: json.criteria.into_iter().map(criterion).collect(),
        participants: participants(json.participants).map_err(|e| e.within("participants"))?,
        unplaced: json
            .unplaced
            .into_iter()
            .map(|item| Unplaced { text: item.text, place: item.source.into() })
            .collect(),
        findings: each("findings", json.findings, finding)?,
    })
}

/// The version is the one this program reads.
pub(crate) fn check_version(found: &str) -> Result<(), ExchangeError> {
    if found == ORDER_SCHEMA {
        Ok(())
    } else {
        Err(ExchangeError::Version { found: found.chars().take(60).collect() })
    }
}

/// Converts a list and names the element that was refused.
fn each<J, T>(
    field: &str,
    list: Vec<J>,
    one: impl Fn(J) -> Result<T, ExchangeError>,
) -> Result<Vec<T>, ExchangeError> {
    let numbered = |(index, json)| one(json).map_err(|e| e.within(&format!("{field}[{index}]")));
    list.into_iter().enumerate().map(numbered).collect()
}

fn source(json: SourceJson) -> Result<Source, ExchangeError> {
    let format = words::value(words::FORMATS, "source.format", &json.format)?;
    Ok(Source { name: json.name, sha256: json.sha256, format })
}

fn act(json: ActJson) -> Result<Act, ExchangeError> {
    Ok(Act {
        kind: json.kind.map(|kind| words::act_kind("kind", &kind)).transpose()?,
        authority: json.authority,
        number: json.number,
        date: json.date.map(|text| date("date", &text)).transpose()?,
        locality: json.place,
        title: json.title,
        preamble: json.preamble,
        cited: each("cited", json.cited, cited)?,
        points: json
            .points
            .into_iter()
            .map(|point| Point { number: point.number, text: point.text, place: point.source.into() })
            .collect(),
        control: json.control.map(|control| Control {
            text: control.text,
            own: control.own,
            person: control.person.map(person),
            place: control.source.into(),
        }),
        signatory: json.signatory.map(person),
        place: json.source.into(),
    })
}

fn cited(json: CitedActJson) -> Result<CitedAct, ExchangeError> {
    Ok(CitedAct {
        kind: words::act_kind("kind", &json.kind)?,
        authority: json.authority,
        date: json.date.map(|text| date("date", &text)).transpose()?,
        number: json.number,
        title: json.title,
        text: json.text,
        place: json.source.into(),
    })
}

fn person(json: PersonJson) -> Person {
    Person { name: json.name, post: json.post }
}

fn programme(json: ProgrammeJson) -> Result<Programme, ExchangeError> {
    let items = |list: Vec<ItemJson>| list.into_iter().map(item).collect();
    Ok(Programme {
        name: json.name,
        goals: items(json.goals),
        tasks: items(json.tasks),
        expected_results: items(json.expected_results),
        period_text: json.period_text,
        period: json.period.as_ref().map(period_from_json).transpose()?,
        other: json
            .other
            .into_iter()
            .map(|row| ProgrammeRow { head: row.head, text: row.text, place: row.source.into() })
            .collect(),
        place: json.source.into(),
    })
}

fn item(json: ItemJson) -> Item {
    Item { text: json.text, place: json.source.into() }
}

fn plan(json: PlanJson) -> Result<Plan, ExchangeError> {
    Ok(Plan {
        title: json.title,
        period: json.period.as_ref().map(period_from_json).transpose()?,
        columns: each("columns", json.columns, |text| column("", &text))?,
        sections: each("sections", json.sections, section)?,
        place: json.source.into(),
    })
}

fn column(field: &str, text: &str) -> Result<Column, ExchangeError> {
    words::value(words::COLUMNS, field, text)
}

fn section(json: SectionJson) -> Result<Section, ExchangeError> {
    Ok(Section {
        number: json.number,
        title: json.title,
        year: json.year,
        activities: each("activities", json.activities, activity)?,
        place: json.source.into(),
    })
}

fn activity(json: ActivityJson) -> Result<Activity, ExchangeError> {
    Ok(Activity {
        key: ActivityKey(json.key),
        number: json.number,
        title: json.title,
        responsible: each("responsible", json.responsible, party)?,
        schedule: schedule_from_json(json.schedule).map_err(|e| e.within("schedule"))?,
        outcome: json.outcome,
        target_group: json.target_group,
        other: json.other.into_iter().map(|cell| OtherCell { head: cell.head, text: cell.text }).collect(),
        source: each("source.cells", json.source.cells, source_cell)?,
    })
}

fn source_cell(json: CellJson) -> Result<SourceCell, ExchangeError> {
    Ok(SourceCell {
        column: column("field", &json.field)?,
        place: json.source.into(),
        text: json.text,
        confidence: json.confidence,
    })
}

fn party(json: PartyJson) -> Result<Party, ExchangeError> {
    let person = match (json.name, json.post) {
        (Some(name), post) => Some(Person { name, post }),
        (None, Some(post)) => {
            return Err(ExchangeError::value("post", &post, "должность только вместе с именем (name)"));
        }
        (None, None) => None,
    };
    let schools = if json.school_refs.is_empty() {
        let by_number =
            |number| SchoolRef { number: Some(number), kind: SchoolKind::Unspecified, name: None };
        json.schools.into_iter().map(by_number).collect()
    } else {
        each("school_refs", json.school_refs, school)?
    };
    Ok(Party {
        text: json.text,
        kind: words::value(words::PARTY_KINDS, "kind", &json.kind)?,
        person,
        schools,
    })
}

fn school(json: SchoolJson) -> Result<SchoolRef, ExchangeError> {
    let kind = json.kind.map(|kind| words::value(words::SCHOOL_KINDS, "kind", &kind)).transpose()?;
    Ok(SchoolRef { number: json.number, kind: kind.unwrap_or_default(), name: json.name })
}

/// Indicators by group. Without a list of groups, neighbours of one name make a group.
fn indicators(
    indicators: Vec<IndicatorJson>,
    groups: Vec<IndicatorGroupJson>,
) -> Result<Vec<IndicatorGroup>, ExchangeError> {
    let refuse = |group: &str| {
        ExchangeError::value(
            "indicator_groups",
            group,
            "те же группы и в том же числе, что в поле indicators",
        )
    };
    let mut rest = indicators.into_iter().peekable();
    let mut result = Vec::new();
    for IndicatorGroupJson { group, size, source } in groups {
        let mut members = IndicatorGroup { place: source.into(), ..IndicatorGroup::default() };
        for _ in 0..size {
            let next = rest.next_if(|indicator| indicator.group == group).ok_or_else(|| refuse(&group))?;
            push_indicator(&mut members, next);
        }
        result.push(IndicatorGroup { group, ..members });
    }
    if let (Some(left), false) = (rest.peek(), result.is_empty()) {
        return Err(refuse(&left.group));
    }
    for indicator in rest {
        match result.last_mut() {
            Some(last) if last.group == indicator.group => push_indicator(last, indicator),
            _ => {
                let (group, place) = (indicator.group.clone(), indicator.source.clone().into());
                let mut fresh = IndicatorGroup { group, place, ..IndicatorGroup::default() };
                push_indicator(&mut fresh, indicator);
                result.push(fresh);
            }
        }
    }
    Ok(result)
}

fn push_indicator(group: &mut IndicatorGroup, json: IndicatorJson) {
    let IndicatorJson { title, unit, values, source, .. } = json;
    if unit.is_some() || !values.is_empty() {
        let value = |json: IndicatorValueJson| MeasuredValue { label: json.label, text: json.text };
        let values = values.into_iter().map(value).collect();
        group.measures.push(Measure { indicator: group.indicators.len(), unit, values });
    }
    group.indicators.push(Item { text: title, place: source.into() });
}

fn criterion(json: CriterionJson) -> Criterion {
    Criterion {
        title: json.title,
        indicators: json.indicators.into_iter().map(item).collect(),
        place: json.source.into(),
    }
}

fn participants(json: ParticipantsJson) -> Result<Participants, ExchangeError> {
    Ok(Participants {
        schools: each("schools", json.schools, school)?,
        curator_schools: each("curator_schools", json.curator_schools, school)?,
        mentions: each("mentions", json.mentions, mention)?,
    })
}

fn mention(json: MentionJson) -> Result<Mention, ExchangeError> {
    Ok(Mention {
        role: words::value(words::MENTION_ROLES, "role", &json.role)?,
        schools: each("schools", json.schools, school)?,
        text: json.text,
        place: json.source.into(),
    })
}

fn finding(json: FindingJson) -> Result<Finding, ExchangeError> {
    Ok(Finding {
        code: known_code(&json.code)?,
        level: words::value(words::LEVELS, "level", &json.level)?,
        place: json.source.into(),
        what: json.what,
        why: json.why,
        mend: json.mend,
    })
}

/// Most codes that are remembered. The programs of this house have far fewer; a hostile file can't fill the memory.
const CODES_MAX: usize = 2_000;

/// The codes met so far. A finding's code lives as long as the program, so each code read is kept once.
static CODES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

fn known_code(code: &str) -> Result<&'static str, ExchangeError> {
    let refuse =
        || ExchangeError::value("code", code, "код замечания из заглавных латинских букв, цифр и «_»");
    let shape = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if code.len() > 40 || !code.starts_with(|c: char| c.is_ascii_uppercase()) || !code.chars().all(shape) {
        return Err(refuse());
    }
    let mut codes = CODES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = codes.get(code) {
        return Ok(known);
    }
    if codes.len() >= CODES_MAX {
        return Err(refuse());
    }
    let kept: &'static str = Box::leak(code.to_owned().into_boxed_str());
    codes.insert(kept);
    Ok(kept)
}
