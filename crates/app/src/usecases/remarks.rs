//! Where does a remark of a curator stand now, and what did it speak of?

use std::collections::BTreeMap;

use opora_approval::Remark;
use opora_cycle::vocabulary::Plan;
use opora_roadmap::Path;
use opora_store::{PlanId, Store, StoreError, VersionNumber};

/// A remark with the place it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The remark.
    pub remark: Remark,
    /// The place in the newest version; none for the whole roadmap and for what is gone.
    pub path: Option<Path>,
    /// What a person calls the place.
    pub name: String,
    /// The text when the remark was written.
    pub then: Option<String>,
    /// The text now.
    pub now: Option<String>,
}

impl Placed {
    /// The text was changed after the remark.
    pub fn is_mended(&self) -> bool {
        self.then != self.now
    }
}

/// The remarks of a plan with their places in its newest version. A version that a remark was written to is read for it.
pub async fn placed(
    store: &Store,
    id: PlanId,
    plan: &Plan,
    newest: VersionNumber,
    remarks: &[Remark],
) -> Result<Vec<Placed>, StoreError> {
    let mut versions: BTreeMap<i32, Plan> = BTreeMap::new();
    for remark in remarks.iter().filter(|remark| remark.version < newest.0 && !remark.path.is_empty()) {
        if !versions.contains_key(&remark.version) {
            let order = store.plan_version(id, VersionNumber(remark.version)).await?.order;
            versions.extend(order.plans.into_iter().next().map(|plan| (remark.version, plan)));
        }
    }
    let place = |remark: &Remark| place(remark, versions.get(&remark.version).unwrap_or(plan), plan);
    Ok(remarks.iter().map(place).collect())
}

fn place(remark: &Remark, then: &Plan, now: &Plan) -> Placed {
    let written: Option<Path> = remark.path.parse().ok();
    let path = written.as_ref().and_then(|path| path.follow(then, now));
    let name = match (&path, &written) {
        (Some(path), _) => path.human(now),
        (None, Some(path)) => format!("{}, чего в карте больше нет", path.human(then)),
        (None, None) => "Дорожная карта в целом".to_owned(),
    };
    Placed {
        remark: remark.clone(),
        then: written.as_ref().and_then(|path| path.text(then)),
        now: path.as_ref().and_then(|path| path.text(now)),
        path,
        name,
    }
}

/// The path of a remark as a form tells it: a thing and one of its fields. `None` where the thing has no such field, or
/// is not in the plan.
pub fn path_of_form(thing: &str, field: &str, plan: &Plan) -> Option<String> {
    let text = match (thing, field) {
        ("", "") => return Some(String::new()),
        (thing, "") => thing.to_owned(),
        (thing, field) => format!("{thing}/{field}"),
    };
    let path: Path = text.parse().ok()?;
    path.text(plan).map(|_| text)
}

#[cfg(test)]
mod tests {
    use opora_cycle::vocabulary::{Activity, ActivityKey, Section};
    use opora_schedule::{Context, parse};

    use super::*;

    fn plan(sections: &[(&str, u32)]) -> Plan {
        let activity = |key: u32| Activity {
            key: ActivityKey(key),
            number: None,
            title: format!("Дело {key}"),
            responsible: Vec::new(),
            schedule: parse("", &Context::default()),
            outcome: None,
            target_group: None,
            other: Vec::new(),
            source: Vec::new(),
        };
        let section = |(title, key): &(&str, u32)| Section {
            title: (*title).to_owned(),
            activities: vec![activity(*key)],
            ..Section::default()
        };
        Plan { sections: sections.iter().map(section).collect(), ..Plan::default() }
    }

    fn remark(path: &str) -> Remark {
        Remark {
            number: 1,
            path: path.to_owned(),
            text: "Уточните".to_owned(),
            by: 1,
            at: jiff::Timestamp::UNIX_EPOCH,
            version: 1,
            answers: Vec::new(),
            is_open: true,
            is_accepted: false,
        }
    }

    #[test]
    fn a_remark_follows_its_place() {
        let (then, now) = (plan(&[("Кадры", 1), ("Мотивация", 2)]), plan(&[("Мотивация", 2), ("Кадры", 1)]));
        let check = |path: &str, expected: &str, is_there: bool| {
            let placed = place(&remark(path), &then, &now);
            assert_eq!((placed.name.as_str(), placed.path.is_some()), (expected, is_there));
        };
        check("section/1/title", "Раздел 2 «Кадры», название", true);
        check("activity/2/title", "Мероприятие «Дело 2», название", true);
        check("", "Дорожная карта в целом", false);
        let gone = place(&remark("activity/2"), &then, &plan(&[("Кадры", 1)]));
        assert_eq!(gone.name, "Мероприятие «Дело 2», чего в карте больше нет");
        assert!(gone.is_mended());
    }

    #[test]
    fn a_form_tells_a_place_of_the_plan() {
        let plan = plan(&[("Кадры", 1)]);
        let check = |thing: &str, field: &str, expected: Option<&str>| {
            assert_eq!(path_of_form(thing, field, &plan).as_deref(), expected, "{thing} {field}");
        };
        check("", "", Some(""));
        check("plan/title", "", Some("plan/title"));
        check("activity/1", "schedule", Some("activity/1/schedule"));
        check("section/1", "title", Some("section/1/title"));
        check("activity/1", "", Some("activity/1"));
        check("activity/9", "schedule", None);
        check("section/1", "schedule", None);
        check("plan/title", "schedule", None);
        check("", "schedule", None);
    }
}
