//! What does a first roadmap of a school consist of?

use opora_cycle::intake::parties;
use opora_cycle::vocabulary::{Activity, ActivityKey, Column, OtherCell, Plan, Section};
use opora_schedule::{Context, Kind, Period, Schedule, When, parse};

use crate::fields::EVIDENCE;
use crate::merge::context;
use crate::{
    Addressed, Library, Link, LinkTo, Measure, Risk, School, Significance, activity_sha256, addressed,
    evidence_text,
};

/// Title of the section with inherited activities.
pub const INHERITED: &str = "Из муниципальной дорожной карты";

/// What a roadmap is drafted from.
#[derive(Clone, Copy, Debug)]
pub struct DraftInput<'a> {
    /// Title of the roadmap.
    pub title: &'a str,
    /// Its period.
    pub period: Period,
    /// The school.
    pub school: &'a School,
    /// Tier of support, as the methodology calls it.
    pub tier: Option<&'a str>,
    /// Its risks.
    pub risks: &'a [Risk],
    /// The measures to choose from.
    pub library: &'a Library,
    /// The municipal plan.
    pub municipal: Option<Municipal<'a>>,
    /// How many measures are proposed for a risk at most.
    pub most: Most,
}

/// A municipal plan that is inherited from.
#[derive(Clone, Copy, Debug)]
pub struct Municipal<'a> {
    /// Its number.
    pub id: i64,
    /// The plan, in the version that is in force.
    pub plan: &'a Plan,
}

/// How many measures are proposed for a risk at most; a person adds and takes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Most {
    /// For a high one.
    pub high: usize,
    /// For a medium one.
    pub medium: usize,
    /// For a low one.
    pub low: usize,
}

impl Default for Most {
    /// Four for a high risk, two for a medium one, none for a low one: a school can't carry out everything at once.
    fn default() -> Self {
        Self { high: 4, medium: 2, low: 0 }
    }
}

/// A drafted roadmap.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The plan: a section for each risk, then the inherited activities.
    pub plan: Plan,
    /// What its activities answer and come from.
    pub links: Vec<Link>,
    /// Why each inherited activity is addressed to the school, by its key in the municipal plan.
    pub inherited: Vec<Addressed>,
    /// Addressed activities of the municipal plan that lie outside the period altogether; they are not taken over.
    pub outside: Vec<Addressed>,
    /// Codes of risks that the library knows no measure for.
    pub without_measures: Vec<String>,
}

/// Drafts a roadmap. The more significant risk stands first, and a measure that answers several stands once, with a
/// link to each. Of a risk's measures those come first whose usual time is within the period. Deadlines are read in the period of the roadmap; what is no deadline stays text.
pub fn draft(input: &DraftInput<'_>) -> Draft {
    let mut drafting = Drafting {
        next: 1,
        period: input.period,
        draft: Draft {
            plan: Plan {
                title: input.title.to_owned(),
                period: Some(input.period),
                columns: vec![
                    Column::Number,
                    Column::Title,
                    Column::Responsible,
                    Column::Schedule,
                    Column::Outcome,
                    Column::TargetGroup,
                    Column::Other,
                ],
                ..Plan::default()
            },
            links: Vec::new(),
            inherited: Vec::new(),
            outside: Vec::new(),
            without_measures: Vec::new(),
        },
    };
    drafting.measures(input);
    if let Some(municipal) = &input.municipal {
        drafting.inherit(municipal, input.school);
    }
    drafting.draft
}

struct Drafting {
    next: u32,
    period: Period,
    draft: Draft,
}

impl Drafting {
    fn measures(&mut self, input: &DraftInput<'_>) {
        let mut risks: Vec<&Risk> = input.risks.iter().collect();
        // Stable: among equals the order of the profile stays.
        risks.sort_by_key(|risk| risk.significance);
        let mut taken: Vec<(&str, ActivityKey)> = Vec::new();
        for risk in risks {
            let most = match risk.significance {
                Significance::High => input.most.high,
                Significance::Medium => input.most.medium,
                Significance::Low => input.most.low,
            };
            let answers = |key| Link { activity: key, to: LinkTo::Risk(risk.code.clone()) };
            let mut activities = Vec::new();
            let mut known = 0;
            let mut measures: Vec<&Measure> = input.library.for_factor(&risk.code, input.tier).collect();
            // Stable: a roadmap of November begins with what November and later months are for.
            measures.sort_by_key(|measure| is_past(measure, self.period));
            for measure in measures {
                known += 1;
                let standing = taken.iter().find(|(id, _)| *id == measure.id).map(|(_, key)| *key);
                if let Some(key) = standing {
                    self.draft.links.push(answers(key));
                } else if activities.len() < most {
                    let key = self.key();
                    self.draft.links.push(answers(key));
                    self.draft.links.push(Link { activity: key, to: LinkTo::Measure(measure.id.clone()) });
                    taken.push((&measure.id, key));
                    activities.push(from_measure(measure, key, self.period));
                }
            }
            if known == 0 {
                self.draft.without_measures.push(risk.code.clone());
            }
            // An empty section of a risk that needs an answer shows that it is missing.
            if !activities.is_empty() || (known == 0 && risk.significance == Significance::High) {
                self.section(&risk.name, activities);
            }
        }
    }

    fn inherit(&mut self, municipal: &Municipal<'_>, school: &School) {
        let mut activities = Vec::new();
        for found in addressed(municipal.plan, school) {
            let row = municipal.plan.sections.iter().find_map(|section| {
                Some((section, section.activities.iter().find(|activity| activity.key == found.key)?))
            });
            let Some((section, upstream)) = row else { continue };
            if lies_outside(&upstream.schedule, self.period, &context(municipal.plan.period, Some(section))) {
                self.draft.outside.push(found);
                continue;
            }
            let key = self.key();
            activities.push(inherited(upstream, key, self.period));
            self.draft.links.push(upstream_link(key, municipal.id, upstream));
            self.draft.inherited.push(found);
        }
        if !activities.is_empty() {
            self.section(INHERITED, activities);
        }
    }

    fn section(&mut self, title: &str, mut activities: Vec<Activity>) {
        let number = self.draft.plan.sections.len() + 1;
        for (at, activity) in activities.iter_mut().enumerate() {
            activity.number = Some(format!("{number}.{}", at + 1));
        }
        let (number, title) = (Some(number.to_string()), title.to_owned());
        self.draft.plan.sections.push(Section { number, title, activities, ..Section::default() });
    }

    fn key(&mut self) -> ActivityKey {
        let key = ActivityKey(self.next);
        self.next = self.next.saturating_add(1);
        key
    }
}

/// The activity that a measure of the library gives.
pub fn from_measure(measure: &Measure, key: ActivityKey, period: Period) -> Activity {
    Activity {
        key,
        number: None,
        title: measure.title.clone(),
        responsible: parties(&measure.responsible),
        schedule: parse(&measure.schedule, &within(period)),
        outcome: Some(measure.indicator.outcome()),
        target_group: Some(measure.audience.clone()),
        other: vec![OtherCell { head: EVIDENCE.to_owned(), text: evidence_text(&measure.evidence) }],
        source: Vec::new(),
    }
}

/// The activity of a school that an activity of another plan gives. Its deadline means the same days: where the words
/// alone would mean others in the period of the school, the years are said.
pub(crate) fn inherited(upstream: &Activity, key: ActivityKey, period: Period) -> Activity {
    let context = within(period);
    let kinds = |schedule: &Schedule| {
        schedule.parts.iter().map(|part| (part.kind.clone(), part.scope.clone())).collect::<Vec<_>>()
    };
    let verbatim = parse(&upstream.schedule.text, &context);
    let spelled = parse(&upstream.schedule.to_string(), &context);
    let schedule = [verbatim, spelled]
        .into_iter()
        .find(|schedule| kinds(schedule) == kinds(&upstream.schedule))
        .unwrap_or_else(|| upstream.schedule.clone());
    Activity { key, number: None, schedule, source: Vec::new(), ..upstream.clone() }
}

/// The link of an inherited activity.
pub(crate) fn upstream_link(activity: ActivityKey, plan: i64, upstream: &Activity) -> Link {
    let sha256 = activity_sha256(upstream);
    Link { activity, to: LinkTo::Upstream { plan, key: upstream.key, sha256 } }
}

fn within(period: Period) -> Context {
    Context { period: Some(period), ..Context::default() }
}

/// The usual time of a measure are days of the year, and none of them is in the period.
fn is_past(measure: &Measure, period: Period) -> bool {
    let context = within(period);
    let schedule = parse(&measure.schedule, &context);
    let of_year = |kind: &Kind| matches!(kind, Kind::Day(_) | Kind::Deadline { .. } | Kind::Interval { .. });
    schedule.parts.iter().all(|part| of_year(&part.kind)) && schedule.occurrences(period, &context).is_empty()
}

/// All that is said are days, and none of them is in the period.
fn lies_outside(schedule: &Schedule, period: Period, context: &Context) -> bool {
    let is_day = |when: &When| matches!(when, When::Date(_));
    let dated = schedule.parts.iter().all(|part| match &part.kind {
        Kind::Day(end) | Kind::Deadline { end, annual: false } => is_day(end),
        Kind::Interval { start, end, annual: false } => is_day(start) && is_day(end) && start <= end,
        _ => false,
    });
    dated && schedule.occurrences(period, context).is_empty()
}
