//! How does a calendar program get the days of a plan, or of all?

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HOST};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use opora_schedule::OccurrenceKind;
use opora_schedule::ics::{self, Component, Entry};

use crate::clock;
use crate::web::errors::WebError;
use crate::web::pages::export::file_name;
use crate::web::pages::files::disposition;
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::views::address::{pairs, value};
use crate::web::views::agenda::{Item, agenda};
use crate::web::views::words::shortened;

/// `GET /plans/{id}/calendar.ics`: days, deadlines and intervals; with `?all=1` also what comes again or goes on all
/// the time, which would fill a calendar from edge to edge.
pub async fn of_plan(
    ui: Ui,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let plan = state.plan(id).await?;
    let feed =
        Feed { host: host(&headers), all: wants_all(query.as_deref()), today: ui.today, stamp: clock::now() };
    Ok(answer(&feed.text(plan.title(), &[plan.as_ref()]), &file_name(&plan, "ics")))
}

/// `GET /calendar.ics`: the same for all plans outside the archive.
pub async fn of_all(
    ui: Ui,
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let mut plans = Vec::new();
    for summary in state.store.plans().await?.iter().filter(|summary| !summary.archived) {
        plans.push(state.plan_of(summary).await?);
    }
    let feed =
        Feed { host: host(&headers), all: wants_all(query.as_deref()), today: ui.today, stamp: clock::now() };
    let plans: Vec<&LoadedPlan> = plans.iter().map(AsRef::as_ref).collect();
    Ok(answer(&feed.text("Опора: сроки всех планов", &plans), "Опора, сроки.ics"))
}

fn wants_all(query: Option<&str>) -> bool {
    value(&pairs(query), "all") == Some("1")
}

/// The host the reader used: links in the calendar lead there. Only what a host name can hold.
fn host(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (!host.is_empty() && host.chars().all(plain)).then(|| host.to_owned())
}

fn answer(text: &str, name: &str) -> Response {
    let headers =
        [(CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition(name))];
    (headers, text.to_owned()).into_response()
}

struct Feed {
    host: Option<String>,
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
        ics::calendar(name, &entries, Component::Event, self.stamp.to_zoned(TimeZone::UTC).datetime())
    }

    fn thing(&self, plan: &LoadedPlan, item: &Item<'_>) -> Option<Thing> {
        let repeats = |kind| matches!(kind, OccurrenceKind::Recurrence | OccurrenceKind::Ongoing);
        let mut days = item.spans.clone();
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
            url: self.host.as_ref().map(|host| format!("http://{host}{path}")),
            days,
        })
    }
}

struct Thing {
    uid: String,
    summary: String,
    description: String,
    url: Option<String>,
    days: Vec<opora_schedule::Occurrence>,
}

impl Thing {
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
