//! Which lists are frozen, and what was said and decided about each school on them?

mod files;

pub use files::{compare_file, index_file, list_file};

use std::sync::Arc;

use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_cycle::identification::{FINALISED, Standing, Step, can_be_final};
use opora_methodology::{Scope, what_if};
use opora_registry::NodeId;
use opora_store::{NewSource, NewStep, RunId, RunSummary, Step as Recorded};
use serde::Deserialize;
use serde_json::Value;

use crate::clock;
use crate::usecases::results::alphabet;
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::frozen::{Change, Frozen, FrozenVerdict, changes, shown};
use crate::usecases::results::identify::judge_by;
use crate::web::access::place_of_scope;
use crate::web::actor::{Actor, refused};
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::address;
use crate::web::words;

/// Most bytes of a document that comes with a reply.
pub const FILE_BYTES_MAX: usize = 20 << 20;

/// `GET /runs`.
pub async fn index(ui: Ui, State(state): State<AppState>, actor: Actor) -> Result<Markup, WebError> {
    let mut runs = state.store.runs().await?;
    runs.retain(|run| sees_some(&actor, &run.scope));
    let content = html! {
        div.page-head { div { h1 { "Закреплённые списки" } p { "Расчёт закреплён вместе с данными и методикой: повтор даёт те же байты." } } }
        @if runs.is_empty() {
            p { "Списков пока нет. Откройте " a href="/schools" { "школы" } " и закрепите предварительный список." }
        } @else {
            form.filter-bar action="/runs/compare" method="get" aria-label="Сравнение двух списков" {
                (run_choice("before", "Первый список", &runs, runs.get(1).or(runs.first())))
                (run_choice("after", "Второй список", &runs, runs.first()))
                button type="submit" { "Сравнить" }
            }
            (links("/runs/files/runs", &[]))
            div.table-scroll tabindex="0" role="region" aria-label="Списки" {
                table {
                    thead { tr { th scope="col" { "Список" } th scope="col" { "Методика" } th scope="col" { "Год" } th scope="col" { "Кто и когда закрепил" } } }
                    tbody { @for run in &runs { tr {
                        th scope="row" { a href={ "/runs/" (run.id.0) } { "№ " (run.id.0) } @if is_what_if(run) { " " span.chip { "что если" } } }
                        td { (pack_title(&state, &run.pack)) } td { (run.year) }
                        td { (run.created_by) ", " (words::moment(run.created_at)) }
                    } } }
                }
            }
        }
    };
    Ok(page(&ui, "Закреплённые списки", Section::Schools, &content))
}

fn run_choice(name: &str, label: &str, runs: &[RunSummary], chosen: Option<&RunSummary>) -> Markup {
    html! {
        div.field-inline {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for run in runs {
                    option value=(run.id.0) selected[chosen.is_some_and(|chosen| chosen.id == run.id)] { "№ " (run.id.0) " — " (run.pack) ", " (run.year) @if is_what_if(run) { ", что если" } }
                }
            }
        }
    }
}

/// A number of the methodology was moved: such a run decides nothing.
pub fn is_what_if(run: &RunSummary) -> bool {
    !moved(run).is_empty()
}

/// What was moved: number, value of the methodology, value tried.
fn moved(run: &RunSummary) -> Vec<(String, String, String)> {
    let changes = run.summary.get("changes").and_then(Value::as_array).cloned().unwrap_or_default();
    let text =
        |change: &Value, name: &str| change.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    changes.iter().map(|change| (text(change, "number"), text(change, "from"), text(change, "to"))).collect()
}

/// What was moved, in words.
fn moved_words(state: &AppState, run: &RunSummary) -> Vec<String> {
    let pack = state.results.catalog().packs.get(&run.pack).map(|known| &known.pack);
    let name = |id: &str| {
        let number = pack.and_then(|pack| pack.number(id)).map(|number| number.name.clone());
        number.unwrap_or_else(|| id.to_owned())
    };
    moved(run).iter().map(|(number, from, to)| format!("{}: {to} вместо {from}", name(number))).collect()
}

fn links(path: &str, query: &[(&str, String)]) -> Markup {
    html! {
        p.chart-files {
            "Скачать список: "
            @for (ending, name) in [("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON")] {
                a href=(address(&format!("{path}.{ending}"), query)) { (name) } " "
            }
        }
    }
}

fn pack_title(state: &AppState, id: &str) -> String {
    state.results.catalog().packs.get(id).map_or_else(|| id.to_owned(), |known| known.pack.title.clone())
}

/// What to freeze.
#[derive(Deserialize)]
pub struct Freeze {
    pack: String,
    year: u16,
    #[serde(default)]
    node: Option<u32>,
    /// A number of the methodology that is moved, and its value: a what-if, never a decision.
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    value: Option<String>,
}

/// `POST /runs`: freezes a preliminary list, or a what-if beside it.
pub async fn freeze(
    State(state): State<AppState>,
    actor: Actor,
    Form(form): Form<Freeze>,
) -> Result<Redirect, WebError> {
    let change = form.number.zip(form.value);
    let id = freeze_list(&state, &actor, (&form.pack, form.year), form.node.map(NodeId), change).await?;
    Ok(Redirect::to(&format!("/runs/{}", id.0)))
}

/// Freezes the list of a territory by a methodology and year, with a number moved for a what-if.
pub async fn freeze_list(
    state: &AppState,
    actor: &Actor,
    (pack, year): (&str, u16),
    node: Option<NodeId>,
    change: Option<(String, String)>,
) -> Result<RunId, WebError> {
    let dataset = state.results.dataset().await?;
    let chosen = state.results.choose(&dataset, Some(pack), Some(year))?;
    let scope = match node {
        Some(node) if dataset.registry.registry.node(node).is_none() => {
            return Err(WebError::not_found("Такого региона или муниципалитета нет в реестре"));
        }
        Some(node) => Scope::Node(node),
        None => Scope::All,
    };
    let place = match scope {
        Scope::Node(node) => Place::Node(node),
        _ => Place::Installation,
    };
    actor.require(Right::Decide, place)?;
    let known = &chosen.pack;
    let pack = match change {
        Some((number, value)) => {
            let moved = what_if(&known.pack, &number, &value);
            moved.map_err(|what| WebError::bad_request(&what, "Исправьте значение и повторите."))?.into()
        }
        None => Arc::clone(&known.pack),
    };
    let catalog = state.results.catalog();
    let identified = judge_by(catalog, &dataset, &pack, &known.sha256, chosen.year, scope);
    if identified.run.verdicts().is_empty() {
        let what = format!("В списке за {} год никого не было бы", chosen.year);
        return Err(WebError::bad_request(&what, "Загрузите реестр и результаты или выберите другой год."));
    }
    Ok(identified.freeze(&state.store, actor.name(), clock::now()).await?)
}

/// A list may be opened by those who see its territory, or some school in it.
pub fn sees_some(actor: &Actor, scope: &str) -> bool {
    let place = place_of_scope(scope);
    actor.places(Right::SeeResults).into_iter().any(|own| {
        opora_access::contains(own, place, &actor.registry)
            || opora_access::contains(place, own, &actor.registry)
    })
}

/// A school of a list with what was said about it.
struct Line<'a> {
    id: OrganisationId,
    name: String,
    category: String,
    steps: Vec<&'a Recorded>,
    standing: Standing,
}

/// The schools of a list that the person may see, by the alphabet.
fn lines<'a>(
    state: &AppState,
    dataset: &Dataset,
    frozen: &Frozen,
    steps: &'a [Recorded],
    actor: &Actor,
) -> Vec<Line<'a>> {
    let sees = |id: &OrganisationId| actor.may(Right::SeeResults, Place::School(*id));
    let listed = frozen.schools.iter().filter(|(id, verdict)| verdict.listed && sees(id));
    let line = |(id, verdict): (&OrganisationId, &FrozenVerdict)| {
        let steps: Vec<&Recorded> = steps.iter().filter(|step| step.organisation == *id).collect();
        let standing = Standing::of(steps.iter().filter_map(|step| Step::of_word(&step.step)));
        let category = shown(state.results.catalog(), &frozen.pack, verdict);
        Line { id: *id, name: dataset.school_name(*id), category, steps, standing }
    };
    let mut lines: Vec<Line<'_>> = listed.map(line).collect();
    lines.sort_by_cached_key(|line| (alphabet::key(&line.name), line.id));
    lines
}

/// `GET /runs/{id}`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
) -> Result<Markup, WebError> {
    let run = state.store.run(RunId(id)).await?;
    if !sees_some(&actor, &run.summary.scope) {
        return Err(refused());
    }
    let steps = state.store.steps(RunId(id)).await?;
    let frozen = Frozen::read(&run);
    let dataset = state.results.dataset().await?;
    let lines = lines(&state, &dataset, &frozen, &steps, &actor);
    let finalised = steps.iter().find(|step| step.step == FINALISED);
    let decides = actor.may(Right::Decide, place_of_scope(&run.summary.scope));
    let ready = can_be_final(lines.iter().map(|line| line.standing));
    let moved = moved_words(&state, &run.summary);
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/runs" { "Закреплённые списки" } }
        div.page-head {
            div {
                h1 { (heading(!moved.is_empty(), finalised.is_some())) (id) }
                p { (pack_title(&state, &frozen.pack)) ", " (frozen.year) " год. Рассмотрено школ: " (frozen.schools.len()) ", в списке: " (lines.iter().filter(|line| line.standing.is_listed()).count()) "." }
                p.small.muted { "Контрольная сумма " code { (frozen.sha256.get(..16).unwrap_or_default()) } ", версия программы " (run.summary.program) "." }
            }
        }
        (links(&format!("/runs/{id}/files/list"), &[]))
        @if moved.is_empty() {
            @match finalised {
                Some(step) => p.notice { "Список стал итоговым " (words::moment(step.at)) ", решение: " (step.who) ". " (step.text) },
                None if decides => (finalise(id, ready)),
                None => {}
            }
            @for line in &lines { (school(id, line, &actor)) }
        } @else {
            p.notice.warning { "Это расчёт «что если»: " (moved.join("; ")) ". Методика не изменена, решения по этому расчёту не принимаются." }
            ul { @for line in &lines { li { a href={ "/schools/" (line.id.0) } { (line.name) } " — " (line.category) } } }
        }
    };
    Ok(page(&ui, &format!("Список № {id}"), Section::Schools, &content))
}

fn heading(what_if: bool, is_final: bool) -> &'static str {
    match (what_if, is_final) {
        (true, _) => "Расчёт «что если» № ",
        (false, true) => "Итоговый список № ",
        (false, false) => "Предварительный список № ",
    }
}

fn finalise(run: i64, ready: bool) -> Markup {
    html! {
        @if ready {
            form.inline-form method="post" action={ "/runs/" (run) "/finalise" } {
                label for="finalise-text" { "Основание итогового списка" }
                input #finalise-text name="text" required placeholder="Приказ от … № …" autocomplete="off";
                button type="submit" { "Сделать список итоговым" }
            }
        } @else {
            p.notice.warning { "Список станет итоговым, когда будут решены все ответы и апелляции школ." }
        }
    }
}

fn standing_words(standing: Standing) -> &'static str {
    match standing {
        Standing::Preliminary => "ответа нет",
        Standing::Replied => "школа ответила, нужно решение",
        Standing::Confirmed => "оставлена в списке",
        Standing::Excluded => "исключена из списка",
        Standing::Appealed => "апелляция, нужно решение",
    }
}

fn step_words(step: Step) -> &'static str {
    match step {
        Step::Reply => "Ответ школы",
        Step::Confirm => "Оставить в списке",
        Step::Exclude => "Исключить из списка",
        Step::Appeal => "Апелляция",
    }
}

/// What a step needs: a school speaks for itself, others decide.
pub fn right_of(step: Step) -> Right {
    match step {
        Step::Reply | Step::Appeal => Right::Reply,
        Step::Confirm | Step::Exclude => Right::Decide,
    }
}

fn school(run: i64, line: &Line<'_>, actor: &Actor) -> Markup {
    let possible: Vec<Step> = opora_cycle::identification::STEPS
        .into_iter()
        .map(|(step, _)| step)
        .filter(|step| line.standing.after(*step).is_some())
        .filter(|step| actor.may(right_of(*step), Place::School(line.id)))
        .collect();
    html! {
        details.listed-school id={ "school-" (line.id.0) } open[line.standing.waits()] {
            summary { strong { (line.name) } " — " (line.category) " · " (standing_words(line.standing)) }
            p { a href={ "/schools/" (line.id.0) } { "Почему школа в списке" } }
            @if !line.steps.is_empty() {
                ol.steps-taken {
                    @for step in &line.steps {
                        li {
                            strong { (Step::of_word(&step.step).map_or("", step_words)) } ": " (step.text)
                            @if let Some(file) = &step.file_sha256 { " " a href={ "/files/" (file) } { "документ" } }
                            span.small.muted { " — " (step.who) ", " (words::moment(step.at)) }
                        }
                    }
                }
            }
            @if !possible.is_empty() { form.step-form method="post" action={ "/runs/" (run) "/schools/" (line.id.0) } enctype="multipart/form-data" {
                input type="hidden" name="known" value=(line.steps.len());
                div.field-inline {
                    label for={ "step-" (line.id.0) } { "Что записать" }
                    select id={ "step-" (line.id.0) } name="step" { @for step in &possible { option value=(step.word()) { (step_words(*step)) } } }
                }
                div.field-inline {
                    label for={ "text-" (line.id.0) } { "Текст ответа или причина решения" }
                    textarea id={ "text-" (line.id.0) } name="text" rows="3" required {}
                }
                div.field-inline {
                    label for={ "file-" (line.id.0) } { "Документ, если есть" }
                    input id={ "file-" (line.id.0) } type="file" name="file";
                }
                button type="submit" { "Записать" }
            } }
        }
    }
}

/// `POST /runs/{id}/schools/{organisation}`: a reply, decision or appeal.
pub async fn step(
    State(state): State<AppState>,
    actor: Actor,
    Path((run, organisation)): Path<(i64, u32)>,
    mut parts: Multipart,
) -> Result<Redirect, WebError> {
    let (mut step, mut text, mut known) = (String::new(), String::new(), 0_usize);
    let mut file: Option<(String, Vec<u8>)> = None;
    while let Some(part) = parts.next_field().await? {
        match part.name() {
            Some("step") => step = part.text().await?,
            Some("text") => text = part.text().await?,
            Some("known") => known = part.text().await?.parse().unwrap_or_default(),
            Some("file") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await?;
                if !name.is_empty() {
                    file = Some((name, bytes.to_vec()));
                }
            }
            _ => {}
        }
    }
    let step = Step::of_word(&step).ok_or_else(|| {
        WebError::bad_request("Непонятно, что записать", "Выберите ответ, решение или апелляцию.")
    })?;
    let taken = Taken { step, text: &text, known, file: file.as_ref() };
    take_step(&state, &actor, (run, organisation), &taken).await?;
    Ok(Redirect::to(&format!("/runs/{run}#school-{organisation}")))
}

/// A step that somebody takes about a school of a list.
pub struct Taken<'a> {
    /// Which.
    pub step: Step,
    /// The reply, or the reason of the decision.
    pub text: &'a str,
    /// How many steps of the school the person saw.
    pub known: usize,
    /// A document: its name and bytes.
    pub file: Option<&'a (String, Vec<u8>)>,
}

/// Records a reply, a decision or an appeal.
pub async fn take_step(
    state: &AppState,
    actor: &Actor,
    (run, organisation): (i64, u32),
    new: &Taken<'_>,
) -> Result<(), WebError> {
    let Taken { step, text, known, file } = *new;
    actor.require(right_of(step), Place::School(OrganisationId(organisation)))?;
    if text.trim().is_empty() {
        return Err(WebError::bad_request("Текст не написан", "Напишите ответ или причину решения."));
    }
    if file.is_some_and(|(_, bytes)| bytes.len() > FILE_BYTES_MAX) {
        return Err(WebError::bad_request("Документ больше 20 МБ", "Приложите файл поменьше."));
    }
    let id = OrganisationId(organisation);
    let recorded = state.store.run(RunId(run)).await?;
    refuse_what_if(&recorded.summary)?;
    let frozen = Frozen::read(&recorded);
    if !frozen.schools.get(&id).is_some_and(|verdict| verdict.listed) {
        return Err(WebError::not_found("Этой школы в списке нет"));
    }
    let taken = state.store.steps(RunId(run)).await?;
    let own = taken.iter().filter(|taken| taken.organisation == id);
    let standing = Standing::of(own.filter_map(|taken| Step::of_word(&taken.step)));
    if standing.after(step).is_none() {
        let what = format!("Сейчас это записать нельзя: {}", standing_words(standing));
        return Err(WebError::bad_request(&what, "Обновите страницу и посмотрите, что уже решено."));
    }
    let source =
        file.map(|(name, bytes)| NewSource { name, format: opora_documents::detect(bytes, name), bytes });
    let new = NewStep { organisation: id, step: step.word(), text: text.trim(), file: source };
    state.store.record_step(RunId(run), known, &new, &authorship(actor)).await?;
    Ok(())
}

/// A what-if is looked at and compared, and decides nothing.
fn refuse_what_if(run: &RunSummary) -> Result<(), WebError> {
    if is_what_if(run) {
        return Err(WebError::bad_request(
            "Это расчёт «что если»: решения по нему не принимаются",
            "Закрепите предварительный список по самой методике и записывайте решения в нём.",
        ));
    }
    Ok(())
}

fn authorship(actor: &Actor) -> opora_store::Authorship<'_> {
    opora_store::Authorship { who: actor.name(), reason: "", at: clock::now() }
}

/// The words a list became final with.
#[derive(Deserialize)]
pub struct Finalise {
    text: String,
}

/// `POST /runs/{id}/finalise`.
pub async fn finalise_list(
    State(state): State<AppState>,
    actor: Actor,
    Path(run): Path<i64>,
    Form(form): Form<Finalise>,
) -> Result<Redirect, WebError> {
    make_final(&state, &actor, run, &form.text).await?;
    Ok(Redirect::to(&format!("/runs/{run}")))
}

/// Makes a list final. The gate has seen to it that the person decides about its territory.
pub async fn make_final(state: &AppState, actor: &Actor, run: i64, text: &str) -> Result<(), WebError> {
    let recorded = state.store.run(RunId(run)).await?;
    refuse_what_if(&recorded.summary)?;
    let frozen = Frozen::read(&recorded);
    let steps = state.store.steps(RunId(run)).await?;
    let standing = |id: &OrganisationId| {
        let own = steps.iter().filter(|step| step.organisation == *id);
        Standing::of(own.filter_map(|step| Step::of_word(&step.step)))
    };
    let listed = frozen.schools.iter().filter(|(_, verdict)| verdict.listed);
    if steps.iter().any(|step| step.step == FINALISED) {
        return Err(WebError::new(
            StatusCode::CONFLICT,
            "Этот список уже итоговый",
            "Второй раз делать его итоговым не нужно.",
            "Обновите страницу.",
        ));
    }
    if text.trim().is_empty() || !can_be_final(listed.map(|(id, _)| standing(id))) {
        return Err(WebError::bad_request(
            "Список пока не может стать итоговым",
            "Укажите основание и решите все ответы и апелляции школ.",
        ));
    }
    let known = steps.iter().filter(|step| step.organisation == OrganisationId(0)).count();
    let new = NewStep { organisation: OrganisationId(0), step: FINALISED, text: text.trim(), file: None };
    state.store.record_step(RunId(run), known, &new, &authorship(actor)).await?;
    Ok(())
}

/// Which lists to compare.
#[derive(Deserialize)]
pub struct Pair {
    before: i64,
    after: i64,
}

/// `GET /runs/compare`.
pub async fn compare(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(pair): Query<Pair>,
) -> Result<Markup, WebError> {
    let (same, changes) = compared(&state, &actor, (pair.before, pair.after)).await?;
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/runs" { "Закреплённые списки" } }
        div.page-head { div {
            h1 { "Сравнение списков № " (pair.before) " и № " (pair.after) }
            p { "Отличий: " (changes.len()) ", без изменений: " (same) "." }
        } }
        @if !changes.is_empty() {
            (links("/runs/compare/files/compare", &[("before", pair.before.to_string()), ("after", pair.after.to_string())]))
            div.table-scroll tabindex="0" role="region" aria-label="Отличия" {
                table {
                    thead { tr { th scope="col" { "Школа" } th scope="col" { "Было" } th scope="col" { "Стало" } th scope="col" { "Почему" } } }
                    tbody { @for change in &changes { tr {
                        th scope="row" { a href={ "/schools/" (change.organisation.0) } { (change.name) } }
                        td { (change.before.as_deref().unwrap_or("не рассматривалась")) }
                        td { (change.after.as_deref().unwrap_or("не рассматривалась")) }
                        td { @for reason in &change.reasons { div.small { (reason) } } }
                    } } }
                }
            }
        }
    };
    Ok(page(&ui, "Сравнение списков", Section::Schools, &content))
}

/// How many schools stand the same in two lists, and the others. Only for who sees the territories of both.
pub async fn compared(
    state: &AppState,
    actor: &Actor,
    (before, after): (i64, i64),
) -> Result<(usize, Vec<Change>), WebError> {
    let (before, after) = (state.store.run(RunId(before)).await?, state.store.run(RunId(after)).await?);
    for run in [&before, &after] {
        actor.require(Right::SeeResults, place_of_scope(&run.summary.scope))?;
    }
    let (before, after) = (Frozen::read(&before), Frozen::read(&after));
    let dataset = state.results.dataset().await?;
    let changes = changes(&before, &after, &dataset.registry.registry, state.results.catalog());
    Ok((before.same(&after), changes))
}
