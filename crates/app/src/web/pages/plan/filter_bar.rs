//! How does a reader narrow what a page of a plan shows? One form and its removable marks, on every such page.

use maud::{Markup, html};

use crate::web::assets::icon;
use crate::web::views::address::address;
use crate::web::views::agenda::State;
use crate::web::views::facets::Facet;
use crate::web::views::filter::{FacetName, Filter};
use crate::web::views::plan::Mark;
use crate::web::words;

/// What the bar needs to know of its page.
pub struct FilterBar<'a> {
    /// Path of the page.
    pub path: &'a str,
    /// Parameters of the page that are no filter: the zoom, the month shown.
    pub kept: &'a [(&'static str, String)],
    /// What is asked for now.
    pub filter: &'a Filter,
    /// What can be asked for.
    pub facets: &'a [Facet],
    /// What can be taken back.
    pub marks: &'a [Mark],
    /// How many activities pass the filter.
    pub matched: usize,
    /// How many there are.
    pub total: usize,
}

impl FilterBar<'_> {
    /// Address of the page with another filter.
    pub fn link(&self, filter: &Filter) -> String {
        let mut pairs = self.kept.to_vec();
        pairs.extend(filter.pairs());
        address(self.path, &pairs)
    }

    /// «4 из 12 мероприятий»; without a filter «12 мероприятий».
    pub fn status(&self) -> String {
        if self.filter.is_empty() {
            return words::count(self.total, words::ACTIVITIES);
        }
        let noun = words::plural(self.total, ["мероприятия", "мероприятий", "мероприятий"]);
        format!("{} из {} {noun}", self.matched, self.total)
    }

    /// The states as a strip of links, the form with words and menus, and the marks. All of it is replaced together
    /// with the page's element `#view`.
    pub fn draw(&self) -> Markup {
        html! {
            (self.states())
            form #filters.filters.no-print action=(self.path) method="get" role="search" aria-label="Отбор мероприятий"
                hx-get=(self.path) hx-target="#view" hx-swap="outerHTML" hx-push-url="true"
                data-status=(self.status()) {
                @for (name, value) in self.kept { input type="hidden" name=(name) value=(value); }
                @for state in &self.filter.states { input type="hidden" name="state" value=(state.slug()); }
                div.filters-text {
                    label.visually-hidden for="filter-q" { "Слова в мероприятиях" }
                    (icon("search"))
                    input #filter-q type="search" name="q" value=(self.filter.text) maxlength="200"
                        placeholder="Найти в плане" autocomplete="off";
                }
                @for facet in self.facets.iter().filter(|f| f.name != FacetName::State && !f.values.is_empty()) {
                    (menu(facet))
                }
                button #apply-filters type="submit" { "Показать" }
            }
            @if !self.marks.is_empty() { (self.marks()) }
        }
    }

    fn states(&self) -> Markup {
        let Some(facet) = self.facets.iter().find(|facet| facet.name == FacetName::State) else {
            return Markup::default();
        };
        let all: usize = facet.values.iter().map(|value| value.count).sum();
        let every = Filter { states: Vec::new(), ..self.filter.clone() };
        html! {
            nav.states.no-print aria-label="По состоянию" {
                ul {
                    li {
                        a href=(self.link(&every)) aria-current=[self.filter.states.is_empty().then_some("true")] {
                            span.states-count { (all) } span { "все" }
                        }
                    }
                    @for value in &facet.values {
                        @if let Some(state) = State::ALL.into_iter().find(|state| state.slug() == value.value) {
                            @let only = Filter { states: vec![state], ..self.filter.clone() };
                            li {
                                a class={ "state-link " (state.slug()) } aria-current=[value.chosen.then_some("true")]
                                    href=(self.link(if value.chosen { &every } else { &only })) {
                                    span.states-count { (value.count) }
                                    span { (icon(state_icon(state))) (value.label) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn marks(&self) -> Markup {
        html! {
            ul.marks.no-print aria-label="Отобрано" {
                @for mark in self.marks {
                    li {
                        a.mark href=(self.link(&mark.without)) {
                            span.visually-hidden { "Убрать: " }
                            (mark.label) (icon("x"))
                        }
                    }
                }
                @if self.marks.len() > 1 {
                    li { a.mark.clear href=(self.link(&Filter::default())) { "Сбросить всё" } }
                }
            }
        }
    }
}

fn menu(facet: &Facet) -> Markup {
    let chosen = facet.chosen();
    html! {
        details.menu name="filters" id={ "menu-" (facet.name.parameter()) } {
            summary {
                (facet.name.russian())
                @if chosen > 0 { span.count { span.visually-hidden { ", выбрано: " } (chosen) } }
                (icon("chevron-down"))
            }
            div.menu-body {
                fieldset {
                    legend.visually-hidden { (facet.name.russian()) }
                    ul {
                        @for value in &facet.values {
                            li {
                                label {
                                    input type="checkbox" name=(facet.name.parameter()) value=(value.value)
                                        checked[value.chosen];
                                    span { (value.label) }
                                    span.menu-count { (value.count) }
                                }
                            }
                        }
                    }
                }
                button.primary.small type="submit" id={ "apply-" (facet.name.parameter()) } { "Показать" }
            }
        }
    }
}

/// Icon of a state.
pub fn state_icon(state: State) -> &'static str {
    match state {
        State::DueSoon => "calendar-clock",
        State::GoingOn => "clock",
        State::Ahead => "arrow-right",
        State::Past => "calendar-x",
        State::Reversed => "triangle-alert",
        State::Undated => "circle-dashed",
    }
}

/// A state as an icon and a word.
pub fn state_badge(state: State) -> Markup {
    html! { span class={ "state " (state.slug()) } { (icon(state_icon(state))) (state.russian()) } }
}
