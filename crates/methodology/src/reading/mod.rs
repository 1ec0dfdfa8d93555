//! What does a pack's folder say, and what is wrong with it?

mod criteria;
mod examples;
mod fields;
mod rules;
mod words;

use opora_cells::{Dictionary, Scales};

use crate::{Act, Force, Number, NumberIndex, NumberUse, Pack, Status, read_exact};
pub(crate) use fields::value_fits;
use fields::{Errors, Fields};

/// The files of a pack.
#[derive(Clone, Copy, Debug)]
pub struct PackFiles<'a> {
    /// Name of the folder; the pack must call itself so.
    pub folder: &'a str,
    /// Text of `pack.toml`.
    pub pack: &'a str,
    /// Names and texts of the files with worked examples.
    pub examples: &'a [(&'a str, &'a str)],
}

/// What is wrong with a pack. All messages are Russian.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackError {
    /// Which file of the folder.
    pub file: String,
    /// Line in it, counted from one, where there is one to point at.
    pub line: Option<usize>,
    /// Section and name: «criterion A, share».
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl std::fmt::Display for PackError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let line = self.line.map(|line| format!(", строка {line}")).unwrap_or_default();
        write!(f, "{}{line}, {}: {} {}", self.file, self.place, self.what, self.mend)
    }
}

/// Larger files are refused unread.
const FILE_BYTES_MAX: usize = 1_000_000;

impl Pack {
    /// Reads a pack, checks it and runs its examples. All that is wrong is told together.
    pub fn read(
        files: &PackFiles<'_>,
        dictionary: &Dictionary,
        scales: &Scales,
    ) -> Result<Self, Vec<PackError>> {
        let mut errors = Errors::new("pack.toml", files.pack);
        let Some(document) = fields::parse(files.pack, FILE_BYTES_MAX, &mut errors) else {
            return Err(errors.list);
        };
        let root = Fields::root(document.get_ref(), document.span());
        let mut builder = Builder { pack: empty(files), dictionary, errors };
        builder.pack(&root, files.folder);
        if builder.errors.list.is_empty() {
            crate::reach::check(&builder.pack, scales, dictionary, &mut |place, what, mend| {
                builder.errors.tell(&root, place, what, mend);
            });
        }
        let (mut pack, dictionary) = (builder.pack, builder.dictionary);
        let mut list = builder.errors.list;
        for (name, text) in files.examples {
            let mut errors = Errors::new(name, text);
            examples::read(&mut pack, text, dictionary, &mut errors);
            list.append(&mut errors.list);
        }
        if list.is_empty() {
            list = crate::examples::failures(&pack, scales);
        }
        list.sort();
        list.dedup();
        if list.is_empty() { Ok(pack) } else { Err(list) }
    }
}

fn empty(files: &PackFiles<'_>) -> Pack {
    let act = Act {
        kind: String::new(),
        authority: String::new(),
        number: None,
        date: None,
        address: String::new(),
        status: Status::Unverified,
        checked: None,
        note: None,
    };
    Pack {
        id: files.folder.to_owned(),
        version: String::new(),
        title: String::new(),
        about: String::new(),
        act,
        force: Force { from: jiff::civil::Date::ZERO, to: None },
        numbers: Vec::new(),
        sets: Vec::new(),
        indices: Vec::new(),
        criteria: Vec::new(),
        conditions: Vec::new(),
        categories: Vec::new(),
        tiers: Vec::new(),
        exit: None,
        examples: Vec::new(),
        changes: Vec::new(),
        source: files.pack.to_owned(),
    }
}

/// A pack that grows while it is read.
struct Builder<'a> {
    pack: Pack,
    dictionary: &'a Dictionary,
    errors: Errors<'a>,
}

const SECTIONS: [&str; 13] = [
    "id",
    "version",
    "title",
    "about",
    "act",
    "force",
    "numbers",
    "procedures",
    "index",
    "criterion",
    "condition",
    "category",
    "tier",
];

impl Builder<'_> {
    fn pack(&mut self, root: &Fields<'_>, folder: &str) {
        let errors = &mut self.errors;
        let mut known = SECTIONS.to_vec();
        known.push("exit");
        root.known(&known, errors);
        let id = root.text("id", errors);
        if let Some(id) = id.filter(|id| id != folder) {
            let what = format!("Пакет называет себя «{id}», а папка называется «{folder}».");
            errors.at(root.span_of("id"), "id", &what, "Назовите их одинаково.");
        }
        self.pack.version = root.text("version", errors).unwrap_or_default();
        self.pack.title = root.text("title", errors).unwrap_or_default();
        self.pack.about = root.text("about", errors).unwrap_or_default();
        if let Some(act) = root.table("act", errors) {
            self.pack.act = read_act(&act, errors);
        }
        if let Some(force) = root.table("force", errors) {
            self.force(&force);
        }
        self.numbers(root);
        self.sets(root);
        self.indices(root);
        self.criteria(root);
        self.rules(root);
    }

    fn force(&mut self, force: &Fields<'_>) {
        let errors = &mut self.errors;
        force.known(&["from", "to"], errors);
        let from = force.date("from", errors);
        let to = force.maybe_date("to", errors);
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            let what = format!("Методика перестаёт действовать ({to}) раньше, чем начинает ({from}).");
            errors.at(force.span_of("to"), &force.place, &what, "Поменяйте даты местами или исправьте год.");
        }
        if let Some(from) = from {
            self.pack.force = Force { from, to };
        }
    }

    fn numbers(&mut self, root: &Fields<'_>) {
        let errors = &mut self.errors;
        for (id, fields) in root.named_tables("numbers", errors) {
            fields.known(&["name", "value", "clause", "status", "note"], errors);
            let name = fields.text("name", errors);
            let text = fields.text("value", errors);
            let clause = fields.text("clause", errors);
            let value = text.as_deref().and_then(read_exact);
            if let (Some(text), None) = (&text, value) {
                let what = format!("«{text}» не читается как число.");
                let mend = "Пишите в кавычках: «30 %», «3/10», «0,3», «5»; не больше шести цифр.";
                errors.at(fields.span_of("value"), &fields.place, &what, mend);
            }
            self.pack.numbers.push(Number {
                id,
                name: name.unwrap_or_default(),
                value: value.unwrap_or_default(),
                text: text.unwrap_or_default(),
                clause: clause.unwrap_or_default(),
                status: fields.word("status", &words::STATUSES, errors),
                note: fields.maybe_text("note", errors),
                uses: Vec::new(),
            });
        }
    }

    /// The number a field names. A number that stands in the field itself has no clause and is refused.
    fn number(&mut self, fields: &Fields<'_>, field: &str, usage: NumberUse) -> Option<NumberIndex> {
        let found = self.maybe_number(fields, field, usage);
        if fields.value(field).is_none() {
            self.errors.missing(fields, field, "Напишите имя числа из раздела [numbers].");
        }
        found
    }

    fn maybe_number(&mut self, fields: &Fields<'_>, field: &str, usage: NumberUse) -> Option<NumberIndex> {
        let value = fields.value(field)?;
        let place = format!("{}, {field}", fields.place);
        let Some(id) = value.get_ref().as_str() else {
            let what = "Число стоит без пункта акта.";
            let mend = "Внесите его в раздел [numbers] с полем clause, а здесь напишите его имя в кавычках.";
            self.errors.at(value.span(), &place, what, mend);
            return None;
        };
        let Some(at) = self.pack.numbers.iter().position(|number| number.id == id) else {
            let known: Vec<&str> = self.pack.numbers.iter().map(|number| number.id.as_str()).collect();
            let what = format!("Числа «{id}» нет в разделе [numbers].");
            let mend = format!("Есть: {}. Новое число внесите туда вместе с пунктом акта.", known.join(", "));
            self.errors.at(value.span(), &place, &what, &mend);
            return None;
        };
        let number = self.pack.numbers.get_mut(at)?;
        if !number.uses.contains(&usage) {
            number.uses.push(usage);
        }
        if let Err(wrong) = value_fits(number.value, usage) {
            let what = format!("Значение «{}» числа «{id}» здесь не подходит.", number.text);
            self.errors.at(value.span(), &place, &what, wrong);
        }
        u16::try_from(at).ok().map(NumberIndex)
    }
}

fn read_act(act: &Fields<'_>, errors: &mut Errors<'_>) -> Act {
    act.known(&["kind", "authority", "number", "date", "address", "status", "checked", "note"], errors);
    let status = act.word("status", &words::STATUSES, errors);
    if act.value("status").is_none() {
        errors.missing(act, "status", "Напишите \"verified\", \"second-hand\" или \"unverified\".");
    }
    Act {
        kind: act.text("kind", errors).unwrap_or_default(),
        authority: act.text("authority", errors).unwrap_or_default(),
        number: act.maybe_text("number", errors),
        date: act.maybe_date("date", errors),
        address: act.text("address", errors).unwrap_or_default(),
        status: status.unwrap_or(Status::Unverified),
        checked: act.maybe_date("checked", errors),
        note: act.maybe_text("note", errors),
    }
}
