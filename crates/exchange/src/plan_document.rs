//! How does a plan become a document that a person can print and the program can read again?

use opora_cycle::vocabulary::{Act, Activity, Column, Order, Plan, Section};
use opora_neutral::{Block, Cell, Document, Paragraph, Place, Role, Row, Table};

/// The plan as a neutral document: the header of the act, the title, and one table with a head row; a section row
/// spans all columns. A plan the order does not have gives a document without a table.
///
/// The columns are those of the source in their order, and after them every other column that holds anything.
pub fn plan_document(order: &Order, plan: usize) -> Document {
    let mut document = Document::new(order.source.clone());
    document.blocks.extend(act_header(&order.act).map(Block::Paragraph));
    if let Some(plan) = order.plans.get(plan) {
        if !plan.title.trim().is_empty() {
            document.blocks.push(Block::Paragraph(title(&plan.title)));
        }
        document.blocks.push(Block::Table(table(plan)));
    }
    document
}

fn act_header(act: &Act) -> impl Iterator<Item = Paragraph> {
    let date = act.date.map(|date| date.strftime("от %d.%m.%Y").to_string());
    let number = act.number.as_ref().map(|number| format!("№ {number}"));
    let date_and_number = [date, number].into_iter().flatten().collect::<Vec<_>>().join(" ");
    [
        act.authority.clone(),
        act.kind.map(|kind| kind.russian().to_uppercase()),
        act.locality.clone(),
        act.title.clone(),
        // Below the title, as some acts have it: the line ends the title of the act before that of the plan begins.
        Some(date_and_number).filter(|line| !line.is_empty()),
    ]
    .into_iter()
    .flatten()
    .map(|text| Paragraph { centred: true, ..Paragraph::new(text, Place::WHOLE) })
}

fn title(text: &str) -> Paragraph {
    Paragraph { role: Role::Heading(1), bold: true, centred: true, ..Paragraph::new(text, Place::WHOLE) }
}

/// A column of the printed table: a field of the activity, or the cells under a foreign head.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Printed {
    Field(Column),
    Foreign(String),
}

impl Printed {
    fn head(&self) -> &str {
        match self {
            Self::Field(Column::Number) => "№",
            Self::Field(Column::Title) => "Мероприятие",
            Self::Field(Column::Responsible) => "Ответственные",
            Self::Field(Column::Schedule) => "Срок",
            Self::Field(Column::Outcome) => "Ожидаемый результат",
            Self::Field(Column::TargetGroup) => "Целевая группа",
            Self::Field(Column::Other) => "",
            Self::Foreign(head) => head,
        }
    }

    fn text(&self, activity: &Activity) -> String {
        match self {
            Self::Field(Column::Number) => activity.number.clone().unwrap_or_default(),
            Self::Field(Column::Title) => activity.title.clone(),
            Self::Field(Column::Responsible) => activity.responsible_text(),
            Self::Field(Column::Schedule) => activity.schedule.text.clone(),
            Self::Field(Column::Outcome) => activity.outcome.clone().unwrap_or_default(),
            Self::Field(Column::TargetGroup) => activity.target_group.clone().unwrap_or_default(),
            Self::Field(Column::Other) => String::new(),
            Self::Foreign(head) => {
                let cells = activity.other.iter().filter(|cell| cell.head == *head);
                cells.map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("\n")
            }
        }
    }
}

/// Fields in the order a plan is usually read in.
const USUAL: [Column; 6] = [
    Column::Number,
    Column::Title,
    Column::Responsible,
    Column::Schedule,
    Column::Outcome,
    Column::TargetGroup,
];

fn columns(plan: &Plan) -> Vec<Printed> {
    let mut foreign: Vec<Printed> = Vec::new();
    for cell in plan.activities().flat_map(|activity| &activity.other) {
        let column = Printed::Foreign(cell.head.clone());
        if !foreign.contains(&column) {
            foreign.push(column);
        }
    }
    let mut foreign = foreign.into_iter();
    let mut columns: Vec<Printed> = Vec::new();
    for &column in &plan.columns {
        // A foreign column whose cells are all empty has left no head to print.
        let printed = if column == Column::Other { foreign.next() } else { Some(Printed::Field(column)) };
        columns.extend(printed.filter(|printed| !columns.contains(printed)));
    }
    for column in USUAL {
        let printed = Printed::Field(column);
        let holds = plan.activities().any(|activity| !printed.text(activity).trim().is_empty());
        if holds && !columns.contains(&printed) {
            columns.push(printed);
        }
    }
    columns.extend(foreign);
    if columns.is_empty() {
        columns.push(Printed::Field(Column::Title));
    }
    columns
}

fn table(plan: &Plan) -> Table {
    let columns = columns(plan);
    let width = u32::try_from(columns.len()).unwrap_or(u32::MAX);
    let mut rows = Rows::default();
    rows.push(columns.iter().map(|column| (column.head().to_owned(), 1)), true);
    for section in &plan.sections {
        let text = section_text(section);
        if !text.is_empty() {
            rows.push([(text, width)], true);
        }
        for activity in &section.activities {
            rows.push(columns.iter().map(|column| (column.text(activity), 1)), false);
        }
    }
    Table { place: Place { table: Some(1), ..Place::WHOLE }, width, rows: rows.0 }
}

fn section_text(section: &Section) -> String {
    match &section.number {
        Some(number) => format!("{number}. {}", section.title).trim().to_owned(),
        None => section.title.trim().to_owned(),
    }
}

/// Rows of the table, each cell with its address.
#[derive(Default)]
struct Rows(Vec<Row>);

impl Rows {
    fn push(&mut self, cells: impl IntoIterator<Item = (String, u32)>, bold: bool) {
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX).saturating_add(1);
        let place = Place { table: Some(1), row: Some(number), ..Place::WHOLE };
        let mut column = 0;
        let cell = |(text, span): (String, u32)| {
            let place = Place { column: Some(column + 1), ..place.clone() };
            let cell = Cell { column_span: span, bold, ..Cell::new(text, column, place) };
            column += span;
            cell
        };
        let cells = cells.into_iter().map(cell).collect();
        self.0.push(Row { place, cells });
    }
}
