//! What does a file say? Bytes in, a neutral document out, whatever the format; and back.
//!
//! [`read`] never fails: a file that can't be read is a document without blocks and with an error that says
//! what, why and what next. [`writers`] make files of a document that read back without loss.
//! Nothing here knows of schools.

pub mod codes;
mod detect;
mod draft;
pub mod external;
mod guard;
mod layout;
mod limits;
mod packed;
mod readers;
mod refuse;
pub mod writers;
mod xml;

pub use detect::detect;
pub use limits::{Limits, Options};

use detect::Kind;
use opora_neutral::{Document, Level, Source};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Reads a file of any format we know into a neutral document.
///
/// `name` is the file name as given, with or without folders; it only breaks ties between text formats.
/// What could not be read, or had to be guessed, is among the findings of the document.
pub fn read(name: &str, bytes: &[u8], options: &Options) -> Document {
    let limits = &options.limits;
    let kind = detect::kind(bytes, name);
    let mut document = Document::new(Source {
        name: base_name(name).to_owned(),
        sha256: sha256(bytes),
        format: kind.format(),
    });
    if bytes.len() as u64 > limits.max_file_bytes {
        document.findings.push(refuse::too_large(limits.max_file_bytes));
        return document;
    }
    document.findings.extend(detect::extension_finding(kind, name));
    readers::read(kind, bytes, limits, &mut document);
    let failed = document.findings.iter().any(|finding| finding.level == Level::Error);
    if document.blocks.is_empty() && !failed && kind != Kind::Empty {
        document.findings.push(refuse::no_text());
    }
    document
}

fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing into a string can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
