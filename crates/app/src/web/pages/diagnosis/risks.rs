//! Which risks does a school have, why, and what did people decide about them?

use std::collections::BTreeSet;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use opora_cells::{Dictionary, OrganisationId, SubjectCode};
use opora_diagnosis::{
    Bar, Evidence, EvidenceValue, FactorState, Inputs, Profile, Significance, assess, chart,
    decide as decided,
};
use opora_store::FactId;
use serde::Deserialize;

use super::view::{Asked, View, person};
use crate::usecases::diagnosis::{
    KnownOfRisks, Moment, Sources, Story, known_of_risks, profile_story, record_decision, surveys,
};
use crate::usecases::results::dataset::Dataset;
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::charts::{Chart, ChartFiles, ChartTable};
use crate::web::components::layout::{Section, page};
use crate::web::download::{self, FileForm};
use crate::web::errors::WebError;
use crate::web::results::Prepared;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

const TITLE: &str = "Профиль рисков";
/// The evidence that results of exams give.
const LOW_RESULTS: &str = "low_results_share";

const ROW: f64 = 30.0;
const NAMES: f64 = 230.0;
const STEP: f64 = 130.0;

/// The risks of a school with what was decided about them.
pub struct Profiled {
    view: View,
    /// The profile with its history.
    pub story: Story,
    known: KnownOfRisks,
}

impl Profiled {
    /// Reads it.
    pub async fn of(state: &AppState, actor: &Actor, id: u32, year: i16) -> Result<Self, WebError> {
        let view = View::of(state, actor, id, year).await?;
        let papers = &view.papers;
        let held = surveys(&state.store, papers, view.case).await?;
        let known = known_of_risks(&state.store, view.case).await?;
        let evidence = evidence(state, view.case.school, year).await?;
        let sources = Sources {
            dictionary: &papers.dictionary,
            book: &view.book,
            surveys: &held,
            evidence: &evidence,
            known: &known,
        };
        let story = profile_story(&sources, actor.today);
        Ok(Self { view, story, known })
    }

    /// The decision that this page was made on; zero for none.
    pub fn seen(&self) -> i64 {
        self.known.last.map_or(0, |id| id.0)
    }

    fn chart(&self) -> Chart {
        picture(&chart(&self.story.profile))
    }
}

async fn evidence(state: &AppState, school: OrganisationId, year: i16) -> Result<Vec<Evidence>, WebError> {
    Ok(by_subject(state, school, year).await?.into_iter().map(|(_, evidence)| evidence).collect())
}

/// Subjects whose results make a risk factor highly significant by themselves, by the rules of the dictionary.
pub async fn weak_subjects(
    state: &AppState,
    school: OrganisationId,
    year: i16,
    today: Date,
) -> Result<BTreeSet<SubjectCode>, WebError> {
    let dictionary = &state.results.catalog().papers.dictionary;
    let weak = |evidence: &Evidence| {
        let inputs = Inputs { head: None, surveys: &[], evidence: std::slice::from_ref(evidence) };
        let found = assess(dictionary, &inputs, &[], today);
        let mut reasons = found.factors.iter().flat_map(|factor| &factor.reasons);
        reasons.any(|reason| reason.significance == Significance::High)
    };
    let found = by_subject(state, school, year).await?;
    Ok(found.into_iter().filter(|(_, evidence)| weak(evidence)).map(|(subject, _)| subject).collect())
}

/// Shares of low results of the last year of results that is not after the one of the diagnosis, of what may be shown.
async fn by_subject(
    state: &AppState,
    school: OrganisationId,
    year: i16,
) -> Result<Vec<(SubjectCode, Evidence)>, WebError> {
    let dataset = state.results.dataset().await?;
    let prepared = state.results.prepared(&dataset).await?;
    Ok(by_subject_of(&dataset, &prepared, &state.results.catalog().dictionary, school, year))
}

/// What data that are at hand tell of the risks of a school.
pub fn evidence_of(
    dataset: &Dataset,
    prepared: &Prepared,
    dictionary: &Dictionary,
    school: OrganisationId,
    year: i16,
) -> Vec<Evidence> {
    let found = by_subject_of(dataset, prepared, dictionary, school, year);
    found.into_iter().map(|(_, evidence)| evidence).collect()
}

fn by_subject_of(
    dataset: &Dataset,
    prepared: &Prepared,
    dictionary: &Dictionary,
    school: OrganisationId,
    year: i16,
) -> Vec<(SubjectCode, Evidence)> {
    let own = dataset.cells.of(school).to_vec();
    let until = u16::try_from(year).unwrap_or(u16::MAX);
    let Some(last) = own.iter().map(|cell| cell.year).filter(|of| *of <= until).max() else {
        return Vec::new();
    };
    let shown =
        own.iter().filter(|cell| cell.year == last && cell.judged() > 0 && prepared.shown.shows(cell));
    let evidence = shown.map(|cell| {
        let evidence = Evidence {
            kind: LOW_RESULTS.to_owned(),
            label: format!("{}, {last} год", dictionary.procedure_name(cell.procedure)),
            value: EvidenceValue::Share { part: u64::from(cell.failed()), whole: u64::from(cell.judged()) },
            source: "загруженные результаты".to_owned(),
        };
        (cell.procedure.subject, evidence)
    });
    evidence.collect()
}

/// The risk profile of a school for a year, as it stands.
pub async fn profile(state: &AppState, actor: &Actor, id: u32, year: i16) -> Result<Profile, WebError> {
    Ok(Profiled::of(state, actor, id, year).await?.story.profile)
}

/// `GET /schools/{id}/risks`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let found = Profiled::of(&state, &actor, id, asked.year(actor.today)).await?;
    let notice = (asked.done.as_deref() == Some("decided")).then(|| (true, "Решение записано.".to_owned()));
    Ok(whole(&ui, &found, notice.as_ref(), &Typed::default()))
}

/// `GET /schools/{id}/risks/charts/{file}`.
pub async fn chart_file(
    State(state): State<AppState>,
    actor: Actor,
    Path((id, file)): Path<(u32, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let (name, form) = FileForm::of_name(&file)?;
    let found = Profiled::of(&state, &actor, id, asked.year(actor.today)).await?;
    let own = found.chart();
    let chart =
        (own.id == name).then(|| Chart { caption: format!("{}. {}", found.view.school, own.caption), ..own });
    download::chart(form, chart.as_ref(), "Самодиагностика школы, анонимные опросы, загруженные результаты")
        .await
}

fn whole(ui: &Ui, found: &Profiled, notice: Option<&(bool, String)>, typed: &Typed) -> Markup {
    let Profiled { view, story, .. } = found;
    let files = ChartFiles {
        path: format!("/schools/{}/risks/charts", view.case.school.0),
        query: vec![("year", view.case.year.to_string())],
    };
    let high: Vec<&FactorState> = story.profile.high().collect();
    let content = html! {
        (view.head(TITLE, "risks"))
        @if let Some((good, text)) = notice {
            div class={ "notice " @if *good { "good" } @else { "error" } } role=(if *good { "status" } else { "alert" }) { p { (text) } }
        }
        (rests_on(found))
        p {
            @if high.is_empty() { "Факторов высокой значимости не выявлено." }
            @else { "Высокая значимость, нужны меры: " (high.iter().map(|state| state.name.as_str()).collect::<Vec<_>>().join("; ")) "." }
        }
        (found.chart().figure(&files))
        section aria-labelledby="factors" {
            h2 #factors { "Почему" }
            @for state in &story.profile.factors { (factor(found, state, typed)) }
        }
        (history(&story.moments))
    };
    page(ui, TITLE, Section::Diagnosis, &content)
}

fn rests_on(found: &Profiled) -> Markup {
    let Profiled { view, story, .. } = found;
    html! {
        @if story.is_approved {
            div.notice.good { (icon("circle-check")) div {
                p.notice-title { "По одобренной самодиагностике" }
                @if view.standing.edited || view.standing.state == opora_approval::State::Correction {
                    p { "Анкету сейчас исправляют; профиль изменится, когда исправления одобрят." }
                }
            } }
        } @else {
            div.notice.warning { (icon("triangle-alert")) div {
                p.notice-title { "Черновик" }
                p { "Самодиагностика ещё не одобрена. Профиль показан по тому, что заполнено сейчас, и изменится." }
            } }
        }
    }
}

fn level_class(level: Significance) -> &'static str {
    match level {
        Significance::High => "error",
        Significance::Medium => "warning",
        Significance::Low => "note",
        Significance::None => "good",
        Significance::Unknown => "unknown",
    }
}

fn factor(found: &Profiled, state: &FactorState, typed: &Typed) -> Markup {
    let level = state.significance();
    html! {
        details.criterion.factor #{ "factor-" (state.factor) } open[level == Significance::High || typed.factor == state.factor] {
            summary { strong { (state.name) } " " span class={ "badge " (level_class(level)) } { (level.name()) @if state.decided.is_some() { ", решение человека" } } }
            @if let Some(note) = state.decision_note() { p.notice.note { (note) } }
            @if state.reasons.is_empty() { p.muted { "Данных пока нет." } }
            ul.evidence { @for reason in &state.reasons { li { (reason.text) } } }
            @if !state.evidence.is_empty() {
                details { summary { "На чём основано: " (state.evidence.len()) }
                    div.table-scroll tabindex="0" role="region" aria-label={ "На чём основано: " (state.name) } { table {
                        thead { tr { th scope="col" { "Показатель" } th scope="col" { "Значение" } th scope="col" { "Откуда" } } }
                        tbody { @for line in &state.evidence { tr { th scope="row" { (line.label) } td { (line.value) } td { (line.source) } } } }
                    } }
                }
            }
            @if !state.missing.is_empty() {
                details { summary { "Чего не хватает: " (state.missing.len()) }
                    ul { @for missing in &state.missing { li {
                        (missing.text)
                        @if let Some(part) = missing.question.as_deref().and_then(|id| found.view.section_of(id)) {
                            " " a href=(found.view.section_address(&part.id)) { "К вопросу" }
                        }
                    } } }
                }
            }
            @if found.view.checks.is_some() { (decision_form(found, state, typed)) }
        }
    }
}

fn decision_form(found: &Profiled, state: &FactorState, typed: &Typed) -> Markup {
    let mine = typed.factor == state.factor;
    let (level, reason) = if mine { (typed.significance.as_str(), typed.reason.as_str()) } else { ("", "") };
    let (select, why) = (format!("level-{}", state.factor), format!("why-{}", state.factor));
    html! {
        details open[mine] { summary { "Решить иначе" span.visually-hidden { ": " (state.name) } }
            form.stack action=(found.view.address("risks", &[])) method="post" {
                input type="hidden" name="factor" value=(state.factor);
                input type="hidden" name="seen" value=(found.seen());
                div.field { label for=(select) { "Значимость" }
                    select id=(select) name="significance" {
                        @for (word, own) in Significance::WORDS.into_iter().filter(|(_, own)| *own != Significance::Unknown) {
                            option value=(word) selected[word == level || level.is_empty() && own == state.significance()] { (own.name()) }
                        }
                        @if state.decided.is_some() { option value="" { "как рассчитано: " (state.computed.name()) } }
                    }
                }
                div.field { label for=(why) { "Причина" } textarea id=(why) name="reason" rows="2" required { (reason) } p.hint { "Её увидят школа и муниципалитет рядом с расчётом." } }
                div.actions { button type="submit" { "Записать решение" } }
            }
        }
    }
}

fn history(moments: &[Moment]) -> Markup {
    html! {
        @if !moments.is_empty() {
            section aria-labelledby="risk-history" {
                h2 #risk-history { "История профиля" }
                ol.risk-history { @for moment in moments {
                    li {
                        p { strong { (moment.what) } " " span.muted.small { (words::moment(moment.at)) } }
                        @match &moment.changes {
                            None => { p.muted { "Первый профиль за год." } }
                            Some(changes) if changes.is_empty() => { p.muted { "Значимость факторов не изменилась." } }
                            Some(changes) => { ul { @for change in changes { li { (change.text) } } } }
                        }
                    }
                } }
            }
        }
    }
}

/// One bar a factor; the length and the words say the level, the colour repeats them.
fn picture(bars: &[Bar]) -> Chart {
    let height = ROW * bars.len() as f64 + 8.0;
    let width = NAMES + STEP * 3.0 + 200.0;
    let at = |value: f64| format!("{value:.1}");
    let caption = "Значимость факторов риска";
    let class = |level: u8| match level {
        3 => "mark-2",
        2 => "mark-3",
        _ => "mark-4",
    };
    let picture = html! {
        svg.bars viewBox={ "0 0 " (at(width)) " " (at(height)) } width=(at(width)) height=(at(height)) role="img" aria-label=(caption) {
            @for (bar, number) in bars.iter().zip(0_u32..) {
                @let top = f64::from(number) * ROW + 4.0;
                text.bar-name x=(at(NAMES - 8.0)) y=(at(top + 16.0)) text-anchor="end" { (bar.short) }
                @let long = bar.level.map_or(0.0, |level| f64::from(level) * STEP);
                @if let Some(level) = bar.level.filter(|level| *level > 0) {
                    rect class=(class(level)) x=(at(NAMES)) y=(at(top)) width=(at(long)) height="22" { title { (bar.short) ": " (bar.words) } }
                }
                text.bar-count x=(at(NAMES + long + 8.0)) y=(at(top + 16.0)) { (bar.words) }
            }
        }
    };
    let level_words = |level: Option<u8>| match level {
        None => "нет данных",
        Some(0) => "не выявлен",
        Some(1) => "низкая",
        Some(2) => "средняя",
        Some(_) => "высокая",
    };
    let row = |bar: &Bar| vec![bar.short.clone(), bar.words.clone(), level_words(bar.computed).to_owned()];
    let legend = [("mark-2", "высокая"), ("mark-3", "средняя"), ("mark-4", "низкая")];
    Chart {
        id: "risks".to_owned(),
        caption: caption.to_owned(),
        size: (width, height),
        picture,
        unlinked: None,
        legend: legend.map(|(class, words)| (class.to_owned(), words.to_owned())).to_vec(),
        notes: Vec::new(),
        table: ChartTable {
            heads: ["Фактор", "Значимость", "По данным"].map(str::to_owned).to_vec(),
            rows: bars.iter().map(row).collect(),
        },
    }
}

/// A decision as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    /// The factor.
    #[serde(default)]
    pub factor: String,
    /// How significant; empty for as computed.
    #[serde(default)]
    pub significance: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// The last decision that was seen; zero for none.
    #[serde(default)]
    pub seen: i64,
}

/// `POST /schools/{id}/risks`: a decision of whoever checks.
pub async fn decide(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Query(asked): Query<Asked>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let found = Profiled::of(&state, &actor, id, asked.year(actor.today)).await?;
    let again = |text: String| {
        let body = whole(&ui, &found, Some(&(false, text)), &typed);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
    };
    match decide_on(&state, &actor, &found, &typed).await? {
        Ok(()) => {
            let to = found.view.address("risks", &[("done", "decided".to_owned())]);
            Ok(Redirect::to(&format!("{to}#factor-{}", typed.factor)).into_response())
        }
        Err((_, text)) => again(text),
    }
}

/// Records a decision about a risk, or tells why not.
pub async fn decide_on(
    state: &AppState,
    actor: &Actor,
    found: &Profiled,
    typed: &Typed,
) -> Result<Result<(), (StatusCode, String)>, WebError> {
    if found.view.checks.is_none() {
        let what = "О рисках своей школы решает другой человек: куратор или координатор.";
        return Ok(Err((StatusCode::FORBIDDEN, what.to_owned())));
    }
    let level = Significance::read(&typed.significance);
    let by = person(actor);
    let decision =
        decided(&found.story.profile, &typed.factor, level, &typed.reason, by.number(), actor.today);
    let decision = match decision {
        Ok(decision) => decision,
        Err(problem) => {
            let what = format!("{} {} {}", problem.what, problem.why, problem.mend);
            return Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, what)));
        }
    };
    let seen = (typed.seen > 0).then_some(FactId(typed.seen));
    match record_decision(&state.store, found.view.case, &decision, seen, &by).await {
        Ok(()) => Ok(Ok(())),
        Err(opora_store::StoreError::FactFirst) => {
            let what = "Пока вы писали, другое решение уже записано. Прочитайте его на этой странице и запишите своё, если оно нужно.";
            Ok(Err((StatusCode::CONFLICT, what.to_owned())))
        }
        Err(error) => Err(error.into()),
    }
}
