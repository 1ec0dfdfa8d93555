//! How does a calendar program get the days of a plan, or of all?

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use opora_schedule::OccurrenceKind;
use opora_schedule::ics::{self, Component, Entry};

use crate::clock;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::origin::Origin;
use crate::web::pages::export::file_name;
use crate::web::pages::files::disposition;
use crate::web::pages::login::account_of_feed;
use crate::web::shown::{Shown, Wish};
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::views::address::{pairs, value};
use crate::web::views::agenda::{Item, agenda};
use crate::web::views::words::shortened;

/// `GET /plans/{id}/calendar.ics`: days, deadlines and intervals; with `?all=1` also what comes again or goes on all
/// the time, which would fill a calendar from edge to edge. The days are those of the version that is carried out.
pub async fn of_plan(
    ui: Ui,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
    Origin(origin): Origin,
) -> Result<Response, WebError> {
    let plan = Shown::read(&state, id, query.as_deref(), |_| Wish::InForce).await?.plan;
    let feed = Feed { origin, all: wants_all(query.as_deref()), today: ui.today, stamp: clock::now() };
    Ok(answer(&feed.text(plan.title(), &[plan.as_ref()]), &file_name(&plan, "ics")))
}

/// `GET /calendar.ics`: the same for all plans outside the archive.
pub async fn of_all(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    RawQuery(query): RawQuery,
    Origin(origin): Origin,
) -> Result<Response, WebError> {
    of_actor(&ui, &state, &actor, query.as_deref(), origin).await
}

/// `GET /feed/{token}`: the same for the person whose private address it is, without a login.
pub async fn of_person(
    ui: Ui,
    State(state): State<AppState>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    Origin(origin): Origin,
) -> Result<Response, WebError> {
    let unknown = || WebError::not_found("Такого календаря нет");
    let account = account_of_feed(&state, &token).await?.ok_or_else(unknown)?;
    let person = state.person(account).await?.ok_or_else(unknown)?;
    let actor = state.actor_of(person, None).await?;
    of_actor(&ui, &state, &actor, query.as_deref(), origin).await
}

async fn of_actor(
    ui: &Ui,
    state: &AppState,
    actor: &Actor,
    query: Option<&str>,
    origin: Option<String>,
) -> Result<Response, WebError> {
    let mut plans = Vec::new();
    for plan in actor.standings(state).await?.iter().filter(|plan| !plan.summary.archived) {
        plans.push(state.plan_at(&plan.summary, plan.followed.version).await?);
    }
    let feed = Feed { origin, all: wants_all(query), today: ui.today, stamp: clock::now() };
    // The plans of a region are many megabytes of days.
    let write = move || {
        let plans: Vec<&LoadedPlan> = plans.iter().map(AsRef::as_ref).collect();
        feed.text("Опора: сроки всех планов", &plans)
    };
    let text = tokio::task::spawn_blocking(write).await;
    Ok(answer(&text.map_err(|_| WebError::internal("Календарь не составлен."))?, "Опора, сроки.ics"))
}

fn wants_all(query: Option<&str>) -> bool {
    value(&pairs(query), "all") == Some("1")
}

fn answer(text: &str, name: &str) -> Response {
    let headers =
        [(CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition(name))];
    (headers, text.to_owned()).into_response()
}

struct Feed {
    origin: Option<String>,
    all: bool,
    today: Date,
    stamp: Timestamp,
}

impl Feed {
    fn text(&self, name: &str, plans: &[&LoadedPlan]) -> String {
        let mut things: Vec<Thing> = Vec::new();
        for plan in plans {
            let agenda = agenda(&plan.order, self.today);
            things.extend(agenda.items.iter().filter_map(|item| self.thing(plan, item)));
        }
        let entries: Vec<Entry<'_>> = things.iter().map(Thing::entry).collect();
        let stamp = self.stamp.to_zoned(TimeZone::UTC).datetime();
        named_by_place(&ics::calendar(name, &entries, Component::Event, stamp), &things)
    }

    fn thing(&self, plan: &LoadedPlan, item: &Item<'_>) -> Option<Thing> {
        let repeats = |kind| matches!(kind, OccurrenceKind::Recurrence | OccurrenceKind::Ongoing);
        let mut days = item.spans.to_vec();
        days.retain(|day| self.all || !repeats(day.kind));
        if days.is_empty() {
            return None;
        }
        let activity = item.activity;
        let number = activity.number.as_deref().map(|number| format!("{number} ")).unwrap_or_default();
        let mut lines = vec![format!("Срок в документе: {}", activity.schedule.text)];
        if !activity.responsible.is_empty() {
            lines.push(format!("Ответственные: {}", activity.responsible_text()));
        }
        if let Some(outcome) = &activity.outcome {
            lines.push(format!("Результат: {outcome}"));
        }
        lines.push(format!("План: {}", plan.title()));
        let path = format!("/plans/{}/activities/{}", plan.id, activity.key.0);
        Some(Thing {
            uid: format!("plan-{}-activity-{}", plan.id, activity.key.0),
            summary: format!("{number}{}", shortened(&activity.title, 140)),
            description: lines.join("\n"),
            url: self.origin.as_ref().map(|origin| format!("{origin}{path}")),
            sequence: plan.version.saturating_sub(1),
            days,
        })
    }
}

/// The calendar with the names of its events made lasting.
///
/// The writer names an event by its first day, so a deadline that is moved would be a new event beside the old one. A
/// feed names it by its place in the plan (plan, activity, part of the deadline, which of its days) and says by
/// `SEQUENCE` (RFC 5545, 3.8.7.4) that it has changed: the calendar program moves the event it knows.
fn named_by_place(calendar: &str, things: &[Thing]) -> String {
    let mut names = things.iter().flat_map(Thing::names);
    let mut out = String::with_capacity(calendar.len() + calendar.len() / 16);
    for line in calendar.split_inclusive("\r\n") {
        match line.starts_with("UID:").then(|| names.next()).flatten() {
            Some((uid, sequence)) => out.push_str(&format!("UID:{uid}@opora\r\nSEQUENCE:{sequence}\r\n")),
            None => out.push_str(line),
        }
    }
    out
}

struct Thing {
    uid: String,
    summary: String,
    description: String,
    url: Option<String>,
    /// Grows with every version of the plan.
    sequence: i32,
    days: Vec<opora_schedule::Occurrence>,
}

impl Thing {
    /// The lasting name and the sequence number of each of its days, in their order. The first day of a part has the
    /// part's name alone.
    fn names(&self) -> impl Iterator<Item = (String, i32)> {
        self.days.iter().enumerate().map(|(index, day)| {
            let earlier = self.days.iter().take(index).filter(|other| other.part == day.part).count();
            let which = if earlier == 0 { String::new() } else { format!("-{earlier}") };
            (format!("{}-{}{which}", self.uid, day.part), self.sequence)
        })
    }

    fn entry(&self) -> Entry<'_> {
        Entry {
            uid: &self.uid,
            summary: &self.summary,
            description: &self.description,
            url: self.url.as_deref(),
            occurrences: &self.days,
        }
    }
}
