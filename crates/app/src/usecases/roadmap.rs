//! Draft the roadmap of a school: from its risks, the municipal plan and the library of measures.

use std::collections::BTreeMap;
use std::fmt::Write;

use opora_access::Place;
use opora_cycle::vocabulary::{Act, Activity, ActivityKey, Order, Participants, Plan, SchoolKind};
use opora_exchange::sha256_hex;
use opora_neutral::{Format, Source};
use opora_roadmap::{Draft, DraftInput, Gap, Lack, Link, LinkTo, Risk, School, Significance, coverage};
use opora_store::{AccountId, Authorship, Fact, NewFact, NewSource, PlanId, Store, StoreError};
use serde_json::{Value, json};

/// What stands before the number of a plan in the subject of its risks and links.
pub const SUBJECT: &str = "links";

/// The subject under which the risks and links of a roadmap are recorded.
pub fn subject(plan: i64) -> String {
    format!("{SUBJECT}/{plan}")
}

/// A school as drafting knows it, out of its name in the registry: «МБОУ «СОШ № 4»».
pub fn school(name: &str) -> School {
    let digits: String = name
        .split('№')
        .nth(1)
        .unwrap_or_default()
        .trim_start()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let lower = name.to_lowercase();
    let kinds = [
        ("гимнази", SchoolKind::Gymnasium),
        ("лице", SchoolKind::Lyceum),
        ("оош", SchoolKind::Basic),
        ("сош", SchoolKind::Secondary),
    ];
    let kind = kinds.iter().find(|(word, _)| lower.contains(word)).map(|(_, kind)| *kind);
    School {
        number: digits.parse().ok(),
        kind: kind.unwrap_or_default(),
        name: name.to_owned(),
        is_supported: true,
        is_curator: false,
    }
}

/// What a draft is made from, beside its contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// The version of the municipal plan that is inherited from.
    pub municipal_version: Option<i32>,
    /// By what the tier of support is known, in words.
    pub tier_reason: Option<String>,
}

/// Drafts a roadmap and saves it as a plan of the school, with what its activities answer and come from.
pub async fn create(
    store: &Store,
    input: &DraftInput<'_>,
    basis: &Basis,
    owner: Place,
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> Result<PlanId, StoreError> {
    let draft = opora_roadmap::draft(input);
    let text = as_text(&draft.plan, &input.school.name);
    let name = format!("{}.txt", input.title.replace(['/', '\\'], "-"));
    let order = Order {
        source: Source { name: name.clone(), sha256: sha256_hex(text.as_bytes()), format: Format::Text },
        act: Act { title: Some(input.title.to_owned()), ..Act::default() },
        programme: None,
        plans: vec![draft.plan.clone()],
        indicators: Vec::new(),
        criteria: Vec::new(),
        participants: Participants::default(),
        unplaced: Vec::new(),
        findings: Vec::new(),
    };
    let source = NewSource { name: &name, format: Format::Text, bytes: text.as_bytes() };
    let imported = store.record_import(&source, &order, owner, by).await?;
    let plan = imported.plans.first().copied().ok_or(StoreError::NotOnePlan { found: 0 })?;
    let content = written(&draft, input, basis);
    let subject = subject(plan.0);
    let new = NewFact { subject: &subject, kind: "drafted", content: &content };
    store.append_facts(&[(&subject, None)], &[new], account, by).await?;
    Ok(plan)
}

/// The draft as a text with tabs, which stands beside the plan as its source.
fn as_text(plan: &Plan, school: &str) -> String {
    let mut text = format!("{}\n{school}\n\n№\tМероприятие\tСрок\tОтветственные\tРезультат\n", plan.title);
    for section in &plan.sections {
        let _ = writeln!(text, "{}", section.title);
        for activity in &section.activities {
            let _ = writeln!(text, "{}", line(activity));
        }
    }
    text
}

fn line(activity: &Activity) -> String {
    let number = activity.number.as_deref().unwrap_or_default();
    let outcome = activity.outcome.as_deref().unwrap_or_default();
    let schedule = &activity.schedule.text;
    format!("{number}\t{}\t{schedule}\t{}\t{outcome}", activity.title, activity.responsible_text())
}

fn written(draft: &Draft, input: &DraftInput<'_>, basis: &Basis) -> Value {
    let risk = |risk: &Risk| json!({ "code": risk.code, "name": risk.name, "significance": word(risk.significance) });
    let risks: Vec<Value> = input.risks.iter().map(risk).collect();
    let links: Vec<Value> = draft.links.iter().map(write_link).collect();
    let upstream = input.municipal.as_ref().zip(basis.municipal_version);
    let upstream = upstream.map(|(plan, version)| json!({ "plan": plan.id, "version": version }));
    let tier = basis.tier_reason.as_ref().map(|reason| json!({ "id": input.tier, "reason": reason }));
    let outside: Vec<u32> = draft.outside.iter().map(|found| found.key.0).collect();
    json!({ "risks": risks, "links": links, "upstream": upstream, "outside": outside, "tier": tier })
}

fn word(significance: Significance) -> &'static str {
    match significance {
        Significance::High => "high",
        Significance::Medium => "medium",
        Significance::Low => "low",
    }
}

/// The significance of a stable word.
pub fn significance(word: &str) -> Option<Significance> {
    match word {
        "high" => Some(Significance::High),
        "medium" => Some(Significance::Medium),
        "low" => Some(Significance::Low),
        _ => None,
    }
}

pub(super) fn write_link(link: &Link) -> Value {
    let to = match &link.to {
        LinkTo::Risk(code) => json!({ "risk": code }),
        LinkTo::Measure(id) => json!({ "measure": id }),
        LinkTo::Upstream { plan, key, sha256 } => json!({ "plan": plan, "key": key.0, "sha256": sha256 }),
    };
    json!({ "activity": link.activity.0, "to": to })
}

fn read_link(value: &Value) -> Option<Link> {
    let key = |value: &Value| u32::try_from(value.as_u64()?).ok().map(ActivityKey);
    let to = value.get("to")?;
    let text = |name: &str| to.get(name).and_then(Value::as_str).map(str::to_owned);
    let to = match (text("risk"), text("measure")) {
        (Some(code), _) => LinkTo::Risk(code),
        (_, Some(id)) => LinkTo::Measure(id),
        _ => LinkTo::Upstream {
            plan: to.get("plan")?.as_i64()?,
            key: key(to.get("key")?)?,
            sha256: text("sha256")?,
        },
    };
    Some(Link { activity: key(value.get("activity")?)?, to })
}

/// The risks that a roadmap answers, and what its activities are linked to.
#[derive(Clone, Debug, Default)]
pub struct Grounds {
    /// The risks.
    pub risks: Vec<Risk>,
    /// The links.
    pub links: Vec<Link>,
    /// By what the tier of support was known, in words.
    pub tier_reason: Option<String>,
}

impl Grounds {
    /// Reads what was recorded about a roadmap; nothing for a plan that came of a file.
    pub async fn read(store: &Store, plan: i64) -> Result<Self, StoreError> {
        Ok(Self::of(&store.facts(&subject(plan)).await?))
    }

    /// What the facts about a roadmap say: the newest risks, and the newest links.
    pub fn of(facts: &[Fact]) -> Self {
        let newest = |name: &str| facts.iter().rev().find_map(|fact| fact.content.get(name)?.as_array());
        let risk = |value: &Value| {
            let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
            Some(Risk {
                code: text("code")?,
                name: text("name")?,
                significance: significance(&text("significance")?)?,
            })
        };
        let reason = |fact: &Fact| Some(fact.content.get("tier")?.get("reason")?.as_str()?.to_owned());
        Self {
            risks: newest("risks").into_iter().flatten().filter_map(risk).collect(),
            links: newest("links").into_iter().flatten().filter_map(read_link).collect(),
            tier_reason: facts.iter().rev().find_map(reason),
        }
    }

    /// What the plan still lacks so that every high risk is answered.
    pub fn gaps(&self, plan: &Plan) -> Vec<Gap> {
        coverage(&self.risks, plan, &self.links)
    }

    /// How far the plan answers risks, whatever their significance is on a later day.
    pub fn answers(&self, plan: &Plan) -> Answers {
        let mut lacks: BTreeMap<String, Vec<Lack>> = BTreeMap::new();
        let codes = self.links.iter().filter_map(|link| match &link.to {
            LinkTo::Risk(code) => Some(code),
            LinkTo::Measure(_) | LinkTo::Upstream { .. } => None,
        });
        for code in codes {
            lacks.entry(code.clone()).or_default();
        }
        let as_high = |code: &String| Risk {
            code: code.clone(),
            name: String::new(),
            significance: Significance::High,
        };
        let risks: Vec<Risk> = lacks.keys().map(as_high).collect();
        for gap in coverage(&risks, plan, &self.links) {
            lacks.entry(gap.risk).or_default().push(gap.lack);
        }
        // The activity that a link named is in the plan no more.
        lacks.retain(|_, lacks| !lacks.contains(&Lack::Measure));
        Answers { drafted: self.risks.clone(), lacks }
    }
}

/// Which risks a plan was drafted from, and how far it answers risks.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The risks it was drafted from.
    pub drafted: Vec<Risk>,
    /// What the nearest measure of a risk still lacks, by the code of the risk. A risk without a measure is not here.
    pub lacks: BTreeMap<String, Vec<Lack>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_is_known_by_its_name() {
        let check = |name: &str, number, kind| {
            let found = school(name);
            assert_eq!((found.number, found.kind), (number, kind), "{name}");
        };
        check("МБОУ «СОШ № 14»", Some(14), SchoolKind::Secondary);
        check("Гимназия №3 г. Тихоборска", Some(3), SchoolKind::Gymnasium);
        check("Лесная школа", None, SchoolKind::Unspecified);
    }

    #[test]
    fn links_are_read_back() {
        let ends = [
            LinkTo::Risk("staff".to_owned()),
            LinkTo::Measure("m-1".to_owned()),
            LinkTo::Upstream { plan: 4, key: ActivityKey(7), sha256: "ab".to_owned() },
        ];
        for to in ends {
            let link = Link { activity: ActivityKey(3), to };
            assert_eq!(read_link(&write_link(&link)), Some(link.clone()), "{link:?}");
        }
        assert_eq!(read_link(&json!({})), None);
    }
}
