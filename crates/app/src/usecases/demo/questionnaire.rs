//! How do the invented schools answer their self-diagnosis?

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use opora_approval::{Action, NewRemark, Party};
use opora_diagnosis::{
    Answer, Answers, Choice, Kind, Question, Questionnaire, visible, whole_of, write_answer,
};
use opora_store::StoreError;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use super::cast::{Supported, Who};
use crate::usecases::diagnosis::{self as rooms, Case, NotSaved, Person, Saving, TextEdit, Wanted};
use crate::usecases::results::dataset::Workbench;

fn person(who: &Who, at: Timestamp) -> Person<'_> {
    Person { name: &who.name, account: Some(who.account), at }
}

/// The head answers everything and sends it to the curator.
pub(super) async fn fill(
    bench: &Workbench,
    school: &Supported,
    year: i16,
    at: Timestamp,
    chance: &mut ChaCha8Rng,
) -> Result<(), StoreError> {
    let case = Case { school: school.id, year };
    let papers = &bench.catalog.papers;
    let to = Saving { store: &bench.store, papers, case };
    let blank = rooms::book(&bench.store, papers, case).await?;
    let edits: Vec<TextEdit> = answers(&blank.questionnaire, at.to_zoned(TimeZone::system()).date(), chance)
        .into_iter()
        .map(|(question, answer)| TextEdit { question, text: write_answer(&answer), base: 0 })
        .collect();
    match rooms::save(&to, &edits, &person(&school.head, at)).await {
        Ok(_) => act(bench, school, year, at, Action::Submit).await,
        // Answered already, by an earlier start of the example.
        Err(NotSaved::Closed(_)) => Ok(()),
        Err(NotSaved::Store(error)) => Err(error),
    }
}

/// An act about the self-diagnosis as it is now.
pub(super) async fn act(
    bench: &Workbench,
    school: &Supported,
    year: i16,
    at: Timestamp,
    action: Action,
) -> Result<(), StoreError> {
    let case = Case { school: school.id, year };
    let papers = &bench.catalog.papers;
    let book = rooms::book(&bench.store, papers, case).await?;
    let first = book.questionnaire.sections.first().and_then(|section| section.questions.first());
    let path = first.map(|question| opora_diagnosis::question_path(&question.id)).unwrap_or_default();
    let remark = NewRemark {
        path, text: "Проверьте число: в отчёте за прошлый год было другое.".to_owned()
    };
    let (who, party) = match action {
        Action::Approve | Action::Return => (&school.curator, Party::Reviewer),
        _ => (&school.head, Party::Author),
    };
    let wanted = |action, remark| Wanted {
        action,
        party,
        sha256: book.sha256().to_owned(),
        text: if action == Action::ResolveRemark {
            "Проверили, число верное.".to_owned()
        } else {
            String::new()
        },
        remarks: if action == Action::Return { vec![remark] } else { Vec::new() },
        remark: (action == Action::ResolveRemark).then_some(1),
    };
    let to = Saving { store: &bench.store, papers, case };
    let today = at.to_zoned(TimeZone::system()).date();
    if action == Action::Resubmit {
        rooms::act(&to, &wanted(Action::ResolveRemark, remark.clone()), &person(who, at), today).await?;
    }
    rooms::act(&to, &wanted(action, remark), &person(who, at), today).await?;
    Ok(())
}

/// An answer to everything that is asked, in the order in which answers open further questions.
fn answers(questionnaire: &Questionnaire, today: Date, chance: &mut ChaCha8Rng) -> Answers {
    let mut answers = Answers::new();
    loop {
        let asked: BTreeSet<String> =
            visible(questionnaire, &answers).into_iter().map(str::to_owned).collect();
        let open = asked.iter().filter(|id| !answers.contains_key(*id));
        let new: Vec<(String, Answer)> = open
            .filter_map(|id| {
                Some((id.clone(), answer(questionnaire.question(id)?, &answers, today, chance)?))
            })
            .collect();
        if new.is_empty() {
            return answers;
        }
        answers.extend(new);
    }
}

/// An answer inside the limits of a question; nothing where nothing is asked, or its whole is not told yet.
fn answer(question: &Question, given: &Answers, today: Date, chance: &mut ChaCha8Rng) -> Option<Answer> {
    let mut one = |choices: &[Choice]| {
        let at = chance.random_range(0..choices.len().max(1));
        choices.get(at).map(|choice| choice.id.clone())
    };
    Some(match &question.kind {
        Kind::Note => return None,
        Kind::Single(choices) => Answer::Choice(one(choices)?),
        Kind::Multiple { choices, at_least, .. } => {
            let wanted = usize::try_from(*at_least).unwrap_or(1).max(1);
            Answer::Choices(choices.iter().take(wanted).map(|choice| choice.id.clone()).collect())
        }
        Kind::Scale { from, to, .. } => Answer::Scale(chance.random_range(*from..=*to)),
        Kind::Number { min, max, whole, .. } => Answer::Number(number(*min, *max, *whole, chance)),
        Kind::Share { whole_from: Some(_), .. } => {
            Answer::Part(chance.random_range(0..=whole_of(question, given)?))
        }
        Kind::Share { whole_from: None, .. } => {
            let whole = chance.random_range(20..=60);
            Answer::Share { part: chance.random_range(0..=whole), whole }
        }
        Kind::Text { min_length, max_length } => Answer::Text(text(*min_length, *max_length)),
        Kind::Date { from, to, .. } => Answer::Date(from.or(*to).unwrap_or(today)),
        Kind::YesNo { .. } => Answer::YesNo(chance.random_bool(0.6)),
        Kind::Matrix { rows, columns } => {
            let row = |row: &Choice| Some((row.id.clone(), one(columns)?));
            Answer::Matrix(rows.iter().filter_map(row).collect())
        }
    })
}

fn number(min: Option<Decimal>, max: Option<Decimal>, whole: bool, chance: &mut ChaCha8Rng) -> Decimal {
    let least = min.unwrap_or_default();
    // Limits are there to catch slips: no school of the example is anywhere near them.
    let most = max.map_or_else(|| least + Decimal::from(40), |max| least.max(max / Decimal::from(20)));
    let part = Decimal::from(chance.random_range(20..=100_u32)) / Decimal::from(100);
    let number = least + (most - least) * part;
    if whole { number.floor().max(least.ceil()) } else { number.round_dp(1).clamp(least, most) }
}

fn text(least: u32, most: u32) -> String {
    let sentence = "Работаем по плану школы, подробности у заместителя директора. ";
    let long = sentence.repeat(least as usize / sentence.chars().count() + 1);
    long.trim().chars().take(most as usize).collect()
}
