//! Where are the data, and how are they opened from the command line?

use std::path::PathBuf;

use clap::Args;
use opora_store::{DatabaseUrl, Store};

use super::output::Failure;

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
}

impl Storage {
    /// Data in a folder.
    pub fn in_folder(data: PathBuf) -> Self {
        Self { data, database: None }
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

/// The runtime of a verb that reads or writes the database.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::refused(format!("Программа не может начать работу: {error}.")))
}
