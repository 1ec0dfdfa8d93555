//! What does a pack's folder say, and what is wrong with it?

mod criteria;
mod examples;
mod rules;
mod words;

use std::ops::Range;

use opora_cells::{Dictionary, Scales};
use opora_fields::{Errors, Fields, FileError, parse};

use crate::{Act, Exact, Force, Number, NumberIndex, NumberUse, Pack, Status, read_exact};

/// How messages call the methodology itself.
const PACK: &str = "pack.toml";
/// What an example expects, as places call it.
const EXPECT: &str = ", expect";

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

impl Pack {
    /// Reads a pack, checks it and runs its examples. All that is wrong is told together.
    pub fn read(
        files: &PackFiles<'_>,
        dictionary: &Dictionary,
        scales: &Scales,
    ) -> Result<Self, Vec<FileError>> {
        let mut errors = Errors::new(PACK, files.pack);
        let Some(document) = parse(files.pack, &mut errors) else { return errors.or(None) };
        let root = Fields::root(&document, "пакет");
        let mut builder = Builder { pack: empty(files), dictionary, errors };
        builder.pack(&root, files.folder);
        if builder.errors.is_empty() {
            crate::reach::check(&builder.pack, scales, dictionary, &mut |place, what, mend| {
                builder.errors.at(standing(&root, place), place, what, mend);
            });
        }
        let (mut pack, dictionary) = (builder.pack, builder.dictionary);
        let mut list = builder.errors.into_list();
        let is_wrong = !list.is_empty();
        for (name, text) in files.examples {
            let mut errors = Errors::new(name, text);
            examples::read(&mut pack, text, dictionary, &mut errors);
            let mut told = errors.into_list();
            // What an example expects is compared with the pack: where the pack was not read, by mistake.
            told.retain(|error| !(is_wrong && error.place.contains(EXPECT)));
            list.append(&mut told);
        }
        if list.is_empty() {
            list = crate::examples::failures(&pack, scales);
        }
        // The methodology first: most of what is wrong with examples follows from it.
        list.sort_by_cached_key(|error| (error.file != PACK, error.clone()));
        if list.is_empty() { Ok(pack) } else { Err(list) }
    }
}

/// Where a thing called `criterion A` or `numbers low` stands.
fn standing(root: &Fields<'_>, place: &str) -> Range<usize> {
    let section = place.split_once(' ').map_or(place, |(section, _)| section);
    // A section is either tables under names or tables in a row; what does not fit was told before.
    let unheard = &mut Errors::new("", "");
    let named = root.named_tables(section, unheard).into_iter().map(|(_, fields)| fields);
    let all: Vec<Fields<'_>> = named.chain(root.tables(section, section, &mut Errors::new("", ""))).collect();
    let found = all.into_iter().find(|fields| fields.place == place);
    found.map_or_else(|| root.span_of(section), |fields| fields.span)
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
    errors: Errors,
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
                status: fields.word("status", &Status::WORDS, errors),
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

/// A number may have this value in this use; otherwise how to mend it, in Russian.
pub(crate) fn value_fits(value: Exact, usage: NumberUse) -> Result<(), &'static str> {
    let (zero, one) = (Exact::from_integer(0), Exact::from_integer(1));
    let (fits, mend) = match usage {
        NumberUse::Share => (zero <= value && value <= one, "Доля бывает от 0 до 100 %."),
        NumberUse::Count => (value.is_integer() && value >= one, "Нужно целое число не меньше 1."),
        NumberUse::Years => {
            let few = value.is_integer() && one <= value && value <= Exact::from_integer(10);
            (few, "Нужно целое число лет от 1 до 10.")
        }
        NumberUse::Value => (value >= zero, "Нужно число не меньше нуля."),
        NumberUse::Weight => (value > zero, "Вес должен быть больше нуля."),
    };
    if fits { Ok(()) } else { Err(mend) }
}

fn read_act(act: &Fields<'_>, errors: &mut Errors) -> Act {
    act.known(&["kind", "authority", "number", "date", "address", "status", "checked", "note"], errors);
    Act {
        kind: act.text("kind", errors).unwrap_or_default(),
        authority: act.text("authority", errors).unwrap_or_default(),
        number: act.maybe_text("number", errors),
        date: act.maybe_date("date", errors),
        address: act.text("address", errors).unwrap_or_default(),
        status: act.status(errors),
        checked: act.maybe_date("checked", errors),
        note: act.maybe_text("note", errors),
    }
}
