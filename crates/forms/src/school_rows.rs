//! Whose results are they: a column says, or a row above?

use opora_cells::OrganisationId;

use crate::UnknownSchools;
use crate::codes;
use crate::findings::{shown, text};
use crate::intake::Intake;
use crate::layout::{Layout, Shape};
use crate::line::{Fields, filled};
use crate::schools::{By, Found};
use crate::sites::Site;
use crate::title::Hints;
use crate::words::{login, plain};

/// A school named above its rows.
pub(crate) struct SchoolRow {
    /// Nothing when the name was not found: that was told already.
    pub(crate) id: Option<OrganisationId>,
    pub(crate) row: u32,
    /// How many participants the form tells.
    pub(crate) expected: Option<u32>,
    /// How many of its rows took part, and how many were absent.
    pub(crate) counted: u32,
    pub(crate) absent: u32,
    /// It was named by a login, so a name in its rows need not be known.
    by_login: bool,
    /// The login, where the school has several.
    site: Site,
    /// The unknown name its rows have, plain.
    called: Option<String>,
}

/// Whose a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    School(OrganisationId),
    /// A sum over schools.
    Group,
    /// Not known; why was told.
    Nobody,
}

impl Intake<'_> {
    /// Starts the rows of a school named by a title or a row of its own.
    pub(crate) fn begin_school(&mut self, name: &str, row: u32, expected: Option<u32>) {
        self.end_school();
        self.duplicates.next_block();
        let found = self.schools.find(By::Name, name, self.context.region);
        let id = self.whose(By::Name, name, found, row, None);
        let id = if let Whose::School(id) = id { Some(id) } else { None };
        let by_login = login(name).is_some();
        let site = id.map_or(Site::Untold, |id| self.sites.of(id, name));
        self.site = site;
        self.school =
            Some(SchoolRow { id, row, expected, counted: 0, absent: 0, by_login, site, called: None });
    }

    /// Ends the rows of a school: are there as many as the form says?
    pub(crate) fn end_school(&mut self) {
        let Some(SchoolRow { row, expected: Some(expected), counted, absent, .. }) = self.school.take()
        else {
            return;
        };
        if counted + absent > 0 && expected != counted && expected != counted + absent {
            self.findings.add(
                &codes::COUNT_DIFFERS,
                || self.place.at(row, None),
                || {
                    text(
                        format!("Участников указано {expected}, а строк с результатами {counted}."),
                        "Часть строк могла потеряться при выгрузке.",
                        "Сверьте файл с исходной формой.",
                    )
                },
            );
        }
    }

    /// Whose a line is, by its columns or by the row above, and under which of its logins.
    pub(crate) fn school_of<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) -> Whose {
        let whose = self.school_named(row, line, layout);
        self.site = Site::Untold;
        if let Whose::School(id) = whose {
            let cells = layout.schools.iter().map(|(_, at)| self.sites.of(id, line.text(*at)));
            let told = cells.into_iter().find(|site| *site != Site::Untold);
            let above = self.school.as_ref().filter(|school| school.id == Some(id));
            self.site = told.or(above.map(|school| school.site)).unwrap_or_default();
        }
        whose
    }

    fn school_named<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) -> Whose {
        let region = self.region_of(row, line, layout);
        let mut first: Option<(By, usize, Found)> = None;
        for (by, at) in &layout.schools {
            let cell = line.text(*at);
            if cell.trim().is_empty() || (first.is_some() && *by == By::Name) {
                continue;
            }
            let found = self.schools.find(*by, cell, region);
            let id = found.school();
            match first {
                Some((_, _, known)) if known.school().is_some() => {
                    if id.is_some() && id != known.school() {
                        self.findings.add(
                            &codes::SCHOOL_CODES_DISAGREE,
                            || self.place.at(row, Some(*at)),
                            || {
                                text(
                                    format!("Код «{}» и другой код этой строки – разных школ.", shown(cell)),
                                    "Непонятно, чей это результат.",
                                    "Исправьте код в файле или в реестре.",
                                )
                            },
                        );
                        return Whose::Nobody;
                    }
                }
                Some(_) if id.is_none() => {}
                _ => first = Some((*by, *at, found)),
            }
        }
        if let Some((by, at, found)) = first {
            // A name tells what its code does not.
            let cell = line.text(at);
            if found == Found::Unknown && self.context.heads.is_sum(cell) {
                return Whose::Group;
            }
            if by == By::Name
                && matches!(found, Found::Unknown | Found::Ambiguous)
                && let Some(id) = self.school_above(row, cell, at)
            {
                return Whose::School(id);
            }
            return self.whose(by, cell, found, row, Some(at));
        }
        if filled(line).any(|(_, text)| self.context.heads.is_sum(text)) {
            return Whose::Group;
        }
        match &self.school {
            Some(SchoolRow { id, .. }) => id.map_or(Whose::Nobody, Whose::School),
            None => {
                self.findings.add(
                    &codes::SCHOOL_MISSING,
                    || self.place.at(row, None),
                    || {
                        text(
                            "Не указана школа.",
                            "Результат некому отнести.",
                            "Заполните логин или код школы.",
                        )
                    },
                );
                Whose::Nobody
            }
        }
    }

    /// The school whose login stands above the rows, where its rows call it by a name of their own. One name only: a
    /// second one is another school.
    fn school_above(&mut self, row: u32, cell: &str, column: usize) -> Option<OrganisationId> {
        let school = self.school.as_mut().filter(|school| school.by_login)?;
        let (id, name) = (school.id?, plain(cell));
        if school.called.get_or_insert_with(|| name.clone()) != &name {
            return None;
        }
        self.findings.once(
            &codes::SCHOOL_BY_TITLE,
            format!("{} {name}", id.0),
            || self.place.at(row, Some(column)),
            || {
                text(
                    format!("Школа «{}» узнана по логину над таблицей.", shown(cell)),
                    "Такого названия в реестре нет, или оно у нескольких школ.",
                    "Проверьте, что над таблицей логин этой школы.",
                )
            },
        );
        Some(id)
    }

    fn region_of<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
    ) -> Option<opora_registry::NodeId> {
        let cell = layout.region.map(|at| line.text(at).trim()).filter(|cell| !cell.is_empty());
        let Some(cell) = cell else {
            return self.context.region;
        };
        let region = self.schools.region(cell);
        if region.is_none() {
            self.findings.once(
                &codes::REGION_UNKNOWN,
                cell,
                || self.place.at(row, layout.region),
                || {
                    text(
                        format!("Региона «{}» нет в реестре.", shown(cell)),
                        "Коды школ повторяются в разных регионах.",
                        "Исправьте название региона.",
                    )
                },
            );
        }
        region.or(self.context.region)
    }

    fn whose(&mut self, by: By, cell: &str, found: Found, row: u32, column: Option<usize>) -> Whose {
        let (findings, place) = (&mut self.findings, &self.place);
        let at = || place.at(row, column);
        match found {
            Found::School(id) => return Whose::School(id),
            Found::Group => return Whose::Group,
            Found::ByName(id) => {
                findings.once(&codes::SCHOOL_BY_NAME, cell, at, || {
                    text(
                        format!("Школа «{}» найдена только по названию.", shown(cell)),
                        "Названия школ меняются и повторяются.",
                        "Надёжнее добавить в файл логин или код.",
                    )
                });
                return Whose::School(id);
            }
            Found::Padded(id) => {
                findings.once(&codes::SCHOOL_BY_PADDED_CODE, cell, at, || {
                    text(
                        format!("Код «{}» дополнен нулями впереди.", shown(cell)),
                        "Программы электронных таблиц убирают нули в начале числа.",
                        "Проверьте, та ли это школа.",
                    )
                });
                return Whose::School(id);
            }
            Found::Ambiguous => {
                findings.once(&codes::SCHOOL_AMBIGUOUS, cell, at, || {
                    text(
                        format!("«{}» – так в реестре называются несколько школ.", shown(cell)),
                        "Непонятно, чей это результат.",
                        "Укажите логин, код или регион; если код дан двум школам по ошибке, исправьте реестр.",
                    )
                });
            }
            Found::Unknown => self.unknown(by, cell, row, column),
        }
        Whose::Nobody
    }

    fn unknown(&mut self, by: By, cell: &str, row: u32, column: Option<usize>) {
        /// Unknown schools for which the nearest known ones are looked for: that takes a walk through the registry.
        const SUGGESTED_MAX: u64 = 10;
        let skip = self.context.unknown_schools == UnknownSchools::Skip;
        let code = if skip { &codes::SCHOOL_SKIPPED } else { &codes::SCHOOL_UNKNOWN };
        let (schools, tally) = (&self.schools, &mut self.tally);
        self.findings.once(
            code,
            plain(cell),
            || self.place.at(row, column),
            || {
                tally.suggested += 1;
                let near =
                    if tally.suggested <= SUGGESTED_MAX { schools.nearest(by, cell) } else { Vec::new() };
                let mend = match (skip, near.is_empty()) {
                    (true, _) => {
                        "Если школа должна быть, добавьте её в реестр и загрузите файл снова.".to_owned()
                    }
                    (false, true) => "Исправьте код или добавьте школу в реестр.".to_owned(),
                    (false, false) => {
                        format!("Похожие: {}. Исправьте код или добавьте школу в реестр.", near.join("; "))
                    }
                };
                text(
                    format!("Школы «{}» нет в реестре.", shown(cell)),
                    if skip {
                        "Её строки пропущены."
                    } else {
                        "Результат некому отнести."
                    },
                    mend,
                )
            },
        );
    }

    /// A line of a table without a value: a school, a title, a sum, a pupil who was not there.
    pub(crate) fn beside<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) {
        let told = |at: Option<usize>| at.is_some_and(|at| !line.text(at).trim().is_empty());
        if layout.shape == Shape::Individual && told(layout.participant) {
            return self.not_there(row, line, layout);
        }
        let words: Vec<&str> = filled(line).map(|(_, text)| text).take(20).collect();
        let joined = words.join(" ");
        let hints = Hints::of(&joined, &self.lexicon);
        if let Some(login) = hints.login.filter(|_| words.len() <= 4) {
            return self.begin_school(&login, row, hints.participants);
        }
        if let (Some(expected), Some(school)) = (hints.participants, &mut self.school) {
            school.expected = Some(expected);
            return;
        }
        let heads = self.context.heads;
        if words.first().is_some_and(|first| heads.totals.contains(&plain(first)))
            || words.iter().any(|word| heads.is_sum(word))
        {
            self.tally.totals += 1;
            return;
        }
        if words.len() <= 2 {
            let first = words.first().copied().unwrap_or_default();
            match self.schools.find(By::Name, first, self.context.region) {
                Found::Group => self.tally.totals += 1,
                found if found.school().is_some() => self.begin_school(first, row, None),
                _ => self.title(&joined, row),
            }
        } else if layout.shape == Shape::Counts && layout.schools.iter().any(|(_, at)| told(Some(*at))) {
            self.blank(row);
        } else if layout.shape == Shape::Individual && layout.schools.iter().any(|(_, at)| told(Some(*at))) {
            self.not_there(row, line, layout);
        }
    }

    /// Counts a row without a result that says nothing of why.
    fn blank(&mut self, row: u32) {
        self.tally.blank += 1;
        let place = &self.place;
        self.tally.blank_first.get_or_insert_with(|| place.at(row, None));
    }

    /// Counts a pupil without a result: absent where a cell says so, be it «X»; where all are blank nobody knows.
    pub(crate) fn not_there<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) {
        let results = [layout.mark, layout.score, layout.test_score].into_iter().flatten();
        let mut cells = results.chain(layout.tasks.iter().map(|(at, _)| *at));
        if cells.any(|at| !line.text(at).trim().is_empty()) {
            self.tally.absent += 1;
        } else {
            self.blank(row);
        }
        if let Some(school) = &mut self.school {
            school.absent += 1;
        }
    }
}
