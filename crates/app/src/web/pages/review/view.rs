//! How does the page as a whole look?

use std::collections::HashMap;

use maud::{Markup, html};
use opora_cycle::vocabulary::Activity;
use opora_neutral::Document;

use super::doubts::{Doubt, doubts, is_doubtful};
use super::target::Target;
use super::{Wanted, remarks, source, structure};
use crate::usecases::edit::Edit;
use crate::usecases::remarks::Placed;
use crate::web::assets::icon;
use crate::web::components::badge::{self, LevelCounts};
use crate::web::components::pager::pager;
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::state::LoadedPlan;
use crate::web::ui::Ui;
use crate::web::views::address::address;
use crate::web::words;

/// Activities on a page.
const PAGE: usize = 60;

/// What was typed into the open form, or stands in it before anything was typed.
#[derive(Clone, Debug)]
pub struct Typed {
    /// What is being edited.
    pub target: Target,
    /// The version that was seen when the form was opened.
    pub seen: i32,
    /// The edit with its texts.
    pub edit: Edit,
    /// What is wrong with which field.
    pub wrong: Vec<(String, String)>,
}

impl Typed {
    /// The texts as the plan has them; `None` where the thing is not there.
    pub fn fresh(target: Target, plan: &LoadedPlan, unplaced: Option<usize>) -> Option<Self> {
        let order = &plan.order;
        let mut edit = target.edit(&HashMap::new()).standing(order)?;
        if let Edit::Add { fields, unplaced: text, .. } = &mut edit
            && let Some(item) = unplaced.and_then(|index| order.unplaced.get(index))
        {
            fields.title.clone_from(&item.text);
            *text = Some(item.text.clone());
        }
        Some(Self { target, seen: plan.version, edit, wrong: Vec::new() })
    }

    /// The texts of a form.
    pub fn from_form(target: Target, seen: i32, form: &HashMap<String, String>) -> Self {
        Self { target, seen, edit: target.edit(form), wrong: Vec::new() }
    }

    /// The unplaced text that a new activity is made of.
    pub fn unplaced(&self) -> Option<&str> {
        match &self.edit {
            Edit::Add { unplaced, .. } => unplaced.as_deref(),
            _ => None,
        }
    }

    /// What is wrong with a field.
    pub fn wrong(&self, name: &str) -> Option<&str> {
        self.wrong.iter().find(|(field, _)| field == name).map(|(_, message)| message.as_str())
    }
}

/// The page of a request.
pub struct View<'a> {
    /// The request.
    pub ui: &'a Ui,
    /// The newest version.
    pub plan: &'a LoadedPlan,
    /// The source, if it is at hand.
    pub document: Option<&'a Document>,
    /// What to show.
    pub wanted: &'a Wanted,
    /// The form that is open.
    pub typed: Option<&'a Typed>,
    /// Remarks of a curator that are not settled.
    pub remarks: &'a [Placed],
}

/// An activity with its section and what is doubtful about it.
pub struct Shown<'a> {
    /// Index of the section.
    pub section: usize,
    /// The activity.
    pub activity: &'a Activity,
    /// Its doubts.
    pub doubts: Vec<Doubt>,
}

impl<'a> View<'a> {
    /// Draws the page.
    pub fn page(&self) -> Markup {
        let all = self.activities();
        let doubtful = all.iter().filter(|shown| is_doubtful(&shown.doubts)).count();
        let total = all.len();
        let kept: Vec<Shown<'a>> = if self.only_doubtful() {
            all.into_iter().filter(|shown| is_doubtful(&shown.doubts) || self.is_open(shown)).collect()
        } else {
            all
        };
        let pages = kept.len().div_ceil(PAGE).max(1);
        let number = self.page_number(&kept).min(pages);
        let window = kept.get((number - 1) * PAGE..kept.len().min(number * PAGE)).unwrap_or_default();
        let content = html! {
            (self.notices())
            (remarks::head(self))
            (self.toolbar(total, doubtful))
            div.review {
                div.review-source {
                    (self.source_head())
                    div.source-body #source-body tabindex="0" role="region" aria-labelledby="source-head" {
                        (self.source(window, number == 1, number == pages))
                    }
                }
                div.review-structure {
                    @if number == 1 && !self.only_doubtful() { (structure::above(self)) }
                    (structure::activities(self, window, number == 1, number == pages))
                    (self.pages(number, pages))
                    @if number == pages && !self.only_doubtful() { (structure::below(self)) }
                }
            }
        };
        plan_page(self.ui, self.plan, PlanTab::Review, &content)
    }

    fn activities(&self) -> Vec<Shown<'a>> {
        let sections = self.plan.plan().map(|plan| plan.sections.as_slice()).unwrap_or_default();
        let each = sections
            .iter()
            .enumerate()
            .flat_map(|(section, body)| body.activities.iter().map(move |activity| (section, activity)));
        each.map(|(section, activity)| Shown { section, activity, doubts: doubts(self.plan, activity) })
            .collect()
    }

    /// Only activities with something to look at are shown.
    pub fn only_doubtful(&self) -> bool {
        self.wanted.only.as_deref() == Some("doubtful")
    }

    fn is_open(&self, shown: &Shown<'_>) -> bool {
        self.typed.and_then(|typed| typed.target.key()) == Some(shown.activity.key)
            || self.wanted.at == Some(shown.activity.key.0)
    }

    fn page_number(&self, kept: &[Shown<'_>]) -> usize {
        let at = kept.iter().position(|shown| self.is_open(shown)).or_else(|| {
            let section = self.typed.and_then(|typed| typed.target.section()).or(self.wanted.section)?;
            kept.iter().rposition(|shown| shown.section <= section)
        });
        match (at, self.wanted.page) {
            (Some(at), None) => at / PAGE + 1,
            (_, page) => page.unwrap_or(1).max(1),
        }
    }

    /// Address of this page with something else in it.
    pub fn link(&self, pairs: &[(&str, String)]) -> String {
        address(&format!("/plans/{}/review", self.plan.id), pairs)
    }

    fn notices(&self) -> Markup {
        html! {
            @if let Some(version) = self.wanted.saved {
                div.notice.good role="status" {
                    (icon("circle-check"))
                    div {
                        p { strong { "Сохранено." } " Действует версия " (version) ". " a href={ "/plans/" (self.plan.id) "/history" } { "Что изменилось" } }
                        @if let Some((seen, joined)) = self.wanted.seen.zip(self.wanted.joined) {
                            p {
                                "Пока вы правили, план меняли и другие. Места разные, поэтому сохранены обе правки. "
                                a href={ "/plans/" (self.plan.id) "/compare?from=" (seen) "&to=" (joined) } { "Что изменили без вас" }
                            }
                        }
                    }
                }
            }
            @if self.typed.is_some_and(|typed| !typed.wrong.is_empty()) {
                div.notice.error role="alert" {
                    (icon("circle-alert"))
                    div { p.notice-title { "Не сохранено: исправьте отмеченное" } p { "Всё набранное осталось в форме." } }
                }
            }
        }
    }

    fn toolbar(&self, total: usize, doubtful: usize) -> Markup {
        let all = self.link(&[]);
        let only = self.link(&[("only", "doubtful".to_owned())]);
        html! {
            div.review-bar {
                h2 { "Проверка источника" }
                nav.choices aria-label="Какие мероприятия показать" {
                    a.choice href=(all) aria-current=[(!self.only_doubtful()).then_some("true")] {
                        "Все " span.numeric { (total) }
                    }
                    a.choice href=(only) aria-current=[self.only_doubtful().then_some("true")] {
                        "С вопросами " span.numeric { (doubtful) }
                    }
                }
            }
        }
    }

    fn source_head(&self) -> Markup {
        let source = &self.plan.order.source;
        html! {
            div.source-head {
                h3 #source-head { (icon("file-text")) span { (source.name) } }
                a.button.small href={ "/files/" (source.sha256) } { (icon("download")) "Скачать" }
            }
        }
    }

    fn source(&self, window: &[Shown<'_>], first: bool, last: bool) -> Markup {
        let shown: Vec<&Activity> = window.iter().map(|shown| shown.activity).collect();
        // With gaps between the activities the part between their first and last row is shown.
        let (first, last) = if self.only_doubtful() { (false, false) } else { (first, last) };
        match self.document {
            Some(document) => source::pane(document, &shown, first, last),
            None => html! {
                div.source-absent {
                    p { "Источник — скан или документ старого вида. Чтобы показать его рядом, файл нужно прочитать ещё раз: это занимает до минуты на страницу." }
                    a.button href=(self.link(&[("source", "1".to_owned()), ("page", self.wanted.page.unwrap_or(1).to_string())])) {
                        (icon("eye")) "Показать источник"
                    }
                }
            },
        }
    }

    fn pages(&self, number: usize, pages: usize) -> Markup {
        let link = |page: usize| {
            let mut pairs = vec![("page", page.to_string())];
            if let Some(only) = &self.wanted.only {
                pairs.push(("only", only.clone()));
            }
            self.link(&pairs)
        };
        pager("Страницы мероприятий", ["Предыдущие", "Следующие"], number, pages, link)
    }

    /// What the reader and the import said while the file was read.
    pub fn reading_findings(&self) -> Markup {
        let findings = &self.plan.order.findings;
        let counts = LevelCounts::of(findings.iter().map(|finding| finding.level));
        html! {
            @if !findings.is_empty() {
                details.card.fold open[counts.errors > 0] {
                    summary { "Что отмечено при чтении файла " (badge::counts(counts)) }
                    div.card-body {
                        @for finding in findings { (crate::web::components::finding::reading(finding)) }
                    }
                }
            }
            @if self.plan.order.findings.is_empty() && self.plan.order.unplaced.is_empty() {
                p.quiet-line { (icon("circle-check")) "Файл прочитан целиком: непонятых мест нет." }
            }
        }
    }

    /// How many texts found no place.
    pub fn unplaced_words(&self) -> String {
        words::count(self.plan.order.unplaced.len(), ["фрагмент", "фрагмента", "фрагментов"])
    }
}
