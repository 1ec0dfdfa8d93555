//! Where are the data, and how are they opened from the command line?

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use opora_store::{DatabaseUrl, Store};

use super::output::{Failure, system_words};
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
}

impl Storage {
    /// Data in a folder.
    pub fn in_folder(data: PathBuf) -> Self {
        Self { data, database: None, results: None, packs: None }
    }

    /// The same with a PostgreSQL database, where one is named.
    pub fn with_database(mut self, database: Option<String>) -> Self {
        self.database = database;
        self
    }

    /// Opens the database, which is made where there is none yet.
    pub async fn open(&self) -> Result<Store, Failure> {
        let url = match &self.database {
            Some(address) => address.parse::<DatabaseUrl>()?,
            None => DatabaseUrl::Sqlite(self.data.join("opora.sqlite")),
        };
        Ok(Store::open(&url).await?)
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

    /// Reads the methodologies, scales and words.
    pub fn catalog(&self) -> Result<Arc<Catalog>, Failure> {
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

/// The runtime of a verb that reads or writes the database.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Failure::refused(format!("Программа не может начать работу: {}.", system_words(&error)))
    })
}
