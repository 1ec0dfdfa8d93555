//! How do lines, one after another, become facts?
//!
//! A table is titles, then heads, then rows; in forms of several schools a row may be a title again. The state says
//! what is expected next. Nothing is looked at twice, so a file of any length takes the memory of its schools only.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use jiff::civil::Date;
use opora_cells::{OrganisationId, TaskSum};
use opora_neutral::{Level, Place};
use opora_registry::EventKind;

use crate::codes;
use crate::declared::Declared;
use crate::duplicates::Duplicates;
use crate::findings::{Findings, shown, text};
use crate::header::Heading;
use crate::journal::Compared;
use crate::layout::{Layout, Levels, Names, Shape};
use crate::lexicon::Lexicon;
use crate::line::{Fields, Where, filled};
use crate::procedures::{Asked, Examined, Procedures};
use crate::school_rows::SchoolRow;
use crate::schools::Schools;
use crate::sheets::Sheets;
use crate::sites::{Site, Sites};
use crate::title::Hints;
use crate::words::login;
use crate::{Batch, Context, FormKind, Summary};

/// A file being read line by line.
pub struct Intake<'a> {
    pub(crate) context: Context<'a>,
    pub(crate) names: Names<'a>,
    pub(crate) lexicon: Lexicon,
    pub(crate) schools: Schools<'a>,
    pub(crate) procedures: Procedures<'a>,
    pub(crate) findings: Findings,
    pub(crate) place: Where,
    /// What the name of the file tells.
    pub(crate) file: Hints,
    /// What the titles tell.
    pub(crate) hints: Hints,
    pub(crate) state: State,
    pub(crate) school: Option<SchoolRow>,
    pub(crate) duplicates: Duplicates,
    /// A cell with a class and what it says: pupils of a class stand together.
    pub(crate) class: (String, (Option<u8>, u8)),
    pub(crate) batch: Batch,
    pub(crate) tasks: BTreeMap<TaskKey, (u32, u32, u8)>,
    pub(crate) tally: Tally,
    /// Totals of a table so far, by column; for the check of a row of sums.
    pub(crate) sums: HashMap<usize, i64>,
    pub(crate) registry_seen: bool,
    /// Where the mapping fits best although not well enough, with the heads there.
    pub(crate) nearest_head: Option<(Where, u32, Vec<Levels>)>,
    /// The row that looks most like heads of results although not enough: where it stands, the heads that are known
    /// and those that are not.
    pub(crate) nearest: Option<(Place, Vec<String>, Vec<String>)>,
    /// Tables without heads.
    pub(crate) skipped: Vec<Place>,
    /// Counts of a comparison with the journal that come row by row.
    pub(crate) compared: Compared,
    /// Declared numbers that come row by row.
    pub(crate) listed: Vec<Declared>,
    /// Which facts the sheets of a workbook have told so far.
    pub(crate) sheets: Sheets,
    /// Schools with several logins, and what their logins told.
    pub(crate) sites: Sites,
    /// The login the present row stands under.
    pub(crate) site: Site,
}

/// School, packed procedure, year and place of a task.
pub(crate) type TaskKey = (OrganisationId, u32, u16, u8);

/// What the next line is expected to be.
pub(crate) enum State {
    /// A title or a head.
    Seeking,
    /// A second row of the head, or data.
    Heading(Heading),
    /// Data.
    Reading(Rc<Layout>),
}

/// Numbers of the summary.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) kind: Option<FormKind>,
    pub(crate) tables: u64,
    pub(crate) rows_seen: u64,
    pub(crate) rows: u64,
    pub(crate) cells: u64,
    pub(crate) scores: u64,
    pub(crate) aggregates: u64,
    pub(crate) absent: u64,
    /// The file could not be opened, and why was told: that no heads were found says nothing.
    pub(crate) broken: bool,
    /// Rows of pupils with nothing in them, and the first of them.
    pub(crate) blank: u64,
    pub(crate) blank_first: Option<Place>,
    pub(crate) totals: u64,
    pub(crate) schools: BTreeSet<OrganisationId>,
    pub(crate) years: BTreeSet<u16>,
    pub(crate) dropped: Vec<String>,
    /// Unknown schools for which the nearest ones were looked for.
    pub(crate) suggested: u64,
    last: Option<(OrganisationId, u16)>,
    closed: BTreeSet<(OrganisationId, u16)>,
}

impl<'a> Intake<'a> {
    /// A reader of lines of the named file. With `lines` places are lines of a text file, otherwise rows.
    pub fn new(context: &Context<'a>, file_name: &str, lines: bool) -> Self {
        let Context { registry, dictionary, scales, heads, mapping, .. } = *context;
        // In file names words stand between underlines.
        let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem).replace('_', " ");
        let lexicon = Lexicon::new(dictionary);
        Self {
            context: *context,
            names: Names::new(heads, dictionary, scales, mapping),
            schools: Schools::new(registry, &heads.totals),
            procedures: Procedures::default(),
            findings: Findings::default(),
            place: Where { lines, ..Where::default() },
            file: Hints::of(&stem, &lexicon),
            lexicon,
            hints: Hints::default(),
            state: State::Seeking,
            school: None,
            duplicates: Duplicates::default(),
            class: Default::default(),
            batch: Batch::default(),
            tasks: BTreeMap::new(),
            tally: Tally::default(),
            sums: HashMap::new(),
            registry_seen: false,
            nearest_head: None,
            nearest: None,
            skipped: Vec::new(),
            compared: Compared::default(),
            listed: Vec::new(),
            sheets: Sheets::default(),
            sites: Sites::new(registry),
            site: Site::default(),
        }
    }

    /// Starts a sheet, or a table of a document without sheets.
    pub(crate) fn begin(&mut self, sheet: Option<&str>, table: Option<u32>) {
        self.end_table();
        self.sheets.end(self.place.sheet.as_deref(), &self.batch);
        self.place.sheet = sheet.map(str::to_owned);
        self.place.table = table;
        self.hints = Hints::default();
        if let Some(name) = sheet {
            self.hints.update(Hints::of(&name.replace('_', " "), &self.lexicon));
            // The name of a sheet says no more than a number often: «5 класс», «2».
            self.hints.odd_year = None;
        }
        self.duplicates.next_block();
    }

    /// Ends what is open: a head without data, a school whose rows are counted.
    pub(crate) fn end_table(&mut self) {
        if matches!(self.state, State::Heading(_)) {
            self.settle();
        }
        self.end_school();
        self.end_list();
        self.state = State::Seeking;
        self.sums.clear();
        self.procedures.forget();
    }

    /// Takes over what a line above a table, or a paragraph, tells.
    pub(crate) fn title(&mut self, words: &str, row: u32) {
        let hints = Hints::of(words, &self.lexicon);
        if hints == Hints::default() {
            return;
        }
        if let Some(login) = hints.login.clone() {
            self.begin_school(&login, row, hints.participants);
        } else if hints.participants.is_some()
            && let Some(school) = &mut self.school
        {
            school.expected = hints.participants;
        }
        self.hints.update(hints);
        self.procedures.forget();
    }

    /// Takes the heads of a table whose columns are known to be heads, such as those of a columnar file.
    pub fn heads<L: Fields + ?Sized>(&mut self, line: &L) {
        self.end_table();
        self.state = State::Heading(Heading::new(line, 0));
        self.settle();
    }

    /// Takes a line. Rows count from one.
    pub fn line<L: Fields + ?Sized>(&mut self, row: u32, line: &L) {
        match &mut self.state {
            State::Reading(layout) => {
                let layout = Rc::clone(layout);
                self.reading(row, line, &layout);
            }
            State::Seeking => self.seeking(row, line),
            State::Heading(heading) => {
                if filled(line).next().is_none()
                    || heading.is_numbering(line)
                    || heading.extend(line, &self.names)
                {
                    return;
                }
                let words = heading.words();
                if self.settle() {
                    return self.line(row, line);
                }
                self.title(&words, row);
                self.seeking(row, line);
            }
        }
    }

    fn seeking<L: Fields + ?Sized>(&mut self, row: u32, line: &L) {
        self.registry_seen |= crate::registry::is_head(line, self.context.heads);
        if Heading::is_head(line, &self.names) {
            self.state = State::Heading(Heading::new(line, row));
            return;
        }
        if self.context.mapping.is_some() {
            self.near_head(row, Heading::new(line, row).into_levels());
        }
        self.near_heads(row, filled(line).map(|(_, text)| text));
        let words: Vec<&str> = filled(line).map(|(_, text)| text).take(20).collect();
        if !words.is_empty() {
            self.title(&words.join(" "), row);
        }
    }

    fn reading<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Rc<Layout>) {
        if self.is_too_wide(row, line, layout) {
            return;
        }
        let mut values = layout.values.iter().map(|at| line.text(*at).trim()).filter(|text| !text.is_empty());
        match values.next() {
            Some(first) if first.starts_with(|c: char| c.is_ascii_digit()) => self.data(row, line, layout),
            Some(_) if !Heading::is_head(line, &self.names) => self.data(row, line, layout),
            None if filled(line).next().is_none() => {}
            None if !Heading::is_head(line, &self.names) => self.beside(row, line, layout),
            _ => {
                // The same heads again, as at the top of each printed page, change nothing.
                if filled(line).all(|(at, text)| layout.texts.get(at).is_some_and(|head| head == text)) {
                    return;
                }
                self.procedures.forget();
                self.duplicates.next_block();
                self.state = State::Heading(Heading::new(line, row));
            }
        }
    }

    /// A record with values beyond the last column: a delimiter stands inside a value, and all after it is shifted.
    fn is_too_wide<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) -> bool {
        let columns = layout.texts.len();
        // On a sheet what stands beside a table is a note.
        if !self.place.lines || (columns..line.width()).all(|at| line.text(at).trim().is_empty()) {
            return false;
        }
        self.findings.add(
            &codes::RECORD_TOO_WIDE,
            || self.place.at(row, Some(columns)),
            || {
                text(
                    format!("В строке больше значений, чем столбцов: {} и {columns}.", line.width()),
                    "Скорее всего, знак между столбцами стоит внутри значения, и всё после него сдвинуто.",
                    "Возьмите такое значение в кавычки или сохраните файл с точкой с запятой между столбцами.",
                )
            },
        );
        true
    }

    fn data<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) {
        self.tally.rows_seen += 1;
        if self.sums_schools(line, layout) {
            self.tally.totals += 1;
            return;
        }
        match layout.shape {
            Shape::Individual => self.individual(row, line, layout),
            Shape::Counts => self.counts(row, line, layout),
            Shape::Distribution => self.distribution(row, line, layout),
            Shape::Journal => self.journal(row, line, layout),
            Shape::Indicators => self.indicators(row, line, layout),
            Shape::IndicatorList => self.indicator_row(row, line, layout),
        }
    }

    /// A row of several schools, as forms of the ВПР system say of the country, a region, a municipality. Their names
    /// there are often not those of the registry.
    fn sums_schools<L: Fields + ?Sized>(&self, line: &L, layout: &Layout) -> bool {
        let Some(schools) = layout.schools_count.and_then(|at| self.number(line, at)) else { return false };
        let named = || layout.schools.iter().any(|(_, at)| login(line.text(*at)).is_some());
        schools.whole().is_some_and(|schools| schools > 1) && !named()
    }

    /// The procedure and year of a line.
    pub(crate) fn examined<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
    ) -> Option<Examined<'a>> {
        let mut asked = Asked {
            context: &self.context,
            lexicon: &self.lexicon,
            findings: &mut self.findings,
            place: &self.place,
        };
        self.procedures.of(line, row, layout, &self.hints, &mut asked)
    }

    /// Counts a school and a year that have a fact, and looks whether the school was there.
    pub(crate) fn note(&mut self, school: OrganisationId, year: u16, row: u32) {
        if self.tally.last == Some((school, year)) {
            return;
        }
        self.tally.last = Some((school, year));
        self.tally.schools.insert(school);
        self.tally.years.insert(year);
        let registry = self.context.registry;
        let end = registry
            .events_of(school)
            .iter()
            .find(|event| matches!(event.kind, EventKind::Closed | EventKind::MergedInto(_)));
        let first_day = i16::try_from(year).ok().and_then(|year| Date::new(year, 1, 1).ok());
        if let (Some(end), Some(first_day)) = (end, first_day)
            && end.date <= first_day
            && self.tally.closed.insert((school, year))
        {
            let name = registry.get(school).map_or("", |organisation| organisation.name.as_str());
            self.findings.add(
                &codes::SCHOOL_CLOSED,
                || self.place.at(row, None),
                || {
                    text(
                        format!(
                            "Результаты {year} года у школы «{}», которой нет с {}.",
                            shown(name),
                            end.date.strftime("%d.%m.%Y")
                        ),
                        "После закрытия или присоединения результатов у школы быть не должно.",
                        "Проверьте год в файле и дату в реестре.",
                    )
                },
            );
        }
    }

    /// How many facts wait to be taken.
    pub fn waiting(&self) -> usize {
        self.batch.len()
    }

    /// Takes the facts read so far. They count only when the summary has no error.
    pub fn take(&mut self) -> Batch {
        self.tally.rows += self.batch.rows.len() as u64;
        self.tally.cells += self.batch.cells.len() as u64;
        self.tally.scores += self.batch.scores.len() as u64;
        self.tally.aggregates += self.batch.aggregates.len() as u64;
        std::mem::take(&mut self.batch)
    }

    /// Ends the file: the rest of the facts, and the summary.
    pub fn finish(mut self) -> (Batch, Summary) {
        self.end_table();
        self.sheets.end(self.place.sheet.as_deref(), &self.batch);
        let sheets = std::mem::take(&mut self.sheets).finish();
        let source = self.context.source;
        self.sites.finish(&mut self.batch);
        let tasks = std::mem::take(&mut self.tasks);
        self.batch.tasks.extend(tasks.into_iter().map(|((organisation, packed, year, task), sums)| {
            let (pupils, points, points_max) = sums;
            let procedure = opora_cells::Procedure::from_packed(packed);
            TaskSum { organisation, procedure, year, task, pupils, points, points_max, source }
        }));
        let batch = self.take();
        self.last_words();
        let Self { tally, findings, .. } = self;
        let summary = Summary {
            kind: tally.kind,
            rows_seen: tally.rows_seen,
            rows: tally.rows,
            cells: tally.cells,
            aggregates: tally.aggregates,
            schools: tally.schools.len() as u64,
            years: tally.years.into_iter().collect(),
            absent: tally.absent,
            dropped: tally.dropped,
            sheets,
            errors: findings.of_level(Level::Error) as u64,
            findings: findings.finish(),
        };
        (batch, summary)
    }

    fn last_words(&mut self) {
        let whole = || Place::WHOLE;
        if self.tally.tables > 0 {
            for place in std::mem::take(&mut self.skipped) {
                let name =
                    place.sheet.as_ref().map_or("Таблица".to_owned(), |name| format!("Лист «{name}»"));
                self.findings.add(
                    &codes::SHEET_SKIPPED,
                    || place,
                    || {
                        text(
                            format!("{name}: не прочитано."),
                            "Не найдена строка с названиями столбцов.",
                            "Если там есть результаты, проверьте названия столбцов.",
                        )
                    },
                );
            }
        }
        let facts = self.tally.rows + self.tally.cells + self.tally.aggregates + self.tally.scores;
        let unread = [codes::FILE_UNREADABLE, codes::FILE_EMPTY, codes::RECORD_TOO_LONG];
        let unread = self.tally.broken || unread.iter().any(|code| self.findings.any(code));
        if self.tally.tables == 0 && !unread {
            if self.tell_absent_columns() {
                // The columns that are named tell more than that there are none.
            } else if self.registry_seen {
                self.findings.add(&codes::REGISTRY_FILE, whole, || {
                    text(
                        "Это реестр организаций, результатов в нём нет.",
                        "Реестр загружают отдельно: по нему узнают школы во всех других файлах.",
                        "Загрузите файл как реестр.",
                    )
                });
            } else {
                self.tell_unknown_form();
            }
        } else if facts == 0 && self.findings.of_level(Level::Error) == 0 {
            self.findings.add(&codes::NO_RESULTS, whole, || {
                text(
                    "В файле нет ни одного результата.",
                    "Столбцы найдены, но все строки пусты или пропущены.",
                    "Проверьте, заполнен ли файл.",
                )
            });
        }
        self.tell_skipped();
    }

    /// What was left out on purpose, in numbers.
    fn tell_skipped(&mut self) {
        let whole = || Place::WHOLE;
        if self.duplicates.full {
            self.findings.add(&codes::DUPLICATES_NOT_CHECKED, whole, || {
                text(
                    "Повторы участников проверены не во всём файле.",
                    "Файл очень большой: коды после первого миллиона не сравнивались.",
                    "Если есть сомнения, разделите файл на части.",
                )
            });
        }
        let (totals, absent) = (self.tally.totals, self.tally.absent);
        if totals > 0 {
            self.findings.add(&codes::TOTALS_SKIPPED, whole, || {
                text(
                    format!("Пропущены итоговые строки: {totals}."),
                    "Итоги по району и региону считаются по школам.",
                    "Ничего делать не нужно.",
                )
            });
        }
        if let Some(first) = self.tally.blank_first.take() {
            let count = self.tally.blank;
            self.findings.add(
                &codes::RESULT_BLANK,
                || first,
                || {
                    text(
                        format!("Нет ни отметки, ни балла, не учтены строки: {count}. Первая – здесь."),
                        "По пустой строке не понять, работу не писали или результат забыли внести.",
                        "Впишите отметки и баллы, а у тех, кто не писал, – «н/я».",
                    )
                },
            );
        }
        if absent > 0 {
            self.findings.add(&codes::ABSENT_SKIPPED, whole, || {
                text(
                    format!("Не участвовали и не учтены: {absent}."),
                    "Доли считаются от тех, кто выполнял работу.",
                    "Ничего делать не нужно.",
                )
            });
        }
    }
}
