//! `opora backup`, `opora restore`: everything into a new folder, and back.
//!
//! A backup is a folder as Opora itself keeps one: `opora.sqlite`, `results`, `packs`. It can be opened with `--data`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use opora_store::AuditVerdict;

use super::Verdict;
use super::output::{Failure, stdout};
use super::storage::{self, Storage};
use crate::usecases::results::system::system_words;

/// Arguments of `opora backup` and `opora restore`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Папка резервной копии
    #[arg(value_name = "ПАПКА")]
    folder: PathBuf,
    #[command(flatten)]
    storage: Storage,
}

/// Copies the data into a new folder.
pub(super) fn save(arguments: &Arguments) -> Result<Verdict, Failure> {
    let folder = &arguments.folder;
    if !is_free(folder) {
        return Err(Failure::refused(format!(
            "В папке «{}» уже что-то есть. Прежняя копия могла бы испортиться. Укажите новую папку.",
            folder.display()
        )));
    }
    copy(&arguments.storage, &Storage::in_folder(folder.clone()), "Копия сделана")
}

/// Copies a backup into an empty place.
pub(super) fn restore(arguments: &Arguments) -> Result<Verdict, Failure> {
    let folder = &arguments.folder;
    if !folder.join("opora.sqlite").is_file() {
        return Err(Failure::refused(format!(
            "В папке «{}» нет резервной копии: не хватает файла opora.sqlite. Укажите папку, которую сделала команда \
             opora backup.",
            folder.display()
        )));
    }
    copy(&Storage::in_folder(folder.clone()), &arguments.storage, "Копия восстановлена")
}

fn copy(from: &Storage, to: &Storage, done: &str) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let source = from.open().await?;
        let target = to.open().await?;
        let rows = source.copy_into(&target).await?;
        // Objects are named by their content and are there before the record of them: copied after the database, none
        // is missing.
        let mut files = 0;
        if let (Some(own), Some(other)) = (from.results_folder(), to.results_folder()) {
            // But not what was made of them for speed: it is made again, and may be made anew at this moment.
            files += copy_folder(&own, &other, "snapshots")?;
        }
        files += copy_folder(&from.packs(), &to.packs(), "")?;
        let whole = target.verify_audit().await?;
        let AuditVerdict::Whole { events, last_hash } = whole else {
            return Err(Failure::refused(
                "Журнал в копии не сходится: он был нарушен уже в источнике. Проверьте его командой opora audit verify."
                    .to_owned(),
            ));
        };
        writeln!(
            stdout(),
            "{done}: записей — {rows}, файлов — {files}. Журнал цел: событий — {events}, последний хеш {last_hash}."
        )?;
        writeln!(
            stdout(),
            "Файл ключа (secret.key) в копию не входит: с ним вместе копия выдала бы секреты второго шага входа. Храните \
             его отдельно и положите рядом при восстановлении."
        )?;
        // Else the journal of SQLite would stay beside the copy, as large as the copy itself.
        target.close().await?;
        Ok(Verdict::Fine)
    })
}

/// A folder that is not there yet, or holds nothing.
fn is_free(folder: &Path) -> bool {
    std::fs::read_dir(folder).map_or(!folder.exists(), |mut entries| entries.next().is_none())
}

/// Copies the files below a folder, but not one folder in it; one that is not there has none. What lies there already
/// under the same name stays.
fn copy_folder(from: &Path, to: &Path, but: &str) -> Result<usize, Failure> {
    let failed = |path: &Path, error: &std::io::Error| {
        Failure::refused(format!("Файл «{}» не скопирован: {}.", path.display(), system_words(error)))
    };
    if !from.is_dir() {
        return Ok(0);
    }
    std::fs::create_dir_all(to).map_err(|error| failed(to, &error))?;
    let mut files = 0;
    for entry in std::fs::read_dir(from).map_err(|error| failed(from, &error))? {
        let path = entry.map_err(|error| failed(from, &error))?.path();
        let Some(name) = path.file_name().filter(|name| *name != but) else { continue };
        let target = to.join(name);
        if path.is_dir() {
            files += copy_folder(&path, &target, "")?;
        } else if !target.exists() {
            std::fs::copy(&path, &target).map_err(|error| failed(&path, &error))?;
            files += 1;
        }
    }
    Ok(files)
}
