//! What does a file of measures say, and what is wrong with it?

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Evidence, EvidenceKind, Indicator, Level, Library, Measure, Polarity, Source};

/// Larger files are refused unread.
const FILE_BYTES: usize = 1_000_000;

/// What is wrong with a file of measures. All texts are Russian.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LibraryError {
    /// The file.
    pub file: String,
    /// Line in it, from one.
    pub line: usize,
    /// Which measure: «мера equipment-inventory».
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl fmt::Display for LibraryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, строка {}, {}: {} {}", self.file, self.line, self.place, self.what, self.mend)
    }
}

impl Library {
    /// Reads files of measures: names and texts. A measure that can't be read is left out and told; the others stay.
    /// With `factors` given, a code that is not among them is an error.
    pub fn read(files: &[(&str, &str)], factors: Option<&[&str]>) -> (Self, Vec<LibraryError>) {
        let mut library = Self::default();
        let mut errors = Vec::new();
        let mut homes: HashMap<String, String> = HashMap::new();
        for (name, text) in files {
            let mut file = File { name, text, factors, errors: &mut errors };
            for (measure, span) in file.read() {
                match homes.get(&measure.id) {
                    Some(home) => {
                        let what = format!("Мера «{}» уже описана в файле {home}.", measure.id);
                        file.tell(&span, &place(&measure.id), &what, "Дайте одной из них другой id.");
                    }
                    None => {
                        homes.insert(measure.id.clone(), (*name).to_owned());
                        library.measures.push(measure);
                    }
                }
            }
        }
        (library, errors)
    }
}

fn place(id: &str) -> String {
    format!("мера {id}")
}

struct File<'a> {
    name: &'a str,
    text: &'a str,
    factors: Option<&'a [&'a str]>,
    errors: &'a mut Vec<LibraryError>,
}

type Value<'t> = Spanned<DeValue<'t>>;

/// A table with its place.
struct Table<'t> {
    table: &'t DeTable<'t>,
    span: Range<usize>,
    place: String,
}

impl<'t> Table<'t> {
    fn get(&self, name: &str) -> Option<&'t Value<'t>> {
        self.table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
    }
}

const MEASURE: [&str; 10] = [
    "id",
    "title",
    "level",
    "factors",
    "audience",
    "schedule",
    "responsible",
    "indicator",
    "evidence",
    "tiers",
];

impl File<'_> {
    fn read(&mut self) -> Vec<(Measure, Range<usize>)> {
        if self.text.len() > FILE_BYTES {
            self.tell(
                &(0..0),
                "файл",
                "Файл больше мегабайта, такими перечни мер не бывают.",
                "Проверьте, тот ли это файл.",
            );
            return Vec::new();
        }
        let (document, wrong) = DeTable::parse_recoverable(self.text);
        for error in &wrong {
            let what = format!("Запись TOML не читается: {}.", error.message());
            let span = error.span().unwrap_or_default();
            self.tell(
                &span,
                "файл",
                &what,
                "Проверьте кавычки, скобки и знак «=» в этой строке и перед ней.",
            );
        }
        if !wrong.is_empty() {
            return Vec::new();
        }
        let root = Table { table: document.get_ref(), span: 0..0, place: "файл".to_owned() };
        self.known(&root, &["source", "measure"]);
        let source = self.source(&root);
        let list = root.get("measure").map(|value| (value.get_ref().as_array(), value.span()));
        let (Some((Some(list), _)), Some(source)) = (list, source) else {
            if source_is_read(&root) {
                self.tell(
                    &(0..0),
                    "файл",
                    "В файле нет ни одной меры.",
                    "Опишите меры таблицами [[measure]].",
                );
            }
            return Vec::new();
        };
        list.iter().filter_map(|value| Some((self.measure(value, &source)?, value.span()))).collect()
    }

    fn source(&mut self, root: &Table<'_>) -> Option<Source> {
        let Some(value) = root.get("source") else {
            self.tell(
                &(0..0),
                "файл",
                "Не сказано, откуда взяты меры.",
                "Добавьте таблицу [source] с полями title и status.",
            );
            return None;
        };
        let source = self.table(value, "source")?;
        self.known(&source, &["title", "status", "checked"]);
        let title = self.text(&source, "title");
        let status = self.word(&source, "status", &["verified", "unverified"], None);
        let checked = match source.get("checked") {
            None => None,
            Some(value) => {
                let text = value.get_ref().as_datetime().map(ToString::to_string);
                let day = text.and_then(|text| text.parse::<Date>().ok());
                if day.is_none() {
                    self.tell(
                        &value.span(),
                        "source",
                        "Это не дата.",
                        "Запишите её так: checked = 2026-11-22.",
                    );
                }
                day
            }
        };
        Some(Source { title: title?, is_verified: status? == "verified", checked })
    }

    fn measure(&mut self, value: &Value<'_>, source: &Source) -> Option<Measure> {
        let mut table = self.table(value, "мера")?;
        let id = self.text(&table, "id")?;
        table.place = place(&id);
        self.known(&table, &MEASURE);
        let before = self.errors.len();
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if !id.chars().all(allowed) {
            let mend = "Годятся строчные латинские буквы, цифры и дефис: equipment-inventory.";
            self.tell(&span_of(&table, "id"), &table.place, "Такой id не годится.", mend);
        }
        let level = match self.word(&table, "level", &["school", "municipality"], Some("school")) {
            Some("municipality") => Level::Municipality,
            _ => Level::School,
        };
        let factors = self.texts(&table, "factors");
        self.check_factors(&table, level, &factors);
        let title = self.text(&table, "title");
        let (audience, schedule) = (self.text(&table, "audience"), self.text(&table, "schedule"));
        let (responsible, indicator) = (self.text(&table, "responsible"), self.indicator(&table));
        let (evidence, tiers) = (self.evidence(&table), self.texts(&table, "tiers"));
        if self.errors.len() > before {
            return None;
        }
        Some(Measure {
            id,
            title: title?,
            level,
            factors,
            audience: audience?,
            schedule: schedule?,
            responsible: responsible?,
            indicator: indicator?,
            evidence,
            tiers,
            source: source.clone(),
        })
    }

    fn check_factors(&mut self, table: &Table<'_>, level: Level, factors: &[String]) {
        let span = span_of(table, "factors");
        if level == Level::School && factors.is_empty() {
            let mend = "Перечислите коды факторов: factors = [\"motivation\"].";
            self.tell(&span, &table.place, "Не сказано, на какой риск отвечает мера.", mend);
        }
        let Some(known) = self.factors else { return };
        for factor in factors.iter().filter(|factor| !known.contains(&factor.as_str())) {
            let what = format!("Фактора риска «{factor}» нет в словаре.");
            let mend = format!("Известны: {}.", known.join(", "));
            self.tell(&span, &table.place, &what, &mend);
        }
    }

    fn indicator(&mut self, table: &Table<'_>) -> Option<Indicator> {
        let Some(value) = table.get("indicator") else {
            self.missing(table, "indicator");
            return None;
        };
        let inner = self.table(value, &table.place)?;
        self.known(&inner, &["name", "unit", "polarity"]);
        let (name, unit) = (self.text(&inner, "name"), self.text(&inner, "unit"));
        let polarity = match self.word(&inner, "polarity", &["up", "down"], None)? {
            "down" => Polarity::Down,
            _ => Polarity::Up,
        };
        Some(Indicator { name: name?, unit: unit?, polarity })
    }

    fn evidence(&mut self, table: &Table<'_>) -> Vec<Evidence> {
        let Some(value) = table.get("evidence") else {
            self.missing(table, "evidence");
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array().filter(|list| !list.is_empty()) else {
            let mend = "Опишите его списком: evidence = [{ kind = \"file\", what = \"акт\" }].";
            self.tell(&value.span(), &table.place, "Подтверждение не описано.", mend);
            return Vec::new();
        };
        let mut evidence = Vec::new();
        for value in list {
            let Some(inner) = self.table(value, &table.place) else { continue };
            self.known(&inner, &["kind", "what"]);
            let words = EvidenceKind::ALL.map(EvidenceKind::word);
            let kind = self.word(&inner, "kind", &words, None);
            let kind = kind.and_then(|word| EvidenceKind::ALL.into_iter().find(|kind| kind.word() == word));
            if let (Some(kind), Some(what)) = (kind, self.text(&inner, "what")) {
                evidence.push(Evidence { kind, what });
            }
        }
        evidence
    }

    fn table<'t>(&mut self, value: &'t Value<'t>, place: &str) -> Option<Table<'t>> {
        if let Some(table) = value.get_ref().as_table() {
            return Some(Table { table, span: value.span(), place: place.to_owned() });
        }
        self.tell(&value.span(), place, "Здесь нужна таблица.", "Опишите это так: { имя = значение }.");
        None
    }

    /// A text that is not empty.
    fn text(&mut self, table: &Table<'_>, name: &str) -> Option<String> {
        let Some(value) = table.get(name) else {
            self.missing(table, name);
            return None;
        };
        let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            let what = format!("Поле «{name}» пусто или не текст.");
            self.tell(&value.span(), &table.place, &what, "Запишите текст в кавычках.");
        }
        text.map(str::to_owned)
    }

    fn texts(&mut self, table: &Table<'_>, name: &str) -> Vec<String> {
        let Some(value) = table.get(name) else { return Vec::new() };
        let list = value.get_ref().as_array().map(|list| {
            let text = |value: &Value<'_>| value.get_ref().as_str().map(str::to_owned);
            list.iter().map(text).collect::<Option<Vec<_>>>()
        });
        list.flatten().unwrap_or_else(|| {
            let what = format!("Поле «{name}» – не список текстов.");
            self.tell(&value.span(), &table.place, &what, "Запишите его так: [\"один\", \"два\"].");
            Vec::new()
        })
    }

    /// One of a few words.
    fn word<'w>(
        &mut self,
        table: &Table<'_>,
        name: &str,
        words: &[&'w str],
        usual: Option<&'w str>,
    ) -> Option<&'w str> {
        if let (None, Some(usual)) = (table.get(name), usual) {
            return Some(usual);
        }
        let text = self.text(table, name)?;
        let found = words.iter().copied().find(|word| *word == text);
        if found.is_none() {
            let what = format!("Слово «{text}» в поле «{name}» неизвестно.");
            let mend = format!("Допустимы: {}.", words.join(", "));
            self.tell(&span_of(table, name), &table.place, &what, &mend);
        }
        found
    }

    fn known(&mut self, table: &Table<'_>, known: &[&str]) {
        for key in table.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let what = format!("Поле «{}» неизвестно.", key.get_ref());
            let mend = format!("Допустимы: {}. Проверьте написание.", known.join(", "));
            self.tell(&key.span(), &table.place, &what, &mend);
        }
    }

    fn missing(&mut self, table: &Table<'_>, name: &str) {
        let what = format!("Нет поля «{name}».");
        self.tell(&table.span, &table.place, &what, "Добавьте его по образцу соседних мер.");
    }

    fn tell(&mut self, span: &Range<usize>, place: &str, what: &str, mend: &str) {
        let before = self.text.as_bytes().get(..span.start.min(self.text.len())).unwrap_or_default();
        self.errors.push(LibraryError {
            file: self.name.to_owned(),
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            place: place.to_owned(),
            what: what.to_owned(),
            mend: mend.to_owned(),
        });
    }
}

fn span_of(table: &Table<'_>, name: &str) -> Range<usize> {
    table.get(name).map_or_else(|| table.span.clone(), Spanned::span)
}

fn source_is_read(root: &Table<'_>) -> bool {
    root.get("source").is_some()
}
