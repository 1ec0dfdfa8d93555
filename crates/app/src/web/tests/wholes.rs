//! Is a number that the questionnaire knows already asked only once, and do shares follow it wherever they are?

use opora_access::Scope;
use opora_cells::OrganisationId;
use opora_diagnosis::{Answer as Given, Inputs, assess, joined, write_answer};
use serde_json::json;

use super::access::token;
use super::api_support::{get, read, send};
use super::diagnosis::{CASE, PAGE, REVIEW, RISKS, SUBMIT, School, done, papers_with};
use super::*;
use crate::clock;
use crate::usecases::diagnosis::{
    Acted, Papers, Person, Saving, TextEdit, Wanted, act, book, carry_over, newer, save,
};

const SCHOOL: Place = Place::School(OrganisationId(5));
const BOOKS: &str = "textbooks_missing";

impl School {
    async fn part(&self, part: &str, was: &str) -> Answer {
        let base = self.book().await.saved.fields.get(BOOKS).map_or(0, |field| field.revision).to_string();
        let form = [
            ("asked", BOOKS),
            ("q:textbooks_missing:part", part),
            ("was:textbooks_missing", was),
            ("base:textbooks_missing", &base),
            ("section", "low_equipment"),
        ];
        self.send(&self.head, PAGE, &form).await
    }

    async fn pupils(&self, number: &str) -> Answer {
        let field = self.book().await.saved.fields.get("pupils_total").cloned();
        let was =
            field.as_ref().and_then(|field| field.answer.as_ref()).map(write_answer).unwrap_or_default();
        let base = field.map_or(0, |field| field.revision).to_string();
        self.answer(&self.head, "pupils_total", &was, number, &base).await
    }

    async fn equipment(&self) -> String {
        let text = self.see(&self.head, &format!("{PAGE}&section=low_equipment")).await.text;
        let (_, rest) = text.split_once("id=\"q-textbooks_missing\"").expect("the question");
        rest.split_once("</fieldset>").expect("its end").0.to_owned()
    }
}

#[tokio::test]
async fn a_part_may_come_before_its_whole_and_follows_it() {
    let school = School::new().await;
    let open = school.equipment().await;
    assert!(open.contains(":part\"") && !open.contains(":whole\""), "one field: {open}");
    assert!(open.contains("Сколько всего, ещё не сказано"));
    assert!(
        open.contains("href=\"/schools/5/diagnosis?year=2026&amp;section=school#q-pupils_total\""),
        "the question that tells it is one step away: {open}"
    );
    let twice = school.see(&school.head, &format!("{PAGE}&section=low_equipment")).await.text;
    assert!(twice.contains("q:computers_old:whole"), "computers are counted nowhere else");

    done(&school.part("12", "").await);
    assert_eq!(school.book().await.answers()[BOOKS], Given::Part(12));
    assert!(school.see(&school.curator, PAGE).await.text.contains("12, сколько всего – ещё не сказано"));
    done(&school.pupils("312").await);
    let known = school.equipment().await;
    assert!(
        known.contains("data-whole-now=\"312\"") && known.contains("<strong data-whole-number>312</strong>")
    );
    assert!(known.contains("Всего учеников – из ответа на") && known.contains("вопрос 1.1"), "{known}");
    assert!(school.see(&school.curator, PAGE).await.text.contains("12 из 312 (3,8 %)"));
    // The number is mended, and the share that nobody has touched is judged by it.
    done(&school.pupils("10").await);
    let wrong = "это больше, чем «всего учеников» – 10";
    assert!(school.equipment().await.contains(wrong));
    let finish = school.see(&school.head, &format!("{PAGE}&section=finish")).await.text;
    assert!(finish.contains(wrong) && finish.contains("section=low_equipment#q-textbooks_missing"));
    // The autosave of the number alone brings the news of the section it stands in.
    let auto = [
        ("auto", "1"),
        ("asked", BOOKS),
        ("q:textbooks_missing:part", "много"),
        ("section", "low_equipment"),
    ];
    let told = school.send(&school.head, PAGE, &auto).await;
    assert_eq!(told.status, StatusCode::OK);
    assert!(told.text.contains("Напишите одно целое число") && told.text.contains("value=\"много\""));
}

#[tokio::test]
async fn both_numbers_of_an_old_page_are_not_lost_unseen() {
    let school = School::new().await;
    let form = [
        ("asked", BOOKS),
        ("q:textbooks_missing:part", "12"),
        ("q:textbooks_missing:whole", "40"),
        ("section", "low_equipment"),
    ];
    let refused = school.send(&school.head, PAGE, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Ответ «12/40» не читается.") && refused.text.contains("value=\"12/40\""));
    assert!(school.book().await.is_blank());
}

#[tokio::test]
async fn an_approval_is_of_the_part_with_its_whole() {
    let school = School::approved().await;
    let agreed = school.book().await.agreed.last().expect("an approval").clone();
    let share = |answers: &opora_diagnosis::Answers| {
        let question = agreed.questionnaire.question(BOOKS).expect("a share");
        joined(question, answers).map(std::borrow::Cow::into_owned)
    };
    assert_eq!(share(&agreed.answers), Some(Given::Share { part: 2, whole: 40 }));
    let sha256 = school.book().await.sha256().to_owned();
    done(&school.act(&school.head, SUBMIT, "begin-correction", &[("text", "Ушёл класс")]).await);
    done(&school.pupils("20").await);
    let now = school.book().await;
    assert_ne!(now.sha256(), sha256, "another number is another content, though no share was touched");
    assert_eq!(share(&now.answers()), Some(Given::Share { part: 2, whole: 20 }));
    let kept = now.agreed.last().expect("the approval stands");
    assert_eq!(share(&kept.answers), Some(Given::Share { part: 2, whole: 40 }));
    done(&school.pupils("40").await);
    assert_eq!(school.book().await.sha256(), sha256);
}

#[tokio::test]
async fn a_number_that_is_too_small_is_returned_and_mended() {
    let school = School::new().await;
    school.fill().await;
    done(&school.pupils("1").await);
    let early = school.act(&school.head, SUBMIT, "submit", &[]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(early.text.contains("Пока не отправлено: 8\u{a0}вопросов"), "every share of it says so");
    done(&school.pupils("300").await);
    done(&school.act(&school.head, SUBMIT, "submit", &[]).await);
    let remark = [("remark:question/textbooks_missing", "Библиотека говорит о тридцати. Сверьте.")];
    done(&school.act(&school.curator, REVIEW, "return", &remark).await);
    done(&school.part("30", "2").await);
    let reply = [("remark", "1"), ("text", "Исправлено.")];
    done(&school.act(&school.head, SUBMIT, "resolve-remark", &reply).await);
    done(&school.act(&school.head, SUBMIT, "resubmit", &[]).await);
    done(&school.act(&school.curator, REVIEW, "approve", &[]).await);
    let page = school.see(&school.curator, PAGE).await.text;
    assert!(page.contains("ОДОБРЕНО") && page.contains("30 из 300 (10 %)"));
    assert!(school.see(&school.curator, RISKS).await.text.contains("30 из 300 (10 %)"));
}

/// The questionnaire as it was when every share asked for both numbers.
fn before() -> Papers {
    papers_with(|text| {
        let lines = text.lines().filter(|line| !line.starts_with("whole_from"));
        lines.collect::<Vec<_>>().join("\n").replace("version = 2", "version = 1")
    })
}

/// Everything that was answered by the one of today, as that one took it.
async fn said_before(school: &School, old: &Papers, stranger: &str) {
    let now = school.book().await;
    let answers = now.answers();
    let text = |id: &str| {
        let question = now.questionnaire.question(id).expect("a question");
        let text = write_answer(&joined(question, &answers).expect("an answer"));
        if id == stranger { text.replace("/40", "/38") } else { text }
    };
    let edits: Vec<TextEdit> =
        answers.keys().map(|id| TextEdit { question: id.clone(), text: text(id), base: 0 }).collect();
    let case = crate::usecases::diagnosis::Case { year: 2025, ..CASE };
    let to = Saving { store: &school.site.store, papers: old, case };
    let person = Person { name: "Лапин Егор", account: None, at: clock::now() };
    let saved = save(&to, &edits, &person).await.expect("saved");
    assert_eq!((saved.unread.len(), saved.saved), (0, answers.len()));
}

#[tokio::test]
async fn an_answer_of_the_version_before_stays_readable_compared_and_goes_over() {
    let school = School::new().await;
    school.fill().await;
    let old = before();
    said_before(&school, &old, "overloaded").await;
    let case = crate::usecases::diagnosis::Case { year: 2025, ..CASE };
    let store = &school.site.store;
    // Read by the program of today, which asks by the newer one.
    let kept = book(store, &school.papers, case).await.expect("a diagnosis");
    assert_eq!((kept.questionnaire.version, kept.progress().is_complete()), (1, true));
    let page = school.see(&school.curator, "/schools/5/diagnosis?year=2025").await.text;
    assert!(page.contains("2 из 40 (5 %)") && page.contains("2 из 38 (5,3 %)"));
    let filling = school.see(&school.head, "/schools/5/diagnosis?year=2025&section=low_equipment").await.text;
    assert!(filling.contains("q:textbooks_missing:whole") && filling.contains("Анкета обновилась"));
    // The year before and this one, by two versions, say the same of the same numbers.
    let now = school.book().await;
    let profile = |book: &crate::usecases::diagnosis::Book| {
        let (answers, dictionary) = (book.answers(), &school.papers.dictionary);
        let inputs = Inputs { head: Some((&book.questionnaire, &answers)), surveys: &[], evidence: &[] };
        let found = assess(dictionary, &inputs, &[], clock::today());
        found.factors.into_iter().map(|state| (state.factor, state.computed)).collect::<Vec<_>>()
    };
    assert_eq!(profile(&kept), profile(&now));

    let migration = newer(&school.papers, &kept, clock::today()).expect("a newer version");
    assert_eq!(migration.kept.len(), kept.answers().len());
    let told: Vec<(&str, &str)> = migration
        .dropped
        .iter()
        .map(|dropped| (dropped.question.as_str(), dropped.answer.as_str()))
        .collect();
    assert_eq!(told, [("overloaded", "2 из 38 (5,3 %)")], "the only number that says something else");
    let to = Saving { store, papers: &school.papers, case };
    let person = Person { name: "Лапин Егор", account: None, at: clock::now() };
    let moved = carry_over(&to, &person, clock::today()).await.expect("a diagnosis");
    assert_eq!((moved.questionnaire.version, moved.answers()), (2, now.answers()));
    assert!(moved.progress().is_complete());
    let submit = Wanted {
        action: opora_approval::Action::Submit,
        party: opora_approval::Party::Author,
        sha256: moved.sha256().to_owned(),
        text: String::new(),
        remarks: Vec::new(),
        remark: None,
    };
    assert!(matches!(act(&to, &submit, &person, clock::today()).await, Ok(Acted::Done(_))));
}

#[tokio::test]
async fn a_program_writes_the_part_alone() {
    let school = School::new().await;
    let program = token(&school.site, Role::SchoolHead, SCHOOL, &Scope::ALL).await;
    let path = "/api/v1/schools/5/diagnosis?year=2026";
    let put = async |answers: serde_json::Value| {
        let answer = send(&school.site, "PATCH", path, &program, &json!({ "answers": answers })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        read(&answer)
    };
    let kept = put(json!([
        { "question": BOOKS, "text": "12", "base": 0 },
        { "question": "not_native", "text": "12/40", "base": 0 },
        { "question": "computers_old", "text": "3/15", "base": 0 },
    ]))
    .await;
    assert_eq!(
        (kept["saved"].clone(), kept["unread"][0]["question"].clone()),
        (json!(2), json!("not_native"))
    );
    assert!(kept["unread"][0]["mend"].as_str().is_some_and(|mend| mend.contains("одно целое число")));
    let shown = get(&school.site, path, &program).await;
    let question = |id: &str| {
        let all = shown["questions"].as_array().expect("questions");
        all.iter().find(|own| own["id"] == id).expect("the question").clone()
    };
    assert_eq!(question(BOOKS)["answer"], json!("12"));
    let words = json!({ "part": "учеников без полного набора учебников", "whole": "всего учеников", "whole_from": "pupils_total" });
    assert_eq!(question(BOOKS)["share"], words);
    assert_eq!(question("computers_old")["share"]["whole_from"], json!(null));
}
