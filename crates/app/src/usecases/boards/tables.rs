//! How do boards and their rows look as tables for other programs?

use jiff::civil::Date;
use opora_access::Place;
use opora_execution::StateKind;
use opora_registry::Registry;

use super::{Board, Decision, DutyRow, Found, Leaf, RiskRow, Sum, VisitRow, place_name};
use crate::usecases::results::tables::Plain;

fn heads<const N: usize>(heads: [&str; N]) -> Vec<String> {
    heads.map(str::to_owned).to_vec()
}

/// A board: its parts by the alphabet, what belongs to none of them, and the sum of all.
pub fn board_table(board: &Board) -> Plain {
    let heads = heads([
        "Чьи планы",
        "Школ",
        "Школ без плана",
        "Планов",
        "Сроков всего",
        "Учитывается",
        "Выполнено",
        "Подтверждено",
        "Просрочено",
        "Возвращено на доработку",
        "Скоро срок",
        "Ждёт подтверждения",
        "Дольше всего ждёт подтверждения, дней",
        "Ждёт решения школы",
        "Ждёт решения куратора",
        "Ждёт решения координатора",
        "Дольше всего ждёт решения, дней",
        "Рисков высокой значимости",
        "Из них с мерами",
        "Окон обязательств соблюдено",
        "Окон обязательств пропущено",
        "Окон обязательств освобождено",
        "Окон обязательств идёт",
        "Посещений состоялось",
        "Посещений запланировано",
        "Посещений без отметки",
    ]);
    let mut rows: Vec<Vec<String>> = Vec::new();
    if board.own.is_anything() && !board.parts.is_empty() {
        rows.push(board_row("Общие планы", &board.own));
    }
    rows.extend(board.parts.iter().map(|part| board_row(&part.name, &part.sum)));
    rows.push(board_row("Всего", &board.total));
    (heads, rows)
}

fn board_row(name: &str, sum: &Sum) -> Vec<String> {
    let progress = &sum.progress;
    let [school, curator, coordinator] = sum.decisions;
    let numbers = [
        sum.schools,
        sum.without_plan,
        sum.plans,
        progress.total(),
        as_size(progress.carried_out().whole),
        as_size(progress.carried_out().part),
        as_size(progress.confirmed().part),
        progress.count(StateKind::Late),
        progress.count(StateKind::Returned),
        progress.count(StateKind::Due),
        sum.unconfirmed.count,
        usize::try_from(sum.unconfirmed.longest_days).unwrap_or_default(),
        school.count,
        curator.count,
        coordinator.count,
        usize::try_from(sum.all_decisions().longest_days).unwrap_or_default(),
        sum.risks.high,
        sum.risks.answered,
        sum.duties.kept,
        sum.duties.missed,
        sum.duties.excused,
        sum.duties.open,
        sum.visits.held,
        sum.visits.planned,
        sum.visits.unmarked,
    ];
    std::iter::once(name.to_owned()).chain(numbers.iter().map(usize::to_string)).collect()
}

/// «21.07.2021».
fn date_short(day: Date) -> String {
    day.strftime("%d.%m.%Y").to_string()
}

fn as_size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Municipality and name of a place.
fn whose(place: Place, registry: &Registry) -> [String; 2] {
    let town = match place {
        Place::School(school) => registry.get(school).and_then(|school| registry.node(school.municipality)),
        _ => None,
    };
    [town.map(|town| town.name.clone()).unwrap_or_default(), place_name(place, registry)]
}

/// Times of plans.
pub fn row_table(found: &[Found<'_>], registry: &Registry) -> Plain {
    let heads = heads([
        "Муниципалитет",
        "Чей план",
        "План",
        "Номер плана",
        "Мероприятие",
        "Срок",
        "Срок по плану",
        "Состояние",
        "Выполнено",
    ]);
    let day = |day: Option<Date>| day.map(date_short).unwrap_or_default();
    let row = |found: &Found<'_>| {
        let [town, name] = whose(found.leaf.place, registry);
        vec![
            town,
            name,
            found.plan.summary.title.clone(),
            found.plan.summary.id.0.to_string(),
            found.title(),
            day(found.line.due()),
            day(found.line.outline.baseline.planned),
            found.line.state.russian(),
            day(found.line.outline.baseline.actual),
        ]
    };
    (heads, found.iter().map(row).collect())
}

/// Decisions that are waited for.
pub fn decision_table(decisions: &[Decision], registry: &Registry) -> Plain {
    let heads = heads([
        "Муниципалитет",
        "Чей документ",
        "О чём",
        "Документ",
        "Состояние",
        "Ждёт решения",
        "С какого дня",
        "Дней",
    ]);
    let row = |decision: &Decision| {
        let [town, name] = whose(decision.place, registry);
        vec![
            town,
            name,
            decision.about.russian().to_owned(),
            decision.title.clone(),
            decision.state.clone(),
            decision.waits_for_words().to_owned(),
            date_short(decision.since),
            decision.days.to_string(),
        ]
    };
    (heads, decisions.iter().map(row).collect())
}

/// Risks of high significance.
pub fn risk_table(risks: &[RiskRow], registry: &Registry) -> Plain {
    let heads = heads(["Муниципалитет", "Школа", "Риск высокой значимости", "Меры", "Номер плана"]);
    let row = |risk: &RiskRow| {
        let [town, name] = whose(risk.place, registry);
        let plan = risk.plan.map(|plan| plan.to_string()).unwrap_or_default();
        vec![town, name, risk.name.clone(), risk.russian(), plan]
    };
    (heads, risks.iter().map(row).collect())
}

/// Windows of obligations.
pub fn duty_table(rows: &[DutyRow<'_>], registry: &Registry) -> Plain {
    let heads = heads([
        "Муниципалитет",
        "Чьё",
        "Обязательство",
        "Пункт",
        "Кто",
        "Первый день",
        "Последний день",
        "Состояние",
    ]);
    let row = |row: &DutyRow<'_>| {
        let [town, name] = whose(row.leaf.place, registry);
        let (rule, days) = (row.kept.rule, row.days());
        vec![
            town,
            name,
            rule.what.clone(),
            rule.clause.clone(),
            rule.who.clone(),
            date_short(days.start),
            date_short(days.end),
            row.kept.russian(),
        ]
    };
    (heads, rows.iter().map(row).collect())
}

/// Visits.
pub fn visit_table(rows: &[VisitRow<'_>], registry: &Registry) -> Plain {
    let heads = heads(["Муниципалитет", "Школа", "День", "Цель", "Куратор", "Номер посещения", "Состояние"]);
    let row = |row: &VisitRow<'_>| {
        let [town, name] = whose(row.leaf.place, registry);
        vec![
            town,
            name,
            date_short(row.on),
            row.visit.aim.clone(),
            row.visit.curator_name.clone(),
            row.visit.number.to_string(),
            row.state.russian(),
        ]
    };
    (heads, rows.iter().map(row).collect())
}

/// All risks of leaves, in their order.
pub fn all_risks(leaves: &[Leaf]) -> Vec<RiskRow> {
    leaves.iter().flat_map(super::risks).collect()
}

/// All decisions of leaves, in their order.
pub fn all_decisions(leaves: &[Leaf], today: Date) -> Vec<Decision> {
    leaves.iter().flat_map(|leaf| super::decisions(leaf, today)).collect()
}
