//! Does a file carry a virus? Asked of an outside program that the administrator names.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use opora_documents::external::{Failure, Program};
use tokio::sync::Semaphore;

/// Files looked at in the same time.
const AT_ONCE: usize = 2;
/// How long one file may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// An outside program that is given the path of a file as its last argument and ends with 0 when the file is clean.
#[derive(Clone, Debug)]
pub struct Scanner {
    program: String,
    arguments: Vec<String>,
    patience: Duration,
    turns: Arc<Semaphore>,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotClean {
    /// The program ended with another code than 0.
    Refused,
    /// The program did not start or was not ready in time.
    Unknown,
}

impl Scanner {
    /// Reads a command such as `clamdscan --fdpass --no-summary`; words with spaces stand in double quotes.
    pub fn parse(command: &str) -> Result<Self, String> {
        if !command.matches('"').count().is_multiple_of(2) {
            return Err(format!("В команде проверки файлов «{command}» не закрыта кавычка."));
        }
        let mut words: Vec<String> = Vec::new();
        for (at, piece) in command.split('"').enumerate() {
            if at.is_multiple_of(2) {
                words.extend(piece.split_whitespace().map(str::to_owned));
            } else {
                words.push(piece.to_owned());
            }
        }
        let mut words = words.into_iter();
        let program = words.next().filter(|word| !word.is_empty());
        let program =
            program.ok_or("Команда проверки файлов пуста. Назовите программу, например clamdscan.")?;
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        Ok(Self { program, arguments: words.collect(), patience: PATIENCE, turns })
    }

    /// Whether a file is clean.
    pub async fn check(&self, bytes: &[u8]) -> Result<(), NotClean> {
        let _turn = self.turns.acquire().await.map_err(|_| NotClean::Unknown)?;
        let (scanner, bytes) = (self.clone(), bytes.to_vec());
        let told = tokio::task::spawn_blocking(move || scanner.ask(&bytes)).await;
        told.unwrap_or(Err(NotClean::Unknown))
    }

    fn ask(&self, bytes: &[u8]) -> Result<(), NotClean> {
        let file = tempfile::Builder::new().prefix("opora-proof-").tempfile();
        let mut file = file.map_err(|error| unknown(&error))?;
        file.write_all(bytes).map_err(|error| unknown(&error))?;
        // Closed before it is looked at; removed when `path` is dropped.
        let path = file.into_temp_path();
        let program = Program::new(&self.program, self.patience).args(&self.arguments).arg(&path);
        match program.run() {
            Ok(_) => Ok(()),
            Err(Failure::Refused(said)) => {
                tracing::warn!(program = self.program, said, "the scanner refused a file");
                Err(NotClean::Refused)
            }
            Err(failure) => {
                tracing::error!(program = self.program, ?failure, "the scanner could not be asked");
                Err(NotClean::Unknown)
            }
        }
    }
}

fn unknown(error: &std::io::Error) -> NotClean {
    tracing::error!(%error, "a file for the scanner could not be written");
    NotClean::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_read() {
        let scanner = Scanner::parse(r#"clamdscan --fdpass "--log=/var/мои журналы/l""#).expect("a scanner");
        assert_eq!(scanner.program, "clamdscan");
        assert_eq!(scanner.arguments, ["--fdpass", "--log=/var/мои журналы/l"]);
        assert!(Scanner::parse("  ").is_err() && Scanner::parse("clam \"x").is_err());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_end_of_the_program_tells() {
        let check = async |command: &str, bytes: &[u8], expected| {
            let scanner = Scanner::parse(command).expect("a scanner");
            let scanner = Scanner { patience: Duration::from_millis(800), ..scanner };
            assert_eq!(scanner.check(bytes).await, expected, "{command}");
        };
        check("true", b"x", Ok(())).await;
        check("false", b"x", Err(NotClean::Refused)).await;
        check(r#"sh -c "! grep -q virus $0""#, b"a virus here", Err(NotClean::Refused)).await;
        check(r#"sh -c "! grep -q virus $0""#, b"minutes", Ok(())).await;
        check(r#"sh -c "sleep 5""#, b"x", Err(NotClean::Unknown)).await;
        check("no-such-scanner", b"x", Err(NotClean::Unknown)).await;
    }
}
