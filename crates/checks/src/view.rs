//! How is an order looked at, so that no rule has to prepare it anew?

use std::cell::OnceCell;
use std::collections::HashMap;

use opora_cycle::vocabulary::{Activity, ActivityKey, Column, Order, Plan, Section};
use opora_neutral::Place;

use crate::coverage::{ComponentCoverage, coverage};
use crate::finding::Subject;
use crate::lexicon::{Lexicon, Text};
use crate::span::{Span, span_of};

/// An order with what the rules ask of it again and again.
pub(crate) struct View<'a> {
    /// The order.
    pub order: &'a Order,
    /// Every activity of every plan, in order.
    pub rows: Vec<Row<'a>>,
    /// Words of all rows.
    pub lexicon: Lexicon,
    by_key: HashMap<ActivityKey, usize>,
    coverage: OnceCell<Vec<ComponentCoverage>>,
}

/// An activity with its surroundings.
pub(crate) struct Row<'a> {
    /// Index of the plan.
    pub plan: usize,
    /// Index of the section in the plan.
    pub section: usize,
    /// The activity.
    pub activity: &'a Activity,
    /// Words of the title.
    pub title: Text,
    /// Words of the expected result.
    pub outcome: Text,
    /// Words of the responsible.
    pub responsible: Text,
}

impl Row<'_> {
    /// A field of the activity as the subject of a finding.
    pub fn field(&self, column: Column) -> Subject {
        Subject::Activity(self.activity.key, column)
    }

    /// Spans of the parts that are days of known years and run forwards, not those that return every year.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.activity.schedule.parts.iter().filter_map(span_of)
    }
}

impl<'a> View<'a> {
    /// Prepares an order.
    pub fn new(order: &'a Order) -> Self {
        let mut lexicon = Lexicon::default();
        let mut rows = Vec::new();
        let mut by_key = HashMap::new();
        for (plan_index, plan) in order.plans.iter().enumerate() {
            for (section_index, section) in plan.sections.iter().enumerate() {
                for activity in &section.activities {
                    by_key.entry(activity.key).or_insert(rows.len());
                    rows.push(Row {
                        plan: plan_index,
                        section: section_index,
                        activity,
                        title: lexicon.read(&activity.title),
                        outcome: lexicon.read(activity.outcome.as_deref().unwrap_or_default()),
                        responsible: lexicon.read(&activity.responsible_text()),
                    });
                }
            }
        }
        Self { order, rows, lexicon, by_key, coverage: OnceCell::new() }
    }

    /// What covers each component of the management cycle, all nine in order.
    pub fn coverage(&self) -> &[ComponentCoverage] {
        self.coverage.get_or_init(|| coverage(self))
    }

    /// The plan of a row.
    pub fn plan(&self, row: &Row<'_>) -> Option<&'a Plan> {
        self.order.plans.get(row.plan)
    }

    /// The section of a row.
    pub fn section(&self, row: &Row<'_>) -> Option<&'a Section> {
        self.plan(row)?.sections.get(row.section)
    }

    /// Rows of a plan.
    pub fn rows_of(&self, plan: usize) -> &[Row<'a>] {
        let start = self.rows.partition_point(|row| row.plan < plan);
        let end = self.rows.partition_point(|row| row.plan <= plan);
        self.rows.get(start..end).unwrap_or_default()
    }

    /// Rows of each section that has any, in order.
    pub fn sections(&self) -> impl Iterator<Item = &[Row<'a>]> {
        self.rows.chunk_by(|a, b| (a.plan, a.section) == (b.plan, b.section))
    }

    fn row(&self, key: ActivityKey) -> Option<&Row<'a>> {
        self.by_key.get(&key).and_then(|&index| self.rows.get(index))
    }

    /// Where the subject stands in the source.
    pub fn place_of(&self, subject: Subject) -> Place {
        let order = self.order;
        let place =
            match subject {
                Subject::Order | Subject::Suppression(_) => None,
                Subject::Act => Some(order.act.place.clone()),
                Subject::CitedAct(index) => order.act.cited.get(index).map(|cited| cited.place.clone()),
                Subject::Programme => order.programme.as_ref().map(|programme| programme.place.clone()),
                Subject::Mention(index) => order.participants.mentions.get(index).map(|m| m.place.clone()),
                Subject::Text(index) => order.unplaced.get(index).map(|text| text.place.clone()),
                Subject::Criterion(index, item) => order.criteria.get(index).map(|c| {
                    c.indicators.get(item).map_or_else(|| c.place.clone(), |item| item.place.clone())
                }),
                Subject::Indicator(index, item) => order.indicators.get(index).map(|g| {
                    g.indicators.get(item).map_or_else(|| g.place.clone(), |item| item.place.clone())
                }),
                Subject::Plan(plan) => order.plans.get(plan).map(|plan| plan.place.clone()),
                Subject::Component(_) => order.plans.first().map(|plan| plan.place.clone()),
                Subject::Section(plan, section) => order
                    .plans
                    .get(plan)
                    .and_then(|plan| plan.sections.get(section))
                    .map(|section| section.place.clone()),
                Subject::Activity(key, column) => self.row(key).map(|row| row.activity.place_of(column)),
            };
        place.unwrap_or(Place::WHOLE)
    }

    /// Sorts subjects as they follow each other in a document: the act, the programme, the lists, the plans row by
    /// row, and last what is about the whole.
    pub fn position(&self, subject: Subject) -> (u8, usize, usize, usize, Subject) {
        let (rank, a, b, c) = match subject {
            Subject::Act => (0, 0, 0, 0),
            Subject::CitedAct(index) => (1, index, 0, 0),
            Subject::Programme => (2, 0, 0, 0),
            Subject::Text(index) => (2, index + 1, 0, 0),
            Subject::Criterion(index, item) => (3, index, item, 0),
            Subject::Indicator(index, item) => (4, index, item, 0),
            Subject::Mention(index) => (5, index, 0, 0),
            Subject::Plan(plan) => (6, plan, 0, 0),
            Subject::Section(plan, section) => (6, plan, section + 1, 0),
            Subject::Activity(key, _) => self
                .by_key
                .get(&key)
                .and_then(|&index| self.rows.get(index).map(|row| (6, row.plan, row.section + 1, index + 1)))
                .unwrap_or((7, 0, 0, 0)),
            Subject::Component(_) => (8, 0, 0, 0),
            Subject::Order => (9, 0, 0, 0),
            Subject::Suppression(index) => (10, index, 0, 0),
        };
        (rank, a, b, c, subject)
    }

    /// The subject itself and everything it is a part of, from the near to the far.
    pub fn around(&self, subject: Subject) -> impl Iterator<Item = Subject> {
        let (section, plan) = match subject {
            Subject::Activity(key, _) => self.row(key).map_or((None, None), |row| {
                (Some(Subject::Section(row.plan, row.section)), Some(Subject::Plan(row.plan)))
            }),
            Subject::Section(plan, _) => (None, Some(Subject::Plan(plan))),
            Subject::CitedAct(_) => (Some(Subject::Act), None),
            _ => (None, None),
        };
        let order = (subject != Subject::Order).then_some(Subject::Order);
        [Some(subject), section, plan, order].into_iter().flatten()
    }

    /// The inner subject is the outer one or a part of it.
    pub fn contains(&self, outer: Subject, inner: Subject) -> bool {
        self.around(inner).any(|subject| subject == outer)
    }
}
