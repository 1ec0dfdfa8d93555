//! Why did a school get its verdict, in words?

pub(crate) mod words;

use jiff::civil::Date;
use opora_cells::{Dictionary, IndicatorCode, OrganisationId, Procedure, SourceIndex};
use opora_registry::Registry;

use crate::{
    Against, CellSeen, CriterionIndex, Evidence, Fact, Found, Measure, Movement, Note, Pack, Question, Truth,
    Verdict,
};

/// A verdict in Russian sentences. What prints it decides how it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// «Лицей № 3: ШНОР (2025 год)».
    pub headline: String,
    /// Why this category: its clause, its wording, the tier, what changed since the year before.
    pub summary: Vec<String>,
    /// Criterion by criterion, in the order of the pack.
    pub parts: Vec<Part>,
    /// Named combinations and their answers: «А и Б: да».
    pub combinations: Vec<String>,
    /// What must be known besides: openings, mergers, an unverified pack.
    pub notes: Vec<String>,
}

/// A criterion and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Name of the criterion in the pack.
    pub id: String,
    /// In words.
    pub name: String,
    /// Clause of the act.
    pub clause: String,
    /// What it asks, with numbers and clauses.
    pub asks: String,
    /// The answer; nothing for a portrait.
    pub truth: Option<Truth>,
    /// The answer in words.
    pub answer: String,
    /// What was looked at, a sentence each, with file and rows.
    pub seen: Vec<String>,
}

/// A fact of the school that is explained, as asked for by where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub source: SourceIndex,
    /// Results of a procedure, or a declared number.
    pub about: About,
    /// Calendar year.
    pub year: u16,
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Results of a procedure.
    Procedure(Procedure),
    /// A declared number.
    Indicator(IndicatorCode),
}

/// Where a fact stands, beside its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePlace {
    /// Name of the file.
    pub file: String,
    /// Sheet of the workbook, where it has several or a name is known.
    pub sheet: Option<String>,
}

/// Explains a verdict. `source` names the file a fact of this school comes from.
pub fn explain(
    pack: &Pack,
    dictionary: &Dictionary,
    registry: &Registry,
    verdict: &Verdict,
    source: &dyn Fn(Origin) -> Option<SourcePlace>,
) -> Explanation {
    let telling = Telling { pack, dictionary, registry, source };
    let category = &pack[verdict.category()];
    let school = telling.school(verdict.organisation());
    Explanation {
        headline: format!("{school}: {} ({} год)", category.name, verdict.year()),
        summary: telling.summary(verdict),
        parts: telling.parts(verdict),
        combinations: pack
            .conditions
            .iter()
            .zip(verdict.trace().conditions())
            .map(|(condition, truth)| {
                format!("{}: {} ({})", condition.name, words::truth(*truth), condition.clause)
            })
            .collect(),
        notes: telling.notes(verdict),
    }
}

struct Telling<'a> {
    pack: &'a Pack,
    dictionary: &'a Dictionary,
    registry: &'a Registry,
    source: &'a dyn Fn(Origin) -> Option<SourcePlace>,
}

impl Telling<'_> {
    fn school(&self, id: OrganisationId) -> String {
        self.registry
            .get(id)
            .map_or_else(|| format!("Школа с номером {}", id.0), |school| school.name.clone())
    }

    fn summary(&self, verdict: &Verdict) -> Vec<String> {
        let pack = self.pack;
        let category = &pack[verdict.category()];
        let mut summary = Vec::new();
        if let Some(wording) = &category.wording {
            summary.push(wording.clone());
        }
        if let Some(clause) = &category.clause {
            summary.push(format!("Основание: {}, {clause}.", pack.title));
        }
        if let Some(tier) = verdict.tier().and_then(|at| pack.tiers.get(at)) {
            summary.push(format!("Уровень поддержки: {} ({}).", tier.name, tier.clause));
        }
        let year = verdict.year().saturating_sub(1);
        summary.push(match verdict.movement() {
            Movement::Entered => format!("В {year} году школы в списке не было: она вошла в него."),
            Movement::Remains => format!("Школа была в списке и в {year} году."),
            Movement::Left => format!("В {year} году школа была в списке: она вышла из него."),
            Movement::Outside => format!("В {year} году школы в списке тоже не было."),
            Movement::InAtFirstSight => {
                format!("Была ли школа в списке в {year} году, неизвестно: данных недостаточно.")
            }
            Movement::Unknown => format!("Сравнить с {year} годом нельзя: данных недостаточно."),
        });
        summary
    }

    fn parts(&self, verdict: &Verdict) -> Vec<Part> {
        let pack = self.pack;
        let criteria = pack.criteria.iter().zip(0..).zip(verdict.trace().answers());
        criteria
            .map(|((criterion, at), answer)| {
                let mut seen = Vec::new();
                for evidence in verdict.trace().of(CriterionIndex(at)) {
                    seen.push(self.evidence(&criterion.question, evidence));
                }
                if seen.is_empty() {
                    seen.push("Данных об этом нет.".to_owned());
                }
                Part {
                    id: criterion.id.clone(),
                    name: criterion.name.clone(),
                    clause: criterion.clause.clone(),
                    asks: words::question(pack, self.dictionary, &criterion.question),
                    truth: answer.truth,
                    answer: self.answer(&criterion.question, answer),
                    seen,
                }
            })
            .collect()
    }

    fn answer(&self, question: &Question, answer: &crate::Answer) -> String {
        let Some(truth) = answer.truth else {
            return "портрет, ничего не решает".to_owned();
        };
        let word = words::truth(truth);
        let counts = matches!(
            question,
            Question::Procedures { .. }
                | Question::SameProcedure { .. }
                | Question::BelowReference { sum: false, .. }
        );
        if !counts {
            return word.to_owned();
        }
        let count = |count: u32| words::plural(u64::from(count), "процедура", "процедуры", "процедур");
        let mut said =
            format!("{word}: условие выполнено – {}, не выполнено – {}", count(answer.yes), count(answer.no));
        if answer.unknown > 0 {
            said.push_str(&format!(", решить нельзя – {}", count(answer.unknown)));
        }
        said
    }

    fn evidence(&self, question: &Question, evidence: &Evidence) -> String {
        let year = evidence.year;
        let (measure, _) = measured_by(question);
        match evidence.fact {
            Fact::Cell(seen) => self.cell(question, measure, year, &seen),
            Fact::Absent(procedure) => {
                let name = self.dictionary.procedure_name(procedure);
                let row = if matches!(question, Question::SameProcedure { .. }) {
                    ", ряд лет здесь прерван"
                } else {
                    ""
                };
                format!("{name}, {year} год: результатов нет{row}.")
            }
            Fact::Reference { .. } | Fact::NoReference(_) | Fact::Difference { .. } | Fact::Pool { .. } => {
                self.others(question, evidence)
            }
            Fact::Indicator { indicator, part, whole, source, row } => {
                let name = words::indicator_name(self.dictionary, indicator);
                let value = whole.map_or_else(
                    || part.to_string(),
                    |whole| {
                        format!("{part} из {whole} – {}", words::percent(u64::from(part), u64::from(whole)))
                    },
                );
                let origin = Origin { source, about: About::Indicator(indicator), year };
                format!("{name}, {year} год: {value}.{}", self.place(origin, (row, row)))
            }
            Fact::NoIndicator(indicator) => {
                let name = words::indicator_name(self.dictionary, indicator);
                format!("{name}, {year} год: не указано. Внесите этот показатель.")
            }
            Fact::Together { part, whole } => match question {
                Question::Indicator { share: false, .. } => format!("Вместе: {part}."),
                Question::Indicator { .. } => {
                    format!("Вместе: {part} из {whole} – {}.", words::percent(part, whole))
                }
                _ => format!("Вместе: {}.", words::measured(measure, part, whole)),
            },
            Fact::IndexValue(value) => {
                let part = u128::try_from(*value.numer()).unwrap_or_default();
                let whole = u128::try_from(*value.denom()).unwrap_or(1);
                format!("Индекс за {year} год: {}.", words::decimal(part, whole, 3))
            }
            Fact::Markers { found, looked_for } => {
                format!("{year} год: возможных маркеров {found}, проверено {looked_for}.")
            }
            Fact::NoMarkers => format!("{year} год: возможные маркеры не проверялись."),
            Fact::Year { truth, listed } => {
                let from = if listed { " (по окончательному списку)" } else { "" };
                format!("{year} год: {}{from}.", words::truth(truth))
            }
            Fact::TooLarge => "Числа слишком велики, чтобы сравнить их точно. Проверьте файл.".to_owned(),
        }
    }

    /// What is known of the schools around.
    fn others(&self, question: &Question, evidence: &Evidence) -> String {
        let (year, dictionary) = (evidence.year, self.dictionary);
        let (measure, against) = measured_by(question);
        let around = words::around(against);
        match evidence.fact {
            Fact::Reference { procedure, part, whole, schools } => {
                let from = match schools {
                    0 => "опубликованный результат".to_owned(),
                    schools => words::plural(u64::from(schools), "школа", "школы", "школ"),
                };
                let name = dictionary.procedure_name(procedure);
                let value = words::measured(measure, part, whole);
                format!("{name}, {year} год, {around}: {value} ({from}).")
            }
            Fact::NoReference(procedure) => {
                let name = dictionary.procedure_name(procedure);
                format!("{name}, {year} год: результата {around} нет, сравнить не с чем.")
            }
            Fact::Difference { numerator, denominator } => {
                let worse = if numerator < 0 { "лучше" } else { "хуже" };
                let size = u128::from(numerator.unsigned_abs());
                let whole = u128::from(denominator.unsigned_abs());
                let value = if measure.is_share() {
                    words::decimal(size.saturating_mul(100), whole, 1) + " процентного пункта"
                } else {
                    words::decimal(size, whole, 2)
                };
                format!("Сумма за {year} год {worse}, чем {around}, на {value}.")
            }
            Fact::Pool { part, whole, schools } => format!(
                "Рассмотрено: {}; граница худшей части: {}.",
                words::plural(u64::from(schools), "школа", "школы", "школ"),
                words::measured(measure, part, whole)
            ),
            _ => String::new(),
        }
    }

    fn cell(&self, question: &Question, measure: Measure, year: u16, seen: &CellSeen) -> String {
        let name = self.dictionary.procedure_name(seen.procedure);
        let mut said = format!("{name}, {year} год: ");
        if seen.whole > 0 {
            said.push_str(&words::measured(measure, u64::from(seen.part), u64::from(seen.whole)));
            if seen.found != Found::Shown {
                said.push_str("; ");
            }
        }
        if let (Found::Yes | Found::No, Some((compare, threshold))) = (seen.found, threshold(question)) {
            let needed = format!("{} {}", words::compare(compare), words::number(self.pack, threshold));
            let holds =
                if seen.found == Found::Yes { "выполнено" } else { "не выполнено" };
            said.push_str(&format!("условие «{needed}» {holds}"));
        } else if seen.found != Found::Shown || seen.whole == 0 {
            said.push_str(words::found(seen.found));
        }
        if seen.autumn && seen.found != Found::Autumn {
            said.push_str("; проведена осенью");
        }
        if seen.unmarked > 0 && seen.whole > 0 && measure != Measure::MeanScore {
            said.push_str(&format!("; без отметки: {}", seen.unmarked));
        }
        said.push('.');
        let about = About::Procedure(seen.procedure);
        said + &self.place(Origin { source: seen.source, about, year }, seen.rows)
    }

    fn place(&self, origin: Origin, rows: (u32, u32)) -> String {
        let Some(SourcePlace { file, sheet }) = (self.source)(origin) else { return String::new() };
        let sheet = sheet.map_or_else(String::new, |sheet| format!(", лист «{sheet}»"));
        match rows {
            (0, 0) => format!(" Файл «{file}»{sheet}."),
            (first, last) if first == last => format!(" Файл «{file}»{sheet}, строка {first}."),
            (first, last) => format!(" Файл «{file}»{sheet}, строки {first}–{last}."),
        }
    }

    fn notes(&self, verdict: &Verdict) -> Vec<String> {
        let pack = self.pack;
        let mut notes: Vec<String> = verdict.trace().notes().iter().map(|note| self.note(*note)).collect();
        for change in &pack.changes {
            let name = pack.number(&change.number).map_or("", |number| &number.name);
            notes.push(format!("Расчёт «что если»: {name} – {} вместо {}.", change.to, change.from));
        }
        if !pack.force.touches(verdict.year()) {
            let until = pack.force.to.map_or_else(String::new, |to| format!(" по {}", day(to)));
            notes.push(format!("Методика действует с {}{until}; этот год не входит.", day(pack.force.from)));
        }
        if pack.act.status != crate::Status::Verified {
            let status = pack.act.status.russian();
            notes.push(format!("Статус методики: {status}. Проверьте числа по акту, прежде чем решать."));
        }
        notes
    }

    fn note(&self, note: Note) -> String {
        match note {
            Note::Opened(date) => {
                format!("Школа открыта {}: за прежние годы результатов быть не может.", day(date))
            }
            Note::Closed(date) => format!("Школа закрыта {}.", day(date)),
            Note::MergedInto(date, into) => {
                format!(
                    "Школа присоединена {} к другой: {}. Её результаты остаются её.",
                    day(date),
                    self.school(into)
                )
            }
            Note::Absorbed(date, from) => format!(
                "К школе присоединена {} другая: {}. Её результаты сюда не прибавлены.",
                day(date),
                self.school(from)
            ),
            Note::NotInRegistry => {
                "Школы нет в реестре: муниципалитет и регион неизвестны. Добавьте её в реестр.".to_owned()
            }
            Note::Kept => {
                let clause = pack_exit_clause(self.pack);
                format!("Школа остаётся в списке: условие выхода ({clause}) не выполнено.")
            }
            Note::TierUnknown => "Уровень поддержки определить нельзя: данных недостаточно.".to_owned(),
        }
    }
}

fn pack_exit_clause(pack: &Pack) -> &str {
    pack.exit.as_ref().map_or("", |exit| &exit.clause)
}

/// What a question measures, and what it compares with.
fn measured_by(question: &Question) -> (Measure, Against) {
    match question {
        Question::BelowReference { measure, against, .. } => (*measure, *against),
        Question::Portrait { measure, against, .. } => (*measure, against.unwrap_or(Against::Everyone)),
        Question::LowestOfPool { measure, pool, .. } => (*measure, *pool),
        Question::Procedures { measure, .. } | Question::SameProcedure { measure, .. } => {
            (*measure, Against::Everyone)
        }
        _ => (Measure::FailedShare, Against::Everyone),
    }
}

fn threshold(question: &Question) -> Option<(crate::Compare, crate::NumberIndex)> {
    match question {
        Question::Procedures { compare, threshold, .. }
        | Question::SameProcedure { compare, threshold, .. } => Some((*compare, *threshold)),
        _ => None,
    }
}

fn day(date: Date) -> String {
    format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
}
