//! How do two edits of one version become one version, and where do they disagree?

mod activity;
mod order;
mod sections;

use std::collections::{BTreeSet, HashMap, HashSet};

use opora_cycle::vocabulary::{Activity, ActivityKey, Plan, Section};
use opora_schedule::{Context, parse};

use crate::fields::{activity_name, period_text, shortened};
use crate::sections::{Id, rows};
use crate::{Link, Path, SectionField};
pub(crate) use activity::{Disagreement, blank, merged_activity};
use order::merged_order;
use sections::{Place, Placed};

/// Two edits joined.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The joined version. Where the edits disagree, it holds mine.
    pub plan: Plan,
    /// Where they disagree, with both texts.
    pub conflicts: Vec<Conflict>,
    /// Activities that both added under the same key: those of theirs have a new one.
    pub renumbered: Vec<(ActivityKey, ActivityKey)>,
}

/// Two edits that disagree about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Where, in the joined version.
    pub path: Path,
    /// The text both began with; none where there was none.
    pub base: Option<String>,
    /// My text, which the joined version holds; none where I removed the thing, which stays for the other's edits.
    pub mine: Option<String>,
    /// Their text; none where they removed the thing.
    pub theirs: Option<String>,
    /// A Russian sentence that tells it.
    pub sentence: String,
}

impl Merged {
    /// The links of both edits, joined: what one took out is out, and links of renumbered activities follow them. Only
    /// links of activities that stayed.
    pub fn links(&self, base: &[Link], mine: &[Link], theirs: &[Link]) -> Vec<Link> {
        let key = |key: ActivityKey| {
            self.renumbered.iter().find(|(old, _)| *old == key).map_or(key, |(_, new)| *new)
        };
        let before: BTreeSet<&Link> = base.iter().collect();
        let renumbered = |link: &Link| {
            let activity = if before.contains(link) { link.activity } else { key(link.activity) };
            Link { activity, to: link.to.clone() }
        };
        let theirs: BTreeSet<Link> = theirs.iter().map(renumbered).collect();
        let mine: BTreeSet<Link> = mine.iter().cloned().collect();
        let stays: BTreeSet<ActivityKey> = self.plan.activities().map(|activity| activity.key).collect();
        let removed = |link: &Link| before.contains(link) && !(mine.contains(link) && theirs.contains(link));
        let all = mine.union(&theirs).filter(|link| stays.contains(&link.activity) && !removed(link));
        all.cloned().collect()
    }
}

/// Joins two edits of `base`. Edits of different texts both stay; where both edited the same text, the joined version
/// holds mine and a conflict holds both. What one removed and the other edited stays, as a conflict. Nobody's text is
/// lost. Where only one moved things, that order holds; where both did, mine.
pub fn merge(base: &Plan, mine: &Plan, theirs: &Plan) -> Merged {
    let (theirs, renumbered) = renumber(base, mine, theirs);
    let theirs = &theirs;
    let mut joined = Joined { sides: Sides { base, mine, theirs }, conflicts: Vec::new() };
    let placed = Placed::of(&joined.sides);
    let activities = joined.activities(&placed);
    let taken: HashSet<Place> = activities.values().map(|(place, _)| *place).collect();
    let places = placed.order(&joined.sides, &taken);
    let ids = |plan: &Plan| rows(plan).iter().map(|row| row.id).collect::<Vec<_>>();
    let order = merged_order(&ids(base), &ids(mine), &ids(theirs));
    let mut sections = joined.sections(&placed, &places);
    let at: HashMap<Place, usize> = places.iter().enumerate().map(|(at, place)| (*place, at)).collect();
    for id in order {
        if let Some((place, activity)) = activities.get(&id)
            && let Some(section) = at.get(place).and_then(|at| sections.get_mut(*at))
        {
            section.activities.push(activity.clone());
        }
    }
    let mut plan = joined.head();
    plan.sections = sections;
    read_again(&mut plan, &joined.sides);
    Merged { plan, conflicts: joined.conflicts, renumbered }
}

/// The three versions.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'a> {
    pub base: &'a Plan,
    pub mine: &'a Plan,
    pub theirs: &'a Plan,
}

/// One of three values as two edits of it have it: theirs where I left it as it was, mine otherwise; `true` where both
/// changed it to different ones.
pub(crate) fn choose<'a, T: PartialEq + ?Sized>(base: &T, mine: &'a T, theirs: &'a T) -> (&'a T, bool) {
    let disagree = mine != base && theirs != base && mine != theirs;
    if mine == base { (theirs, false) } else { (mine, disagree) }
}

/// Their version with new keys for what both added under one key, unless it is the same activity.
fn renumber(base: &Plan, mine: &Plan, theirs: &Plan) -> (Plan, Vec<(ActivityKey, ActivityKey)>) {
    let known: HashSet<Id> = rows(base).iter().map(|row| row.id).collect();
    let added: HashMap<Id, &Activity> = rows(mine).into_iter().map(|row| (row.id, row.activity)).collect();
    let mut used: BTreeSet<ActivityKey> =
        [base, mine, theirs].iter().flat_map(|plan| plan.activities()).map(|activity| activity.key).collect();
    let ids: Vec<Id> = rows(theirs).iter().map(|row| row.id).collect();
    let (mut plan, mut renumbered) = (theirs.clone(), Vec::new());
    let activities = plan.sections.iter_mut().flat_map(|section| &mut section.activities);
    for (activity, id) in activities.zip(ids).filter(|(_, id)| !known.contains(id)) {
        let other = added.get(&id).is_some_and(|mine| !activity::same_texts(mine, activity));
        if other {
            let key = fresh(&mut used);
            renumbered.push((activity.key, key));
            activity.key = key;
        }
    }
    (plan, renumbered)
}

/// A key that nobody has yet.
pub(crate) fn fresh(used: &mut BTreeSet<ActivityKey>) -> ActivityKey {
    let after_last = used.last().map_or(Some(1), |last| last.0.checked_add(1));
    let key = after_last.or_else(|| (1..u32::MAX).find(|key| !used.contains(&ActivityKey(*key))));
    let key = ActivityKey(key.unwrap_or(u32::MAX));
    used.insert(key);
    key
}

struct Joined<'a> {
    sides: Sides<'a>,
    conflicts: Vec<Conflict>,
}

impl Joined<'_> {
    /// The plan without its sections.
    fn head(&mut self) -> Plan {
        let Sides { base, mine, theirs } = self.sides;
        let (title, disagree) = choose(&base.title, &mine.title, &theirs.title);
        if disagree {
            let texts = [&base.title, &mine.title, &theirs.title].map(|title| Some(title.clone()));
            self.disagree(Path::PlanTitle, "Название дорожной карты", texts);
        }
        let (period, disagree) = choose(&base.period, &mine.period, &theirs.period);
        if disagree {
            let texts = [base, mine, theirs].map(|plan| Some(period_text(plan)));
            self.disagree(Path::PlanPeriod, "Период дорожной карты", texts);
        }
        let (columns, _) = choose(&base.columns, &mine.columns, &theirs.columns);
        let (place, _) = choose(&base.place, &mine.place, &theirs.place);
        Plan {
            title: title.clone(),
            period: *period,
            columns: columns.clone(),
            sections: Vec::new(),
            place: place.clone(),
        }
    }

    /// Every activity that stays, with the section it goes to.
    fn activities(&mut self, placed: &Placed) -> HashMap<Id, (Place, Activity)> {
        let sides = self.sides;
        let of = |plan| rows(plan).into_iter().map(|row| (row.id, row)).collect::<HashMap<_, _>>();
        let (base, mine, theirs) = (of(sides.base), of(sides.mine), of(sides.theirs));
        let mut ids: Vec<Id> = rows(sides.mine).iter().map(|row| row.id).collect();
        ids.extend(rows(sides.theirs).iter().map(|row| row.id).filter(|id| !mine.contains_key(id)));
        let mut activities = HashMap::new();
        for id in ids {
            let old = base.get(&id);
            let (place, activity) = match (mine.get(&id), theirs.get(&id)) {
                (Some(my), Some(their)) => {
                    let places = (placed.mine(my.section), placed.theirs(their.section));
                    let was = old.and_then(|row| placed.base(row.section));
                    let place = self.place(my.activity, was, places);
                    let nothing = blank(id.0);
                    let before = old.map_or(&nothing, |row| row.activity);
                    let (activity, disagreements) = merged_activity(before, my.activity, their.activity);
                    self.fields(&activity, disagreements);
                    (place, activity)
                }
                (Some(my), None) => {
                    if old.is_some_and(|old| activity::same_texts(old.activity, my.activity)) {
                        continue;
                    }
                    self.removed(old.map(|row| row.activity), my.activity, true);
                    (placed.mine(my.section), my.activity.clone())
                }
                (None, Some(their)) => {
                    if old.is_some_and(|old| activity::same_texts(old.activity, their.activity)) {
                        continue;
                    }
                    self.removed(old.map(|row| row.activity), their.activity, false);
                    (placed.theirs(their.section), their.activity.clone())
                }
                (None, None) => continue,
            };
            activities.insert(id, (place, activity));
        }
        activities
    }

    /// The section an activity goes to.
    fn place(&mut self, activity: &Activity, was: Option<Place>, (mine, theirs): (Place, Place)) -> Place {
        let Some(was) = was else { return mine };
        let (place, disagree) = choose(&was, &mine, &theirs);
        if disagree {
            let texts = [was, mine, theirs].map(|place| place.title(&self.sides));
            let name = format!("{}, раздел", activity_name(activity));
            self.disagree(Path::Activity(activity.key), &name, texts.map(Some));
        }
        *place
    }

    fn fields(&mut self, activity: &Activity, disagreements: Vec<Disagreement>) {
        for Disagreement { field, texts } in disagreements {
            let name = format!("{}, {}", activity_name(activity), field.russian());
            self.disagree(Path::ActivityField(activity.key, field), &name, texts.map(Some));
        }
    }

    /// One removed what the other edited.
    fn removed(&mut self, base: Option<&Activity>, edited: &Activity, mine: bool) {
        let Some(base) = base else { return };
        let (before, after) = (Some(base.title.clone()), Some(edited.title.clone()));
        let who = if mine {
            "другой участник удалил, а вы изменили"
        } else {
            "вы удалили, а другой участник изменил"
        };
        self.conflicts.push(Conflict {
            path: Path::Activity(edited.key),
            base: before,
            mine: after.clone().filter(|_| mine),
            theirs: after.filter(|_| !mine),
            sentence: format!(
                "{}: {who}. Оно оставлено с изменениями. Удалите его, если оно не нужно.",
                activity_name(edited)
            ),
        });
    }

    fn disagree(&mut self, path: Path, name: &str, texts: [Option<String>; 3]) {
        let [base, mine, theirs] = texts;
        let said = |text: &Option<String>| match text.as_deref().map(shortened) {
            Some(text) if !text.is_empty() => format!("«{text}»"),
            _ => "пусто".to_owned(),
        };
        let sentence = format!(
            "{name}: вы и другой участник изменили одно и то же. У вас {}, у другого участника {}. Оставлен ваш текст, выберите нужный.",
            said(&mine),
            said(&theirs)
        );
        self.conflicts.push(Conflict { path, base, mine, theirs, sentence });
    }

    /// The sections of the joined version, empty yet.
    fn sections(&mut self, placed: &Placed, places: &[Place]) -> Vec<Section> {
        let sides = self.sides;
        let mut sections = Vec::new();
        for (at, place) in places.iter().enumerate() {
            let (base, mine, theirs) = placed.versions(*place, &sides);
            let Some(any) = mine.or(theirs).or(base) else { continue };
            let mut section = Section { activities: Vec::new(), ..any.clone() };
            if let (Some(base), Some(mine), Some(theirs)) = (base, mine, theirs) {
                section.number = choose(&base.number, &mine.number, &theirs.number).0.clone();
                section.title = choose(&base.title, &mine.title, &theirs.title).0.clone();
                section.year = *choose(&base.year, &mine.year, &theirs.year).0;
                for field in SectionField::ALL {
                    let texts = [base, mine, theirs].map(|section| field.text(section));
                    let [before, my, their] = &texts;
                    if choose(before, my, their).1 {
                        let name = format!("Раздел {}, {}", at + 1, field.russian());
                        self.disagree(Path::SectionField(at + 1, field), &name, texts.map(Some));
                    }
                }
            } else if let (Some(base), true) = (base, mine.is_some() != theirs.is_some()) {
                self.removed_section(at, base, mine, theirs);
            }
            sections.push(section);
        }
        sections
    }

    /// One removed a section whose texts the other edited.
    fn removed_section(
        &mut self,
        at: usize,
        base: &Section,
        mine: Option<&Section>,
        theirs: Option<&Section>,
    ) {
        let Some(edited) = mine.or(theirs).filter(|edited| !sections::same_texts(edited, base)) else {
            return;
        };
        let who = if mine.is_some() {
            "другой участник удалил, а вы изменили"
        } else {
            "вы удалили, а другой участник изменил"
        };
        self.conflicts.push(Conflict {
            path: Path::Section(at + 1),
            base: Some(base.title.clone()),
            mine: mine.map(|section| section.title.clone()),
            theirs: theirs.map(|section| section.title.clone()),
            sentence: format!(
                "Раздел «{}»: {who}. Он оставлен с изменениями. Удалите его, если он не нужен.",
                shortened(&edited.title)
            ),
        });
    }
}

/// Reads deadlines again whose surroundings are other ones in the joined version. A deadline that was not what its
/// text says in its own surroundings is left as it is.
fn read_again(plan: &mut Plan, sides: &Sides<'_>) {
    let mut seen: HashMap<Id, Vec<Context>> = HashMap::new();
    for side in [sides.mine, sides.theirs] {
        for row in rows(side) {
            let context = context(side.period, side.sections.get(row.section));
            seen.entry(row.id).or_default().push(context);
        }
    }
    let period = plan.period;
    let ids: Vec<Id> = rows(plan).iter().map(|row| row.id).collect();
    let mut ids = ids.into_iter();
    for section in &mut plan.sections {
        let now = Context { year: section.year, period, act_date: None };
        for activity in &mut section.activities {
            let contexts = ids.next().and_then(|id| seen.get(&id)).map(Vec::as_slice).unwrap_or_default();
            let text = &activity.schedule.text;
            if contexts.iter().any(|context| *context != now && activity.schedule == parse(text, context)) {
                activity.schedule = parse(text, &now);
            }
        }
    }
}

/// What is known around the deadlines of a section.
pub(crate) fn context(period: Option<opora_schedule::Period>, section: Option<&Section>) -> Context {
    Context { year: section.and_then(|section| section.year), period, act_date: None }
}
