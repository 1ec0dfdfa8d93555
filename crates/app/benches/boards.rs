//! How long does a board over 1,000 schools take, each with a plan of 60 activities?
//!
//! `cargo bench -p opora --bench boards`. What is measured is all a request does once the plans are in memory: the
//! reader's rights, the sums, the picture, the page.

use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use opora::usecases::boards::{Leaf, RowsAsked, Scope, Week, Which, board, by_alphabet, found, row_table};
use opora::usecases::in_force::{Followed, Why};
use opora::usecases::results::catalog::Catalog;
use opora::usecases::standings::{Line, Named, PlanStanding};
use opora::web::actor::Actor;
use opora::web::pages::boards::{self, People, Wanted};
use opora_access::{Grant, Person, Place, Right, Role};
use opora_cells::OrganisationId;
use opora_cycle::vocabulary::ActivityKey;
use opora_execution::{
    Account, Deed, Fact, Nature, Occurrence, OccurrenceKey, Outline, Party, Progress, StateKind,
};
use opora_registry::{Node, NodeId, NodeLevel, Organisation, Registry};
use opora_store::{PlanId, PlanSummary, VersionNumber};

const TODAY: Date = date(2026, 11, 23);
const SCHOOLS: u32 = 1_000;
const TOWNS: u32 = 40;
const ACTIVITIES: u32 = 60;

fn main() {
    divan::main();
}

fn registry() -> Registry {
    let node = |id, level, parent: Option<u32>, name: String| Node {
        id: NodeId(id),
        level,
        parent: parent.map(NodeId),
        name,
        code: None,
    };
    let mut nodes = vec![node(1, NodeLevel::Region, None, "Озёрный край".to_owned())];
    nodes.extend((0..TOWNS).map(|t| node(100 + t, NodeLevel::Municipality, Some(1), format!("Округ {t}"))));
    let school = |id: u32| Organisation {
        id: OrganisationId(id),
        name: format!("МБОУ «Средняя школа № {}»", id * 7 % 997),
        kind: "СОШ".to_owned(),
        municipality: NodeId(100 + id % TOWNS),
        rural: None,
        identifiers: Vec::new(),
    };
    Registry::new(nodes, (1..=SCHOOLS).map(school).collect(), Vec::new()).0
}

fn plan(school: u32) -> PlanStanding {
    let place = Place::School(OrganisationId(school));
    let mut standing = PlanStanding {
        event: 0,
        summary: summary(school, place),
        agreement: None,
        sections: (1..=6).map(|section| format!("Раздел {section}")).collect(),
        activities: (1..=ACTIVITIES)
            .map(|key| Named {
                key: ActivityKey(key),
                number: Some(format!("1.{key}")),
                title: format!("Методическая поддержка педагогов школы по направлению {key}"),
            })
            .collect(),
        lines: Vec::new(),
        progress: Progress::default(),
        items: Vec::new(),
        followed: Followed { version: VersionNumber::FIRST, why: Why::NeverAsked },
        execution: None,
        answers: Arc::default(),
    };
    for key in 1..=ACTIVITIES {
        let day =
            date(2026, 9, 1).saturating_add(i32::try_from((key * 5 + school) % 330).unwrap_or(0).days());
        let window = opora_execution::Window { from: day, due: day };
        let occurrence = Occurrence {
            key: OccurrenceKey { activity: ActivityKey(key), window: Some(window), nth: 1 },
            section: usize::try_from(key % 6).unwrap_or(0),
            nature: Nature::Dated,
            window: Some(window),
            inferred: false,
        };
        let fact =
            |deed, party| Fact { occurrence: occurrence.key, by: 5, party, at: day.at(10, 0, 0, 0), deed };
        let done = fact(Deed::Done { text: String::new() }, Party::Performer);
        let facts = match (key + school) % 4 {
            0 if day < TODAY => vec![done, fact(Deed::Confirmed, Party::Curator)],
            1 if day < TODAY => vec![done],
            _ => Vec::new(),
        };
        let account = Account::of(&facts);
        let outline = Outline::of(&occurrence, &account);
        standing.progress.add(&outline, 1, TODAY);
        standing.lines.push(Line {
            key: occurrence.key,
            section: occurrence.section,
            state: outline.state(TODAY),
            outline,
            performer: None,
            once: true,
        });
    }
    standing
}

fn summary(school: u32, owner: Place) -> PlanSummary {
    let at = jiff::Timestamp::UNIX_EPOCH;
    PlanSummary {
        id: PlanId(i64::from(school)),
        version: VersionNumber::FIRST,
        content_sha256: String::new(),
        title: format!("Дорожная карта школы {school}"),
        act_kind: None,
        act_number: None,
        act_date: None,
        authority: None,
        locality: None,
        period: None,
        section_count: 6,
        activity_count: ACTIVITIES,
        source_sha256: String::new(),
        source_name: String::new(),
        created_at: at,
        created_by: String::new(),
        changed_at: at,
        changed_by: String::new(),
        archived: false,
        owner,
    }
}

struct Region {
    actor: Actor,
    plans: Vec<Arc<PlanStanding>>,
}

impl Region {
    fn new() -> Self {
        let grant = Grant {
            role: Role::RegionalOperator,
            place: Place::Node(NodeId(1)),
            from: date(2020, 1, 1),
            until: None,
        };
        let person =
            Person { account: Some(1), name: "Орлова Нина".to_owned(), grants: vec![grant] };
        let registry = Arc::new(registry());
        let actor =
            Actor { person: Arc::new(person), session: None, token: None, registry, today: TODAY, unread: 0 };
        Self { actor, plans: (1..=SCHOOLS).map(plan).map(Arc::new).collect() }
    }

    /// The plans the reader may see, place by place: the part of a request that goes over all plans.
    fn leaves(&self, scope: &Scope) -> Vec<Leaf> {
        let seen = self.plans.iter().filter(|plan| {
            scope.holds(plan.summary.owner, &self.actor.registry)
                && self.actor.may(Right::SeePlans, plan.summary.owner)
        });
        let mut leaves: Vec<Leaf> = seen
            .map(|plan| {
                let mut leaf = Leaf::new(plan.summary.owner, TODAY.year());
                leaf.shows_risks = self.actor.may(Right::SeeDiagnosis, plan.summary.owner);
                leaf.plans.push(Arc::clone(plan));
                leaf
            })
            .collect();
        by_alphabet(&mut leaves, &self.actor.registry);
        leaves
    }

    fn page(&self, scope: &Scope) -> String {
        let leaves = self.leaves(scope);
        let board = board(scope, &leaves, &self.actor.registry, TODAY);
        boards::content(&self.actor, &Wanted::default(), scope, &leaves, &People::default(), &board)
            .into_string()
    }
}

#[divan::bench]
fn board_of_a_region(bencher: Bencher) {
    let region = Region::new();
    let scope = Scope::One(Place::Node(NodeId(1)));
    bencher.bench(|| region.page(black_box(&scope)));
}

#[divan::bench]
fn board_of_a_curator_of_all_schools(bencher: Bencher) {
    let region = Region::new();
    let scope = Scope::Own((1..=SCHOOLS).map(|id| Place::School(OrganisationId(id))).collect());
    bencher.bench(|| region.page(black_box(&scope)));
}

#[divan::bench]
fn rows_of_what_is_late(bencher: Bencher) {
    let region = Region::new();
    let scope = Scope::One(Place::Node(NodeId(1)));
    let asked = RowsAsked { which: Which::In(StateKind::Late), ..RowsAsked::default() };
    bencher.bench(|| {
        let leaves = region.leaves(black_box(&scope));
        found(&leaves, &asked).iter().take(100).map(|found| found.address(100).len()).sum::<usize>()
    });
}

#[divan::bench]
fn a_file_of_all_60_000_rows(bencher: Bencher) {
    let region = Region::new();
    let scope = Scope::One(Place::Node(NodeId(1)));
    bencher.bench(|| {
        let leaves = region.leaves(black_box(&scope));
        row_table(&found(&leaves, &RowsAsked::default()), &region.actor.registry).1.len()
    });
}

#[divan::bench]
fn week_of_a_region(bencher: Bencher) {
    let region = Region::new();
    let scope = Scope::One(Place::Node(NodeId(1)));
    let Ok(Catalog { rulebook: rules, .. }) = Catalog::read(None) else { return };
    bencher.bench(|| {
        let leaves = region.leaves(black_box(&scope));
        Week::of(&leaves, &rules, TODAY, TODAY).due.len()
    });
}
