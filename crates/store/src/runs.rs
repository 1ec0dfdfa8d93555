//! Which runs of a methodology are frozen, and what was said and decided about their verdicts?

use jiff::Timestamp;
use opora_cells::OrganisationId;
use opora_exchange::sha256_hex;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde_json::{Value, json};

use crate::entity::{run, run_step};
use crate::imports::insert_source;
use crate::time::{moment, moment_text, storable};
use crate::writing::Writing;
use crate::{Authorship, NewSource, Store, StoreError};

/// Number of a frozen run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub i64);

/// A run to freeze: what went in, and the bytes that came out.
#[derive(Clone, Debug)]
pub struct NewRun<'a> {
    /// Id of the methodology.
    pub pack: &'a str,
    /// The year judged.
    pub year: u16,
    /// What was judged, a stable word.
    pub scope: &'a str,
    /// SHA-256 of the methodology's files.
    pub pack_sha256: &'a str,
    /// SHA-256 over the registry and the files of results that counted.
    pub data_sha256: &'a str,
    /// Version of the program.
    pub program: &'a str,
    /// The verdicts in their canonical form.
    pub content: &'a [u8],
    /// Counts by category, for lists.
    pub summary: &'a Value,
}

/// A frozen run in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    /// Its number.
    pub id: RunId,
    /// Id of the methodology.
    pub pack: String,
    /// The year judged.
    pub year: u16,
    /// What was judged.
    pub scope: String,
    /// SHA-256 of the methodology's files.
    pub pack_sha256: String,
    /// SHA-256 over the registry and the files of results.
    pub data_sha256: String,
    /// Version of the program.
    pub program: String,
    /// SHA-256 of the verdicts.
    pub content_sha256: String,
    /// Counts by category.
    pub summary: Value,
    /// When it was frozen first.
    pub created_at: Timestamp,
    /// Who froze it first.
    pub created_by: String,
}

/// A frozen run with its verdicts.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The run in short.
    pub summary: RunSummary,
    /// The verdicts in their canonical form.
    pub content: Vec<u8>,
}

/// Something said or decided about a verdict.
#[derive(Clone, Copy, Debug)]
pub struct NewStep<'a> {
    /// Whose verdict.
    pub organisation: OrganisationId,
    /// What kind of step, a stable word of `cycle::identification`.
    pub step: &'a str,
    /// What was said: the reply, the reason of the decision.
    pub text: &'a str,
    /// A document that came with it.
    pub file: Option<NewSource<'a>>,
}

/// A recorded step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Whose verdict.
    pub organisation: OrganisationId,
    /// What kind of step.
    pub step: String,
    /// What was said.
    pub text: String,
    /// SHA-256 of the document that came with it.
    pub file_sha256: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
}

impl Store {
    /// Freezes a run. The same content is the same run: its number is given back and nothing is written.
    pub async fn record_run(&self, new: &NewRun<'_>, by: &Authorship<'_>) -> Result<RunId, StoreError> {
        let content_sha256 = sha256_hex(new.content);
        let writing = Writing::begin(&self.connection).await?;
        let known: Option<i64> = run::Entity::find()
            .select_only()
            .column(run::Column::Id)
            .filter(run::Column::ContentSha256.eq(&content_sha256))
            .into_tuple()
            .one(writing.transaction())
            .await?;
        if let Some(id) = known {
            return Ok(RunId(id));
        }
        let row = run::ActiveModel {
            pack: Set(storable(new.pack)),
            year: Set(i32::from(new.year)),
            scope: Set(storable(new.scope)),
            pack_sha256: Set(new.pack_sha256.to_owned()),
            data_sha256: Set(new.data_sha256.to_owned()),
            program: Set(new.program.to_owned()),
            content: Set(new.content.to_vec()),
            content_sha256: Set(content_sha256.clone()),
            summary: Set(storable(&new.summary.to_string())),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
            ..Default::default()
        };
        let id = RunId(run::Entity::insert(row).exec(writing.transaction()).await?.last_insert_id);
        let details = json!({
            "pack": new.pack, "year": new.year, "scope": new.scope, "data": new.data_sha256,
            "content": content_sha256,
        });
        writing.audit("run.freeze", format!("run/{}", id.0), &details, by).await?;
        writing.commit().await?;
        Ok(id)
    }

    /// Frozen runs, the newest first.
    pub async fn runs(&self) -> Result<Vec<RunSummary>, StoreError> {
        let rows = summaries(&self.connection, None).await?;
        Ok(rows.into_iter().map(summary).collect())
    }

    /// A frozen run without its verdicts.
    pub async fn run_summary(&self, id: RunId) -> Result<RunSummary, StoreError> {
        summaries(&self.connection, Some(id)).await?.pop().map(summary).ok_or(StoreError::RunUnknown)
    }

    /// The schools to whose verdicts a file was added.
    pub async fn schools_of_file(&self, sha256: &str) -> Result<Vec<OrganisationId>, StoreError> {
        let ids: Vec<i64> = run_step::Entity::find()
            .select_only()
            .column(run_step::Column::Organisation)
            .filter(run_step::Column::FileSha256.eq(storable(sha256)))
            .into_tuple()
            .all(&self.connection)
            .await?;
        Ok(ids.into_iter().filter_map(|id| u32::try_from(id).ok()).map(OrganisationId).collect())
    }

    /// A frozen run with its verdicts.
    pub async fn run(&self, id: RunId) -> Result<Run, StoreError> {
        let row = summaries(&self.connection, Some(id)).await?.pop().ok_or(StoreError::RunUnknown)?;
        let content: Option<Vec<u8>> = run::Entity::find_by_id(id.0)
            .select_only()
            .column(run::Column::Content)
            .into_tuple()
            .one(&self.connection)
            .await?;
        Ok(Run { summary: summary(row), content: content.ok_or(StoreError::RunUnknown)? })
    }

    /// Records a step about a verdict of a run, with its document, in one transaction. `known` is the number of
    /// steps the decision was made on: when there are more by now, somebody else was first and nothing is written.
    pub async fn record_step(
        &self,
        run: RunId,
        known: usize,
        new: &NewStep<'_>,
        by: &Authorship<'_>,
    ) -> Result<(), StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        if summaries(writing.transaction(), Some(run)).await?.is_empty() {
            return Err(StoreError::RunUnknown);
        }
        let before = steps(writing.transaction(), run).await?;
        if before.iter().filter(|step| step.organisation == new.organisation).count() != known {
            return Err(StoreError::StepFirst);
        }
        let mut file_sha256 = None;
        if let Some(file) = &new.file {
            let sha256 = sha256_hex(file.bytes);
            insert_source(&writing, file, &sha256, by).await?;
            file_sha256 = Some(sha256);
        }
        let row = run_step::ActiveModel {
            run_id: Set(run.0),
            organisation: Set(i64::from(new.organisation.0)),
            step: Set(new.step.to_owned()),
            text: Set(storable(new.text)),
            file_sha256: Set(file_sha256.clone()),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
            ..Default::default()
        };
        row.insert(writing.transaction()).await?;
        let details = json!({
            "organisation": new.organisation.0, "step": new.step, "text": new.text, "file": file_sha256,
        });
        writing.audit("run.step", format!("run/{}", run.0), &details, by).await?;
        writing.commit().await
    }

    /// The steps about the verdicts of a run, in the order in which they happened.
    pub async fn steps(&self, run: RunId) -> Result<Vec<Step>, StoreError> {
        steps(&self.connection, run).await
    }
}

/// A run without its content, which is large.
#[derive(FromQueryResult)]
struct Listed {
    id: i64,
    pack: String,
    year: i32,
    scope: String,
    pack_sha256: String,
    data_sha256: String,
    program: String,
    content_sha256: String,
    summary: String,
    created_at: String,
    created_by: String,
}

async fn summaries<C: ConnectionTrait>(connection: &C, id: Option<RunId>) -> Result<Vec<Listed>, StoreError> {
    use run::Column as C;
    let query = run::Entity::find().select_only().columns([
        C::Id,
        C::Pack,
        C::Year,
        C::Scope,
        C::PackSha256,
        C::DataSha256,
        C::Program,
        C::ContentSha256,
        C::Summary,
        C::CreatedAt,
        C::CreatedBy,
    ]);
    let query = match id {
        Some(id) => query.filter(C::Id.eq(id.0)),
        None => query.order_by_desc(C::Id),
    };
    Ok(query.into_model::<Listed>().all(connection).await?)
}

fn summary(row: Listed) -> RunSummary {
    RunSummary {
        id: RunId(row.id),
        pack: row.pack,
        year: u16::try_from(row.year).unwrap_or_default(),
        scope: row.scope,
        pack_sha256: row.pack_sha256,
        data_sha256: row.data_sha256,
        program: row.program,
        content_sha256: row.content_sha256,
        summary: serde_json::from_str(&row.summary).unwrap_or_default(),
        created_at: moment(&row.created_at),
        created_by: row.created_by,
    }
}

async fn steps<C: ConnectionTrait>(connection: &C, run: RunId) -> Result<Vec<Step>, StoreError> {
    let rows = run_step::Entity::find()
        .filter(run_step::Column::RunId.eq(run.0))
        .order_by_asc(run_step::Column::Id)
        .all(connection)
        .await?;
    let step = |row: run_step::Model| Step {
        organisation: OrganisationId(u32::try_from(row.organisation).unwrap_or_default()),
        step: row.step,
        text: row.text,
        file_sha256: row.file_sha256,
        at: moment(&row.created_at),
        who: row.created_by,
    };
    Ok(rows.into_iter().map(step).collect())
}
