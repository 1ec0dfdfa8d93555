//! How does the owner of a token want to be told?

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use opora_execution::notices::{Quiet, Settings, Topic};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Body, unfit};
use crate::usecases::notices::{Wishes, wishes_of};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::notices::{keep_wishes, own};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(notice_settings, choose_notices))
}

/// How a person is told, and whether letters can come at all.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticeSettings {
    /// Letters are wanted.
    mail: bool,
    /// Hour of the daily digest.
    digest_hour: Option<i8>,
    /// Urgent news come by letter at once.
    urgent_at_once: bool,
    /// Hours in which no letters come.
    quiet: Option<QuietHours>,
    /// All topics, with what is chosen.
    topics: Vec<TopicShown>,
    /// The address that letters go to; nothing where the account has none.
    address: Option<String>,
    /// The server can send letters.
    server_sends: bool,
}

/// Hours from one to another, past midnight where the second is the smaller one.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuietHours {
    #[schema(minimum = 0, maximum = 23)]
    from_hour: i8,
    #[schema(minimum = 0, maximum = 23)]
    to_hour: i8,
}

/// A topic of notices.
#[derive(Serialize, ToSchema)]
pub(super) struct TopicShown {
    topic: &'static str,
    /// In words.
    words: &'static str,
    /// The person is told about it.
    told: bool,
}

async fn shown(state: &AppState, actor: &Actor) -> Result<Json<NoticeSettings>, WebError> {
    let account = state.store.account(own(actor)?).await?;
    let Wishes { settings, mail } = wishes_of(&state.store, account.id).await?;
    let topic = |topic: Topic| TopicShown {
        topic: topic.slug(),
        words: topic.russian(),
        told: !settings.off.contains(&topic),
    };
    let quiet = settings.quiet.map(|own| QuietHours { from_hour: own.from_hour, to_hour: own.to_hour });
    Ok(Json(NoticeSettings {
        mail,
        digest_hour: settings.digest_hour,
        urgent_at_once: settings.urgent_at_once,
        quiet,
        topics: Topic::ALL.map(topic).into(),
        address: Some(account.mail).filter(|mail| !mail.is_empty()),
        server_sends: state.mailer().is_set_up(),
    }))
}

#[utoipa::path(get, path = "/api/v1/notices/settings", tag = "Уведомления", summary = "Свои настройки уведомлений",
    responses((status = 200, description = "Настройки", body = NoticeSettings)))]
pub(super) async fn notice_settings(
    State(state): State<AppState>,
    actor: Actor,
) -> Result<Json<NoticeSettings>, WebError> {
    shown(&state, &actor).await
}

/// How a person wants to be told: all of it, nothing stays as it was.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNoticeSettings {
    /// Letters are wanted.
    mail: bool,
    /// Hour of the daily digest; `null` for none.
    #[schema(required = true, minimum = 0, maximum = 23)]
    digest_hour: Option<i8>,
    /// Urgent news come by letter at once.
    urgent_at_once: bool,
    /// Hours in which no letters come; `null` for none.
    #[schema(required = true)]
    quiet: Option<QuietHours>,
    /// What to tell about.
    #[schema(max_items = 9)]
    topics: Vec<TopicWord>,
}

/// What a notice may be about.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum TopicWord {
    Deadlines,
    Decisions,
    Returns,
    Outcomes,
    Calls,
    Visits,
    Diagnosis,
    Upstream,
    Access,
}

impl From<TopicWord> for Topic {
    fn from(word: TopicWord) -> Self {
        match word {
            TopicWord::Deadlines => Self::Deadlines,
            TopicWord::Decisions => Self::Decisions,
            TopicWord::Returns => Self::Returns,
            TopicWord::Outcomes => Self::Outcomes,
            TopicWord::Calls => Self::Calls,
            TopicWord::Visits => Self::Visits,
            TopicWord::Diagnosis => Self::Diagnosis,
            TopicWord::Upstream => Self::Upstream,
            TopicWord::Access => Self::Access,
        }
    }
}

impl NewNoticeSettings {
    fn wishes(self) -> Result<Wishes, WebError> {
        let hours =
            [self.digest_hour, self.quiet.map(|own| own.from_hour), self.quiet.map(|own| own.to_hour)];
        if !hours.into_iter().flatten().all(|hour| (0..24).contains(&hour)) {
            return Err(unfit("Такого часа нет", "Нужен час от 0 до 23."));
        }
        let told: BTreeSet<Topic> = self.topics.into_iter().map(Topic::from).collect();
        let settings = Settings {
            digest_hour: self.digest_hour,
            urgent_at_once: self.urgent_at_once,
            quiet: self.quiet.map(|own| Quiet { from_hour: own.from_hour, to_hour: own.to_hour }),
            off: Topic::ALL.into_iter().filter(|topic| !told.contains(topic)).collect(),
        };
        Ok(Wishes { settings, mail: self.mail })
    }
}

#[utoipa::path(put, path = "/api/v1/notices/settings", tag = "Уведомления", summary = "Записать свои настройки уведомлений целиком",
    request_body = NewNoticeSettings, responses((status = 200, description = "Настройки, как они стоят теперь", body = NoticeSettings)))]
pub(super) async fn choose_notices(
    State(state): State<AppState>,
    actor: Actor,
    Body(new): Body<NewNoticeSettings>,
) -> Result<Json<NoticeSettings>, WebError> {
    own(&actor)?;
    keep_wishes(&state, &actor, &new.wishes()?).await?;
    shown(&state, &actor).await
}
