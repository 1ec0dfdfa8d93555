//! Are people asked without names, and does nobody answer for a whole town?

use opora_store::Authorship;

use super::diagnosis::{School, done, sample};
use super::*;
use crate::usecases::diagnosis::Papers;

fn link(text: &str) -> String {
    let (_, rest) = text.split_once("/survey/").expect("a link");
    format!("/survey/{}", rest.chars().take(64).collect::<String>())
}

/// A form for parents: everybody is content but those with `help` «нет».
fn parents(once: &str, help: &str, papers: &Papers) -> Vec<(String, String)> {
    let paper = papers.paper(opora_diagnosis::Audience::Parents).expect("a questionnaire");
    let mut form = vec![("once".to_owned(), once.to_owned())];
    for (_, question) in paper.questionnaire.questions().filter(|(_, question)| question.required) {
        form.extend(sample(&paper.questionnaire, &question.id));
    }
    form.push(("q:p_help".to_owned(), help.to_owned()));
    form
}

#[tokio::test]
async fn a_survey_tells_nothing_while_open_and_aggregates_once_closed() {
    let school = School::new().await;
    let surveys = "/schools/5/surveys?year=2026";
    let opened = school.send(&school.head, surveys, &[("audience", "parents")]).await;
    assert_eq!(opened.headers.get("cache-control").and_then(|v| v.to_str().ok()), Some("no-store"));
    let path = link(&opened.text);
    assert!(!school.see(&school.head, surveys).await.text.contains("/survey/"), "the link is shown once");
    assert!(school.site.get(&path).await.text.contains("Отправить ответы"), "no account is needed");
    let send = async |once: &str, help: &str| {
        let form = parents(once, help, &school.papers);
        let form: Vec<(&str, &str)> =
            form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        school.site.post(&path, &form).await
    };
    for person in ["а", "б", "в", "г"] {
        assert!(send(person, "yes").await.text.contains("Спасибо"));
    }
    assert!(send("г", "yes").await.text.contains("Спасибо"), "a second click is no second answer");
    assert!(school.see(&school.head, surveys).await.text.contains("меньше пяти"));
    for person in ["д", "е", "ж"] {
        send(person, "no").await;
    }
    let open = school.see(&school.head, surveys).await.text;
    assert!(open.contains("не меньше 5") && !open.contains("Сводка ответов"));
    let sha256 = opora_access::token_sha256(path.trim_start_matches("/survey/"));
    let foreign =
        school.send(&school.curator, "/schools/5/surveys/close?year=2026", &[("survey", &sha256)]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    done(&school.send(&school.head, "/schools/5/surveys/close?year=2026", &[("survey", &sha256)]).await);
    let closed = school.see(&school.head, surveys).await.text;
    assert!(closed.contains("Ответов: 7.") && closed.contains("Сводка ответов"), "{closed}");
    assert!(send("з", "yes").await.text.contains("больше не принимаются"));
    // Nothing tells who answered: no name, no account, and of the time only the day.
    let facts = school.site.store.facts(&format!("survey-answers/{sha256}")).await.expect("facts");
    assert_eq!(facts.len(), 7);
    for fact in facts {
        assert_eq!((fact.account, fact.who.as_str()), (None, "Участник опроса"));
        assert_eq!(fact.at.as_second() % 86_400, 0);
        let keys: Vec<&String> = fact.content.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["answers"]);
    }
}

#[tokio::test]
async fn an_incomplete_form_of_a_survey_comes_back_as_it_was() {
    let school = School::new().await;
    let opened = school.send(&school.head, "/schools/5/surveys?year=2026", &[("audience", "staff")]).await;
    let path = link(&opened.text);
    let answer = school.site.post(&path, &[("once", "а"), ("q:s_load", "rather_no")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("value=\"rather_no\" checked"), "what was chosen stays chosen");
    assert_eq!(school.site.get("/survey/чужая").await.status, StatusCode::NOT_FOUND);
    let head = school.send(&school.head, "/schools/5/surveys?year=2026", &[("audience", "head")]).await;
    assert_eq!(head.status, StatusCode::BAD_REQUEST, "the head's questionnaire is not anonymous");
}

#[tokio::test]
async fn a_survey_of_ten_thousand_is_full_and_told() {
    let school = School::new().await;
    let surveys = "/schools/5/surveys?year=2026";
    let opened = school.send(&school.head, surveys, &[("audience", "parents")]).await;
    let path = link(&opened.text);
    let sha256 = opora_access::token_sha256(path.trim_start_matches("/survey/"));
    let form = parents("первая", "yes", &school.papers);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert!(school.site.post(&path, &form).await.text.contains("Спасибо"));
    let subject = format!("survey-answers/{sha256}");
    let first = school.site.store.facts(&subject).await.expect("facts").remove(0);
    let new = opora_store::NewFact { subject: &subject, kind: &first.kind, content: &first.content };
    let by = Authorship { who: &first.who, reason: "", at: first.at };
    school.site.store.append_facts(&[], &vec![new; 9_999], None, &by).await.expect("many answers");
    assert!(school.see(&school.head, surveys).await.text.contains("не меньше 10000"));
    let form = parents("лишняя", "yes", &school.papers);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let full = school.site.post(&path, &form).await;
    assert_eq!(full.status, StatusCode::CONFLICT);
    assert!(full.text.contains("Ответов уже слишком много"));
    done(&school.send(&school.head, "/schools/5/surveys/close?year=2026", &[("survey", &sha256)]).await);
    let told = school.see(&school.head, surveys).await.text;
    assert!(told.contains("Ответов: 10000."), "{told}");
}

#[tokio::test]
async fn who_answers_like_a_machine_waits_and_loses_no_word() {
    let school = School::new().await;
    let opened = school.send(&school.head, "/schools/5/surveys?year=2026", &[("audience", "parents")]).await;
    let path = link(&opened.text);
    let mut refused = None;
    for number in 0..200 {
        let form = parents(&format!("страница {number}"), "yes", &school.papers);
        let form: Vec<(&str, &str)> =
            form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let answer = school.site.post(&path, &form).await;
        if answer.status != StatusCode::OK {
            refused = Some((number, answer));
            break;
        }
    }
    let (number, answer) = refused.expect("an end");
    assert_eq!((number, answer.status), (120, StatusCode::TOO_MANY_REQUESTS), "a class or two get in");
    assert!(answer.text.contains("Ваши ответы остались в форме") && answer.text.contains("checked"));
    assert!(answer.text.contains("value=\"страница 120\""), "the same page can be sent again");
    let wait: u64 = answer.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=600).contains(&wait), "{wait}");
    let again = school.site.get(&path).await;
    assert_eq!(again.status, StatusCode::OK, "looking costs nothing");
}
