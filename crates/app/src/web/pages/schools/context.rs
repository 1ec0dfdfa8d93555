//! How do results go with the circumstances schools work in: over a region, and for one school?

use maud::{Markup, html};
use opora_cells::OrganisationId;
use opora_inference::context::Class;

use crate::usecases::results::alphabet;
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::insight::context::{Expected, Placed, WhyNot, class_words};
use crate::usecases::results::shown::WITHHELD;
use crate::web::components::charts::{Chart, ChartFiles, Scatter, ScatterPoint, percent, scatter};
use crate::web::words;

const SCHOOLS: [&str; 3] = ["школа", "школы", "школ"];
const LINE_SCHOOLS: [&str; 3] = ["школе", "школам", "школам"];
/// Groups in the order they are shown: not by merit, but those to talk to first.
const CLASSES: [Class; 4] = [Class::Below, Class::Above, Class::AsExpected, Class::NotEnough];

/// The section of a territory: the schools that `inside` lets through, the line being that of the whole region.
/// `address` gives the page of a school.
pub fn of_territory(
    found: &Result<Expected, WhyNot>,
    dataset: &Dataset,
    inside: impl Fn(OrganisationId) -> bool,
    address: impl Fn(OrganisationId) -> String,
    files: &ChartFiles,
) -> Markup {
    html! {
        section.expectations {
            h2 #expectations { "Результаты и условия" }
            @match found {
                Err(why) => p.notice { "Сравнить результаты с ожидаемыми нельзя. " (why.words()) },
                Ok(expected) => {
                    p {
                        "Школы, где больше семей в трудных условиях, в среднем показывают результаты ниже. Линия показывает, чего "
                        "можно ожидать при таких условиях. Это повод поговорить со школой и перенять опыт, а не рейтинг: "
                        "школы стоят по алфавиту."
                    }
                    (picture(expected, dataset, &inside, &address).figure(files))
                    (groups(expected, dataset, &inside, &address))
                    (how(expected))
                }
            }
        }
    }
}

/// Schools by the alphabet.
fn by_name<'a>(
    expected: &'a Expected,
    dataset: &Dataset,
    inside: &impl Fn(OrganisationId) -> bool,
) -> Vec<(String, &'a Placed)> {
    let shown = expected.placed.iter().filter(|placed| inside(placed.organisation));
    let mut schools: Vec<(String, &Placed)> =
        shown.map(|placed| (dataset.school_name(placed.organisation), placed)).collect();
    schools.sort_by_cached_key(|(name, placed)| (alphabet::key(name), placed.organisation));
    schools
}

/// The schools as points over the line of what can be expected.
pub fn picture(
    expected: &Expected,
    dataset: &Dataset,
    inside: &impl Fn(OrganisationId) -> bool,
    address: &impl Fn(OrganisationId) -> String,
) -> Chart {
    let point = |(name, placed): (String, &Placed)| {
        let class = match placed.class {
            Class::Above => "above",
            Class::Below => "below",
            Class::AsExpected => "as-expected",
            Class::NotEnough => return None,
        };
        let (place, words) = (placed.point?, class_words(placed.class));
        Some(ScatterPoint { name, address: address(placed.organisation), place, class, words })
    };
    let points: Vec<ScatterPoint> =
        by_name(expected, dataset, inside).into_iter().filter_map(point).collect();
    scatter(&Scatter {
        id: "expected-picture",
        caption: "Результаты школ и условия, в которых они работают",
        x_name: &expected.index.name,
        y_name: "Справились, % результатов",
        points: &points,
        line: &expected.line,
    })
}

fn groups(
    expected: &Expected,
    dataset: &Dataset,
    inside: &impl Fn(OrganisationId) -> bool,
    address: &impl Fn(OrganisationId) -> String,
) -> Markup {
    let schools = by_name(expected, dataset, inside);
    html! {
        @for class in CLASSES {
            @let of_class: Vec<&(String, &Placed)> = schools.iter().filter(|(_, placed)| placed.class == class).collect();
            @if !of_class.is_empty() {
                details.expected-group {
                    summary { (class_words(class)) " — " (words::count(of_class.len(), SCHOOLS)) }
                    ul { @for (name, placed) in of_class { li { a href=(address(placed.organisation)) { (name) } } } }
                }
            }
        }
    }
}

/// How it was computed, and what it can't tell.
fn how(expected: &Expected) -> Markup {
    html! {
        details.how {
            summary { "Как это посчитано" }
            p.small {
                "Линия проведена по " (words::count(expected.schools, LINE_SCHOOLS)) " региона устойчивой регрессией. Условия: "
                (expected.index.name) ", методика «" (expected.index.source) "»"
                @if !expected.beside.is_empty() { "; кроме того учтены: " (expected.beside.join(", ")) }
                ". На рисунке результаты приведены к одинаковым работам"
                @if !expected.beside.is_empty() { " и средним значениям учтённого кроме индекса" }
                ", поэтому расстояние до линии и есть отличие от ожидаемого. Вывод «лучше» или «хуже» делается, только если "
                "отличие нельзя объяснить случайностью; школы, где меньше " (expected.judged_min) " результатов или нет "
                "сведений об условиях, отмечены словами «недостаточно данных»."
            }
        }
    }
}

/// The section of a school: what could be expected of it beside what it has, in words.
/// With `hidden` numbers of pupils stay untold: beside those of single procedures they would give away the ones that
/// are not shown.
pub fn of_school(found: &Result<Expected, WhyNot>, id: OrganisationId, hidden: bool) -> Markup {
    html! {
        section.expectations {
            h2 #expectations { "Результат при таких условиях" }
            @match found {
                Err(why) => p.notice { "Сравнить результат с ожидаемым нельзя. " (why.words()) },
                Ok(expected) => @match expected.of(id) {
                    None => p.notice { "Результатов школы за этот год нет: сравнивать нечего." },
                    Some(placed) => (one(expected, placed, hidden)),
                },
            }
        }
    }
}

fn one(expected: &Expected, placed: &Placed, hidden: bool) -> Markup {
    let own = if hidden {
        WITHHELD.to_owned()
    } else {
        format!("{} (результатов: {})", percent(placed.own * 100.0), placed.judged)
    };
    let per_cent = |share: f64| percent(share * 100.0);
    html! {
        @match placed.expected.zip(placed.lasting) {
            None => {
                p.notice {
                    "Недостаточно данных: об условиях школы известно не всё. Нужен показатель «" (expected.index.name) "»"
                    @if !expected.beside.is_empty() { " (из социального паспорта), а также: " (expected.beside.join(", ")) }
                    ". Загрузите социальный паспорт школы."
                }
                p { "Справились в школе: " (own) ", в регионе в тех же работах: " (per_cent(placed.region)) "." }
            },
            Some((share, (low, high))) => {
                p { "Вывод: " strong { (class_words(placed.class)) } "." }
                dl.facts {
                    dt { "Справились в школе" } dd { (own) }
                    dt { "Ожидалось при таких условиях" } dd { (per_cent(share)) }
                    dt { "В регионе в тех же работах" } dd { (per_cent(placed.region)) }
                }
                p.small {
                    @if placed.class == Class::NotEnough {
                        "Результатов меньше " (expected.judged_min) ": вывода по такому числу не делается. "
                    }
                    "Если убрать случайность, отличие от ожидаемого лежит между " (points(low - share)) " и " (points(high - share))
                    " процентного пункта. Это не оценка работы учителей."
                }
            },
        }
        (how(expected))
    }
}

/// A difference of shares in percentage points, with its sign: «+3,1», «−0,4».
fn points(difference: f64) -> String {
    let text = format!("{:.1}", (difference * 100.0).abs()).replace('.', ",");
    let sign = if text == "0,0" {
        ""
    } else if difference < 0.0 {
        "−"
    } else {
        "+"
    };
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_a_sign_unless_it_is_nothing() {
        for (difference, expected) in [(0.031, "+3,1"), (-0.004, "−0,4"), (-0.0001, "0,0")] {
            assert_eq!(points(difference), expected);
        }
    }

    #[test]
    fn a_refusal_is_told_with_what_to_do() {
        let why =
            WhyNot::Refused(opora_inference::context::Refusal::TooFewSchools { schools: 12, needed: 30 });
        let text = of_school(&Err(why), OrganisationId(1), false).into_string();
        assert!(text.contains("их 12, а нужно не меньше 30") && text.contains("Загрузите"), "{text}");
    }
}
