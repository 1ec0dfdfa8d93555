//! What do all pages of a school's diagnosis share: whose it is, who looks, what may be done?

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_approval::{Action, Party, Remark, Standing, State};
use opora_cells::OrganisationId;
use opora_diagnosis::{Section as Part, human_name, question_path};
use serde::Deserialize;

use crate::clock;
use crate::usecases::diagnosis::{Book, Case, Papers, Person, book, papers_of};
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::address;
use crate::web::words;

/// Years that are asked for; anything else is this year.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// What an address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// The year; this one without.
    #[serde(default)]
    pub year: Option<String>,
    /// The section that is shown; `finish` is the last step.
    #[serde(default)]
    pub section: Option<String>,
    /// Something was just done: its word.
    #[serde(default)]
    pub done: Option<String>,
}

impl Asked {
    /// The year that is meant.
    pub fn year(&self, today: Date) -> i16 {
        let asked = self.year.as_deref().and_then(|year| year.trim().parse().ok());
        asked.filter(|year| YEARS.contains(year)).unwrap_or(today.year())
    }
}

/// A diagnosis and its reader.
pub struct View {
    /// Whose and when.
    pub case: Case,
    /// Name of the school.
    pub school: String,
    /// What the school is asked by.
    pub papers: Papers,
    /// The diagnosis.
    pub book: Book,
    /// Where it stands.
    pub standing: Standing,
    /// The reader fills it in.
    pub writes: bool,
    /// The reader checks it, and on which side.
    pub checks: Option<Party>,
    /// Today.
    pub today: Date,
}

impl View {
    /// Reads a diagnosis for a reader. The gate has seen to it that it may be read.
    pub async fn of(state: &AppState, actor: &Actor, school: u32, year: i16) -> Result<Self, WebError> {
        let case = Case { school: OrganisationId(school), year };
        let packs = &state.results.catalog().papers;
        let papers = papers_of(&state.store, packs, &actor.registry, case.school, actor.today).await?;
        let book = book(&state.store, &papers, case).await?;
        Self::with(actor, case, papers, book)
    }

    /// The view of a diagnosis that is at hand.
    pub fn with(actor: &Actor, case: Case, papers: Papers, book: Book) -> Result<Self, WebError> {
        let school = school_name(actor, case.school)?;
        let place = Place::School(case.school);
        let writes = actor.may(Right::Diagnose, place);
        // Nobody checks what she fills in herself; the one who works alone is told so by the rules of approval.
        let apart = !writes || actor.account().is_none();
        let checks = (apart && actor.may(Right::Review, place)).then(|| {
            let coordinates = actor.account().is_some() && actor.may(Right::Assign, place);
            if coordinates { Party::Coordinator } else { Party::Reviewer }
        });
        let standing = book.standing();
        Ok(Self { case, school, papers, book, standing, writes, checks, today: actor.today })
    }

    /// An address below the school's diagnosis, with the year.
    pub fn address(&self, tail: &str, pairs: &[(&'static str, String)]) -> String {
        let mut all = vec![("year", self.case.year.to_string())];
        all.extend(pairs.iter().cloned());
        address(&format!("/schools/{}/{tail}", self.case.school.0), &all)
    }

    /// The address of a section of the questionnaire.
    pub fn section_address(&self, section: &str) -> String {
        self.address("diagnosis", &[("section", section.to_owned())])
    }

    /// What the reader may do now, on the side that fits.
    pub fn permitted(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        if self.writes {
            actions.extend(self.book.permitted(Party::Author));
        }
        if let Some(party) = self.checks {
            let more = self.book.permitted(party);
            actions.extend(more.into_iter().filter(|action| !actions.contains(action)).collect::<Vec<_>>());
        }
        actions
    }

    /// What a path of a remark points at, in words.
    pub fn place_words(&self, path: &str) -> String {
        if path.is_empty() {
            return "Анкета в целом".to_owned();
        }
        human_name(path, &self.book.questionnaire, None).unwrap_or_else(|| path.to_owned())
    }

    /// Remarks to a question, in order.
    pub fn remarks_to<'a>(&'a self, question: &str) -> impl Iterator<Item = &'a Remark> {
        let path = question_path(question);
        self.standing.remarks.iter().filter(move |remark| remark.path == path)
    }

    /// The section that holds a question.
    pub fn section_of(&self, question: &str) -> Option<&Part> {
        let mut all = self.book.questionnaire.questions();
        all.find(|(_, own)| own.id == question).map(|(section, _)| section)
    }

    /// What stands above the content of each of these pages.
    pub fn head(&self, title: &str, here: &str) -> Markup {
        let tabs = [("diagnosis", "Анкета"), ("surveys", "Анонимные опросы"), ("risks", "Профиль рисков")];
        html! {
            nav.breadcrumbs aria-label="Путь" {
                a href="/diagnosis" { "Самодиагностика" }
                a href={ "/schools/" (self.case.school.0) } { (self.school) }
            }
            div.page-head { div {
                h1 { (title) }
                p { (self.school) " · " (self.case.year) " год" }
            } }
            nav.choices.diagnosis-tabs aria-label="Диагностика школы" {
                @for (tail, name) in tabs {
                    a.choice href=(self.address(tail, &[])) aria-current=[(tail == here).then_some("page")] { (name) }
                }
                a.choice.year href=(self.other_year(here, -1)) { (self.case.year - 1) " год" }
                @if self.case.year < self.today.year() {
                    a.choice.year href=(self.other_year(here, 1)) { (self.case.year + 1) " год" }
                }
            }
        }
    }

    fn other_year(&self, tail: &str, step: i16) -> String {
        let year = self.case.year.saturating_add(step).to_string();
        address(&format!("/schools/{}/{tail}", self.case.school.0), &[("year", year)])
    }

    /// Where the questionnaire stands, in a badge and a sentence.
    pub fn standing_line(&self) -> Markup {
        let class = match self.standing.state {
            State::Approved | State::InForce => "good",
            State::Returned => "warning",
            _ => "note",
        };
        let zone = TimeZone::system();
        let open = self.standing.open_remarks().count();
        html! {
            div class={ "notice " (class) " standing" } {
                div {
                    @if self.book.is_blank() {
                        p.notice-title { "Ещё не начата" }
                        p { "Ход за школой." }
                    } @else {
                        p.notice-title { (state_words(self.standing.state)) }
                        @if let Some((_, rest)) = self.standing.sentence(self.today, &zone).split_once(": ") { p { (words::capital(rest)) } }
                    }
                    @if let Some(approved) = self.standing.approved.as_ref().filter(|_| self.standing.state == State::Approved) {
                        p { "Одобрение: " (signature(approved.at, self.book.name(approved.by))) ". Оно относится ровно к этим ответам." }
                    }
                    @if open > 0 { p { "Замечаний без ответа: " (open) "." } }
                }
            }
        }
    }
}

/// The state as the stamp on a paper would say it.
pub fn state_words(state: State) -> &'static str {
    match state {
        State::Approved | State::InForce => "ОДОБРЕНО",
        State::Draft => "Черновик",
        State::Submitted => "На проверке",
        State::Returned => "Возвращено с замечаниями",
        State::Correction => "Исправляется",
        State::Closed => "Завершено",
    }
}

/// The name of a school, or that there is none.
pub fn school_name(actor: &Actor, school: OrganisationId) -> Result<String, WebError> {
    let found = actor.registry.get(school);
    let found = found.ok_or_else(|| WebError::not_found("Такой школы нет в реестре"))?;
    Ok(found.name.clone())
}

/// The actor as one who writes, now.
pub fn person(actor: &Actor) -> Person<'_> {
    Person { name: actor.name(), account: actor.account(), at: clock::now() }
}

/// «21 июля 2021, 14:05, Соколова Анна».
pub fn signature(at: Timestamp, who: &str) -> String {
    format!("{}, {who}", words::moment(at))
}

/// From the page of a school to its diagnosis, for those who may read it.
pub fn links(ui: &Ui, school: OrganisationId) -> Markup {
    let place = Place::School(school);
    let reads = ui.actor.as_ref().is_some_and(|actor| actor.may(Right::SeeDiagnosis, place));
    html! {
        @if reads {
            p.actions {
                a.button.small href={ "/schools/" (school.0) "/diagnosis" } { (icon("clipboard-check")) "Самодиагностика" }
                a.button.small href={ "/schools/" (school.0) "/risks" } { (icon("target")) "Профиль рисков" }
                a.button.small href={ "/schools/" (school.0) "/visits" } { (icon("calendar")) "Посещения" }
                @if ui.actor.as_ref().is_some_and(|actor| actor.may(Right::WriteRoadmap, place)) {
                    a.button.small href={ "/schools/" (school.0) "/roadmap" } { (icon("list-checks")) "Дорожная карта" }
                }
            }
        }
    }
}
