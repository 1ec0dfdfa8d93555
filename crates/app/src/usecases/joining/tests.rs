//! Is nobody's text lost when two edits of a plan are joined?

use std::collections::BTreeSet;

use opora_cycle::vocabulary::{Order, Plan};
use proptest::prelude::*;

use super::*;
use crate::usecases::edit::{ActivityFields, Direction, PlanFields, SectionFields};

const TEXT: &str = "Дорожная карта на 2026 год
№\tМероприятие\tСрок\tОтветственные\tРезультат
1. Кадры
1.1\tНазначить наставников\tсентябрь 2026\tдиректор\tприказ
1.2\tПровести курсы\tдо 01.12.2026\tметодист\tотчёт
2. Мотивация
2.1\tОткрыть клуб чтения\tежемесячно\tбиблиотекарь\tпротокол
2.2\tПровести опрос\tдо 01.10.2026\tпсихолог\tсправка
";

fn order() -> Order {
    let order = crate::usecases::import::read_order("план.txt", TEXT.as_bytes());
    assert_eq!(order.plans.first().map(|plan| plan.activities().count()), Some(4));
    order
}

fn words() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["слово", "до 15.10.2026", "другое", "Зотова Н.П."]).prop_map(str::to_owned)
}

/// A kind of edit of some thing of a plan; what it changes of it is chosen by the numbers.
fn edits() -> impl Strategy<Value = (usize, usize, usize, String)> {
    (0..8_usize, 0..8_usize, 0..5_usize, words())
}

fn edit_of(order: &Order, (kind, at, field, text): &(usize, usize, usize, String)) -> Option<Edit> {
    let plan = order.plans.first()?;
    let activities: Vec<_> = plan.activities().collect();
    let activity = activities.get(at % activities.len().max(1));
    let section = at % plan.sections.len().max(1);
    Some(match kind {
        0..=2 => {
            let activity = activity?;
            let mut fields = ActivityFields::of(activity);
            let slot = match field {
                0 => &mut fields.title,
                1 => &mut fields.schedule,
                2 => &mut fields.responsible,
                3 => &mut fields.outcome,
                _ => &mut fields.target_group,
            };
            text.clone_into(slot);
            Edit::Activity { key: activity.key, fields }
        }
        3 => {
            let fields = ActivityFields { title: text.clone(), ..ActivityFields::default() };
            Edit::Add { section, fields, unplaced: None }
        }
        4 => Edit::Delete(activity?.key),
        5 => Edit::Move(activity?.key, if *field > 2 { Direction::Up } else { Direction::Down }),
        6 => {
            let fields =
                SectionFields { title: text.clone(), ..SectionFields::of(plan.sections.get(section)?) };
            Edit::Section { section, fields }
        }
        _ => Edit::Plan(PlanFields { title: text.clone(), ..PlanFields::of(plan) }),
    })
}

fn texts_of(order: &Order) -> BTreeSet<String> {
    let plan = order.plans.first().cloned().unwrap_or_default();
    let mut texts = BTreeSet::from([plan.title.clone()]);
    texts.extend(plan.sections.iter().map(|section| section.title.clone()));
    for activity in plan.activities() {
        texts.extend(ActivityFields::of(activity).texts().into_iter().map(|text| text.value));
    }
    texts
}

fn keys(order: &Order) -> Vec<ActivityKey> {
    order.plans.iter().flat_map(Plan::activities).map(|activity| activity.key).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nobodys_text_is_lost(theirs in prop::collection::vec(edits(), 1..4), mine in edits()) {
        let base = order();
        let mut current = base.clone();
        let mut highest = keys(&base).into_iter().max().unwrap_or(ActivityKey(0));
        for edit in &theirs {
            let Some(edit) = edit_of(&current, edit) else { continue };
            if let Ok(next) = apply(&current, &edit, highest) {
                current = next;
                highest = keys(&current).into_iter().max().map_or(highest, |key| key.max(highest));
            }
        }
        let Some(edit) = edit_of(&base, &mine) else { return Ok(()) };
        let alone = apply(&base, &edit, highest);
        let joined = join(&base, &current, &edit, highest);
        let Ok(alone) = alone else { return Ok(()) };
        let new: Vec<String> = texts_of(&alone).difference(&texts_of(&base)).cloned().collect();
        match joined {
            Ok(Joined::Order(order)) => {
                let all = texts_of(&order);
                for text in &new {
                    prop_assert!(all.contains(text), "mine is lost: {text}");
                }
                // What they wrote and I did not touch stays.
                let gone = matches!(edit, Edit::Delete(_));
                for text in texts_of(&current).difference(&texts_of(&base)).filter(|_| !gone) {
                    prop_assert!(all.contains(text), "theirs is lost: {text}");
                }
                let unique: BTreeSet<ActivityKey> = keys(&order).into_iter().collect();
                prop_assert_eq!(unique.len(), keys(&order).len(), "no key twice");
            }
            Ok(Joined::Collision(collision)) => {
                prop_assert!(
                    collision.fields.iter().any(|field| field.collides) || !collision.told.is_empty(),
                    "a collision tells where"
                );
                for text in &new {
                    let is_shown = collision.fields.iter().any(|field| field.mine.contains(text.as_str()));
                    prop_assert!(is_shown, "mine is not shown: {text}");
                }
            }
            // The thing is gone: the page offers to add the texts as a new one.
            Err(Refusal::Gone | Refusal::NotEmpty(_)) => {}
            Err(refusal) => prop_assert!(false, "{refusal:?}"),
        }
    }

    #[test]
    fn a_new_key_is_above_all_that_were_given(removed in 0..50_u32) {
        let base = order();
        let highest = ActivityKey(keys(&base).into_iter().max().map_or(0, |key| key.0) + removed);
        let fields = ActivityFields { title: "Дело".to_owned(), ..ActivityFields::default() };
        let edit = Edit::Add { section: 0, fields, unplaced: None };
        let added = apply(&base, &edit, highest).expect("it is added");
        let new: Vec<ActivityKey> = keys(&added).into_iter().filter(|key| !keys(&base).contains(key)).collect();
        prop_assert_eq!(new, vec![ActivityKey(highest.0 + 1)]);
    }
}
