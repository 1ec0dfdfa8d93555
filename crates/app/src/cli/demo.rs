//! `opora demo`: Opora with an invented municipality, to try it out.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::Verdict;
use super::output::Failure;
use super::serve::serve;
use super::storage::{self, Storage};
use crate::clock;
use crate::usecases::demo;
use crate::web::AppState;

/// Arguments of `opora demo`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Адрес и порт
    #[arg(long, value_name = "АДРЕС:ПОРТ", default_value = "127.0.0.1:8080", env = "OPORA_ADDRESS")]
    address: SocketAddr,
    /// Папка для данных примера
    #[arg(long, value_name = "ПАПКА", default_value = "opora-demo-data")]
    data: PathBuf,
}

/// Takes the sample orders in, those that are not there yet, and serves.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    let storage = Storage::in_folder(arguments.data.clone());
    storage::runtime()?.block_on(async {
        let mut bench = storage.workbench().await?;
        demo::fill(&bench.store, clock::now()).await?;
        demo::fill_results(&bench, &storage.packs(), clock::now()).await?;
        // The scales of the example are there only now.
        bench.catalog = storage.catalog()?;
        serve(AppState::new(bench), arguments.address, "Опора с придуманными примерами открыта").await
    })
}
