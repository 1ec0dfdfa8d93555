//! How does an order become its wire form?

use opora_cycle::vocabulary::{
    Act, ActKind, Activity, CitedAct, Column, Control, Criterion, IndicatorGroup, Item, MeasuredValue,
    Mention, Order, OtherCell, Participants, Party, Person, Plan, Point, Programme, SchoolKind, SchoolRef,
    Section, SourceCell,
};
use opora_neutral::{Finding, Place, Source};

use crate::ORDER_SCHEMA;
use crate::order_json::*;
use crate::place_json::PlaceJson;
use crate::schedule_json::{period_to_json, schedule_to_json};
use crate::words;

/// The wire form of an order. Nothing is lost: [`from_json`](crate::from_json) gives the same order back.
pub fn to_json(order: &Order) -> OrderJson {
    OrderJson {
        schema: ORDER_SCHEMA.to_owned(),
        source: source(&order.source),
        act: act(&order.act),
        programme: order.programme.as_ref().map(programme),
        plans: order.plans.iter().map(plan).collect(),
        indicators: order.indicators.iter().flat_map(indicators).collect(),
        indicator_groups: order.indicators.iter().map(indicator_group).collect(),
        criteria: order.criteria.iter().map(criterion).collect(),
        participants: participants(&order.participants),
        unplaced: order
            .unplaced
            .iter()
            .map(|item| UnplacedJson { text: item.text.clone(), source: place(&item.place) })
            .collect(),
        findings: order.findings.iter().map(finding).collect(),
    }
}

fn place(place: &Place) -> PlaceJson {
    PlaceJson::from(place)
}

fn source(source: &Source) -> SourceJson {
    SourceJson {
        name: source.name.clone(),
        sha256: source.sha256.clone(),
        format: words::word_of_format(source.format).to_owned(),
    }
}

fn act(act: &Act) -> ActJson {
    ActJson {
        kind: act.kind.map(ActKind::russian).map(str::to_owned),
        authority: act.authority.clone(),
        number: act.number.clone(),
        date: act.date.map(|date| date.to_string()),
        place: act.locality.clone(),
        title: act.title.clone(),
        preamble: act.preamble.clone(),
        cited: act.cited.iter().map(cited).collect(),
        points: act.points.iter().map(point).collect(),
        control: act.control.as_ref().map(control),
        signatory: act.signatory.as_ref().map(person),
        source: place(&act.place),
    }
}

fn cited(cited: &CitedAct) -> CitedActJson {
    CitedActJson {
        kind: cited.kind.russian().to_owned(),
        authority: cited.authority.clone(),
        date: cited.date.map(|date| date.to_string()),
        number: cited.number.clone(),
        title: cited.title.clone(),
        text: cited.text.clone(),
        source: place(&cited.place),
    }
}

fn point(point: &Point) -> PointJson {
    PointJson { number: point.number.clone(), text: point.text.clone(), source: place(&point.place) }
}

fn control(control: &Control) -> ControlJson {
    ControlJson {
        text: control.text.clone(),
        own: control.own,
        person: control.person.as_ref().map(person),
        source: place(&control.place),
    }
}

fn person(person: &Person) -> PersonJson {
    PersonJson { name: person.name.clone(), post: person.post.clone() }
}

fn programme(programme: &Programme) -> ProgrammeJson {
    ProgrammeJson {
        name: programme.name.clone(),
        goals: programme.goals.iter().map(item).collect(),
        tasks: programme.tasks.iter().map(item).collect(),
        expected_results: programme.expected_results.iter().map(item).collect(),
        period: programme.period.map(period_to_json),
        period_text: programme.period_text.clone(),
        other: programme
            .other
            .iter()
            .map(|row| ProgrammeRowJson {
                head: row.head.clone(),
                text: row.text.clone(),
                source: place(&row.place),
            })
            .collect(),
        source: place(&programme.place),
    }
}

fn item(item: &Item) -> ItemJson {
    ItemJson { text: item.text.clone(), source: place(&item.place) }
}

fn plan(plan: &Plan) -> PlanJson {
    PlanJson {
        title: plan.title.clone(),
        period: plan.period.map(period_to_json),
        columns: plan.columns.iter().map(|column| column_word(*column)).collect(),
        sections: plan.sections.iter().map(section).collect(),
        source: place(&plan.place),
    }
}

fn column_word(column: Column) -> String {
    words::word_of_column(column).to_owned()
}

fn section(section: &Section) -> SectionJson {
    SectionJson {
        number: section.number.clone(),
        title: section.title.clone(),
        year: section.year,
        activities: section.activities.iter().map(activity).collect(),
        source: place(&section.place),
    }
}

fn activity(activity: &Activity) -> ActivityJson {
    ActivityJson {
        key: activity.key.0,
        number: activity.number.clone(),
        title: activity.title.clone(),
        responsible: activity.responsible.iter().map(party).collect(),
        schedule: schedule_to_json(&activity.schedule),
        outcome: activity.outcome.clone(),
        target_group: activity.target_group.clone(),
        other: activity.other.iter().map(other_cell).collect(),
        source: ActivitySourceJson {
            place: place(&activity.place()),
            cells: activity.source.iter().map(source_cell).collect(),
        },
    }
}

fn other_cell(cell: &OtherCell) -> OtherCellJson {
    OtherCellJson { head: cell.head.clone(), text: cell.text.clone() }
}

fn source_cell(cell: &SourceCell) -> CellJson {
    CellJson {
        field: column_word(cell.column),
        text: cell.text.clone(),
        source: place(&cell.place),
        confidence: cell.confidence,
    }
}

fn party(party: &Party) -> PartyJson {
    let only_number = |school: &SchoolRef| {
        school.number.is_some() && school.kind == SchoolKind::Unspecified && school.name.is_none()
    };
    let school_refs = if party.schools.iter().all(only_number) {
        Vec::new()
    } else {
        party.schools.iter().map(school).collect()
    };
    PartyJson {
        text: party.text.clone(),
        kind: words::word_of_party_kind(party.kind).to_owned(),
        name: party.person.as_ref().map(|person| person.name.clone()),
        post: party.person.as_ref().and_then(|person| person.post.clone()),
        schools: party.schools.iter().filter_map(|school| school.number).collect(),
        school_refs,
    }
}

fn school(school: &SchoolRef) -> SchoolJson {
    SchoolJson {
        number: school.number,
        kind: (school.kind != SchoolKind::Unspecified)
            .then(|| words::word_of_school_kind(school.kind).to_owned()),
        name: school.name.clone(),
    }
}

fn indicators(group: &IndicatorGroup) -> impl Iterator<Item = IndicatorJson> {
    group.indicators.iter().enumerate().map(|(at, indicator)| {
        let measure = group.measures.iter().find(|measure| measure.indicator == at);
        let values = measure.map(|measure| measure.values.as_slice()).unwrap_or_default();
        let value = |value: &MeasuredValue| IndicatorValueJson {
            label: value.label.clone(),
            text: value.text.clone(),
        };
        IndicatorJson {
            group: group.group.clone(),
            title: indicator.text.clone(),
            unit: measure.and_then(|measure| measure.unit.clone()),
            values: values.iter().map(value).collect(),
            source: place(&indicator.place),
        }
    })
}

fn indicator_group(group: &IndicatorGroup) -> IndicatorGroupJson {
    IndicatorGroupJson {
        group: group.group.clone(),
        size: group.indicators.len(),
        source: place(&group.place),
    }
}

fn criterion(criterion: &Criterion) -> CriterionJson {
    CriterionJson {
        title: criterion.title.clone(),
        indicators: criterion.indicators.iter().map(item).collect(),
        source: place(&criterion.place),
    }
}

fn participants(participants: &Participants) -> ParticipantsJson {
    ParticipantsJson {
        schools: participants.schools.iter().map(school).collect(),
        curator_schools: participants.curator_schools.iter().map(school).collect(),
        mentions: participants.mentions.iter().map(mention).collect(),
    }
}

fn mention(mention: &Mention) -> MentionJson {
    MentionJson {
        role: words::word_of_mention_role(mention.role).to_owned(),
        schools: mention.schools.iter().map(school).collect(),
        text: mention.text.clone(),
        source: place(&mention.place),
    }
}

fn finding(finding: &Finding) -> FindingJson {
    FindingJson {
        code: finding.code.to_owned(),
        level: words::word_of_level(finding.level).to_owned(),
        what: finding.what.clone(),
        why: finding.why.clone(),
        mend: finding.mend.clone(),
        source: place(&finding.place),
    }
}
