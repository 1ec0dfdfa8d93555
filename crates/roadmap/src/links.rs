//! What does an activity of a roadmap come from, and which risk does it answer?

use opora_cycle::vocabulary::{Activity, ActivityKey};
use sha2::{Digest, Sha256};

use crate::Field;
use crate::fields::fields_of;

/// A risk of the school, as its risk profile has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// Code of the factor.
    pub code: String,
    /// Name of the factor.
    pub name: String,
    /// How significant it is.
    pub significance: Significance,
}

/// How significant a risk is. What is not significant or not known is no risk here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Significance {
    /// High: it must be answered by measures.
    High,
    /// Medium.
    Medium,
    /// Low.
    Low,
}

/// What an activity of a roadmap is joined to. It may have several links.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// The activity.
    pub activity: ActivityKey,
    /// To what.
    pub to: LinkTo,
}

/// The other end of a link.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkTo {
    /// It answers a risk: the code of the factor.
    Risk(String),
    /// It was taken from the library: the id of the measure.
    Measure(String),
    /// It was inherited from another plan.
    Upstream {
        /// Number of that plan.
        plan: i64,
        /// The activity there.
        key: ActivityKey,
        /// Hash of its texts as they were taken over, by [`activity_sha256`].
        sha256: String,
    },
}

/// SHA-256 over the texts of an activity, in hexadecimal digits. Its key and its number are left out: a plan that is
/// only numbered anew has not changed.
pub fn activity_sha256(activity: &Activity) -> String {
    let mut texts: Vec<(String, String)> = fields_of(activity)
        .into_iter()
        .filter(|field| *field != Field::Number)
        .map(|field| (format!("{field:?}"), field.text(activity)))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    texts.sort();
    let mut hash = Sha256::new();
    for (name, text) in texts {
        // Lengths keep «аб» + «в» apart from «а» + «бв».
        for piece in [name, text] {
            hash.update((piece.len() as u64).to_le_bytes());
            hash.update(piece.as_bytes());
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
