//! Which procedure of which year is a row about?

use std::collections::{BTreeMap, HashMap};

use opora_cells::{KindCode, LevelCode, Procedure, Scale, SubjectCode};
use opora_neutral::{Code, Level};

use crate::Context;
use crate::codes;
use crate::findings::{Findings, shown, text};
use crate::heads::Range;
use crate::layout::Layout;
use crate::lexicon::Lexicon;
use crate::line::{Fields, Where};
use crate::title::{Hints, YEARS, grade_of_class, year_of_cell};
use crate::words::plain;

/// A procedure of a year, with what results of it are checked against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Examined<'a> {
    pub(crate) procedure: Procedure,
    pub(crate) year: u16,
    pub(crate) autumn: bool,
    /// The grade as the form writes it.
    pub(crate) grade_written: u8,
    pub(crate) scale: Option<&'a Scale>,
    pub(crate) score_max: Option<u16>,
}

/// Answers that are kept for the rows to come.
#[derive(Default)]
pub(crate) struct Procedures<'a> {
    known: HashMap<String, Option<Examined<'a>>>,
    /// The texts that told the last procedure, each with its end.
    last: String,
    key: String,
    answer: Option<Examined<'a>>,
    fresh: bool,
}

/// Different wordings of a procedure a file may have before the answers are thought over again.
const KEPT_MAX: usize = 100_000;

impl<'a> Procedures<'a> {
    /// Forgets the answers: the title or the columns changed.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
        self.fresh = false;
    }

    /// The procedure of a line, or nothing; why not is told once.
    pub(crate) fn of<L: Fields + ?Sized>(
        &mut self,
        line: &L,
        row: u32,
        layout: &Layout,
        hints: &Hints,
        asked: &mut Asked<'a, '_>,
    ) -> Option<Examined<'a>> {
        let columns = key_columns(layout, hints);
        self.key.clear();
        for at in columns.into_iter().flatten() {
            self.key.push_str(line.text(at));
            self.key.push('\u{1F}');
        }
        if self.fresh && self.key == self.last {
            return self.answer;
        }
        std::mem::swap(&mut self.key, &mut self.last);
        self.fresh = true;
        self.answer = match self.known.get(&self.last) {
            Some(answer) => *answer,
            None => {
                let answer = asked.resolve(line, row, layout, hints);
                if self.known.len() > KEPT_MAX {
                    self.known.clear();
                }
                self.known.insert(self.last.clone(), answer);
                answer
            }
        };
        self.answer
    }
}

/// The columns that tell the procedure; the class only where nothing else tells the grade.
fn key_columns(layout: &Layout, hints: &Hints) -> [Option<usize>; 7] {
    let [year, date, kind, subject, level, grade] = layout.procedure;
    let class = if grade.is_none() && hints.grade.is_none() { layout.class } else { None };
    [year, date, kind, subject, level, grade, class]
}

/// What an answer is made with.
pub(crate) struct Asked<'a, 'f> {
    pub(crate) context: &'f Context<'a>,
    pub(crate) lexicon: &'f Lexicon,
    pub(crate) findings: &'f mut Findings,
    pub(crate) place: &'f Where,
}

impl<'a> Asked<'a, '_> {
    fn resolve<L: Fields + ?Sized>(
        &mut self,
        line: &L,
        row: u32,
        layout: &Layout,
        hints: &Hints,
    ) -> Option<Examined<'a>> {
        // All that is wrong is told, not only the first.
        let year = self.year(line, row, layout, hints);
        let kind = self.kind(line, row, layout, hints);
        let subject = self.subject(line, row, layout, hints);
        let grade = self.grade(line, row, layout, hints, kind);
        let (year, kind, (subject, level), written) = (year?, kind?, subject?, grade?);
        self.check_grade(kind, written, line, row, layout)?;
        let autumn = self.context.dictionary.held_in_autumn(kind, year);
        let told = hints.programme.or_else(|| {
            self.context.mapping.is_some_and(|mapping| mapping.grade_is_programme).then_some(written)
        });
        let grade = match told {
            Some(programme) => programme,
            None if autumn => written.saturating_sub(1).max(1),
            None => written,
        };
        if autumn {
            let name = self.context.dictionary.kinds.get(&kind).map_or("", |entry| entry.name.as_str());
            self.findings.once(&codes::AUTUMN_YEAR, format!("{} {year}", kind.0), || self.place.at(row, None), || {
                text(
                    format!("{name} {year} года проводили осенью: в файле {written} класс, программа {grade} класса."),
                    "Такие результаты не сравнивают с весенними как один ряд лет.",
                    "Ничего делать не нужно: год отмечен как осенний.",
                )
            });
        }
        let procedure = Procedure { kind, subject, grade, level };
        let scale = self.context.scales.of(procedure, year);
        let score_max = hints.score_max.or(scale.map(|scale| scale.score_max));
        Some(Examined { procedure, year, autumn, grade_written: written, scale, score_max })
    }

    fn wrong(
        &mut self,
        code: &Code,
        row: u32,
        column: Option<usize>,
        what: String,
        why: &'static str,
        mend: &str,
    ) {
        let place = self.place;
        self.findings.add(code, || place.at(row, column), || text(what, why, mend));
    }

    /// The kind is held in the grade: nothing where it can't be.
    fn check_grade<L: Fields + ?Sized>(
        &mut self,
        kind: KindCode,
        grade: u8,
        line: &L,
        row: u32,
        layout: &Layout,
    ) -> Option<()> {
        let entry = self.context.dictionary.kinds.get(&kind)?;
        let heads = self.context.heads;
        let outside = |ranges: &BTreeMap<String, Range>| {
            let (lowest, highest) = *ranges.get(&entry.id)?;
            (!(lowest..=highest).contains(&u16::from(grade))).then_some((lowest, highest))
        };
        let (code, (lowest, highest), mend) =
            match (outside(&heads.grades_possible), outside(&heads.grades_usual)) {
                (Some(range), _) => {
                    (&codes::GRADE_OF_OTHER_KIND, range, "Исправьте класс или вид процедуры.")
                }
                (None, Some(range)) => {
                    (&codes::GRADE_UNUSUAL, range, "Если класс верен, ничего делать не нужно.")
                }
                (None, None) => return Some(()),
            };
        let place = self.place;
        let column = [layout.procedure[5], layout.class].into_iter().flatten();
        let column = column.into_iter().find(|at| !line.text(*at).trim().is_empty());
        let name = entry.name.as_str();
        self.findings.once(
            code,
            format!("{name} {grade}"),
            || place.at(row, column),
            || {
                text(
                    format!("{name} в {grade} классе: эту процедуру проводят в {lowest}–{highest} классах."),
                    "По классу различают процедуры, с другим классом результат попадёт не туда.",
                    mend,
                )
            },
        );
        (code.level != Level::Error).then_some(())
    }

    /// The calendar year of a line, if there can be results of it.
    pub(crate) fn year<L: Fields + ?Sized>(
        &mut self,
        line: &L,
        row: u32,
        layout: &Layout,
        hints: &Hints,
    ) -> Option<u16> {
        let year = self.year_told(line, row, layout, hints)?;
        let (lowest, highest) = self.context.heads.year_usual();
        let code = match self.context.year_max {
            Some(most) if year > most => &codes::YEAR_AHEAD,
            _ if (lowest..=highest).contains(&year) => return Some(year),
            _ => &codes::YEAR_UNUSUAL,
        };
        let place = self.place;
        let column =
            layout.procedure.iter().take(2).copied().flatten().find(|at| !line.text(*at).trim().is_empty());
        self.findings.once(
            code,
            year.to_string(),
            || place.at(row, column),
            || {
                text(
                    match self.context.year_max {
                        Some(most) if year > most => format!("{year} год ещё не наступил."),
                        _ => format!("{year} год: таких результатов обычно не бывает."),
                    },
                    "Скорее всего, в годе опечатка, и результаты встанут не на своё место.",
                    "Проверьте год в файле.",
                )
            },
        );
        (code.level != Level::Error).then_some(year)
    }

    fn year_told<L: Fields + ?Sized>(
        &mut self,
        line: &L,
        row: u32,
        layout: &Layout,
        hints: &Hints,
    ) -> Option<u16> {
        let mapping = self.context.mapping;
        let ends = !mapping.is_some_and(|mapping| mapping.school_year_starts);
        for at in layout.procedure.iter().take(2).copied().flatten() {
            let cell = line.text(at).trim();
            if cell.is_empty() {
                continue;
            }
            let year = year_of_cell(cell, ends);
            if year.is_none() {
                let what = format!("«{}» – не год.", shown(cell));
                let why = "Год проведения – четыре цифры от 1990 до 2100.";
                let mend = "Исправьте год, например 2024 или 2023/2024.";
                self.wrong(&codes::YEAR_IMPOSSIBLE, row, Some(at), what, why, mend);
            }
            return year;
        }
        let constant = mapping.and_then(|mapping| mapping.constants.year);
        if let Some(odd) = hints.odd_year.as_ref().filter(|_| hints.year.is_none()) {
            let place = self.place;
            self.findings.once(
                &codes::YEAR_IMPOSSIBLE,
                odd.clone(),
                || place.at(row, None),
                || {
                    text(
                        format!("В заголовке вместо года стоит «{odd}»."),
                        "Без года результат некуда отнести.",
                        "Исправьте год в заголовке.",
                    )
                },
            );
            return None;
        }
        let told = constant.or(hints.year);
        if let (Some(told), Some(given)) = (told, self.context.year)
            && told != given
        {
            let place = self.place;
            self.findings.once(
                &codes::YEAR_DIFFERS,
                told.to_string(),
                || place.at(row, None),
                || {
                    text(
                        format!("В файле {told} год, а при загрузке указан {given}."),
                        "Результаты отнесены к году из файла.",
                        "Если верен указанный год, исправьте заголовок файла.",
                    )
                },
            );
        }
        let year = told.or(self.context.year).filter(|year| YEARS.contains(year));
        if year.is_none() {
            let place = self.place;
            self.findings.once(
                &codes::YEAR_MISSING,
                "",
                || place.at(row, None),
                || {
                    text(
                        "Не указан год проведения.",
                        "Без года результат некуда отнести.",
                        "Добавьте столбец «Год», год в заголовок или укажите его при загрузке.",
                    )
                },
            );
        }
        year
    }

    fn kind<L: Fields + ?Sized>(
        &mut self,
        line: &L,
        row: u32,
        layout: &Layout,
        hints: &Hints,
    ) -> Option<KindCode> {
        let column = layout.procedure[2].filter(|at| !line.text(*at).trim().is_empty());
        let found = match column {
            Some(at) => {
                let cell = line.text(at);
                let word = plain(cell);
                let mapped = self.context.mapping.and_then(|mapping| mapping.kinds.get(&word).copied());
                mapped.or_else(|| self.lexicon.kind_in(&word))
            }
            None => {
                let constant = self.context.mapping.and_then(|mapping| mapping.constants.kind);
                // «ОГЭ Русский язык» in the column of subjects tells both.
                let beside =
                    || layout.procedure[3].and_then(|at| self.lexicon.kind_in(&plain(line.text(at))));
                constant.or(hints.kind).or_else(beside)
            }
        };
        if found.is_none() {
            let what = match column {
                Some(at) => format!("Процедура «{}» не известна.", shown(line.text(at))),
                None => "Не указан вид процедуры.".to_owned(),
            };
            let place = self.place;
            self.findings.once(&codes::KIND_UNKNOWN, what.clone(), || place.at(row, column), || {
                text(
                    what,
                    "ВПР, ОГЭ и ЕГЭ считаются по разным правилам.",
                    "Укажите вид процедуры (ВПР, ОГЭ, ЕГЭ …) в заголовке, в столбце «Процедура» или в описании столбцов.",
                )
            });
        }
        found
    }

    fn subject<L: Fields + ?Sized>(
        &mut self,
        line: &L,
        row: u32,
        layout: &Layout,
        hints: &Hints,
    ) -> Option<(SubjectCode, LevelCode)> {
        let [_, _, _, subject_at, level_at, _] = layout.procedure;
        let column = subject_at.filter(|at| !line.text(*at).trim().is_empty());
        let constants = self.context.mapping.map(|mapping| &mapping.constants);
        let found = match column {
            Some(at) => {
                let word = plain(line.text(at));
                let mapped = self.context.mapping.and_then(|mapping| mapping.subjects.get(&word).copied());
                mapped.or_else(|| self.lexicon.subject_in(&word))
            }
            None => constants.and_then(|same| same.subject).or(hints.subject).map(|subject| (subject, None)),
        };
        let Some((subject, beside)) = found else {
            let what = match column {
                Some(at) => format!("Предмет «{}» не известен.", shown(line.text(at))),
                None => "Не указан предмет.".to_owned(),
            };
            let place = self.place;
            self.findings.once(&codes::SUBJECT_UNKNOWN, what.clone(), || place.at(row, column), || {
                text(
                    what,
                    "Без предмета результат некуда отнести.",
                    "Исправьте название предмета или добавьте его в описание столбцов, раздел [words.subject].",
                )
            });
            return None;
        };
        let cell = level_at.map(|at| line.text(at).trim()).filter(|cell| !cell.is_empty());
        let level = match cell {
            Some(cell) => {
                let word = plain(cell);
                let mapped = self.context.mapping.and_then(|mapping| mapping.levels.get(&word).copied());
                let level = mapped.or_else(|| self.lexicon.level_in(&word));
                if level.is_none() {
                    let what = format!("Уровень «{}» не известен.", shown(cell));
                    let why = "Базовый и профильный уровни считаются по разным шкалам.";
                    self.wrong(
                        &codes::LEVEL_UNKNOWN,
                        row,
                        level_at,
                        what,
                        why,
                        "Напишите «базовый» или «профильный».",
                    );
                    return None;
                }
                level
            }
            // A level of the title belongs to the subject of the title.
            None => {
                beside.or(constants.and_then(|same| same.level)).or(hints.level.filter(|_| column.is_none()))
            }
        };
        Some((subject, level.unwrap_or_default()))
    }

    fn grade<L: Fields + ?Sized>(
        &mut self,
        line: &L,
        row: u32,
        layout: &Layout,
        hints: &Hints,
        kind: Option<KindCode>,
    ) -> Option<u8> {
        let cell =
            |at: Option<usize>| at.map(|at| (at, line.text(at).trim())).filter(|(_, cell)| !cell.is_empty());
        let written = cell(layout.procedure[5]);
        let constant = self.context.mapping.and_then(|mapping| mapping.constants.grade);
        let only = kind.and_then(|kind| {
            let id = &self.context.dictionary.kinds.get(&kind)?.id;
            self.context.heads.grade_of_kind.get(id).copied()
        });
        let (column, found) = match written {
            Some((at, text)) => (Some(at), grade_of_class(text).0),
            None => {
                let class = cell(layout.class).filter(|_| hints.grade.is_none());
                let of_class = class.and_then(|(_, text)| grade_of_class(text).0);
                let at = class.filter(|_| of_class.is_some()).map(|(at, _)| at);
                (at, constant.or(hints.grade).or(of_class).or(only))
            }
        };
        let grade = found.filter(|grade| (1..=11).contains(grade));
        // Some kinds tell the grade themselves: where the kind is not known, a grade that is not written is no mistake.
        if grade.is_none() && (kind.is_some() || found.is_some() || written.is_some()) {
            let what = match (found, written) {
                (Some(grade), _) => format!("{grade} класса не бывает."),
                (None, Some((_, text))) => format!("«{}» – не класс.", shown(text)),
                (None, None) => "Не указан класс.".to_owned(),
            };
            let place = self.place;
            self.findings.once(
                &codes::GRADE_IMPOSSIBLE,
                what.clone(),
                || place.at(row, column),
                || {
                    text(
                        what,
                        "Класс – число от 1 до 11, по нему различают процедуры.",
                        "Исправьте класс в столбце или в заголовке, например «5 класс».",
                    )
                },
            );
        }
        grade
    }
}
