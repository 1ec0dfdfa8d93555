//! Cases of a school that follows a municipal plan, over a real store.

use jiff::Timestamp;
use opora_access::Place;
use opora_cells::OrganisationId;
use opora_cycle::vocabulary::{ActivityKey, Order};
use opora_roadmap::{DraftInput, Library, Most, Municipal, School, UpstreamKind};
use opora_schedule::Period;
use opora_store::{Authorship, DatabaseUrl, PlanId, Store, VersionNumber};

use super::*;
use crate::usecases::edit::{ActivityFields, Edit, activity};
use crate::usecases::edit_save::save;
use crate::usecases::roadmap::{Basis, create, school};

const TOWN: &str = "Муниципальная дорожная карта
№\tМероприятие\tСрок\tОтветственные\tРезультат
1\tПровести диагностику\tдо 01.10.2026\tМОУ № 4\tСправка
2\tСоставить график посещений\tноябрь 2026\tКураторы\tГрафик
3\tПровести педсовет\tдо 20.12.2026\tруководители МОУ №№ 2, 4\tПротокол
4\tПодвести итоги\tдо 01.07.2026\tМОУ № 4\tСправка
";

struct Case {
    store: Store,
    town: PlanId,
    roadmap: PlanId,
    school: School,
    _folder: tempfile::TempDir,
}

impl Case {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"));
        let store = Store::open(&url).await.expect("a store");
        let order = crate::usecases::import::read_order("план.txt", TOWN.as_bytes());
        let (place, at) = (Place::Installation, Timestamp::UNIX_EPOCH);
        crate::usecases::import::save(&store, &order, TOWN.as_bytes(), place, "Отдел", at)
            .await
            .expect("a plan");
        let town = PlanId(1);
        let school = school("МОУ «СОШ № 4»");
        let record = store.plan(town).await.expect("the plan");
        let day = |text: &str| text.parse().expect("a day");
        let input = DraftInput {
            title: "Дорожная карта школы № 4",
            period: Period { start: day("2026-09-01"), end: day("2027-05-31") },
            school: &school,
            tier: None,
            risks: &[],
            library: &Library::default(),
            municipal: record.order.plans.first().map(|plan| Municipal { id: 1, plan }),
            most: Most::default(),
        };
        let basis = Basis { municipal_version: Some(1), tier_reason: None };
        let by = Authorship { who: "Школа", reason: "", at };
        let owner = Place::School(OrganisationId(4));
        let roadmap = create(&store, &input, &basis, owner, None, &by).await.expect("a roadmap");
        Self { store, town, roadmap, school, _folder: folder }
    }

    async fn order(&self, plan: PlanId) -> Order {
        self.store.plan(plan).await.expect("a plan").order
    }

    async fn edit(&self, plan: PlanId, edit: &Edit) {
        let seen = self.store.plan(plan).await.expect("a plan").version.number;
        save(&self.store, plan, seen, edit, "Кто-то", Timestamp::UNIX_EPOCH).await.expect("an edit");
    }

    async fn set(&self, plan: PlanId, key: u32, change: impl Fn(&mut ActivityFields)) {
        let key = ActivityKey(key);
        let mut fields = ActivityFields::of(activity(&self.order(plan).await, key).expect("an activity"));
        change(&mut fields);
        self.edit(plan, &Edit::Activity { key, fields }).await;
    }

    async fn upstream(&self) -> Upstream {
        let own = self.order(self.roadmap).await.plans.remove(0);
        read(&self.store, self.roadmap, &own, &self.school).await.expect("facts").expect("it follows")
    }

    async fn open(&self) -> Vec<String> {
        let word = |change: &UpstreamChange| match &change.kind {
            UpstreamKind::Added(_) => format!("новое {}", change.upstream.0),
            UpstreamKind::Removed => format!("удалено {}", change.upstream.0),
            UpstreamKind::NoLongerAddressed => format!("не обращено {}", change.upstream.0),
            UpstreamKind::Changed(fields) => format!("изменено {} ({})", change.upstream.0, fields.len()),
        };
        self.upstream().await.changes.iter().map(word).collect()
    }

    async fn decide(&self, key: u32, decision: Decision) -> Result<VersionNumber, NotDecided> {
        let version = self.upstream().await.version;
        let by = Decider { who: "Лапин", account: None, number: 7, at: Timestamp::UNIX_EPOCH };
        decide(&self.store, self.roadmap, &self.school, (ActivityKey(key), version), &decision, &by).await
    }
}

#[tokio::test]
async fn what_changes_above_is_told_and_adopted() {
    let case = Case::new().await;
    assert!(case.open().await.is_empty());
    let inherited: Vec<u32> = case.order(case.roadmap).await.plans[0].activities().map(|a| a.key.0).collect();
    assert_eq!(inherited, [1, 2], "the diagnosis and the council are of the school");
    case.set(case.town, 1, |fields| fields.schedule = "до 15.10.2026".to_owned()).await;
    case.edit(case.town, &Edit::Delete(ActivityKey(3))).await;
    let fields = ActivityFields {
        title: "Провести опрос родителей".to_owned(),
        responsible: "МОУ № 4".to_owned(),
        ..ActivityFields::default()
    };
    case.edit(case.town, &Edit::Add { section: 0, fields, unplaced: None }).await;
    assert_eq!(case.open().await, ["изменено 1 (1)", "удалено 3", "новое 5"]);

    case.decide(1, Decision::Adopt(Choices::new())).await.expect("adopted");
    let order = case.order(case.roadmap).await;
    assert_eq!(activity(&order, ActivityKey(1)).map(|own| own.schedule.text.as_str()), Some("до 15.10.2026"));
    assert_eq!(case.open().await, ["удалено 3", "новое 5"]);
    assert!(matches!(case.decide(1, Decision::Adopt(Choices::new())).await, Err(NotDecided::Gone)));

    case.decide(3, Decision::Adopt(Choices::new())).await.expect("taken out");
    case.decide(5, Decision::Adopt(Choices::new())).await.expect("taken in");
    let order = case.order(case.roadmap).await;
    let keys: Vec<u32> = order.plans[0].activities().map(|activity| activity.key.0).collect();
    assert_eq!(keys, [1, 3], "the key of what was taken out is not given again");
    assert!(case.open().await.is_empty());
    // The next change of what was adopted is told against what was adopted.
    case.set(case.town, 1, |fields| fields.outcome = "Аналитическая справка".to_owned()).await;
    assert_eq!(case.open().await, ["изменено 1 (1)"]);
    case.decide(1, Decision::Adopt(Choices::new())).await.expect("adopted without a conflict");
}

#[tokio::test]
async fn what_is_declined_stays_declined_until_it_changes_again() {
    let case = Case::new().await;
    case.set(case.town, 1, |fields| fields.schedule = "до 15.10.2026".to_owned()).await;
    let silent = case.decide(1, Decision::Decline("  ".to_owned())).await;
    assert!(matches!(silent, Err(NotDecided::ReasonMissing)));
    let before = case.order(case.roadmap).await;
    case.decide(1, Decision::Decline("Диагностика уже проведена".to_owned())).await.expect("declined");
    assert_eq!(case.order(case.roadmap).await, before, "nothing is written into the roadmap");
    assert!(case.open().await.is_empty());
    case.set(case.town, 3, |fields| fields.title = "Провести большой педсовет".to_owned()).await;
    assert_eq!(case.open().await, ["изменено 3 (1)"], "another change does not bring the declined one back");
    case.set(case.town, 1, |fields| fields.schedule = "до 30.10.2026".to_owned()).await;
    assert_eq!(case.open().await, ["изменено 1 (1)", "изменено 3 (1)"]);
    case.edit(case.town, &Edit::Delete(ActivityKey(3))).await;
    case.decide(3, Decision::Decline("Педсовет нам нужен".to_owned())).await.expect("declined");
    assert_eq!(case.open().await, ["изменено 1 (1)"]);
    let decided = case.upstream().await.decided;
    let told: Vec<(bool, &str)> = decided.iter().map(|one| (one.adopted, one.reason.as_str())).collect();
    assert_eq!(told, [(false, "Диагностика уже проведена"), (false, "Педсовет нам нужен")]);
}

#[tokio::test]
async fn where_the_school_wrote_too_a_person_chooses() {
    let case = Case::new().await;
    case.set(case.roadmap, 1, |fields| fields.schedule = "до 05.10.2026".to_owned()).await;
    case.set(case.town, 1, |fields| fields.schedule = "до 15.10.2026".to_owned()).await;
    let undecided = case.decide(1, Decision::Adopt(Choices::new())).await;
    let Err(NotDecided::Collides(conflicts)) = undecided else { panic!("no collision: {undecided:?}") };
    assert_eq!(conflicts.len(), 1);
    let choice = |text: &str| Choices::from([(conflicts[0].path.to_string(), text.to_owned())]);
    case.decide(1, Decision::Adopt(choice("до 10.10.2026"))).await.expect("chosen");
    let order = case.order(case.roadmap).await;
    assert_eq!(activity(&order, ActivityKey(1)).map(|own| own.schedule.text.as_str()), Some("до 10.10.2026"));
    assert!(case.open().await.is_empty());
}

#[tokio::test]
async fn what_the_school_took_out_follows_nothing() {
    let case = Case::new().await;
    case.edit(case.roadmap, &Edit::Delete(ActivityKey(1))).await;
    case.set(case.town, 1, |fields| fields.schedule = "до 15.10.2026".to_owned()).await;
    assert!(case.open().await.is_empty());
    let own = case.order(case.roadmap).await.plans.remove(0);
    let waiting = waiting(&case.store, case.roadmap, &own, &case.school).await.expect("facts");
    assert_eq!(waiting.and_then(|waiting| waiting.changes), None);
}

#[tokio::test]
async fn what_lay_outside_of_the_period_is_told_once_it_moves() {
    let case = Case::new().await;
    case.set(case.town, 4, |fields| fields.schedule = "до 01.04.2027".to_owned()).await;
    assert_eq!(case.open().await, ["новое 4"]);
    case.decide(4, Decision::Decline("Итоги подводим в мае".to_owned())).await.expect("declined");
    assert!(case.open().await.is_empty());
    case.set(case.town, 1, |fields| fields.title = "Провести новую диагностику".to_owned()).await;
    assert_eq!(case.open().await, ["изменено 1 (1)"]);
}
