//! Does anything about a school's results ask for a closer look? A possible marker, never a violation.

use maud::{Markup, html};
use opora_cells::{Judgement, Procedure};
use opora_inference::markers::{Evidence, FourMarkers, Marker, Picture, Strength, Untested};

use crate::usecases::results::catalog::Catalog;
use crate::usecases::results::insight::markers::{Looked, RegionMarkers};
use crate::web::components::charts::{Chart, ChartFiles, Histogram, histogram, percent};
use crate::web::words;

const LOOKS: [&str; 3] = ["работа", "работы", "работ"];

/// What a reader must know before looking.
const NOTE: &str = "Возможный маркер – повод посмотреть на результаты вместе со школой. Это не нарушение и не обвинение: \
                    так же выглядят сильный класс, удачная программа или строгий журнал. Ни одно решение о школе не \
                    принимается по маркерам без разговора с ней.";

/// The invitation: nothing is shown until somebody asks.
pub fn invitation(address: &str) -> Markup {
    html! {
        section.markers {
            h2 #markers { "Возможные маркеры необъективности" }
            p.notice { (NOTE) }
            p { a.button href={ (address) "#markers" } { "Посмотреть, что видно по данным" } }
        }
    }
}

/// How the section is wanted.
pub struct Asked<'a> {
    /// The year.
    pub year: u16,
    /// Address of the page without it.
    pub hide: &'a str,
    /// Where pictures can be had as files.
    pub files: &'a ChartFiles,
    /// The results of a procedure may be shown.
    pub shows: &'a dyn Fn(Procedure) -> bool,
}

/// Everything that was found about a school.
pub fn section(
    catalog: &Catalog,
    found: &RegionMarkers,
    looked: Option<&Looked>,
    asked: &Asked<'_>,
) -> Markup {
    let (pack, year, hide) = (&catalog.markers, asked.year, asked.hide);
    html! {
        section.markers {
            h2 #markers { "Возможные маркеры необъективности" }
            p.notice { (NOTE) }
            p { a href={ (hide) "#markers" } { "Скрыть" } }
            @if found.too_much {
                p.notice.warning {
                    "Распределения баллов не просмотрены: файлы этого года рассказывают сразу о слишком многих школах. "
                    "Загрузите результаты по регионам, тогда будут видны и маркеры по баллам и заданиям."
                }
            }
            @match looked {
                None => p { "За " (year) " год у школы нет результатов, в которых ищут маркеры: смотреть не на что." },
                Some(looked) => {
                    p.combined {
                        strong { (first_upper(&looked.assessment.word)) }
                        @if let Some(probability) = looked.assessment.probability {
                            ". По всем признакам вместе вероятность завышения – около " (percent((probability * 100.0).round()))
                            ", если исходить из " (percent(pack.combination.assumed_share * 100.0)) " таких школ"
                        }
                        "."
                    }
                    p.small.muted {
                        "Веса признаков: " (pack.combination.provenance.source) " (" (pack.combination.provenance.status.word()) "). "
                        "Границы: " (pack.provenance.source) " (" (pack.provenance.status.word()) ")."
                    }
                    @for (evidence, number) in looked.assessment.evidence.iter().zip(0_u32..) {
                        (one(catalog, evidence, number, asked))
                    }
                    (four(catalog, &looked.assessment.four))
                    (all(catalog, looked))
                },
            }
        }
    }
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A number with at most one decimal: «2,5», «7».
fn number(value: f64) -> String {
    let text = format!("{value:.1}").replace('.', ",");
    text.strip_suffix(",0").map_or(text.clone(), str::to_owned)
}

/// A raised marker: what was seen, its limits, what else may explain it.
fn one(catalog: &Catalog, evidence: &Evidence, at: u32, asked: &Asked<'_>) -> Markup {
    let limits = catalog.markers.limits(evidence.marker);
    html! {
        article.card.marker {
            div.card-head { h3 { "Возможный маркер: " (limits.name) } }
            div.card-body {
                p {
                    strong { (catalog.dictionary.procedure_name(evidence.procedure)) }
                    @if evidence.class > 0 { ", класс № " (evidence.class) " параллели" }
                }
                p { (limits.meaning) }
                @if (asked.shows)(evidence.procedure) { (picture(catalog, evidence, at, asked)) } @else {
                    p.small.muted { "Рисунок скрыт: участников слишком мало, или по ним можно вычислить результат другого класса." }
                }
                p { strong { "Чем ещё может объясняться: " } (limits.also_explained_by) }
                p.small.muted {
                    "Отличие от школ региона: " (number(evidence.strength)) " стандартного отклонения при границе "
                    (number(limits.raised_from)) "; участников " (evidence.pupils) " при наименьшем числе " (limits.pupils_min)
                    ". " (limits.provenance.source) " (" (limits.provenance.status.word()) ")."
                }
            }
        }
    }
}

/// The distributions among the pictures, as charts.
pub fn charts(
    catalog: &Catalog,
    looked: &Looked,
    year: u16,
    shows: &dyn Fn(Procedure) -> bool,
) -> Vec<Chart> {
    let evidence = looked.assessment.evidence.iter().zip(0_u32..);
    let shown = evidence.filter(|(evidence, _)| shows(evidence.procedure));
    shown.filter_map(|(evidence, at)| chart(catalog, evidence, year, at)).collect()
}

fn chart(catalog: &Catalog, evidence: &Evidence, year: u16, at: u32) -> Option<Chart> {
    let Picture::Histogram { bars, .. } = &evidence.picture else { return None };
    let counts: Vec<u32> = bars.iter().map(|(_, count, _)| *count).collect();
    let usual: Vec<f64> = bars.iter().map(|(.., expected)| *expected).collect();
    let name = catalog.dictionary.procedure_name(evidence.procedure);
    Some(histogram(&Histogram {
        id: &format!("marker-{at}"),
        caption: &format!("Баллы: {name}. Столбцы – школа, пунктир – ожидаемое"),
        counts: &counts,
        bounds: &mark_bounds(catalog, evidence.procedure, year),
        expected: &usual,
    }))
}

fn picture(catalog: &Catalog, evidence: &Evidence, at: u32, asked: &Asked<'_>) -> Markup {
    let named = |procedure: Procedure| catalog.dictionary.procedure_name(procedure);
    match &evidence.picture {
        Picture::Histogram { bounds, observed, expected, .. } => {
            let place = match (evidence.marker, bounds.first()) {
                (Marker::LowTail, Some(bound)) => format!("С баллом не выше {bound} участников"),
                (Marker::Copied, _) => "Пар участников с одинаковым баллом".to_owned(),
                _ => "На границах отметок и сразу над ними участников".to_owned(),
            };
            html! {
                p { (place) ": " (number(*observed)) ", ожидалось около " (number(*expected)) "." }
                @if let Some(chart) = chart(catalog, evidence, asked.year, at) { (chart.figure(asked.files)) }
            }
        }
        Picture::Tasks { bars, .. } => tasks(bars),
        Picture::Compared { own, other, with } => {
            let with: Vec<String> =
                with.iter().map(|(procedure, year)| format!("{}, {year}", named(*procedure))).collect();
            html! {
                p { "Этот результат " (against_region(*own)) ", результат для сравнения " (against_region(*other)) "." }
                p.small { "Сравнение: " (with.join("; ")) "." }
            }
        }
        Picture::Journal { observed, region } => journal(*observed, *region),
        Picture::Participation { participants, most, with } => html! {
            p { "Участвовали " (participants) ", а в работе «" (named(with.0)) ", " (with.1) "» тех же классов – " (most) "." }
        },
    }
}

/// The lowest scores of marks by the official scale; nothing without one.
fn mark_bounds(catalog: &Catalog, procedure: Procedure, year: u16) -> Vec<u16> {
    match catalog.scales.of(procedure, year).map(|scale| &scale.judgement) {
        Some(Judgement::Marks(lowest)) => lowest.to_vec(),
        _ => Vec::new(),
    }
}

fn against_region(value: f64) -> String {
    let size = number(value.abs());
    if size == "0" {
        return "как в регионе".to_owned();
    }
    let side = if value > 0.0 { "выше" } else { "ниже" };
    format!("{side} среднего по региону на {size} стандартного отклонения")
}

fn tasks(bars: &[(u8, f64, f64)]) -> Markup {
    html! {
        div.table-scroll tabindex="0" role="region" aria-label="Доля баллов по заданиям" {
            table {
                thead { tr { th scope="col" { "Задание (от лёгких к трудным)" } th scope="col" { "Регион" } th scope="col" { "Школа" } } }
                tbody {
                    @for (task, region, own) in bars {
                        tr { th scope="row" { "№ " (u32::from(*task) + 1) } td { (percent(region * 100.0)) } td { (percent(own * 100.0)) } }
                    }
                }
            }
        }
    }
}

fn journal(observed: [u32; 3], region: [f64; 3]) -> Markup {
    let all = f64::from(observed.iter().sum::<u32>().max(1));
    html! {
        div.table-scroll tabindex="0" role="region" aria-label="Отметки за работу и в журнале" {
            table {
                thead { tr { th scope="col" { "Отметка за работу" } th scope="col" { "Школа" } th scope="col" { "Регион" } } }
                tbody {
                    @for ((name, own), region) in ["ниже журнала", "как в журнале", "выше журнала"].iter().zip(observed).zip(region) {
                        tr { th scope="row" { (name) } td { (own) " (" (percent(f64::from(own) * 100.0 / all)) ")" } td { (percent(region * 100.0)) } }
                    }
                }
            }
        }
    }
}

/// The four yes-or-no markers of three years.
fn four(catalog: &Catalog, four: &FourMarkers) -> Markup {
    let papers: Vec<Procedure> = four
        .years
        .first()
        .map(|year| year.papers.iter().map(|(paper, _)| *paper).collect())
        .unwrap_or_default();
    html! {
        h3 #four-markers { "Четыре маркера за три года" }
        p.small {
            "«Да» – результат заметно выше региона, и другие результаты школы этого не подтверждают. «–» – работы не было "
            "или данных для сравнения мало."
        }
        div.table-scroll tabindex="0" role="region" aria-labelledby="four-markers" {
            table {
                thead { tr {
                    th scope="col" { "Год" }
                    @for paper in &papers { th scope="col" { (catalog.dictionary.procedure_name(*paper)) } }
                    th scope="col" { "Маркеров" }
                } }
                tbody {
                    @for year in &four.years {
                        tr {
                            th scope="row" { (year.year) }
                            @for (_, marked) in &year.papers {
                                td { (match marked { Some(true) => "да", Some(false) => "нет", None => "–" }) }
                            }
                            td { @match four.count(year.year) { Some(count) => (count), None => "–" } }
                        }
                    }
                }
            }
        }
    }
}

/// Every marker, raised or not, or why it was not looked for.
fn all(catalog: &Catalog, looked: &Looked) -> Markup {
    let raised = |marker: Marker| looked.assessment.evidence.iter().any(|evidence| evidence.marker == marker);
    let counted = looked.assessment.strengths.iter().zip(looked.looks);
    html! {
        h3 #all-markers { "Что было просмотрено" }
        div.table-scroll tabindex="0" role="region" aria-labelledby="all-markers" {
            table {
                thead { tr { th scope="col" { "Признак" } th scope="col" { "Просмотрено" } th scope="col" { "Что видно" } } }
                tbody {
                    @for (strength, looks) in counted {
                        tr {
                            th scope="row" { (catalog.markers.limits(strength.marker).name) }
                            td { (words::count(looks, LOOKS)) }
                            td { (seen(strength, raised(strength.marker))) }
                        }
                    }
                }
            }
        }
    }
}

fn seen(strength: &Strength, raised: bool) -> String {
    let told = match strength.value {
        Ok(value) => {
            format!("отличие от региона по всем работам {} ст. откл.", number(value).replace('-', "−"))
        }
        Err(Untested::NoData) => "нужных данных нет".to_owned(),
        Err(Untested::NoScale) => "нет официальной шкалы этого года".to_owned(),
        Err(Untested::FewPupils { pupils, needed }) => format!("мало участников: {pupils}, нужно {needed}"),
        Err(Untested::FewSchools) => "в регионе мало школ для сравнения".to_owned(),
    };
    if raised { format!("возможный маркер; {told}") } else { told }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opora_cells::OrganisationId;
    use opora_inference::markers::{Assessment, probability};

    fn catalog() -> Catalog {
        Catalog::read(None).expect("a catalog")
    }

    fn paper() -> Procedure {
        Procedure {
            kind: opora_cells::KindCode(1),
            subject: opora_cells::SubjectCode(2),
            grade: 4,
            level: Default::default(),
        }
    }

    fn looked(catalog: &Catalog, evidence: Vec<Evidence>) -> Looked {
        let strengths = Marker::ALL.map(|marker| Strength { marker, value: Err(Untested::NoData) });
        let probability = probability(&catalog.markers, &strengths);
        let word = catalog.markers.word(probability).to_owned();
        let (organisation, four) = (OrganisationId(1), FourMarkers::default());
        let assessment =
            Assessment { organisation, year: 2026, four, strengths, evidence, probability, word };
        Looked { assessment, looks: [0; 8] }
    }

    fn told(catalog: &Catalog, looked: Option<&Looked>, shown: bool) -> String {
        let files = ChartFiles { path: "/schools/1/charts".to_owned(), query: Vec::new() };
        let asked = Asked { year: 2026, hide: "/schools/1", files: &files, shows: &|_| shown };
        section(catalog, &RegionMarkers::default(), looked, &asked).into_string()
    }

    #[test]
    fn every_kind_of_evidence_is_told_without_accusing() {
        let catalog = catalog();
        let pictures = [
            (
                Marker::Peaks,
                Picture::Histogram {
                    bars: vec![(0, 1, 0.5), (1, 7, 3.25)],
                    bounds: vec![1],
                    observed: 7.0,
                    expected: 3.25,
                },
            ),
            (
                Marker::LowTail,
                Picture::Histogram { bars: vec![(0, 0, 2.0)], bounds: vec![0], observed: 0.0, expected: 2.0 },
            ),
            (Marker::Tasks, Picture::Tasks { bars: vec![(0, 0.9, 0.6)], slope: 0.4 }),
            (Marker::Disagreement, Picture::Compared { own: 1.25, other: -0.5, with: vec![(paper(), 2026)] }),
            (Marker::Journal, Picture::Journal { observed: [1, 2, 7], region: [0.3, 0.6, 0.1] }),
            (
                Marker::Participation,
                Picture::Participation { participants: 11, most: 25, with: (paper(), 2025) },
            ),
        ];
        let evidence = pictures.map(|(marker, picture)| Evidence {
            marker,
            procedure: paper(),
            class: 0,
            pupils: 25,
            strength: 3.0,
            raised: true,
            picture,
        });
        let looked = looked(&catalog, evidence.to_vec());
        let text = told(&catalog, Some(&looked), true);
        for words in [
            "над ними участников: 7, ожидалось около 3,2",
            "С баллом не выше 0 участников: 0",
            "№ 1",
            "выше среднего по региону на 1,2",
            "выше журнала",
            "Участвовали 11",
            "Доброжелательная проверка",
            "Это не нарушение и не обвинение",
        ] {
            assert!(text.contains(words), "«{words}» in {text}");
        }
        assert_eq!(text.matches("Возможный маркер: ").count(), 6);
        let hidden = told(&catalog, Some(&looked), false);
        assert_eq!((hidden.matches("Рисунок скрыт").count(), hidden.matches("<svg").count()), (6, 0));
        assert!(!text.contains("NaN"));
    }

    #[test]
    fn nothing_to_look_at_is_told() {
        let catalog = catalog();
        let text = told(&catalog, None, true);
        assert!(text.contains("смотреть не на что"), "{text}");
        let looked = looked(&catalog, Vec::new());
        let text = told(&catalog, Some(&looked), true);
        assert!(
            text.contains("Недостаточно данных, чтобы искать маркеры") && text.contains("нужных данных нет"),
            "{text}"
        );
    }
}
