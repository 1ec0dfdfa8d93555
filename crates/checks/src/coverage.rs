//! Which activities cover each component of the management cycle?

use std::sync::LazyLock;

use opora_cycle::vocabulary::{ActivityKey, Item, Order};
use opora_neutral::Place;

use crate::view::View;
use crate::words::Patterns;

/// A component of the management cycle of support, in the order of the federal methodology.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Component {
    /// Цели.
    Goals,
    /// Показатели.
    Indicators,
    /// Методы сбора и обработки информации.
    Methods,
    /// Мониторинг показателей.
    Monitoring,
    /// Анализ результатов мониторинга.
    Analysis,
    /// Адресные рекомендации.
    Recommendations,
    /// Меры, мероприятия.
    Measures,
    /// Управленческие решения.
    Decisions,
    /// Анализ эффективности принятых мер.
    Effectiveness,
}

impl Component {
    /// All nine, in order.
    pub const ALL: [Self; 9] = [
        Self::Goals,
        Self::Indicators,
        Self::Methods,
        Self::Monitoring,
        Self::Analysis,
        Self::Recommendations,
        Self::Measures,
        Self::Decisions,
        Self::Effectiveness,
    ];

    /// Number in the methodology, 1–9.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// Russian name as in the pack: «Адресные рекомендации».
    pub fn russian(self) -> &'static str {
        definition(self).map_or("", |definition| &definition.name)
    }

    /// What the component answers, in Russian: «что советуют каждой школе по итогам анализа».
    pub fn hint(self) -> &'static str {
        definition(self).map_or("", |definition| &definition.hint)
    }
}

/// What covers a component.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentCoverage {
    /// The component.
    pub component: Component,
    /// Activities that cover it, in the order of the document.
    pub activities: Vec<ActivityKey>,
    /// The same activities with the words that told so.
    pub matches: Vec<CoveringActivity>,
    /// Other texts of the document that cover it: goals of the programme, indicators, criteria.
    pub texts: Vec<CoveringText>,
}

impl ComponentCoverage {
    /// Nothing in the document covers the component.
    pub fn is_missing(&self) -> bool {
        self.activities.is_empty() && self.texts.is_empty()
    }
}

/// An activity that covers a component, with the words that told so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoveringActivity {
    /// The activity.
    pub activity: ActivityKey,
    /// Words of its title or result, folded.
    pub words: Vec<String>,
}

/// A text outside the plans that covers a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoveringText {
    /// Verbatim text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

struct Definition {
    name: String,
    hint: String,
    elsewhere: Vec<String>,
    matches: Patterns,
}

/// The pack `management-cycle`; a test holds it against [`Component::ALL`].
const PACK: &str = include_str!("../../../packs/management-cycle/components.toml");

static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let table: toml::Table = PACK.parse().unwrap_or_default();
    table.get("component").and_then(|list| list.as_array()).into_iter().flatten().map(read).collect()
});

fn read(value: &toml::Value) -> Definition {
    let text = |key: &str| value.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let texts = |key: &str| {
        let list = value.get(key).and_then(|v| v.as_array());
        list.into_iter().flatten().filter_map(|v| v.as_str()).collect::<Vec<_>>()
    };
    Definition {
        name: text("name"),
        hint: text("hint"),
        elsewhere: texts("elsewhere").into_iter().map(str::to_owned).collect(),
        matches: Patterns::new(texts("matches")),
    }
}

fn definition(component: Component) -> Option<&'static Definition> {
    DEFINITIONS.get(component as usize)
}

/// What covers each component, all nine in order.
pub(crate) fn coverage(view: &View<'_>) -> Vec<ComponentCoverage> {
    let mut covered: Vec<ComponentCoverage> = Component::ALL.map(|component| empty(view, component)).into();
    for row in &view.rows {
        let title: Vec<&str> = view.lexicon.spell(&row.title).collect();
        let outcome: Vec<&str> = view.lexicon.spell(&row.outcome).collect();
        for coverage in &mut covered {
            let Some(definition) = definition(coverage.component) else { continue };
            let found = definition.matches.find(&title).or_else(|| definition.matches.find(&outcome));
            if let Some((_, words)) = found {
                let words = words.into_iter().map(str::to_owned).collect();
                coverage.activities.push(row.activity.key);
                coverage.matches.push(CoveringActivity { activity: row.activity.key, words });
            }
        }
    }
    covered
}

fn empty(view: &View<'_>, component: Component) -> ComponentCoverage {
    let kinds = definition(component).map(|definition| definition.elsewhere.as_slice()).unwrap_or_default();
    let texts = kinds.iter().flat_map(|kind| texts_of(view.order, kind)).map(covering).collect();
    ComponentCoverage { component, activities: Vec::new(), matches: Vec::new(), texts }
}

fn texts_of<'a>(order: &'a Order, kind: &str) -> Vec<&'a Item> {
    match kind {
        "goals" => order.programme.iter().flat_map(|p| p.goals.iter().chain(&p.tasks)).collect(),
        "indicators" => order.indicators.iter().flat_map(|group| &group.indicators).collect(),
        "criteria" => order.criteria.iter().flat_map(|criterion| &criterion.indicators).collect(),
        _ => Vec::new(),
    }
}

fn covering(item: &Item) -> CoveringText {
    CoveringText { text: item.text.clone(), place: item.place.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pack_defines_the_nine_components_in_order() {
        let table: toml::Table = PACK.parse().expect("the pack is TOML");
        let listed = table["component"].as_array().expect("a list");
        assert_eq!(listed.len(), Component::ALL.len());
        for (component, value) in Component::ALL.into_iter().zip(listed) {
            assert_eq!(value["order"].as_integer(), i64::try_from(component.number()).ok());
            let definition = definition(component).expect("read");
            assert!(!definition.name.is_empty() && !definition.hint.is_empty());
            assert!(value["matches"].as_array().is_some_and(|list| !list.is_empty()), "{}", definition.name);
            let known = ["goals", "indicators", "criteria"];
            assert!(definition.elsewhere.iter().all(|kind| known.contains(&kind.as_str())));
        }
        for key in ["title", "status", "words_status", "checked"] {
            assert!(table["source"][key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
        }
    }
}
