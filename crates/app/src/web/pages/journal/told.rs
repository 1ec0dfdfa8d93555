//! What does an event of the journal say, in words?

use std::collections::HashMap;

use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_registry::NodeId;
use opora_store::AuditEvent;

use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::people::place_name;
use crate::web::state::AppState;
use crate::web::views::words::shortened;

/// What was done.
pub fn action_words(action: &str) -> &str {
    match action {
        "source.add" => "принят файл",
        "plan.create" => "создан план",
        "plan.give" => "план передан",
        "plan.archive" => "план отправлен в архив",
        "plan.restore" => "план возвращён из архива",
        "version.append" => "записана версия",
        "suppression.add" => "снято замечание",
        "suppression.withdraw" => "возвращено замечание",
        "account.create" => "заведена учётная запись",
        "account.close" => "закрыта учётная запись",
        "account.open" => "открыта учётная запись",
        "account.link" => "сделана ссылка для выбора пароля",
        "role.give" => "дана роль",
        "role.end" => "завершена роль",
        "session.open" => "вход",
        "session.refuse" => "внешний вход отклонён",
        "credential.set" => "изменён способ входа",
        "credential.spend" => "использован код восстановления",
        "credential.seal" => "секрет второго шага зашифрован",
        "token.create" => "сделан токен для программы",
        "token.end" => "токен отозван",
        "registry.save" => "записан реестр организаций",
        "results.add" => "загружен файл с результатами",
        "results.remove" => "файл с результатами исключён",
        "mapping.keep" => "сохранено описание столбцов",
        "mapping.withdraw" => "описание столбцов снято",
        "run.freeze" => "закреплён список",
        "run.step" => "шаг по списку",
        "mail.failed" => "письма не уходят",
        "mail.given-up" => "письмо больше не отправляется",
        "mail.again" => "письма отправлены ещё раз",
        other => other.strip_prefix("fact.").map_or(other, |kind| fact_words(kind).unwrap_or(other)),
    }
}

/// What was recorded in the programme.
fn fact_words(kind: &str) -> Option<&'static str> {
    agreed(kind).or_else(|| carried_out(kind)).or_else(|| looked_after(kind)).or_else(|| asked(kind))
}

fn agreed(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "submit" => "отправлено на проверку",
        "withdraw" => "отозвано с проверки",
        "return" => "возвращено с замечаниями",
        "resubmit" => "отправлено повторно",
        "approve" => "одобрено",
        "put-in-force" => "введено в действие",
        "begin-correction" => "начато исправление",
        "close" => "работа завершена",
        "add-remark" => "добавлено замечание",
        "resolve-remark" => "ответ на замечание",
        "reopen-remark" => "замечание открыто снова",
        "drafted" => "составлен черновик",
        "adopted" => "принято изменение муниципального плана",
        "declined" => "отклонено изменение муниципального плана",
        _ => return None,
    })
}

fn carried_out(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "done" => "отмечено выполнение",
        "evidence" => "приложено подтверждение",
        "evidence-withdrawn" => "отозвано подтверждение",
        "confirmed" => "подтверждено выполнение",
        "returned" => "возвращено на доработку",
        "cancelled" => "отменено мероприятие",
        "postponement-asked" => "попросили перенести срок",
        "postponement-granted" => "срок перенесён",
        "postponement-refused" => "в переносе отказано",
        "delegated" => "передано другому исполнителю",
        "comment" => "оставлен комментарий",
        _ => return None,
    })
}

fn looked_after(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "visit-planned" => "запланировано посещение",
        "visit-moved" => "перенесено посещение",
        "visit-held" => "отмечено посещение",
        "visit-notes" => "записан протокол посещения",
        "visit-closed" => "закончен протокол посещения",
        "visit-cancelled" => "отменено посещение",
        "meeting-called" => "назначено заседание",
        "meeting-notes" => "записан протокол заседания",
        "meeting-published" => "опубликован протокол заседания",
        "meeting-cancelled" => "заседание не состоялось",
        "duty-kept" => "отмечено обязательство",
        "duty-not-kept" => "снята отметка об обязательстве",
        "duty-excused" => "освобождение от обязательства",
        "duty-due-again" => "освобождение от обязательства отозвано",
        "duty-settled" => "решено, какого правила держаться",
        "curator.note" => "отмечен возможный куратор",
        "mentor-school.note" => "отмечена возможная школа-наставник",
        "distance.note" => "записано расстояние между школами",
        "mentor.assign" => "назначена школа-наставник",
        "mentor.end" => "завершено назначение школы-наставника",
        "mentor.contract" => "добавлен договор о наставничестве",
        _ => return None,
    })
}

fn asked(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "diagnosis.save" => "сохранены ответы самодиагностики",
        "diagnosis.act" => "согласование самодиагностики",
        "diagnosis.term" => "назначен срок самодиагностики",
        "risks.decision" => "решение о риске",
        "survey.open" => "открыт опрос",
        "survey.list" => "опрос внесён в список школы",
        "survey.close" => "закрыт опрос",
        "survey.answer" | "survey.form" => "принят анонимный ответ",
        "questionnaire.keep" => "сохранена анкета",
        "questionnaire.add" => "загружена анкета",
        "questionnaire.adopt" => "анкета введена в действие",
        "questionnaire.end" => "действие анкеты прекращено",
        "notices.settings" => "изменены настройки уведомлений",
        _ => return None,
    })
}

/// How things that events name are called.
pub struct Names {
    plans: HashMap<String, String>,
    people: HashMap<String, String>,
    actor: Actor,
}

impl Names {
    /// Of the plans the reader may see, and of all people: events of others are not shown to who reads a part.
    pub async fn read(state: &AppState, actor: &Actor) -> Result<Self, WebError> {
        let plans = actor.plans(state).await?.into_iter().map(|plan| (plan.id.0.to_string(), plan.title));
        let people = state.store.accounts().await?.into_iter();
        let people = people.map(|account| (account.id.0.to_string(), account.name));
        Ok(Self { plans: plans.collect(), people: people.collect(), actor: actor.clone() })
    }

    /// The object of an event, and the page of it, where there is one for the reader.
    pub fn object(&self, event: &AuditEvent) -> (String, Option<String>) {
        let parts: Vec<&str> = event.object.split('/').collect();
        match parts.as_slice() {
            ["plan", id] => self.plan(id, ""),
            ["plan", id, "version", version] => {
                let (words, way) = self.plan(id, &format!("/history#v{version}"));
                (format!("{words}, версия {version}"), way)
            }
            ["work", id] => self.plan(id, "/work"),
            ["roadmap" | "links", id] => self.plan(id, "/approval"),
            ["source", hash] => (source(event, hash), Some(format!("/files/{hash}"))),
            ["suppression", id] => (format!("решение № {id}"), None),
            ["account", id] => {
                let name = self.people.get(*id).cloned().unwrap_or_else(|| format!("учётная запись № {id}"));
                let may = self.actor.may_somewhere(Right::ManagePeople);
                (name, may.then(|| format!("/people/{id}")))
            }
            ["diagnosis", school, year] => {
                let may = self.may_at(Right::SeeDiagnosis, school);
                let way = may.then(|| format!("/schools/{school}/diagnosis?year={year}"));
                (format!("{}, {year} год", self.school(school)), way)
            }
            ["visits" | "duties", "school", school] => {
                let may = self.may_at(Right::SeeDiagnosis, school);
                (self.school(school), may.then(|| format!("/schools/{school}/visits")))
            }
            ["meetings" | "duties", "node", node] => (self.node(node), None),
            ["tasks", "visit", _] => ("поручение посещения".to_owned(), None),
            ["tasks", "meeting", _] => ("поручение заседания".to_owned(), None),
            ["run", id] => (format!("список № {id}"), Some(format!("/runs/{id}"))),
            ["results", id] => (format!("файл № {id}"), None),
            ["registry", ..] => ("реестр организаций".to_owned(), None),
            ["curators"] => ("кураторы".to_owned(), None),
            ["mentor-schools"] => ("школы-наставники".to_owned(), None),
            ["distances"] => ("расстояния".to_owned(), None),
            ["notices", ..] => ("уведомления".to_owned(), None),
            ["questionnaire", ..] | ["questionnaires", ..] => ("анкета".to_owned(), None),
            ["survey", ..] | ["surveys", ..] => ("опрос".to_owned(), None),
            _ => (event.object.clone(), None),
        }
    }

    fn plan(&self, id: &str, below: &str) -> (String, Option<String>) {
        match self.plans.get(id) {
            Some(title) => (format!("«{}»", shortened(title, 60)), Some(format!("/plans/{id}{below}"))),
            None => (format!("план № {id}"), None),
        }
    }

    fn school(&self, id: &str) -> String {
        let school = id.parse().map(|id| place_name(Place::School(OrganisationId(id)), &self.actor.registry));
        school.unwrap_or_else(|_| format!("школа {id}"))
    }

    fn node(&self, id: &str) -> String {
        let node = id.parse().map(|id| place_name(Place::Node(NodeId(id)), &self.actor.registry));
        node.unwrap_or_else(|_| format!("место {id}"))
    }

    fn may_at(&self, right: Right, school: &str) -> bool {
        school.parse().is_ok_and(|id| self.actor.may(right, Place::School(OrganisationId(id))))
    }
}

fn source(event: &AuditEvent, hash: &str) -> String {
    let name = event.details.get("name").and_then(|value| value.as_str()).filter(|name| !name.is_empty());
    name.map_or_else(
        || format!("файл {}…", hash.chars().take(10).collect::<String>()),
        |name| format!("«{name}»"),
    )
}
