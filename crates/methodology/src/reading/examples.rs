//! Which worked examples does a file hold?

use opora_cells::{Aggregate, Cell, Dictionary, OrganisationId, SourceIndex};
use opora_fields::{Errors, Fields, parse, whole_of};
use opora_registry::{Event, EventKind, Node, NodeId, NodeLevel};

use super::criteria::procedure;
use super::words;
use crate::examples::{Example, ExampleSchool, Expectation, usual_nodes};
use crate::{DeclaredReference, MarkerCount, Measure, Pack, PastDecision};

/// Examples are tiny worlds; larger ones are refused.
const CELLS_MAX: usize = 1000;

pub(super) fn read(pack: &mut Pack, text: &str, dictionary: &Dictionary, errors: &mut Errors) {
    let Some(document) = parse(text, errors) else { return };
    let root = Fields::root(&document, "пакет");
    root.known(&["example"], errors);
    for fields in root.tables("example", "example", errors) {
        let line = errors.line(&fields.span);
        let mut reading = Reading { dictionary, pack, errors, example: empty(line) };
        reading.example(&fields);
        let example = reading.example;
        pack.examples.push(example);
    }
}

fn empty(line: usize) -> Example {
    Example {
        name: String::new(),
        explains: String::new(),
        year: 0,
        schools: Vec::new(),
        nodes: usual_nodes(),
        cells: Vec::new(),
        aggregates: Vec::new(),
        markers: Vec::new(),
        past: Vec::new(),
        references: Vec::new(),
        events: Vec::new(),
        expects: Vec::new(),
        file: String::new(),
        line,
    }
}

struct Reading<'a> {
    dictionary: &'a Dictionary,
    pack: &'a Pack,
    errors: &'a mut Errors,
    example: Example,
}

impl Reading<'_> {
    fn example(&mut self, fields: &Fields<'_>) {
        fields.known(
            &[
                "name",
                "explains",
                "year",
                "schools",
                "cells",
                "aggregates",
                "markers",
                "past",
                "references",
                "expect",
            ],
            self.errors,
        );
        self.example.file = self.errors.file().to_owned();
        self.example.name = fields.text("name", self.errors).unwrap_or_default();
        self.example.explains = fields.text("explains", self.errors).unwrap_or_default();
        match self.year(fields) {
            Some(year) => self.example.year = year,
            None if fields.value("year").is_none() => {
                self.errors.missing(fields, "year", "Напишите год, за который выносится решение.");
            }
            None => {}
        }
        for school in self.each(fields, "schools") {
            self.school(&school);
        }
        if self.example.schools.is_empty() {
            let municipality = NodeId(2);
            self.example.schools.push(ExampleSchool { name: "школа".to_owned(), municipality });
        }
        for (cell, row) in self.each(fields, "cells").iter().zip(1..) {
            self.cell(cell, row);
        }
        for (aggregate, row) in self.each(fields, "aggregates").iter().zip(1..) {
            self.aggregate(aggregate, row);
        }
        self.known_besides(fields);
        let expects = self.each(fields, "expect");
        if expects.is_empty() {
            self.errors.missing(fields, "expect", "Напишите, что ожидается: [{ category = \"…\" }].");
        }
        for expect in expects {
            self.expect(&expect);
        }
    }

    /// Markers, past lists and published results.
    fn known_besides(&mut self, fields: &Fields<'_>) {
        for markers in self.each(fields, "markers") {
            markers.known(&["school", "year", "found", "looked_for"], self.errors);
            let (organisation, year) = (self.organisation(&markers), self.year(&markers));
            let found = markers.whole("found", self.errors);
            let looked_for = markers.whole("looked_for", self.errors);
            if let (Some(organisation), Some(year), Some(found), Some(looked_for)) =
                (organisation, year, found, looked_for)
            {
                self.example.markers.push(MarkerCount { organisation, year, found, looked_for });
            }
        }
        for past in self.each(fields, "past") {
            past.known(&["school", "year", "identified"], self.errors);
            let identified = past.flag("identified", self.errors);
            if let (Some(organisation), Some(year)) = (self.organisation(&past), self.year(&past)) {
                self.example.past.push(PastDecision { organisation, year, identified });
            }
        }
        for reference in self.each(fields, "references") {
            reference.known(&["procedure", "year", "measure", "part", "whole"], self.errors);
            let measure = reference.word("measure", &words::MEASURES, self.errors);
            let (procedure, year) = (self.procedure(&reference), self.year(&reference));
            let part = reference.whole("part", self.errors);
            let whole = reference.whole("whole", self.errors);
            if let (Some(procedure), Some(year), Some(part), Some(whole)) = (procedure, year, part, whole) {
                let (node, source) = (NodeId(1), SourceIndex::default());
                let measure = measure.unwrap_or(Measure::FailedShare);
                let declared = DeclaredReference { node, procedure, year, measure, part, whole, source };
                self.example.references.push(declared);
            }
        }
    }

    fn each<'t>(&mut self, fields: &Fields<'t>, name: &str) -> Vec<Fields<'t>> {
        let values = fields.list(name, self.errors);
        if values.len() > CELLS_MAX {
            let what = format!("В «{name}» больше {CELLS_MAX} строк.");
            fields.tell(name, &what, "Сократите пример.", self.errors);
        }
        let place = |number: usize| format!("{}, {name} № {number}", fields.place);
        let each = values.iter().take(CELLS_MAX).zip(1..);
        each.filter_map(|(value, number)| Fields::of(value, &place(number), self.errors)).collect()
    }

    fn school(&mut self, fields: &Fields<'_>) {
        fields.known(&["name", "municipality", "region", "opened", "closed", "merged_into"], self.errors);
        let name = fields.text("name", self.errors).unwrap_or_default();
        let region = fields.maybe_text("region", self.errors);
        let municipality = fields.maybe_text("municipality", self.errors);
        let region = region.map_or(NodeId(1), |name| self.node(NodeLevel::Region, None, &name));
        let municipality = match municipality {
            Some(name) => self.node(NodeLevel::Municipality, Some(region), &name),
            None if region == NodeId(1) => NodeId(2),
            None => self.node(NodeLevel::Municipality, Some(region), "муниципалитет"),
        };
        self.example.schools.push(ExampleSchool { name, municipality });
        let number = u32::try_from(self.example.schools.len()).unwrap_or_default();
        let organisation = OrganisationId(number);
        let opened = fields.maybe_date("opened", self.errors);
        let closed = fields.maybe_date("closed", self.errors);
        let into = fields.maybe_text("merged_into", self.errors);
        let into = into.and_then(|name| self.number_of(&name));
        let kind = into.map_or(EventKind::Closed, EventKind::MergedInto);
        let events = [(opened, EventKind::Opened), (closed, kind)];
        let dated =
            events.into_iter().filter_map(|(date, kind)| Some(Event { organisation, date: date?, kind }));
        self.example.events.extend(dated);
    }

    fn node(&mut self, level: NodeLevel, parent: Option<NodeId>, name: &str) -> NodeId {
        let nodes = &mut self.example.nodes;
        let found =
            nodes.iter().find(|node| node.level == level && node.parent == parent && node.name == name);
        if let Some(node) = found {
            return node.id;
        }
        let id = NodeId(u32::try_from(nodes.len()).unwrap_or_default() + 1);
        nodes.push(Node { id, level, parent, name: name.to_owned(), code: None });
        id
    }

    fn number_of(&self, name: &str) -> Option<OrganisationId> {
        let at = self.example.schools.iter().position(|school| school.name == name)?;
        Some(OrganisationId(u32::try_from(at + 1).ok()?))
    }

    /// The school a row names; the only one when it names none.
    fn organisation(&mut self, fields: &Fields<'_>) -> Option<OrganisationId> {
        let Some(name) = fields.maybe_text("school", self.errors) else {
            if self.example.schools.len() > 1 {
                self.errors.missing(fields, "school", "В примере несколько школ: назовите, о какой речь.");
            }
            return Some(OrganisationId(1));
        };
        let found = self.number_of(&name);
        if found.is_none() {
            let what = format!("Школы «{name}» в примере нет.");
            fields.tell("school", &what, "Впишите её в schools.", self.errors);
        }
        found
    }

    fn procedure(&mut self, fields: &Fields<'_>) -> Option<opora_cells::Procedure> {
        let id = fields.text("procedure", self.errors)?;
        let found = procedure(&id, self.dictionary);
        if found.is_none() {
            let what = format!("Процедура «{id}» неизвестна.");
            let mend = "Пишите вид-предмет-класс словами словаря: \"vpr-ru-5\".";
            fields.tell("procedure", &what, mend, self.errors);
        }
        found
    }

    fn year(&mut self, fields: &Fields<'_>) -> Option<u16> {
        let year = fields.whole("year", self.errors)?;
        if (1990..=2100).contains(&year) {
            return Some(year);
        }
        let mend = "Напишите год четырьмя цифрами.";
        fields.tell("year", "Такого года не бывает.", mend, self.errors);
        None
    }

    fn cell(&mut self, fields: &Fields<'_>, row: u32) {
        fields.known(
            &[
                "school",
                "procedure",
                "year",
                "participants",
                "failed",
                "marks",
                "unmarked",
                "autumn",
                "scored",
                "score_sum",
            ],
            self.errors,
        );
        let organisation = self.organisation(fields);
        let (procedure, year) = (self.procedure(fields), self.year(fields));
        let (Some(organisation), Some(procedure), Some(year)) = (organisation, procedure, year) else {
            return;
        };
        let mut cell = Cell::empty(organisation, procedure, year);
        cell.autumn = fields.flag("autumn", self.errors);
        cell.unmarked = fields.whole("unmarked", self.errors).unwrap_or_default();
        cell.scored = fields.whole("scored", self.errors).unwrap_or_default();
        cell.score_sum = fields.whole("score_sum", self.errors).unwrap_or_default();
        cell.rows = (row, row);
        let marks: Vec<u32> =
            fields.list("marks", self.errors).iter().filter_map(|v| whole_of(v.get_ref())).collect();
        let participants: Option<u32> = fields.whole("participants", self.errors);
        let failed: Option<u32> = fields.whole("failed", self.errors);
        match (marks[..].try_into(), participants, failed) {
            (Ok(marks), None, None) => cell.marks = marks,
            (Err(_), Some(participants), Some(failed)) if failed <= participants && marks.is_empty() => {
                cell.marks = [failed, participants - failed, 0, 0];
            }
            (Err(_), None, None) if marks.is_empty() && (cell.unmarked > 0 || cell.scored > 0) => {
                cell.unmarked = cell.unmarked.max(cell.scored);
            }
            _ => {
                let what = "Непонятно, сколько участников и отметок.";
                let mend =
                    "Напишите participants и failed (не больше participants), или marks = [2, 3, 4, 5].";
                self.errors.at(fields.span.clone(), &fields.place, what, mend);
            }
        }
        let marked = cell.marks.iter().try_fold(cell.unmarked, |sum, marks| sum.checked_add(*marks));
        cell.participants = marked.unwrap_or_default();
        self.example.cells.push(cell);
    }

    fn aggregate(&mut self, fields: &Fields<'_>, row: u32) {
        fields.known(&["school", "indicator", "year", "part", "whole"], self.errors);
        let organisation = self.organisation(fields);
        let id = fields.text("indicator", self.errors).unwrap_or_default();
        let indicator = self.dictionary.indicator(&id);
        if indicator.is_none() {
            let what = format!("Показателя «{id}» нет в словаре.");
            fields.tell("indicator", &what, "Возьмите имя из словаря.", self.errors);
        }
        let (part, whole) = (fields.whole("part", self.errors), fields.whole("whole", self.errors));
        if let (Some(organisation), Some(indicator), Some(year), Some(part)) =
            (organisation, indicator, self.year(fields), part)
        {
            let source = SourceIndex::default();
            self.example.aggregates.push(Aggregate {
                organisation,
                year,
                indicator,
                part,
                whole,
                source,
                row,
            });
        }
    }

    fn expect(&mut self, fields: &Fields<'_>) {
        fields.known(&["school", "category", "tier", "answers"], self.errors);
        let school = self.organisation(fields);
        let category = fields.text("category", self.errors).unwrap_or_default();
        if !self.pack.categories.iter().any(|known| known.id == category) {
            let what = format!("Категории «{category}» в пакете нет.");
            fields.tell("category", &what, "Проверьте имя.", self.errors);
        }
        let tier = fields.maybe_text("tier", self.errors);
        let mut answers = Vec::new();
        if let Some(value) = fields.value("answers")
            && let Some(given) = Fields::of(value, &fields.place, self.errors)
        {
            let criteria = self.pack.criteria.iter().map(|criterion| criterion.id.as_str());
            let conditions = self.pack.conditions.iter().map(|condition| condition.id.as_str());
            given.known(&criteria.chain(conditions).collect::<Vec<_>>(), self.errors);
            for (id, _) in given.entries() {
                let truth = given.word(id, &words::TRUTHS, self.errors);
                answers.extend(truth.map(|truth| (id.to_owned(), truth)));
            }
        }
        if let Some(school) = school {
            self.example.expects.push(Expectation { school, category, tier, answers });
        }
    }
}
