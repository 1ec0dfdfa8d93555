//! Where are the data, and how are they opened from the command line?

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use opora_access::Seal;
use opora_store::{DatabaseUrl, Store};

use super::output::{Failure, complain, system_words};
use super::packs::is_folder;
use super::passing::Passing;
use crate::usecases::people::NO_RANDOMNESS;
use crate::usecases::results::catalog::Catalog;
use crate::usecases::results::dataset::{Workbench, result_store};

/// Who acts on the command line, as the journal has it.
pub(super) const WHO: &str = "Командная строка";

/// Where the data are.
#[derive(Clone, Debug, Args)]
pub(super) struct Storage {
    /// Папка с данными
    #[arg(long, value_name = "ПАПКА", env = "OPORA_DATA", default_value = "opora-data")]
    data: PathBuf,
    /// База PostgreSQL вместо файла в папке с данными: postgres://…
    #[arg(long, value_name = "АДРЕС", env = "OPORA_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Хранилище результатов вместо папки с данными: s3://корзина/путь
    #[arg(long, value_name = "АДРЕС", env = "OPORA_RESULTS")]
    results: Option<String>,
    /// Папка со своими методиками, по умолчанию packs в папке с данными
    #[arg(long, value_name = "ПАПКА", env = "OPORA_PACKS")]
    packs: Option<PathBuf>,
    /// Файл ключа, которым зашифрованы секреты второго шага входа, по умолчанию secret.key в папке с данными; у всех узлов один
    #[arg(long, value_name = "ФАЙЛ", env = "OPORA_SECRET_KEY_FILE")]
    secret_key_file: Option<PathBuf>,
}

impl Storage {
    /// Data in a folder.
    pub fn in_folder(data: PathBuf) -> Self {
        Self { data, database: None, results: None, packs: None, secret_key_file: None }
    }

    /// The same with a PostgreSQL database, where one is named.
    pub fn with_database(mut self, database: Option<String>) -> Self {
        self.database = database;
        self
    }

    /// Opens the database, which is made where there is none yet.
    pub async fn open(&self) -> Result<Store, Failure> {
        Ok(Store::open(&self.database()?).await?)
    }

    /// The address of the database.
    pub fn database(&self) -> Result<DatabaseUrl, Failure> {
        Ok(match &self.database {
            Some(address) => address.parse::<DatabaseUrl>()?,
            None => DatabaseUrl::Sqlite(self.data.join("opora.sqlite")),
        })
    }
}

impl Storage {
    /// The folder of results; none where they lie in a store that is backed up by its own means.
    pub fn results_folder(&self) -> Option<PathBuf> {
        match self.results.as_deref() {
            Some(address) if address.contains("://") => None,
            Some(folder) => Some(PathBuf::from(folder)),
            None => Some(self.data.join("results")),
        }
    }

    /// The folder of own methodologies.
    pub fn packs(&self) -> PathBuf {
        self.packs.clone().unwrap_or_else(|| self.data.join("packs"))
    }

    /// The key that secrets are sealed under; made where there is none yet, readable by nobody else.
    pub fn seal(&self) -> Result<Seal, Failure> {
        let path = self.secret_key_file.clone().unwrap_or_else(|| self.data.join("secret.key"));
        let failed = |error: &std::io::Error| {
            Failure::refused(format!(
                "Файл ключа «{}» не читается и не создаётся: {}. Без него нельзя хранить секреты второго шага входа. \
                 Проверьте путь и права.",
                path.display(),
                system_words(error)
            ))
        };
        if let Err(error) = std::fs::metadata(&path) {
            if error.kind() != std::io::ErrorKind::NotFound {
                return Err(failed(&error));
            }
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or_else(|| Path::new("."));
            let key = Seal::new_key().ok_or_else(|| Failure::refused(NO_RANDOMNESS))?;
            // Whole or not at all, and only for its owner; of two nodes that start together one key remains.
            let write = || {
                std::fs::create_dir_all(folder)?;
                let mut file = tempfile::NamedTempFile::new_in(folder)?;
                writeln!(file, "{key}")?;
                file.as_file().sync_all()?;
                match file.persist_noclobber(&path) {
                    Err(error) if error.error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.error),
                    _ => Ok(()),
                }
            };
            write().map_err(|error| failed(&error))?;
        }
        let text = std::fs::read_to_string(&path).map_err(|error| failed(&error))?;
        if is_open_to_others(&path) {
            complain(&format!(
                "Файл ключа «{}» могут читать другие пользователи этого компьютера. Закройте его: chmod 600.",
                path.display()
            ));
        }
        Seal::of_key(&text).ok_or_else(|| {
            Failure::refused(format!(
                "В файле ключа «{}» нет ключа: в нём должно быть 64 знака 0–9 и a–f. Возможно, файл испорчен. Верните его \
                 из копии или уберите: тогда Опора сделает новый ключ, а второй шаг входа придётся настроить заново.",
                path.display()
            ))
        })
    }

    /// Where temporary files of this program lie from now on: among the data, until what is returned goes.
    pub fn passing(&self) -> Result<Passing, Failure> {
        let failed = |error: std::io::Error| {
            Failure::refused(format!(
                "В папке с данными «{}» не создаётся папка для временных файлов: {}. Проверьте права и место на диске.",
                self.data.display(),
                system_words(&error)
            ))
        };
        let passing = Passing::open(&self.data).map_err(failed)?;
        passing.take_all().map_err(failed)?;
        Ok(passing)
    }

    /// Reads the methodologies, scales and words.
    pub fn catalog(&self) -> Result<Arc<Catalog>, Failure> {
        if let Some(folder) = self.packs.as_deref() {
            is_folder(folder)?;
        }
        let catalog = Catalog::read(Some(&self.packs())).map_err(|error| Failure::refused(error.0))?;
        Ok(Arc::new(catalog))
    }

    /// Opens the database and the store of results, and reads the methodologies.
    pub async fn workbench(&self) -> Result<Workbench, Failure> {
        let catalog = self.catalog()?;
        let store = self.open().await?;
        let results = result_store(self.results.as_deref(), &self.data)?;
        Ok(Workbench::new(store, results, catalog))
    }
}

/// Whether others than the owner may read a file, where the system knows such a thing.
fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// The runtime of a verb that reads or writes the database.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Failure::refused(format!("Программа не может начать работу: {}.", system_words(&error)))
    })
}

#[cfg(test)]
mod tests {
    use super::Storage;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("данные");
        let storage = Storage::in_folder(data.clone());
        let first = storage.seal().expect("a key");
        let sealed = first.seal("тайна", "account/1").expect("randomness");
        // A second node, or the next start.
        let second = storage.seal().expect("the same key");
        assert_eq!(second.open(&sealed, "account/1").as_deref(), Ok("тайна"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(data.join("secret.key")).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(&data).expect("a folder").count(), 1, "nothing is left beside it");
        std::fs::write(data.join("secret.key"), "не ключ").expect("a file");
        assert!(storage.seal().is_err(), "a spoiled key is told, not replaced");
    }
}
