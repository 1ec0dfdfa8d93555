//! What do the views say of invented plans?

use jiff::civil::{Date, date};
use opora_cycle::vocabulary::ActivityKey;
use opora_schedule::{Kind, Span, When};
use proptest::prelude::*;

use crate::web::digest::Digest;

use super::agenda::{Agenda, Item, State, agenda, state};
use super::filter::{FacetName, Filter, Month};
use super::gantt::{Gantt, Shape, Zoom, gantt};
use super::month::{Edge, MonthGrid, Owned, Reach, due_by_month, month_grid, opening_month};
use super::plan::{PlanView, ROWS_PER_PAGE, neighbourhood, plan_view};
use super::sample::{
    TODAY, activity, deadline, interval, large, monthly, order, schedule, section, small, weekly,
};

fn state_of(kinds: Vec<Kind>, today: Date) -> State {
    let order = order(vec![section("1", "", vec![activity(1, "1", "Дело", vec![], schedule("", kinds))])]);
    agenda(&order, today).items[0].state
}

#[test]
fn a_state_follows_from_dates_alone() {
    let check = |kind: Kind, today: Date, expected: State| assert_eq!(state_of(vec![kind], today), expected);
    let may = || deadline(date(2021, 5, 30));
    check(may(), date(2021, 5, 15), State::Ahead);
    check(may(), date(2021, 5, 16), State::DueSoon);
    check(may(), date(2021, 5, 30), State::DueSoon);
    check(may(), date(2021, 5, 31), State::Past);
    let summer = || interval(date(2021, 6, 1), date(2021, 8, 31));
    check(summer(), date(2021, 5, 31), State::Ahead);
    check(summer(), date(2021, 6, 1), State::GoingOn);
    check(summer(), date(2021, 8, 20), State::DueSoon);
    check(summer(), date(2021, 9, 1), State::Past);
    check(monthly(), date(2021, 5, 31), State::GoingOn);
    check(monthly(), date(2022, 2, 1), State::Past);
    check(Kind::Ongoing(Span::Project), date(2021, 7, 1), State::GoingOn);
    check(interval(date(2021, 8, 31), date(2021, 6, 1)), date(2021, 7, 1), State::Reversed);
    check(Kind::Missing, date(2021, 7, 1), State::Undated);
    check(Kind::Condition("при необходимости".into()), date(2021, 7, 1), State::Undated);
}

#[test]
fn of_two_deadlines_the_nearest_counts() {
    let two = || vec![deadline(date(2021, 5, 30)), deadline(date(2021, 12, 15))];
    assert_eq!(state_of(two(), date(2021, 5, 29)), State::DueSoon);
    assert_eq!(state_of(two(), date(2021, 6, 1)), State::Ahead);
    assert_eq!(state_of(two(), date(2021, 12, 16)), State::Past);
    assert_eq!(state(&[], TODAY), State::Undated);
}

#[test]
fn a_stray_date_has_a_state_but_does_not_widen_the_scale() {
    let far = schedule("2201", vec![Kind::Day(When::Date(date(2201, 5, 1)))]);
    let order = order(vec![section("1", "", vec![activity(1, "1", "Дело", vec![], far)])]);
    let agenda = agenda(&order, TODAY);
    assert_eq!(agenda.items[0].state, State::Ahead);
    assert_eq!(agenda.horizon.end, date(2021, 12, 31));
    assert!(gantt(&agenda, &[0], Zoom::Overview, TODAY).lanes[0].beyond);
}

#[test]
fn what_is_kept_of_a_plan_holds_on_other_days() {
    let day = date(2021, 3, 1);
    let reversed = interval(date(2021, 8, 31), date(2021, 6, 1));
    let wrong = activity(1, "1", "Дело", vec![], schedule("", vec![reversed]));
    let mut timeless =
        order(vec![section("1", "", vec![activity(1, "1", "Дело", vec![], schedule("", vec![monthly()]))])]);
    timeless.act.date = None;
    timeless.programme = None;
    timeless.plans[0].period = None;
    for order in [small(), large(100), order(vec![section("1", "", vec![wrong])]), timeless.clone()] {
        for later in [date(2021, 3, 1), date(2021, 5, 20), date(2021, 9, 1), date(2023, 1, 1)] {
            let digest = Digest::of(&order, 1, day);
            if !digest.holds(1, later) {
                assert!(
                    later != day && order == timeless,
                    "only a plan without any date has to be laid out anew"
                );
                continue;
            }
            let kept: Vec<_> =
                digest.items(later).map(|item| (item.spans.into_owned(), item.state)).collect();
            let anew = agenda(&order, later).items;
            let anew: Vec<_> = anew.into_iter().map(|item| (item.spans.into_owned(), item.state)).collect();
            assert_eq!(kept, anew, "{later}");
        }
        assert!(!Digest::of(&order, 1, day).holds(2, day), "another version is another digest");
    }
    assert!(!Digest::of(&timeless, 1, day).holds(1, date(2023, 1, 1)));
}

fn numbers(view: &PlanView<'_>) -> Vec<String> {
    view.shown.iter().flat_map(|s| &s.rows).filter_map(|row| row.activity.number.clone()).collect()
}

#[test]
fn a_filter_keeps_what_is_asked_for() {
    let order = small();
    let check = |query: &[(&str, &str)], expected: &[&str]| {
        let filter = Filter::from_pairs(query.iter().copied());
        assert_eq!(numbers(&plan_view(&order, &filter, Some(1), TODAY)), expected, "{query:?}");
    };
    check(&[], &["1.1", "1.2", "1.3", "2.1", "2.2", "2.3"]);
    check(&[("state", "past")], &["1.1"]);
    check(&[("state", "soon"), ("state", "undated")], &["1.2", "2.3"]);
    check(&[("school", "14")], &["1.2", "1.3"]);
    check(&[("school", "14"), ("party", "ежикова м.д")], &["1.3"]);
    check(&[("month", "2021-08")], &["1.3", "2.2"]);
    check(&[("month", "2021-11"), ("kind", "date")], &["2.1"]);
    check(&[("kind", "condition")], &["2.3"]);
    check(&[("q", "результат")], &["1.1", "2.2"]);
    check(&[("q", "ЕЖИКОВА команда")], &["1.3"]);
    check(&[("q", "2.1")], &["2.1"]);
    check(&[("q", "ничего такого нет")], &[]);
    check(&[("school", "99")], &[]);
}

#[test]
fn counts_of_a_facet_heed_the_other_facets_only() {
    let order = small();
    let filter = Filter::from_pairs([("school", "14"), ("state", "soon")]);
    let view = plan_view(&order, &filter, Some(1), TODAY);
    let values = |name| {
        let facet = view.facets.iter().find(|facet| facet.name == name).expect("every facet is there");
        facet.values.iter().map(|v| (v.label.as_str(), v.count, v.chosen)).collect::<Vec<_>>()
    };
    assert_eq!(values(FacetName::State), [("скоро срок", 1, true), ("идёт", 1, false)]);
    assert_eq!(values(FacetName::School), [("№ 2", 1, false), ("№ 14", 1, true)]);
    assert_eq!(values(FacetName::Party), [("МОУ №№ 2, 14", 1, false)]);
    let marks: Vec<&str> = view.marks.iter().map(|mark| mark.label.as_str()).collect();
    assert_eq!(marks, ["Состояние: скоро срок", "Школа: № 14"]);
    assert_eq!(view.marks[0].without, Filter::from_pairs([("school", "14")]));
}

#[test]
fn a_big_plan_is_shown_page_by_page_and_nothing_is_lost() {
    let order = large(1_000);
    let all: Vec<String> =
        order.plans[0].activities().filter_map(|activity| activity.number.clone()).collect();
    let mut seen = Vec::new();
    let pages = plan_view(&order, &Filter::default(), Some(1), TODAY).pages;
    assert_eq!(pages, 1_000_usize.div_ceil(ROWS_PER_PAGE));
    for page in 1..=pages {
        let view = plan_view(&order, &Filter::default(), Some(page), TODAY);
        assert_eq!((view.total, view.matched, view.page), (1_000, 1_000, page));
        assert!(view.rows() <= ROWS_PER_PAGE);
        seen.extend(numbers(&view));
    }
    assert_eq!(seen, all);
    assert_eq!(
        plan_view(&order, &Filter::default(), Some(99), TODAY).page,
        pages,
        "past the end is the last page"
    );
    assert_eq!(plan_view(&order, &Filter::default(), Some(0), TODAY).page, 1);
    assert_eq!(numbers(&plan_view(&order, &Filter::default(), None, TODAY)), all, "for print");
    let view = plan_view(&order, &Filter::default(), Some(2), TODAY);
    assert!(view.shown[0].continued, "the second page begins inside a section");
    assert_eq!(view.sections[1].page, 1);
    assert_eq!(view.sections[9].page, 7);
}

#[test]
fn an_order_without_a_plan_has_an_empty_page() {
    let mut order = small();
    order.plans.clear();
    let view = plan_view(&order, &Filter::default(), Some(1), TODAY);
    assert_eq!((view.total, view.pages, view.shown.len()), (0, 1, 0));
    assert!(neighbourhood(&order, ActivityKey(1)).is_none());
}

#[test]
fn neighbours_cross_sections() {
    let order = small();
    let found = neighbourhood(&order, ActivityKey(4)).expect("it is in the plan");
    assert_eq!((found.section_index, found.position), (1, 4));
    assert_eq!(found.previous.map(|a| a.key), Some(ActivityKey(3)));
    assert_eq!(found.next.map(|a| a.key), Some(ActivityKey(5)));
    assert!(neighbourhood(&order, ActivityKey(1)).is_some_and(|n| n.previous.is_none()));
}

fn owned<'a>(agenda: &'a Agenda<'a>) -> Vec<Owned<'a>> {
    agenda.items.iter().map(|item| Owned { plan: 0, item }).collect()
}

fn on_days(grid: &MonthGrid<'_>) -> Vec<(i8, Edge, String)> {
    let cells = grid.weeks.iter().flatten();
    cells
        .flat_map(|cell| {
            let number = |item: &Item<'_>| item.activity.number.clone().unwrap_or_default();
            cell.entries.iter().map(move |e| (cell.date.day(), e.edge, number(e.owned.item)))
        })
        .collect()
}

#[test]
fn a_month_is_whole_weeks_from_monday() {
    let grid = month_grid(Month { year: 2021, month: 4 }, &[], TODAY);
    assert_eq!(grid.weeks.len(), 5);
    assert!(grid.weeks.iter().all(|week| week.len() == 7));
    let first = &grid.weeks[0][0];
    assert_eq!((first.date, first.in_month), (date(2021, 3, 29), false));
    assert_eq!(grid.weeks[4][6].date, date(2021, 5, 2));
    assert_eq!(grid.weeks.iter().flatten().filter(|cell| cell.today).count(), 1);
    assert!(!grid.weeks[0][5].working, "a Saturday");
    assert_eq!(month_grid(Month { year: 2021, month: 2 }, &[], TODAY).weeks.len(), 4);
    assert_eq!(month_grid(Month { year: 2021, month: 8 }, &[], TODAY).weeks.len(), 6);
}

#[test]
fn days_of_a_month_hold_deadlines_and_edges_and_the_rest_runs() {
    let order = small();
    let agenda = agenda(&order, TODAY);
    let of = |month| month_grid(Month { year: 2021, month }, &owned(&agenda), TODAY);
    let april = of(4);
    assert_eq!(on_days(&april), [(20, Edge::Deadline, "1.2".into())]);
    let running: Vec<(Reach, &str)> = april
        .running
        .iter()
        .map(|r| (r.reach, r.owned.item.activity.number.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(running, [(Reach::Longer, "1.3"), (Reach::Recurring, "2.2")]);
    assert_eq!(april.undated.len(), 1);
    assert_eq!(on_days(&of(3)), [(15, Edge::Begins, "1.3".into())]);
    assert_eq!(on_days(&of(8)), [(20, Edge::Ends, "1.3".into())]);
    assert_eq!(on_days(&of(11)), [(25, Edge::Day, "2.1".into())]);
    assert_eq!(of(3).running[0].reach, Reach::UntilMonthEnd);
    let between = of(8).weeks.iter().flatten().filter(|cell| cell.running == 1).count();
    assert_eq!(between, 7 + 18, "26 July, the first Monday shown, to 19 August");
}

#[test]
fn months_count_last_days() {
    let order = small();
    let agenda = agenda(&order, TODAY);
    assert_eq!(due_by_month(&owned(&agenda), 2021), [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0]);
    assert_eq!(due_by_month(&owned(&agenda), 2020), [0; 12]);
}

#[test]
fn a_calendar_opens_where_something_is() {
    let order = small();
    let agenda = agenda(&order, TODAY);
    let check = |today: Date, expected: &str| {
        assert_eq!(opening_month(&owned(&agenda), today).to_string(), expected);
    };
    check(TODAY, "2021-04");
    check(date(2026, 11, 1), "2021-12");
    check(date(2019, 11, 1), "2021-01");
    assert_eq!(opening_month(&[], TODAY).to_string(), "2021-04");
}

fn shapes(chart: &Gantt<'_>, number: &str) -> Vec<Shape> {
    let lane = chart.lanes.iter().find(|lane| lane.item.activity.number.as_deref() == Some(number));
    lane.map(|lane| lane.shapes.clone()).unwrap_or_default()
}

#[test]
fn a_time_line_has_whole_months_and_every_activity() {
    let order = small();
    let agenda = agenda(&order, TODAY);
    let all: Vec<usize> = (0..6).collect();
    let chart = gantt(&agenda, &all, Zoom::Overview, TODAY);
    assert_eq!(chart.lanes.len(), 6);
    assert_eq!((chart.period.start, chart.period.end), (date(2021, 1, 1), date(2021, 12, 31)));
    assert_eq!(chart.years.len(), 1);
    assert_eq!(chart.steps.iter().map(|band| band.label.as_str()).next_back(), Some("дек"));
    let sum: f64 = chart.steps.iter().map(|band| band.width).sum();
    assert!((sum - chart.width).abs() < 0.01);
    assert!(chart.today.is_some_and(|x| x > chart.width * 0.27 && x < chart.width * 0.29));
    assert!(matches!(shapes(&chart, "1.1")[..], [Shape::Bar { .. }]));
    assert!(matches!(shapes(&chart, "1.2")[..], [Shape::Diamond { .. }]));
    assert_eq!(shapes(&chart, "2.2").iter().filter(|s| matches!(s, Shape::Tick { .. })).count(), 12);
    assert_eq!(shapes(&chart, "2.3"), []);
}

#[test]
fn ticks_that_would_run_together_become_a_comb() {
    let often = activity(1, "1", "Дело", vec![], schedule("еженедельно", vec![weekly()]));
    let mut order = order(vec![section("1", "", vec![often])]);
    order.plans[0].period = Some(opora_schedule::Period { start: date(2020, 1, 1), end: date(2024, 12, 31) });
    let agenda = agenda(&order, TODAY);
    let chart = gantt(&agenda, &[0], Zoom::Overview, TODAY);
    assert!(matches!(shapes(&chart, "1")[..], [Shape::Comb { x: 0.0, .. }]));
    assert_eq!(chart.steps.len(), 20, "quarters");
    assert_eq!(chart.zooms, Zoom::ALL);
    let near = gantt(&agenda, &[0], Zoom::Months, TODAY);
    assert!(near.width > chart.width * 4.0);
    assert!(shapes(&near, "1").len() > 200);
}

fn any_day() -> impl Strategy<Value = Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        any_day().prop_map(deadline),
        any_day().prop_map(|day| Kind::Day(When::Date(day))),
        (any_day(), any_day()).prop_map(|(start, end)| interval(start, end)),
        Just(monthly()),
        Just(weekly()),
        Just(Kind::Ongoing(Span::Permanent)),
        Just(Kind::Missing),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the dates, nothing panics, everything has one state and a lane, and no chart is endless.
    #[test]
    fn every_activity_is_shown_whatever_its_dates(
        kinds in prop::collection::vec(prop::collection::vec(any_kind(), 0..3), 1..6),
        today in any_day(),
        stated in any::<bool>(),
    ) {
        let activities: Vec<_> = (1_u32..)
            .zip(kinds)
            .map(|(key, kinds)| activity(key, "1", "Дело", vec![], schedule("срок", kinds)))
            .collect();
        let count = activities.len();
        let mut order = order(vec![section("1", "", activities)]);
        if !stated {
            order.plans[0].period = None;
            order.act.date = None;
        }
        let view = plan_view(&order, &Filter::default(), Some(1), today);
        let states = view.facets.iter().find(|facet| facet.name == FacetName::State).expect("states");
        prop_assert_eq!(states.values.iter().map(|value| value.count).sum::<usize>(), count);
        let agenda = agenda(&order, today);
        let grid = month_grid(opening_month(&owned(&agenda), today), &owned(&agenda), today);
        prop_assert!(grid.weeks.iter().all(|week| week.len() == 7) || today.year() == 9999);
        for zoom in Zoom::ALL {
            let chart = gantt(&agenda, &(0..count).collect::<Vec<_>>(), zoom, today);
            prop_assert_eq!(chart.lanes.len(), count);
            prop_assert!(chart.width > 0.0 && chart.width <= 12_001.0, "{}", chart.width);
        }
    }
}
