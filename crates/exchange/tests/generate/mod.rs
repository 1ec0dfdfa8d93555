//! Which orders can there be at all? Strategies that give every value the vocabulary allows.

use jiff::civil::Date;
use opora_cycle::vocabulary::*;
use opora_neutral::{Finding, Format, Level, Place, Source};
use opora_schedule::{
    Every, Inferred, Kind, MonthDay, Part, Period, Schedule, Span, Times, Unit, When, Within,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// Text with what JSON has to take care of.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("Мониторинг «результатов»\nстр. 2\t\"\\ \u{0} \u{feff}".to_owned()),
        ".{0,12}",
    ]
}

fn place() -> impl Strategy<Value = Place> {
    (of(any::<u32>()), of(text()), of(any::<u32>()), of(any::<u32>()), of(any::<u32>()), of(any::<u32>()))
        .prop_map(|(page, sheet, line, table, row, column)| Place { page, sheet, line, table, row, column })
}

fn date() -> impl Strategy<Value = Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| jiff::civil::date(year, month, day))
}

fn period() -> impl Strategy<Value = Period> {
    (date(), date()).prop_map(|(start, end)| Period { start, end })
}

fn when() -> impl Strategy<Value = When> {
    let month_day = (1_i8..=12, 1_i8..=31)
        .prop_filter("the month has the day", |&(month, day)| Date::new(2000, month, day).is_ok())
        .prop_map(|(month, day)| When::MonthDay(MonthDay { month, day }));
    prop_oneof![date().prop_map(When::Date), month_day]
}

fn every() -> impl Strategy<Value = Every> {
    let units = [Unit::Day, Unit::WorkingDay, Unit::Week, Unit::Month, Unit::Year, Unit::SchoolYear];
    (1..=u16::MAX, proptest::sample::select(units.to_vec())).prop_map(|(count, unit)| Every { count, unit })
}

fn kind() -> impl Strategy<Value = Kind> {
    let times = (of(any::<u16>()), of(any::<u16>())).prop_map(|(min, max)| Times { min, max });
    let within = (when(), when()).prop_map(|(start, end)| Within { start, end });
    let spans = vec![Span::Year, Span::SchoolYear, Span::Project, Span::Permanent];
    prop_oneof![
        when().prop_map(Kind::Day),
        (when(), any::<bool>()).prop_map(|(end, annual)| Kind::Deadline { end, annual }),
        (when(), when(), any::<bool>()).prop_map(|(start, end, annual)| Kind::Interval {
            start,
            end,
            annual
        }),
        (every(), of(every()), of(times), of(within)).prop_map(|(every, every_max, times, within)| {
            Kind::Recurrence { every, every_max, times, within }
        }),
        proptest::sample::select(spans).prop_map(Kind::Ongoing),
        text().prop_map(Kind::Condition),
        text().prop_map(Kind::ExternalPlan),
        (text(), every()).prop_map(|(after, duration)| Kind::Relative { after, duration }),
        Just(Kind::Missing),
        text().prop_map(Kind::Unrecognised),
    ]
}

/// Any schedule.
pub fn schedule() -> impl Strategy<Value = Schedule> {
    let part = (kind(), of(text()), any::<[bool; 3]>()).prop_map(|(kind, scope, [year, month, day])| Part {
        kind,
        scope,
        inferred: Inferred { year, month, day },
    });
    (text(), vec(part, 1..4)).prop_map(|(text, parts)| Schedule { text, parts })
}

fn person() -> impl Strategy<Value = Person> {
    (text(), of(text())).prop_map(|(name, post)| Person { name, post })
}

fn school() -> impl Strategy<Value = SchoolRef> {
    use SchoolKind::*;
    let kinds = vec![Primary, Basic, Secondary, Gymnasium, Lyceum, Unspecified];
    let full = (of(any::<u32>()), proptest::sample::select(kinds), of(text()))
        .prop_map(|(number, kind, name)| SchoolRef { number, kind, name });
    let by_number = any::<u32>().prop_map(|n| SchoolRef { number: Some(n), kind: Unspecified, name: None });
    prop_oneof![by_number, full]
}

fn party() -> impl Strategy<Value = Party> {
    let kinds = vec![PartyKind::Person, PartyKind::Body, PartyKind::Role, PartyKind::Schools];
    (text(), proptest::sample::select(kinds), of(person()), vec(school(), 0..3))
        .prop_map(|(text, kind, person, schools)| Party { text, kind, person, schools })
}

fn column() -> impl Strategy<Value = Column> {
    use Column::*;
    proptest::sample::select(vec![Number, Title, Responsible, Schedule, Outcome, TargetGroup, Other])
}

fn source_cell() -> impl Strategy<Value = SourceCell> {
    (column(), place(), text(), of(0_u8..=100)).prop_map(|(column, place, text, confidence)| SourceCell {
        column,
        place,
        text,
        confidence,
    })
}

fn activity() -> impl Strategy<Value = Activity> {
    let other = (text(), text()).prop_map(|(head, text)| OtherCell { head, text });
    let texts = (of(text()), text(), of(text()), of(text()));
    let lists = (vec(party(), 0..3), vec(other, 0..2), vec(source_cell(), 0..3));
    (any::<u32>(), texts, lists, schedule()).prop_map(
        |(key, (number, title, outcome, target_group), (responsible, other, source), schedule)| Activity {
            key: ActivityKey(key),
            number,
            title,
            responsible,
            schedule,
            outcome,
            target_group,
            other,
            source,
        },
    )
}

fn plan() -> impl Strategy<Value = Plan> {
    let section = (of(text()), text(), of(any::<i16>()), vec(activity(), 0..3), place()).prop_map(
        |(number, title, year, activities, place)| Section { number, title, year, activities, place },
    );
    (text(), of(period()), vec(column(), 0..4), vec(section, 0..3), place()).prop_map(
        |(title, period, columns, sections, place)| Plan { title, period, columns, sections, place },
    )
}

fn item() -> impl Strategy<Value = Item> {
    (text(), place()).prop_map(|(text, place)| Item { text, place })
}

fn act() -> impl Strategy<Value = Act> {
    let kinds = || proptest::sample::select(ActKind::ALL.to_vec());
    let cited = (kinds(), of(text()), of(date()), of(text()), of(text()), text(), place()).prop_map(
        |(kind, authority, date, number, title, text, place)| CitedAct {
            kind,
            authority,
            date,
            number,
            title,
            text,
            place,
        },
    );
    let point = (text(), text(), place()).prop_map(|(number, text, place)| Point { number, text, place });
    let control = (text(), any::<bool>(), of(person()), place())
        .prop_map(|(text, own, person, place)| Control { text, own, person, place });
    let texts = (of(text()), of(text()), of(text()), of(text()), of(text()));
    let lists = (vec(cited, 0..2), vec(point, 0..2));
    (of(kinds()), of(date()), texts, lists, of(control), of(person()), place()).prop_map(
        |(
            kind,
            date,
            (authority, number, locality, title, preamble),
            (cited, points),
            control,
            signatory,
            place,
        )| {
            Act {
                kind,
                authority,
                number,
                date,
                locality,
                title,
                preamble,
                cited,
                points,
                control,
                signatory,
                place,
            }
        },
    )
}

fn programme() -> impl Strategy<Value = Programme> {
    let items = || vec(item(), 0..2);
    let row = (text(), text(), place()).prop_map(|(head, text, place)| ProgrammeRow { head, text, place });
    (of(text()), (items(), items(), items()), of(text()), of(period()), vec(row, 0..2), place()).prop_map(
        |(name, (goals, tasks, expected_results), period_text, period, other, place)| Programme {
            name,
            goals,
            tasks,
            expected_results,
            period_text,
            period,
            other,
            place,
        },
    )
}

fn participants() -> impl Strategy<Value = Participants> {
    let roles = vec![MentionRole::Supported, MentionRole::Curator, MentionRole::Unclear];
    let mention = (proptest::sample::select(roles), vec(school(), 0..3), text(), place())
        .prop_map(|(role, schools, text, place)| Mention { role, schools, text, place });
    (vec(school(), 0..3), vec(school(), 0..3), vec(mention, 0..3))
        .prop_map(|(schools, curator_schools, mentions)| Participants { schools, curator_schools, mentions })
}

fn finding() -> impl Strategy<Value = Finding> {
    let codes = vec!["FILE_EMPTY", "PLAN_NO_TABLE", "D101"];
    let levels = vec![Level::Note, Level::Warning, Level::Error];
    (proptest::sample::select(codes), proptest::sample::select(levels), place(), text(), text(), text())
        .prop_map(|(code, level, place, what, why, mend)| Finding { code, level, place, what, why, mend })
}

/// A measure that says something: a unit, a value or both.
fn measure() -> impl Strategy<Value = Measure> {
    let value = (text(), text()).prop_map(|(label, text)| MeasuredValue { label, text });
    (of(text()), vec(value, 0..3))
        .prop_filter("a measure says something", |(unit, values)| unit.is_some() || !values.is_empty())
        .prop_map(|(unit, values)| Measure { indicator: 0, unit, values })
}

/// Any order, those included that no document would give.
pub fn order() -> impl Strategy<Value = Order> {
    use Format::*;
    let formats =
        vec![Docx, Pdf, ScannedPdf, Picture, Spreadsheet, Odt, Doc, Rtf, Text, Markdown, Html, Unknown];
    let source = (text(), text(), proptest::sample::select(formats))
        .prop_map(|(name, sha256, format)| Source { name, sha256, format });
    // Few names, so that neighbours share one and empty groups stand among them.
    let group = (
        proptest::sample::select(vec!["", "Кадры", "Качество"]),
        vec((item(), of(measure())), 0..3),
        place(),
    )
        .prop_map(|(group, members, place)| {
            let measures = (0..).zip(&members).filter_map(|(indicator, (_, measure))| {
                measure.clone().map(|measure| Measure { indicator, ..measure })
            });
            let measures = measures.collect();
            let indicators = members.into_iter().map(|(item, _)| item).collect();
            IndicatorGroup { group: group.to_owned(), indicators, measures, place }
        });
    let criterion = (text(), vec(item(), 0..2), place()).prop_map(|(title, indicators, place)| Criterion {
        title,
        indicators,
        place,
    });
    let unplaced = (text(), place()).prop_map(|(text, place)| Unplaced { text, place });
    let lists = (vec(group, 0..4), vec(criterion, 0..2), vec(unplaced, 0..2), vec(finding(), 0..2));
    (source, act(), of(programme()), vec(plan(), 0..2), lists, participants()).prop_map(
        |(source, act, programme, plans, (indicators, criteria, unplaced, findings), participants)| Order {
            source,
            act,
            programme,
            plans,
            indicators,
            criteria,
            participants,
            unplaced,
            findings,
        },
    )
}
