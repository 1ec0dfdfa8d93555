//! Which measures answer the risks of a school?
//!
//! A roadmap is a plan of `opora_cycle`, with [`Link`]s beside it. [`draft`] builds one from a risk profile, the
//! [`Library`] of measures and the municipal plan, [`coverage`] tells what a high risk still lacks, [`upstream_changes`]
//! and [`adopt`] follow the municipal plan. [`compare`] tells the changes between two versions in words, [`merge`] joins
//! two edits so that nobody's text is lost, [`explained`] joins changes with their reasons. Every text has a [`Path`]
//! that remarks and reasons refer to.

mod address;
mod compare;
mod correction;
mod coverage;
mod draft;
mod fields;
mod library;
mod links;
mod merge;
mod sections;
mod upstream;
mod words;

pub use address::{AddressReason, Addressed, AddressedBy, School, addressed, reasons};
pub use compare::{Change, ChangeKind, compare, same_content, told_edit};
pub use correction::{ChangeReason, ExplainedChange, explained};
pub use coverage::{Gap, Lack, coverage, lacks};
pub use draft::{Draft, DraftInput, INHERITED, Most, Municipal, draft, from_measure};
pub use fields::{EVIDENCE, Field, INDICATOR, NoSuchPath, Path, SectionField};
pub use library::{
    Evidence, EvidenceKind, Indicator, Level, Library, Measure, Polarity, Source, evidence_in, evidence_text,
};
pub use links::{Link, LinkTo, Risk, Significance, activity_sha256};
pub use merge::{Conflict, Merged, merge};
pub use opora_fields::FileError;
pub use upstream::{Adopted, FieldChange, Roadmap, UpstreamChange, UpstreamKind, adopt, upstream_changes};
pub use words::{Segment, Side, segments};
