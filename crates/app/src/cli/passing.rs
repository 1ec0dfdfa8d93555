//! What lies on the disk in passing, and who removes it when the program can't?
//!
//! Files that somebody sends, pages of a scan, what goes to a virus scanner: each is removed as soon as nobody needs it.
//! A server that was killed leaves them behind, and a file of results may name pupils. So a server has them in a folder
//! of its own among its data, and the next one to start there removes the folders of those that are gone.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use tempfile::TempDir;

/// What the folders are called.
const PREFIX: &str = "run-";
/// The file that a running program holds in its folder.
const HELD: &str = "held";
/// Where all of them lie, in the folder with the data.
const PLACE: &str = "tmp";

/// The folder of this program. Removed with all that is in it when this goes.
#[derive(Debug)]
pub(super) struct Passing {
    // Let go before the folder: where files in use can't be removed, nothing is in use then.
    _held: File,
    folder: TempDir,
}

impl Passing {
    /// Makes a folder among the data and removes those of programs that are gone.
    pub fn open(data: &Path) -> io::Result<Self> {
        let place = data.join(PLACE);
        std::fs::create_dir_all(&place)?;
        // One after the other: a folder that was made a moment ago is not held yet.
        let turn = File::create(place.join(HELD))?;
        turn.lock()?;
        for entry in std::fs::read_dir(&place)? {
            let path = entry?.path();
            let is_ours = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
            if is_ours && is_left(&path) {
                std::fs::remove_dir_all(&path)?;
            }
        }
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(&place)?;
        let held = File::create(folder.path().join(HELD))?;
        held.lock()?;
        Ok(Self { _held: held, folder })
    }

    /// From now on all temporary files of this program lie here.
    pub fn take_all(&self) -> io::Result<()> {
        // Absolute: other programs are told paths of these files, too.
        let path = std::path::absolute(self.folder.path())?;
        // Refused where another folder was named before; that one goes on.
        let _ = tempfile::env::override_temp_dir(&path);
        Ok(())
    }
}

/// Nobody holds a folder any more.
fn is_left(folder: &Path) -> bool {
    match File::open(folder.join(HELD)) {
        Ok(held) => !matches!(held.try_lock(), Err(TryLockError::WouldBlock)),
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_program_left_is_removed_and_nothing_else() {
        let data = tempfile::tempdir().expect("a folder");
        let runs = || std::fs::read_dir(data.path().join(PLACE)).expect("a folder").count() - 1;
        let running = Passing::open(data.path()).expect("a folder");
        let sent = running.folder.path().join("ведомость.csv");
        std::fs::write(&sent, "Учр;ФИО").expect("a file");
        // Killed: its folder stays, nobody holds it.
        let killed = data.path().join(PLACE).join("run-killed");
        std::fs::create_dir(&killed).expect("a folder");
        std::fs::write(killed.join(HELD), "").expect("a file");
        std::fs::write(killed.join("ведомость.csv"), "Учр;ФИО").expect("a file");
        // Killed before it held anything.
        std::fs::create_dir(data.path().join(PLACE).join("run-early")).expect("a folder");
        assert_eq!(runs(), 3);

        let second = Passing::open(data.path()).expect("a folder");
        assert_eq!(runs(), 2, "both running programs have theirs");
        assert!(sent.exists() && !killed.exists());
        drop(second);
        drop(running);
        assert_eq!(runs(), 0);
    }
}
