//! Where do these words stand, in whatever plan and field?

use std::collections::BTreeMap;

use opora_cycle::text::stems;
use opora_cycle::vocabulary::ActivityKey;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, LikeExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::archive::archived_plans;
use crate::entity::search_entry::{self, Column};
use crate::{PlanId, Store, StoreError, VersionNumber};

/// Words of a query that count; a pasted page must not become a thousand conditions.
const WORDS_MAX: usize = 12;
/// Characters of a word that count.
const WORD_CHARACTERS_MAX: usize = 60;
/// Plans that the first query looks into; each next one looks into four times as many.
const PLANS_FIRST: usize = 32;
/// Most plans of one query.
const PLANS_AT_ONCE: usize = 8_000;
/// Most hits of one search.
const HITS_MAX: u64 = 500;

/// Field in which a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchField {
    /// Number of an activity.
    Number,
    /// What is done.
    Title,
    /// Who does it.
    Responsible,
    /// When.
    Schedule,
    /// Expected result.
    Outcome,
    /// For whom.
    TargetGroup,
    /// A column of no known kind.
    Other,
    /// Title of the plan.
    PlanTitle,
    /// Title of a section.
    Section,
    /// The act: date, number, authority, points, cited acts, signatory.
    Act,
    /// The programme.
    Programme,
    /// Indicator of effectiveness.
    Indicator,
    /// Criterion of identification.
    Criterion,
    /// Schools that take part.
    Participants,
    /// Text that found no place.
    Unplaced,
}

const FIELDS: [(SearchField, &str); 15] = [
    (SearchField::Number, "number"),
    (SearchField::Title, "title"),
    (SearchField::Responsible, "responsible"),
    (SearchField::Schedule, "schedule"),
    (SearchField::Outcome, "outcome"),
    (SearchField::TargetGroup, "target_group"),
    (SearchField::Other, "other"),
    (SearchField::PlanTitle, "plan_title"),
    (SearchField::Section, "section"),
    (SearchField::Act, "act"),
    (SearchField::Programme, "programme"),
    (SearchField::Indicator, "indicator"),
    (SearchField::Criterion, "criterion"),
    (SearchField::Participants, "participants"),
    (SearchField::Unplaced, "unplaced"),
];

impl SearchField {
    /// Stable word, as the column `field` has it.
    pub fn word(self) -> &'static str {
        FIELDS.iter().find(|(field, _)| *field == self).map_or("unplaced", |(_, word)| *word)
    }

    fn of_word(text: &str) -> Self {
        FIELDS.iter().find(|(_, word)| *word == text).map_or(Self::Unplaced, |(field, _)| *field)
    }
}

/// An activity, or the head of a plan, that holds all words of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The plan.
    pub plan: PlanId,
    /// Title of the plan.
    pub plan_title: String,
    /// Its newest version.
    pub version: VersionNumber,
    /// The activity; `None` where the words stand outside the activities.
    pub activity: Option<ActivityKey>,
    /// Number and title of the activity, as far as it has them.
    pub heading: String,
    /// The texts that hold at least one of the words, verbatim, those with most words first.
    pub matches: Vec<(SearchField, String)>,
}

impl Store {
    /// Searches the newest versions of these plans, those in the archive left out: every word must stand, in whatever
    /// form, in the same activity, or in the head of the same plan. In the order of the plans. No words, no hits.
    pub async fn search(&self, query: &str, plans: &[PlanId], limit: u64) -> Result<Vec<Hit>, StoreError> {
        let words = query_words(query);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let limit = usize::try_from(Ord::min(limit, HITS_MAX)).unwrap_or_default();
        let mut objects = Vec::new();
        // Some plans after others: common words are found in the first ones, and nobody reads more answers than that.
        let (mut rest, mut at_once) = (plans, PLANS_FIRST);
        while objects.len() < limit && !rest.is_empty() {
            let (some, others) = rest.split_at(at_once.min(rest.len()));
            objects.extend(self.objects_with(&words, some).await?);
            (rest, at_once) = (others, at_once.saturating_mul(4).min(PLANS_AT_ONCE));
        }
        objects.truncate(limit);
        let titles = self.plan_titles(&objects).await?;
        let mut entries: BTreeMap<Object, Vec<search_entry::Model>> = BTreeMap::new();
        for row in self.entries_of(&objects, &words).await? {
            entries.entry((row.plan_id, row.activity)).or_default().push(row);
        }
        let hits = objects.into_iter().filter_map(|object| {
            hit(&words, titles.get(&object.0).cloned().unwrap_or_default(), entries.remove(&object)?)
        });
        Ok(hits.collect())
    }

    /// Everything in these plans that holds all the words, in their order.
    async fn objects_with(&self, words: &[String], plans: &[PlanId]) -> Result<Vec<Object>, StoreError> {
        let mut select = search_entry::Entity::find()
            .select_only()
            .columns([Column::PlanId, Column::Activity])
            .filter(Column::PlanId.is_in(plans.iter().map(|plan| plan.0)))
            .filter(any_of(words))
            .filter(Column::PlanId.not_in_subquery(archived_plans()))
            .group_by(Column::PlanId)
            .group_by(Column::Activity);
        for word in words {
            let counted = CaseStatement::new().case(holds(word), 1).finally(0);
            select = select.having(Expr::Case(Box::new(counted)).max().eq(1));
        }
        let mut objects: Vec<Object> = select.into_tuple().all(&self.connection).await?;
        let place: BTreeMap<i64, usize> = plans.iter().map(|plan| plan.0).zip(0..).collect();
        // The head of a plan comes before its activities.
        objects.sort_unstable_by_key(|(plan, activity)| (place.get(plan).copied(), *activity));
        Ok(objects)
    }

    /// The texts of these objects that hold one of the words, and the numbers and titles of the activities.
    async fn entries_of(
        &self,
        objects: &[Object],
        words: &[String],
    ) -> Result<Vec<search_entry::Model>, StoreError> {
        let headings = [SearchField::Number.word(), SearchField::Title.word()];
        // One after the other, so that of a plan only these are read.
        let these = objects.iter().map(|(plan, activity)| {
            let own = activity.map_or_else(|| Column::Activity.is_null(), |key| Column::Activity.eq(key));
            Column::PlanId.eq(*plan).and(own)
        });
        Ok(search_entry::Entity::find()
            .filter(these.fold(Condition::any(), Condition::add))
            .filter(any_of(words).add(Column::Field.is_in(headings)))
            .order_by_asc(Column::Id)
            .all(&self.connection)
            .await?)
    }

    async fn plan_titles(&self, objects: &[Object]) -> Result<BTreeMap<i64, String>, StoreError> {
        let titles: Vec<(i64, String)> = search_entry::Entity::find()
            .select_only()
            .columns([Column::PlanId, Column::Text])
            .filter(Column::Activity.is_null())
            .filter(Column::Field.eq(SearchField::PlanTitle.word()))
            .filter(Column::PlanId.is_in(objects.iter().map(|(plan, _)| *plan)))
            .into_tuple()
            .all(&self.connection)
            .await?;
        Ok(titles.into_iter().collect())
    }
}

/// A plan and its activity, or none for the head of the plan.
type Object = (i64, Option<i64>);

fn any_of(words: &[String]) -> Condition {
    words.iter().fold(Condition::any(), |any, word| any.add(holds(word)))
}

/// The words of a query as they are kept, without repetition.
fn query_words(query: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for stem in stems(query) {
        let stem: String = stem.chars().filter(|c| *c != '\0').take(WORD_CHARACTERS_MAX).collect();
        if !stem.is_empty() && !words.contains(&stem) && words.len() < WORDS_MAX {
            words.push(stem);
        }
    }
    words
}

/// The row's text holds the word. The value is bound, and the signs of the pattern language are escaped.
fn holds(word: &str) -> Expr {
    let mut pattern = String::from("% ");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push_str(" %");
    Expr::col(Column::Stems).like(LikeExpr::new(pattern).escape('\\'))
}

fn hit(words: &[String], plan_title: String, rows: Vec<search_entry::Model>) -> Option<Hit> {
    let first = rows.first()?;
    let (plan, version, activity) = (PlanId(first.plan_id), VersionNumber(first.version), first.activity);
    let mut heading = String::new();
    let mut matches: Vec<(usize, SearchField, String)> = Vec::new();
    for row in rows {
        let field = SearchField::of_word(&row.field);
        if matches!(field, SearchField::Number | SearchField::Title) {
            heading = format!("{heading} {}", row.text).trim().to_owned();
        }
        let count = words.iter().filter(|word| row.stems.contains(&format!(" {word} "))).count();
        if count > 0 {
            matches.push((count, field, row.text));
        }
    }
    matches.sort_by_key(|(count, _, _)| std::cmp::Reverse(*count));
    Some(Hit {
        plan,
        plan_title,
        version,
        activity: activity.and_then(|key| u32::try_from(key).ok()).map(ActivityKey),
        heading,
        matches: matches.into_iter().map(|(_, field, text)| (field, text)).collect(),
    })
}
