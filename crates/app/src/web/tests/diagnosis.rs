//! Cases of the self-diagnosis: from the first answer to an approval, surveys, risks, the board.

use opora_cells::OrganisationId;
use opora_diagnosis::{Kind, Questionnaire};
use opora_registry::{Node, NodeId, NodeLevel, Organisation, Registry};
use opora_store::{Authorship, RegistryVersion};

use super::access::enter;
use super::*;
use crate::clock;
use crate::usecases::diagnosis::{Book, Case, Papers, Person, Saving, book, carry_over, newer};
use crate::usecases::results::catalog::Catalog;

const TOWN: Place = Place::Node(NodeId(11));
const SCHOOL: Place = Place::School(OrganisationId(5));
pub(super) const CASE: Case = Case { school: OrganisationId(5), year: 2026 };
pub(super) const PAGE: &str = "/schools/5/diagnosis?year=2026";
pub(super) const SUBMIT: &str = "/schools/5/diagnosis/submit?year=2026";
pub(super) const REVIEW: &str = "/schools/5/diagnosis/review?year=2026";
pub(super) const RISKS: &str = "/schools/5/risks?year=2026";

pub(super) struct School {
    pub(super) site: Site,
    pub(super) papers: Papers,
    pub(super) head: String,
    pub(super) curator: String,
}

impl School {
    pub(super) async fn new() -> Self {
        let site = Site::new().await;
        let node = |id, level, parent: Option<u32>, name: &str| Node {
            id: NodeId(id),
            level,
            parent: parent.map(NodeId),
            name: name.to_owned(),
            code: None,
        };
        let school = |id, name: &str| Organisation {
            id: OrganisationId(id),
            name: name.to_owned(),
            kind: "СОШ".to_owned(),
            municipality: NodeId(11),
            rural: None,
            identifiers: vec![],
        };
        let nodes = vec![
            node(1, NodeLevel::Region, None, "Озёрный край"),
            node(11, NodeLevel::Municipality, Some(1), "Верхнеозёрск"),
        ];
        let schools = vec![school(5, "Школа № 5"), school(6, "Школа № 12"), school(7, "Школа № 7")];
        let registry = Registry::new(nodes, schools, vec![]).0;
        let by = Authorship { who: "Оператор", reason: "", at: clock::now() };
        site.store.save_registry(&registry, RegistryVersion::default(), &by).await.expect("a registry");
        let head = enter(&site, Role::SchoolHead, SCHOOL).await;
        let curator = enter(&site, Role::Curator, SCHOOL).await;
        let papers = Catalog::read(None).expect("a catalog").papers;
        Self { site, papers, head, curator }
    }

    pub(super) async fn book(&self) -> Book {
        book(&self.site.store, &self.papers, CASE).await.expect("a diagnosis")
    }

    pub(super) async fn send(&self, cookie: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookie);
        self.site.send(request.body(Body::from(body)).expect("a request")).await
    }

    pub(super) async fn see(&self, cookie: &str, path: &str) -> Answer {
        let request = Request::get(path).header("cookie", cookie);
        self.site.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Sends one answer as the page does: what the field showed, what it says now, the revision seen.
    pub(super) async fn answer(&self, cookie: &str, id: &str, was: &str, now: &str, base: &str) -> Answer {
        let (q, w, b) = (format!("q:{id}"), format!("was:{id}"), format!("base:{id}"));
        self.send(cookie, PAGE, &[("asked", id), (&q, now), (&w, was), (&b, base), ("section", "school")])
            .await
    }

    /// Answers every required question.
    pub(super) async fn fill(&self) {
        for _ in 0..4 {
            let book = self.book().await;
            let progress = book.progress();
            if progress.is_complete() {
                return;
            }
            let mut form = Vec::new();
            let answers = book.answers();
            for (_, question) in book.questionnaire.questions().filter(|(_, question)| question.required) {
                if !answers.contains_key(&question.id) {
                    form.push(("asked".to_owned(), question.id.clone()));
                    form.extend(sample(&book.questionnaire, &question.id));
                }
            }
            let form: Vec<(&str, &str)> =
                form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            let answer = self.send(&self.head, PAGE, &form).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        }
        assert!(self.book().await.progress().is_complete(), "everything is answered");
    }

    pub(super) async fn act(&self, cookie: &str, path: &str, action: &str, more: &[(&str, &str)]) -> Answer {
        let sha256 = self.book().await.sha256().to_owned();
        let form = [&[("action", action), ("sha256", sha256.as_str())], more].concat();
        self.send(cookie, path, &form).await
    }

    /// The diagnosis is filled in, sent and approved.
    pub(super) async fn approved() -> Self {
        let school = Self::new().await;
        school.fill().await;
        done(&school.act(&school.head, SUBMIT, "submit", &[]).await);
        done(&school.act(&school.curator, REVIEW, "approve", &[]).await);
        school
    }
}

#[track_caller]
pub(super) fn done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

/// Fields of an answer that fits.
pub(super) fn sample(questionnaire: &Questionnaire, id: &str) -> Vec<(String, String)> {
    let question = questionnaire.question(id).expect(id);
    let own = |text: String| vec![(format!("q:{id}"), text)];
    match &question.kind {
        Kind::Single(choices) => own(choices[0].id.clone()),
        Kind::Multiple { choices, at_least, .. } => {
            choices.iter().take(*at_least as usize).flat_map(|choice| own(choice.id.clone())).collect()
        }
        Kind::Scale { from, .. } => own(from.to_string()),
        Kind::Number { .. }
            if questionnaire.questions().any(|(_, own)| own.kind.whole_from() == Some(id)) =>
        {
            own("40".to_owned())
        }
        Kind::Number { min, .. } => own(min.map_or("10".to_owned(), |min| min.to_string())),
        Kind::Share { whole_from, .. } => {
            let part = (format!("q:{id}:part"), "2".to_owned());
            let whole = (format!("q:{id}:whole"), "40".to_owned());
            if whole_from.is_some() { vec![part] } else { vec![part, whole] }
        }
        Kind::Text { .. } => own("Не хватает двух учителей математики, уроки ведут совместители.".to_owned()),
        Kind::Date { .. } => own("2026-09-01".to_owned()),
        Kind::YesNo { .. } => own("yes".to_owned()),
        Kind::Matrix { rows, columns } => {
            let row =
                |row: &opora_diagnosis::Choice| (format!("q:{id}:row:{}", row.id), columns[0].id.clone());
            rows.iter().map(row).collect()
        }
        Kind::Note => Vec::new(),
    }
}

#[tokio::test]
async fn every_section_shows_its_questions() {
    let school = School::new().await;
    let questionnaire = school.book().await.questionnaire;
    for section in &questionnaire.sections {
        let answer = school.see(&school.head, &format!("{PAGE}&section={}", section.id)).await;
        assert_eq!(answer.status, StatusCode::OK);
        for question in section.questions.iter().filter(|question| question.kind != Kind::Note) {
            assert!(answer.text.contains(&format!("id=\"q-{}\"", question.id)), "{}", question.id);
        }
        assert!(!answer.text.contains(" style=") && !answer.text.contains("onclick="));
    }
    let read = school.see(&school.curator, PAGE).await;
    assert!(read.text.contains("Ещё не начата") && !read.text.contains("data-autosave"));
}

#[tokio::test]
async fn an_answer_is_kept_and_the_same_page_sent_twice_changes_nothing() {
    let school = School::new().await;
    done(&school.answer(&school.head, "pupils_total", "", "312", "0").await);
    let first = school.book().await;
    done(&school.answer(&school.head, "pupils_total", "", "312", "0").await);
    assert_eq!(school.book().await.last, first.last);
    let page = school.see(&school.head, PAGE).await;
    assert!(page.text.contains("value=\"312\""));
}

#[tokio::test]
async fn of_two_people_nobody_loses_a_word() {
    let school = School::new().await;
    let team = enter(&school.site, Role::SchoolTeam, SCHOOL).await;
    done(&school.answer(&school.head, "pupils_total", "", "312", "0").await);
    // Another question meets nobody.
    done(&school.answer(&team, "teachers_total", "", "28", "0").await);
    let conflict = school.answer(&team, "pupils_total", "", "320", "0").await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.text.contains("312 человек") && conflict.text.contains("320 человек"), "both texts");
    assert!(conflict.text.contains("value=\"320\""), "what was typed stays in the field");
    assert!(conflict.text.contains("руководитель школы"), "and who wrote the other one");
    let revision = school.book().await.saved.fields["pupils_total"].revision.to_string();
    done(&school.answer(&team, "pupils_total", "312", "320", &revision).await);
    assert!(school.see(&school.head, PAGE).await.text.contains("value=\"320\""));
}

#[tokio::test]
async fn what_is_no_answer_stays_in_the_field() {
    let school = School::new().await;
    let refused = school.answer(&school.head, "pupils_total", "", "много", "0").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("value=\"много\"") && refused.text.contains("не читается"));
    assert!(school.book().await.is_blank());
    // The autosave reads notes from a page that is well.
    let auto = [("auto", "1"), ("asked", "pupils_total"), ("q:pupils_total", "-3"), ("section", "school")];
    let answer = school.send(&school.head, PAGE, &auto).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("Нужно не меньше 1"), "out of its limits: kept and told");
}

#[tokio::test]
async fn submit_return_mend_approve() {
    let school = School::new().await;
    done(&school.answer(&school.head, "pupils_total", "", "312", "0").await);
    let early = school.act(&school.head, SUBMIT, "submit", &[]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(early.text.contains("Пока не отправлено") && early.text.contains("Нет ответа на вопрос"));
    school.fill().await;
    done(&school.act(&school.head, SUBMIT, "submit", &[]).await);
    let late = school.answer(&school.head, "pupils_total", "312", "313", "1").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("на проверке"));

    let empty = school.act(&school.curator, REVIEW, "return", &[]).await;
    assert_eq!(empty.status, StatusCode::CONFLICT, "no return without a remark");
    let remark = [("remark:question/pupils_total", "В прошлом отчёте было 298. Сверьте.")];
    let both = school.act(&school.curator, REVIEW, "approve", &remark).await;
    assert_eq!(both.status, StatusCode::CONFLICT);
    assert!(both.text.contains("В прошлом отчёте было 298"), "the remark is not lost");
    done(&school.act(&school.curator, REVIEW, "return", &remark).await);

    let page = school.see(&school.head, &format!("{PAGE}&section=school")).await;
    assert!(page.text.contains("В прошлом отчёте было 298"), "the remark stands at its question");
    let unanswered = school.act(&school.head, SUBMIT, "resubmit", &[]).await;
    assert!(unanswered.text.contains("Остались замечания без ответа"));
    let revision = school.book().await.saved.revision.to_string();
    done(&school.answer(&school.head, "pupils_total", "312", "298", &revision).await);
    let reply = [("remark", "1"), ("text", "Исправлено по отчёту.")];
    done(&school.act(&school.head, SUBMIT, "resolve-remark", &reply).await);
    done(&school.act(&school.head, SUBMIT, "resubmit", &[]).await);
    done(&school.act(&school.curator, REVIEW, "approve", &[]).await);
    let page = school.see(&school.curator, PAGE).await;
    assert!(page.text.contains("ОДОБРЕНО") && page.text.contains("Исправлено по отчёту."));
}

#[tokio::test]
async fn two_decisions_at_once_leave_one() {
    let school = School::new().await;
    school.fill().await;
    done(&school.act(&school.head, SUBMIT, "submit", &[]).await);
    let coordinator = enter(&school.site, Role::Coordinator, TOWN).await;
    let remark = [("remark:questionnaire", "Уточните числа.")];
    let (approved, returned) = tokio::join!(
        school.act(&school.curator, REVIEW, "approve", &[]),
        school.act(&coordinator, REVIEW, "return", &remark)
    );
    let recorded =
        [&approved, &returned].iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count();
    assert_eq!(recorded, 1, "{} {}", approved.text, returned.text);
    assert_eq!(school.book().await.acts.len(), 2, "a submission and one decision");
    // A second click on what is done tells so and records nothing.
    let acts = school.book().await.acts.len();
    let _ = school.act(&school.curator, REVIEW, "approve", &[]).await;
    assert!(school.book().await.acts.len() <= acts + 1);
}

#[tokio::test]
async fn an_approval_is_of_what_was_looked_at() {
    let school = School::new().await;
    school.fill().await;
    done(&school.act(&school.head, SUBMIT, "submit", &[]).await);
    let seen = school.book().await.sha256().to_owned();
    done(&school.act(&school.head, SUBMIT, "withdraw", &[]).await);
    let field = school.book().await.saved.fields["pupils_total"].revision.to_string();
    done(&school.answer(&school.head, "pupils_total", "40", "777", &field).await);
    done(&school.act(&school.head, SUBMIT, "submit", &[]).await);
    let stale = school.send(&school.curator, REVIEW, &[("action", "approve"), ("sha256", &seen)]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("текст изменили"), "{}", stale.text);
    // The head can't approve her own.
    let own = school.act(&school.head, REVIEW, "approve", &[]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_approved_one_is_corrected_with_a_reason() {
    let school = School::approved().await;
    let closed = school.answer(&school.head, "pupils_total", "40", "777", "1").await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    done(&school.act(&school.head, SUBMIT, "begin-correction", &[("text", "Прибыл класс")]).await);
    let field = school.book().await.saved.fields["pupils_total"].revision.to_string();
    done(&school.answer(&school.head, "pupils_total", "40", "777", &field).await);
    let risks = school.see(&school.curator, RISKS).await;
    assert!(risks.text.contains("По одобренной самодиагностике"), "what was approved stays in force");
    let book = school.book().await;
    let agreed = book.agreed.last().expect("an approval");
    assert_ne!(agreed.answers, book.answers());
}

#[tokio::test]
async fn the_risk_profile_shows_a_draft_as_one_and_keeps_decisions() {
    let school = School::new().await;
    done(&school.answer(&school.head, "pupils_total", "", "312", "0").await);
    assert!(school.see(&school.head, RISKS).await.text.contains("Черновик"));
    let school = School::approved().await;
    let page = school.see(&school.curator, RISKS).await;
    assert!(page.text.contains("По одобренной самодиагностике") && page.text.contains("<svg"));
    let factor = school.papers.dictionary.factors[0].id.clone();
    let decide = async |cookie: &str, reason: &str, seen: &str| {
        let form =
            [("factor", factor.as_str()), ("significance", "high"), ("reason", reason), ("seen", seen)];
        school.send(cookie, RISKS, &form).await
    };
    assert_eq!(
        decide(&school.curator, "так", "0").await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a reason is needed"
    );
    assert_eq!(decide(&school.head, "Своих рисков не решают", "0").await.status, StatusCode::FORBIDDEN);
    done(&decide(&school.curator, "Видел кабинеты на посещении", "0").await);
    let second = decide(&school.curator, "Записано со старой страницы", "0").await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        second.text.contains("другое решение уже записано")
            && second.text.contains("Записано со старой страницы")
    );
    let page = school.see(&school.head, RISKS).await.text;
    assert!(page.contains("решение человека") && page.contains("Видел кабинеты на посещении"));
    assert!(page.contains("История профиля"));
    let picture = school.see(&school.head, "/schools/5/risks/charts/risks.csv?year=2026").await;
    assert_eq!(picture.status, StatusCode::OK);
}

#[tokio::test]
async fn the_board_shows_own_schools_by_the_alphabet() {
    let school = School::new().await;
    school.fill().await;
    done(&school.act(&school.head, SUBMIT, "submit", &[]).await);
    enter(&school.site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    let coordinator = enter(&school.site, Role::Coordinator, TOWN).await;
    let board = school.see(&coordinator, "/diagnosis?year=2026").await.text;
    let at = |name: &str| board.find(name);
    assert!(at("Школа № 5").is_some() && at("Школа № 5") < at("Школа № 12"), "{board}");
    assert!(at("Школа № 7").is_none(), "not of the programme");
    assert!(board.contains("На проверке") && board.contains("куратором") && board.contains("Не начата"));
    // What happens later is on the next look.
    done(&school.act(&school.curator, REVIEW, "approve", &[]).await);
    assert!(school.see(&coordinator, "/diagnosis?year=2026").await.text.contains("ОДОБРЕНО"));
    let led = school.see(&school.head, "/diagnosis?year=2026").await;
    assert_eq!(led.location, "/schools/5/diagnosis?year=2026");
    let outside = enter(&school.site, Role::Coordinator, Place::Node(NodeId(1))).await;
    assert!(school.see(&outside, "/diagnosis?year=2025").await.text.contains("Не начата"));
}

#[tokio::test]
async fn the_board_shows_the_schools_of_a_final_list() {
    let school = School::new().await;
    let content = "school\t7\tlow\t-\t-\tIn\n".as_bytes();
    let run = opora_store::NewRun {
        pack: "omsk-2025",
        year: 2026,
        scope: "node:11",
        pack_sha256: "",
        data_sha256: "",
        program: "",
        content,
        summary: &serde_json::json!({}),
    };
    let by = Authorship { who: "Оператор", reason: "", at: clock::now() };
    let run = school.site.store.record_run(&run, &by).await.expect("a run");
    let stored = school.site.store.run(run).await.expect("the run");
    let frozen = crate::usecases::results::frozen::Frozen::read(&stored);
    assert!(frozen.schools[&OrganisationId(7)].listed, "{frozen:?}");
    let coordinator = enter(&school.site, Role::Coordinator, TOWN).await;
    let board = "/diagnosis?year=2026";
    assert!(!school.see(&coordinator, board).await.text.contains("Школа № 7"), "the list is not final yet");
    let whole = OrganisationId(0);
    let step =
        opora_store::NewStep { organisation: whole, step: "finalise", text: "Приказ", file: None };
    school.site.store.record_step(run, 0, &step, &by).await.expect("a final list");
    assert!(school.see(&coordinator, board).await.text.contains("Школа № 7"));
}

#[tokio::test]
async fn many_saves_at_once_lose_nothing() {
    let school = School::new().await;
    let book = school.book().await;
    let required = book.questionnaire.questions().filter(|(_, question)| question.required);
    let ids: Vec<&str> = required.map(|(_, question)| question.id.as_str()).take(8).collect();
    let send = async |id: &str| {
        let mut form = sample(&book.questionnaire, id);
        form.push(("asked".to_owned(), id.to_owned()));
        let form: Vec<(&str, &str)> =
            form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        school.send(&school.head, PAGE, &form).await.status
    };
    let all = tokio::join!(
        send(ids[0]),
        send(ids[1]),
        send(ids[2]),
        send(ids[3]),
        send(ids[4]),
        send(ids[5]),
        send(ids[6]),
        send(ids[7])
    );
    let expected = StatusCode::SEE_OTHER;
    assert_eq!(all, (expected, expected, expected, expected, expected, expected, expected, expected));
    assert_eq!(school.book().await.answers().len(), 8);
}

/// The questionnaires of today with another one for the head.
pub(super) fn papers_with(change: impl Fn(&str) -> String) -> Papers {
    let head = include_str!("../../../../../packs/questionnaires/school-head.toml");
    let factors = include_str!("../../../../../packs/risks/factors.toml");
    let files = [("questionnaires/h.toml", change(head)), ("risks/factors.toml", factors.to_owned())];
    Papers::read(&files.map(|(path, text)| (path.to_owned(), text)).into()).expect("papers")
}

#[tokio::test]
async fn an_old_questionnaire_stays_readable() {
    let school = School::approved().await;
    let old = school.book().await;
    let kept = format!("questionnaire/{}", old.questionnaire_sha256);
    assert_eq!(school.site.store.facts(&kept).await.expect("facts").len(), 1, "kept once");
    let newest = papers_with(|text| text.replace("version = 2", "version = 3"));
    let again = book(&school.site.store, &newest, CASE).await.expect("a diagnosis");
    assert_eq!((again.questionnaire.version, again.sha256()), (2, old.sha256()));
    assert_eq!(again.answers(), old.answers());
    assert!(newer(&newest, &again, clock::today()).is_none(), "what is approved is not carried over");
}

#[tokio::test]
async fn answers_go_over_to_a_newer_questionnaire_when_somebody_says_so() {
    let school = School::new().await;
    school.fill().await;
    let old = school.book().await;
    let newest = papers_with(|text| {
        let renamed = "id = \"all_teachers\"\nwas = [\"teachers_total\"]";
        text.replace("version = 2", "version = 3")
            .replace("id = \"teachers_total\"", renamed)
            .replace("whole_from = \"teachers_total\"", "whole_from = \"all_teachers\"")
    });
    let again = book(&school.site.store, &newest, CASE).await.expect("a diagnosis");
    let migration = newer(&newest, &again, clock::today()).expect("a newer version");
    assert_eq!((migration.kept.len(), migration.dropped.len()), (old.answers().len(), 0));
    let to = Saving { store: &school.site.store, papers: &newest, case: CASE };
    let person = Person { name: "Лапин Егор", account: None, at: clock::now() };
    let moved = carry_over(&to, &person, clock::today()).await.expect("a diagnosis");
    assert_eq!((moved.questionnaire.version, moved.progress().is_complete()), (3, true));
    assert!(moved.answers().contains_key("all_teachers") && !moved.answers().contains_key("teachers_total"));
    assert_ne!(moved.sha256(), old.sha256(), "what was agreed by the old one is not agreed by the new one");
    // A second click changes nothing.
    assert_eq!(carry_over(&to, &person, clock::today()).await.expect("a diagnosis").last, moved.last);
}

#[tokio::test]
async fn results_are_evidence_as_far_as_they_may_be_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"));
    let store = Store::open(&url).await.expect("a store");
    let bench = Workbench::in_folder(store.clone(), folder.path()).expect("a workbench");
    let demo = opora_simulate::Options::preset(opora_simulate::Preset::Demo);
    let options = opora_simulate::Options { schools: 12, details: false, ..demo }.with_years(1);
    let at = "2026-11-22T09:00:00Z".parse().expect("a moment");
    crate::usecases::demo::fill_simulated(&bench, &folder.path().join("packs"), options, &|_| true, at)
        .await
        .expect("a region");
    let pupils_min = u64::from(bench.catalog.pupils_min);
    let site = Site { app: router(AppState::new(bench)), store, _folder: folder.into() };
    let mut seen = 0;
    for id in 1..=12 {
        let text = site.get(&format!("/schools/{id}/risks")).await.text;
        for row in text.split("год</th><td>").skip(1) {
            let whole = row.split_once(" из ").and_then(|(_, rest)| rest.split_once(')')).expect("a share").0;
            assert!(whole.parse::<u64>().expect("a number") >= pupils_min, "{row}");
            seen += 1;
        }
    }
    assert!(seen > 12, "{seen} shares of low results");
}

#[tokio::test]
async fn the_shelf_knows_the_high_risks_of_an_approved_diagnosis() {
    let shelf = crate::usecases::diagnosis::Shelf::default();
    let outside = crate::usecases::diagnosis::Outside { mark: "", of: &|_| Vec::new() };
    let school = School::new().await;
    school.fill().await;
    let high = async |school: &School, year: i16| {
        let (store, papers) = (&school.site.store, &school.papers);
        let found = shelf.high_risks(store, papers, &outside, year, clock::today()).await.expect("risks");
        found.get(&CASE.school).map(|risks| risks.iter().map(|risk| risk.code.clone()).collect::<Vec<_>>())
    };
    assert_eq!(high(&school, 2026).await, None, "filled in and not sent");
    done(&school.act(&school.head, SUBMIT, "submit", &[]).await);
    assert_eq!(high(&school, 2026).await, None, "sent and not approved");
    done(&school.act(&school.curator, REVIEW, "approve", &[]).await);
    let computed = high(&school, 2026).await.expect("an approved diagnosis");
    assert_eq!(high(&school, 2025).await, None, "the year before knows nothing of it");
    assert_eq!(high(&school, 2027).await.as_ref(), Some(&computed), "it holds until a newer one is approved");
    // What a person decided counts at once, one way and the other.
    let factors = school.papers.dictionary.factors.iter();
    let other = factors.map(|factor| factor.id.clone()).find(|id| !computed.contains(id)).expect("a factor");
    for (significance, seen, expected) in [("high", "0", true), ("low", "1", false)] {
        let form = [
            ("factor", other.as_str()),
            ("significance", significance),
            ("reason", "Видел кабинеты на посещении"),
            ("seen", seen),
        ];
        let answer = school.send(&school.curator, RISKS, &form).await;
        if answer.status == StatusCode::SEE_OTHER {
            let now = high(&school, 2026).await.expect("an approved diagnosis");
            assert_eq!(now.contains(&other), expected, "{significance}");
        } else {
            // The page tells which decision it has seen: the next one is made looking at it.
            let page = school.see(&school.curator, RISKS).await.text;
            let own = page
                .split("<form")
                .find(|form| form.contains(&format!("value=\"{other}\"")))
                .expect("a form");
            let seen = own.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
            let form = [form[0], form[1], form[2], ("seen", seen.expect("a number"))];
            done(&school.send(&school.curator, RISKS, &form).await);
            let now = high(&school, 2026).await.expect("an approved diagnosis");
            assert_eq!(now.contains(&other), expected, "{significance}");
        }
    }
}
