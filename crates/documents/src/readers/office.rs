//! How is a legacy text file read that only an office suite understands: `.doc`, `.rtf`?
//!
//! LibreOffice turns it into `.docx` in a folder of its own, with a profile of its own, so that a running
//! office of the user is not disturbed and nothing of the file stays behind.

use super::docx;
use crate::draft::Draft;
use crate::external::{Failure, Program};
use crate::refuse::{self, Refused};
use std::time::Duration;

const INSTALL: &str = "sudo apt install libreoffice-writer-nogui";
const INSTEAD: &str = "или сохраните его как DOCX и приложите ещё раз.";

/// Reads a file through LibreOffice; `extension` tells it what the file is.
pub(crate) fn read(bytes: &[u8], extension: &str, draft: &mut Draft<'_>) {
    if extension == "doc" && is_encrypted_doc(bytes) {
        return draft.finding(refuse::encrypted());
    }
    match convert(bytes, extension, draft.limits().conversion_time) {
        Ok(converted) => docx::read(&converted, draft),
        Err(finding) => draft.finding(finding),
    }
}

/// The header of a Word document has a bit that says it is encrypted; the header starts a 512-byte sector.
fn is_encrypted_doc(bytes: &[u8]) -> bool {
    let header = bytes.chunks(512).find(|sector| sector.starts_with(&[0xEC, 0xA5]));
    header.and_then(|header| header.get(11)).is_some_and(|flags| flags & 1 == 1)
}

fn convert(bytes: &[u8], extension: &str, timeout: Duration) -> Result<Vec<u8>, Refused> {
    let told = |failure: &Failure| refuse::tool(failure, "LibreOffice", INSTALL, INSTEAD);
    let system = |error: std::io::Error| told(&Failure::System(error.to_string()));
    let folder = tempfile::Builder::new().prefix("opora-").tempdir().map_err(system)?;
    let source = folder.path().join(format!("source.{extension}"));
    std::fs::write(&source, bytes).map_err(system)?;
    let profile = folder.path().join("profile");
    let run = |program: &str| {
        Program::new(program, timeout)
            .arg(format!("-env:UserInstallation=file://{}", profile.display()))
            .args(["--headless", "--norestore", "--nodefault", "--nolockcheck", "--convert-to"])
            .args(["docx:MS Word 2007 XML", "--outdir"])
            .arg(folder.path())
            .arg(&source)
            .env("HOME", folder.path())
            // Pictures by link are not fetched: nothing is asked of other machines.
            .env("http_proxy", "http://127.0.0.1:9")
            .env("https_proxy", "http://127.0.0.1:9")
            .run()
    };
    let outcome = match run("soffice") {
        Err(Failure::Missing) => run("libreoffice"),
        outcome => outcome,
    };
    outcome.map_err(|failure| told(&failure))?;
    // LibreOffice says that all is well even where it wrote nothing.
    std::fs::read(folder.path().join("source.docx")).map_err(|_| {
        told(&Failure::Refused("файл не открылся, возможно, он повреждён или под паролем".into())).into()
    })
}
