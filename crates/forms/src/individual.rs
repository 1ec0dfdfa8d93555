//! What did the pupil of a row get?

use opora_cells::{Judgement, LevelCode, Outcome, Row};

use crate::UnknownSchools;
use crate::codes;
use crate::duplicates::Seen;
use crate::field::Field;
use crate::findings::{shown, text};
use crate::intake::Intake;
use crate::layout::Layout;
use crate::line::{Fields, filled};
use crate::number::{Value, value};
use crate::procedures::Examined;
use crate::school_rows::Whose;
use crate::title::grade_of_class;
use crate::words::plain;

/// Numbers of a row that were read.
struct Scores {
    score: Option<u16>,
    test_score: Option<u16>,
    /// Sum of the points of the tasks, where any was read.
    tasks: Option<u32>,
}

/// The row has a mistake that was told.
struct Told;

impl<'a> Intake<'a> {
    /// Reads an individual result.
    pub(crate) fn individual<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) {
        if self.sums_up(line, layout) {
            self.tally.totals += 1;
            return;
        }
        let whose = self.school_of(row, line, layout);
        let examined = self.examined(row, line, layout);
        let (organisation, examined) = match (whose, examined) {
            (Whose::School(organisation), Some(examined)) => (organisation, examined),
            (Whose::Group, _) => {
                self.tally.totals += 1;
                return;
            }
            (_, examined) => return self.look_over(row, line, layout, examined.as_ref()),
        };
        if self.is_absent(line, layout) {
            return self.not_there(row, line, layout);
        }
        let class = self.class(row, line, layout, &examined);
        // Each of them tells what is wrong with it: a row with three mistakes has three findings.
        let marked = self.is_marked(&examined);
        let outcome = self.told_outcome(row, line, layout, marked);
        let journal = self.journal_mark(row, line, layout);
        let scores = self.scores(row, line, layout, &examined);
        let (Ok(outcome), Ok(journal), Ok(mut scores)) = (outcome, journal, scores) else { return };
        if marked {
            scores.test_score = None;
        }
        let outcome = match outcome {
            Some(outcome) => outcome,
            None => match self.compared_with_minimum(row, line, layout, &scores) {
                Err(Told) => return,
                Ok(Some(outcome)) => outcome,
                Ok(None) => self.judged(row, line, layout, &examined, &scores),
            },
        };
        let by_minimum = is_minimum(&examined);
        let score = if by_minimum || examined.scale.is_none() {
            scores.test_score.or(scores.score)
        } else {
            scores.score.or(scores.test_score)
        };
        let result = Row {
            organisation,
            procedure: examined.procedure,
            year: examined.year,
            class,
            outcome,
            journal,
            score,
            file_row: row,
        };
        if self.is_new(row, line, layout, &result) {
            self.add_tasks(line, layout, &result);
            self.batch.rows.push(result);
            self.note(organisation, examined.year, row);
            if let Some(school) = &mut self.school {
                school.counted += 1;
            }
        }
    }

    /// Tells what else is wrong with a row that belongs to no school or procedure: all of it is to be mended at once.
    fn look_over<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        examined: Option<&Examined<'_>>,
    ) {
        // A row that is left out as asked for may say what it likes.
        if self.context.unknown_schools == UnknownSchools::Skip || self.is_absent(line, layout) {
            return;
        }
        let marked = examined.is_some_and(|examined| self.is_marked(examined));
        // What they read counts for nothing; what they find wrong is told.
        let _ = self.told_outcome(row, line, layout, marked);
        let _ = self.journal_mark(row, line, layout);
        if let Some(examined) = examined {
            let _ = self.scores(row, line, layout, examined);
        } else {
            let _ = self.score(row, line, layout.score, None);
            let _ = self.score(row, line, layout.test_score, self.context.heads.test_score_max());
            let _ = self.task_points(row, line, layout);
        }
    }

    fn cell<L: Fields + ?Sized>(&self, line: &L, at: Option<usize>) -> Value {
        at.map_or(Value::Blank, |at| value(line.text(at), self.context.heads))
    }

    /// Neither a mark nor a score nor a point.
    fn is_absent<L: Fields + ?Sized>(&self, line: &L, layout: &Layout) -> bool {
        let nothing = |at: Option<usize>| matches!(self.cell(line, at), Value::Blank | Value::Absent);
        let told = [layout.mark, layout.score, layout.test_score];
        if told.iter().any(|at| self.cell(line, *at) == Value::Absent) {
            return true;
        }
        told.into_iter().all(nothing) && layout.tasks.iter().all(|(at, _)| nothing(Some(*at)))
    }

    fn class<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        examined: &Examined<'_>,
    ) -> u8 {
        let Some(at) = layout.class else { return 0 };
        let cell = line.text(at);
        if self.class.0 != cell {
            self.class = (cell.to_owned(), grade_of_class(cell));
        }
        let (grade, class) = self.class.1;
        if let Some(grade) = grade.filter(|grade| *grade != examined.grade_written) {
            self.findings.once(
                &codes::GRADE_DIFFERS,
                cell,
                || self.place.at(row, Some(at)),
                || {
                    text(
                        format!("Класс «{}», а форма за {} класс.", shown(cell), examined.grade_written),
                        if grade > 11 {
                            "Такого класса не бывает."
                        } else {
                            "Результат отнесён к классу формы."
                        },
                        "Проверьте, из той ли формы эти строки.",
                    )
                },
            );
        }
        class
    }

    /// The row sums up pupils: its first cell says so, or any cell says so clearly.
    fn sums_up<L: Fields + ?Sized>(&self, line: &L, layout: &Layout) -> bool {
        let heads = self.context.heads;
        // A region, a subject and the like may have the words of a sum and are no sum.
        let about = |at: usize| layout.region == Some(at) || layout.procedure.contains(&Some(at));
        let mut cells = filled(line).filter(|(at, _)| !about(*at));
        let Some((at, first)) = cells.next() else { return false };
        let no_school = || layout.schools.iter().all(|(_, at)| line.text(*at).trim().is_empty());
        // «РФ» sums up in a row without a school, and is a nationality in the row of a pupil.
        let personal =
            || layout.columns.iter().any(|column| column.at == at && column.field == Field::Personal);
        heads.is_sum(first)
            || cells.any(|(_, text)| heads.is_sum(text))
            || no_school() && !personal() && heads.totals.contains(&plain(first))
    }

    /// The procedure has no scale of 100: its «test score» is a mark.
    fn is_marked(&self, examined: &Examined<'_>) -> bool {
        let marked = &self.context.heads.marked;
        // Few procedures are: the name is made only where one of them can be meant.
        !marked.is_empty()
            && examined.procedure.level != LevelCode::default()
            && marked.contains(&self.context.dictionary.procedure_id(examined.procedure))
    }

    /// The mark of the row as an outcome; nothing where there is none.
    fn told_outcome<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        marked: bool,
    ) -> Result<Option<Outcome>, Told> {
        let has_mark = !matches!(self.cell(line, layout.mark), Value::Blank | Value::Absent);
        let at = if marked && !has_mark { layout.test_score } else { layout.mark };
        let outcome = match self.cell(line, at) {
            Value::Blank | Value::Absent => return Ok(None),
            Value::Number(mark) => {
                mark.whole().and_then(|mark| u8::try_from(mark).ok()).and_then(Outcome::of_mark)
            }
            Value::Text => self.pass_word(line, at),
        };
        if outcome.is_none() {
            self.wrong_mark(row, line, at);
        }
        outcome.map(Some).ok_or(Told)
    }

    fn wrong_mark<L: Fields + ?Sized>(&mut self, row: u32, line: &L, at: Option<usize>) {
        let cell = at.map_or("", |at| line.text(at));
        let what = format!("Отметки «{}» не бывает.", shown(cell));
        let why = "Отметка – 2, 3, 4 или 5.";
        self.told(&codes::MARK_IMPOSSIBLE, row, at, what, why, "Исправьте отметку по исходной форме.");
    }

    fn pass_word<L: Fields + ?Sized>(&self, line: &L, at: Option<usize>) -> Option<Outcome> {
        let word = plain(line.text(at?));
        let heads = self.context.heads;
        if heads.passed.contains(&word) {
            Some(Outcome::AtMinimum)
        } else {
            heads.not_passed.contains(&word).then_some(Outcome::BelowMinimum)
        }
    }

    fn journal_mark<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
    ) -> Result<Option<u8>, Told> {
        let Value::Number(mark) = self.cell(line, layout.journal) else { return Ok(None) };
        match mark.whole() {
            Some(mark @ 2..=5) => Ok(u8::try_from(mark).ok()),
            _ => {
                self.wrong_mark(row, line, layout.journal);
                Err(Told)
            }
        }
    }

    fn scores<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        examined: &Examined<'_>,
    ) -> Result<Scores, Told> {
        let scale_max = examined.scale.map(|scale| scale.score_max);
        let minimum_max = if is_minimum(examined) { scale_max } else { None };
        let test_max = minimum_max.or(self.context.heads.test_score_max());
        let score_max = if minimum_max.is_some() && !layout.score_is_primary {
            minimum_max
        } else {
            examined.score_max.filter(|_| {
                !layout.score_is_primary || !is_minimum(examined) || self.hints.score_max.is_some()
            })
        };
        let score = self.score(row, line, layout.score, score_max);
        let test_score = self.score(row, line, layout.test_score, test_max);
        let tasks = self.task_points(row, line, layout);
        let scores = Scores { score: score?, test_score: test_score?, tasks: tasks? };
        if let (Some(sum), Some(score)) = (scores.tasks, scores.score)
            && sum != u32::from(score)
        {
            let what = format!("Сумма баллов за задания {sum}, а первичный балл {score}.");
            let why = "Одно из двух чисел неверно; учтён первичный балл.";
            self.told(
                &codes::TASKS_DO_NOT_ADD_UP,
                row,
                layout.score,
                what,
                why,
                "Сверьте строку с исходной формой.",
            );
        }
        Ok(scores)
    }

    fn score<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        at: Option<usize>,
        most: Option<u16>,
    ) -> Result<Option<u16>, Told> {
        /// No examination has more.
        const SCORE_MAX: u16 = 1_000;
        let number = match self.cell(line, at) {
            Value::Blank | Value::Absent => return Ok(None),
            Value::Number(number) => number.whole(),
            Value::Text => None,
        };
        let whole = number.and_then(|number| u16::try_from(number).ok()).filter(|score| *score <= SCORE_MAX);
        let cell = at.map_or("", |at| line.text(at));
        let what = match (whole, most) {
            (Some(score), Some(most)) if score > most => format!("Балл {score} больше максимума {most}."),
            (Some(score), _) => return Ok(Some(score)),
            (None, _) => format!("«{}» – не балл.", shown(cell)),
        };
        let why = "Балл – целое число от нуля до максимума работы.";
        self.told(&codes::SCORE_IMPOSSIBLE, row, at, what, why, "Исправьте балл по исходной форме.");
        Err(Told)
    }

    fn task_points<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
    ) -> Result<Option<u32>, Told> {
        let (mut sum, mut any, mut wrong) = (0, false, false);
        for (at, most) in &layout.tasks {
            let points = match value(line.text(*at), self.context.heads) {
                Value::Blank | Value::Absent => continue,
                Value::Number(number) => number.whole().and_then(|points| u8::try_from(points).ok()),
                Value::Text => None,
            };
            match points {
                Some(points) if *most == 0 || points <= *most => {
                    sum += u32::from(points);
                    any = true;
                }
                _ => {
                    wrong = true;
                    let what = match *most {
                        0 => format!("«{}» – не балл за задание.", shown(line.text(*at))),
                        most => format!(
                            "«{}» – не балл за задание, в котором их не больше {most}.",
                            shown(line.text(*at))
                        ),
                    };
                    let why = "Балл за задание – целое число от нуля до максимума, X – не приступал.";
                    self.told(
                        &codes::TASK_IMPOSSIBLE,
                        row,
                        Some(*at),
                        what,
                        why,
                        "Исправьте балл по исходной форме.",
                    );
                }
            }
        }
        if wrong { Err(Told) } else { Ok(any.then_some(sum)) }
    }

    /// The outcome by a column of the minimum, where there is one.
    fn compared_with_minimum<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        scores: &Scores,
    ) -> Result<Option<Outcome>, Told> {
        match self.cell(line, layout.minimum) {
            Value::Number(minimum) => {
                let score = scores.test_score.or(scores.score).map(i64::from);
                let reached = minimum.whole().zip(score).map(|(minimum, score)| score >= minimum);
                Ok(reached.map(|yes| if yes { Outcome::AtMinimum } else { Outcome::BelowMinimum }))
            }
            Value::Blank | Value::Absent => Ok(self.pass_word(line, layout.minimum)),
            Value::Text => {
                let outcome = self.pass_word(line, layout.minimum);
                if outcome.is_none() {
                    let cell = layout.minimum.map_or("", |at| line.text(at));
                    let what = format!("По «{}» не понять, преодолён ли минимум.", shown(cell));
                    let why = "Нужен минимальный балл числом или «да» и «нет».";
                    self.told(
                        &codes::MINIMUM_IMPOSSIBLE,
                        row,
                        layout.minimum,
                        what,
                        why,
                        "Исправьте значение.",
                    );
                }
                outcome.map(Some).ok_or(Told)
            }
        }
    }

    /// The outcome by the scale of the year. Without a scale, or without what it asks for, there is none.
    fn judged<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        examined: &Examined<'_>,
        scores: &Scores,
    ) -> Outcome {
        let Some(scale) = examined.scale else {
            if scores.score.is_some() || scores.test_score.is_some() {
                self.no_scale(row, examined);
            }
            return Outcome::None;
        };
        let by_minimum = is_minimum(examined);
        let primary = scores.score.filter(|_| !by_minimum || !layout.score_is_primary);
        let score = if by_minimum { scores.test_score.or(primary) } else { primary.or(scores.test_score) };
        let Some(score) = score else {
            if scores.score.is_some() {
                let name = self.context.dictionary.procedure_name(examined.procedure);
                self.findings.once(
                    &codes::SCALE_NEEDS_TEST_SCORE,
                    &name,
                    || self.place.at(row, layout.score),
                    || {
                        text(
                            format!("{name}: есть первичный балл, а минимум задан в тестовых."),
                            "Первичный балл нельзя сравнить с минимумом тестового.",
                            "Добавьте столбец «Тестовый балл».",
                        )
                    },
                );
            }
            return Outcome::None;
        };
        let heads = self.context.heads;
        let points = |part: &str| {
            let part = plain(part);
            let cells = layout.parts.iter().filter(|(_, name)| *name == part);
            let numbers = cells.filter_map(|(at, _)| match value(line.text(*at), heads) {
                Value::Number(number) => number.whole().and_then(|points| u16::try_from(points).ok()),
                _ => None,
            });
            numbers.reduce(u16::saturating_add)
        };
        let outcome = scale.judge(score, points);
        if outcome == Outcome::None {
            let name = self.context.dictionary.procedure_name(examined.procedure);
            let mut parts: Vec<String> =
                scale.conditions.iter().map(|condition| format!("«{}»", condition.part)).collect();
            parts.dedup();
            self.findings.once(
                &codes::SCALE_NEEDS_PART,
                &name,
                || self.place.at(row, None),
                || {
                    text(
                        format!("{name}: для отметки нужны ещё баллы {}.", parts.join(", ")),
                        "Отметка зависит не только от суммы баллов, без них она не ставится.",
                        "Добавьте столбцы с этими баллами или с отметками.",
                    )
                },
            );
        }
        outcome
    }

    fn no_scale(&mut self, row: u32, examined: &Examined<'_>) {
        let procedure = examined.procedure;
        let name = self.context.dictionary.procedure_name(procedure);
        let year = examined.year;
        let other_level = self.context.scales.all().iter().any(|scale| {
            let its = scale.procedure;
            (its.kind, its.subject, its.grade) == (procedure.kind, procedure.subject, procedure.grade)
                && its.level != procedure.level
                && (scale.years.0..=scale.years.1).contains(&year)
        });
        let thing = format!("{name} {year}");
        let place = &self.place;
        if other_level {
            self.findings.once(
                &codes::SCALE_NEEDS_LEVEL,
                thing,
                || place.at(row, None),
                || {
                    text(
                        format!(
                            "{name}, {year} год: не указан уровень, у базового и профильного разные шкалы."
                        ),
                        "Без уровня отметка не ставится.",
                        "Добавьте уровень в заголовок или в столбец «Уровень».",
                    )
                },
            );
        } else {
            self.findings.once(
                &codes::SCALE_MISSING,
                thing,
                || place.at(row, None),
                || {
                    text(
                        format!("{name}, {year} год: отметок нет, и шкалы тоже нет."),
                        "Без шкалы балл не переводится в отметку: это была бы догадка.",
                        "Добавьте столбец с отметками или шкалу этого года.",
                    )
                },
            );
        }
    }

    /// Not told before in this file.
    fn is_new<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout, result: &Row) -> bool {
        let key = (result.organisation, result.procedure.packed(), result.year);
        if self.duplicates.in_another_block(key, result.class, self.site) {
            let name = self.context.dictionary.procedure_name(result.procedure);
            self.findings.add(
                &codes::DUPLICATE_RESULT,
                || self.place.at(row, None),
                || {
                    text(
                        format!(
                            "{name}, {} год: результаты этой школы уже есть выше в том же файле.",
                            result.year
                        ),
                        "Участники посчитались бы дважды.",
                        "Удалите лишний лист или лишний список.",
                    )
                },
            );
        }
        let code = layout.participant.map(|at| line.text(at).trim()).filter(|code| !code.is_empty());
        let Some(code) = code else { return true };
        let told = (result.outcome, result.score, result.journal);
        match self.duplicates.participant((key, self.site), result.class, code, told) {
            Seen::Never => {}
            Seen::SameResult => {
                let why = "Участник посчитался бы дважды.";
                let what = "Участник с тем же кодом и результатом уже есть в файле.".to_owned();
                self.told(
                    &codes::DUPLICATE_PARTICIPANT,
                    row,
                    layout.participant,
                    what,
                    why,
                    "Удалите повторную строку.",
                );
                return false;
            }
            Seen::OtherResult => {
                let why = "Возможно, это разные участники, возможно, один посчитан дважды.";
                let what = "Код участника повторяется с другим результатом.".to_owned();
                self.told(
                    &codes::PARTICIPANT_REPEATED,
                    row,
                    layout.participant,
                    what,
                    why,
                    "Проверьте обе строки.",
                );
            }
        }
        true
    }

    fn add_tasks<L: Fields + ?Sized>(&mut self, line: &L, layout: &Layout, result: &Row) {
        for (task, (at, most)) in (0_u8..=u8::MAX).zip(&layout.tasks) {
            // A sum without the most a pupil can get tells nothing.
            if *most == 0 {
                continue;
            }
            if let Value::Number(points) = value(line.text(*at), self.context.heads) {
                let points = points.whole().and_then(|points| u32::try_from(points).ok()).unwrap_or(0);
                let key = (result.organisation, result.procedure.packed(), result.year, task);
                let sums = self.tasks.entry(key).or_insert((0, 0, *most));
                sums.0 += 1;
                sums.1 = sums.1.saturating_add(points);
                sums.2 = sums.2.max(*most);
            }
        }
    }
}

/// The procedure is judged by a minimum, not by marks.
fn is_minimum(examined: &Examined<'_>) -> bool {
    examined.scale.is_some_and(|scale| matches!(scale.judgement, Judgement::Minimum(_)))
}
