//! `opora demo`: Opora with an invented municipality, to try it out.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::Verdict;
use super::output::{Failure, stdout};
use super::serve::{NOTICES_EVERY, sealed, serve};
use super::storage::{self, Storage};
use crate::clock;
use crate::usecases::demo::{self, Login, Size};
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
    /// Пустая база PostgreSQL вместо файла в папке примера: postgres://…
    #[arg(long, value_name = "АДРЕС")]
    database: Option<String>,
    /// Без придуманных людей и того, что они сделали: тогда входить не нужно
    #[arg(long)]
    alone: bool,
    /// Сколько школ в придуманном регионе; тогда в программе все они. Без этого в примере 50 школ, в программе 7
    #[arg(long, value_name = "ЧИСЛО", conflicts_with = "alone")]
    schools: Option<u32>,
    /// За сколько прошлых учебных лет придумать историю
    #[arg(long, value_name = "ЧИСЛО", default_value_t = 1, conflicts_with = "alone", value_parser = clap::value_parser!(i16).range(0..=10))]
    years: i16,
    /// Только подготовить данные, страницы не открывать
    #[arg(long)]
    prepare: bool,
}

/// The logins of the invented people. Their passwords are made anew at every start and are written nowhere else.
fn tell(logins: &[Login]) -> Result<(), Failure> {
    let mut out = stdout();
    writeln!(out, "Придуманные люди (пароли новые при каждом запуске):")?;
    for login in logins {
        writeln!(out, "  {:<12} {:<26} {} — {}", login.login, login.password, login.name, login.role)?;
    }
    writeln!(out, "Войдите под любым именем; начните с koordinator.")?;
    Ok(())
}

/// Takes the sample orders in, those that are not there yet, and serves.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    let storage = Storage::in_folder(arguments.data.clone()).with_database(arguments.database.clone());
    let _passing = storage.passing()?;
    storage::runtime()?.block_on(async {
        let mut bench = storage.workbench().await?;
        if arguments.alone && bench.store.has_accounts().await? {
            return Err(Failure::refused(
                "В этих данных примера уже есть люди, поэтому без входа их не открыть. Запустите opora demo без --alone \
                 или укажите другую папку: --data ПАПКА.",
            ));
        }
        demo::fill(&bench.store, clock::now()).await?;
        let size = Size { schools: arguments.schools, years: arguments.years };
        demo::fill_results(&bench, &storage.packs(), size, clock::now()).await?;
        // The scales of the example are there only now.
        bench.catalog = storage.catalog()?;
        if !arguments.alone {
            tell(&demo::fill_programme(&bench, size, clock::today()).await?)?;
        }
        if arguments.prepare {
            return Ok(Verdict::Fine);
        }
        let state = sealed(AppState::new(bench), &storage).await?;
        serve(state, arguments.address, "Опора с придуманными примерами открыта", NOTICES_EVERY).await
    })
}
