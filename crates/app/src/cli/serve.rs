//! `opora serve`: Opora in the browser.

use std::io::Write;
use std::net::SocketAddr;

use clap::Args;

use super::Verdict;
use super::output::{Failure, complain, stdout, system_words};
use super::storage::{self, Storage};
use crate::usecases::results::dataset::Workbench;
use crate::usecases::scanner::Scanner;
use crate::web::mail::Mailer;
use crate::web::origin::parse_public_url;
use crate::web::{AppState, router};

/// Arguments of `opora serve`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Адрес и порт
    #[arg(long, value_name = "АДРЕС:ПОРТ", default_value = "127.0.0.1:8080", env = "OPORA_ADDRESS")]
    address: SocketAddr,
    /// Адрес, по которому Опору открывают: для ссылок в календаре. Без него — тот, что назвал браузер
    #[arg(long, value_name = "АДРЕС", env = "OPORA_PUBLIC_URL", value_parser = parse_public_url)]
    public_url: Option<String>,
    /// Почта: smtps://имя:пароль@сервер:465, или folder:папка, чтобы письма складывались в файлы
    #[arg(long, value_name = "АДРЕС", env = "OPORA_MAIL", hide_env_values = true)]
    mail: Option<String>,
    /// Адрес, от которого уходят письма
    #[arg(long, value_name = "ПОЧТА", env = "OPORA_MAIL_FROM", default_value = "opora@localhost")]
    mail_from: String,
    /// Программа, которая проверяет приложенные файлы на вирусы, например clamdscan --fdpass: путь к файлу дописывается в
    /// конец, код 0 значит «чисто»
    #[arg(long, value_name = "КОМАНДА", env = "OPORA_SCANNER")]
    scanner: Option<String>,
    #[command(flatten)]
    storage: Storage,
}

/// Serves until interrupted.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let bench = arguments.storage.workbench().await?;
        warn_of_refused(&bench);
        let mut state = AppState::new(bench).with_public_url(arguments.public_url.as_deref());
        if let Some(mail) = &arguments.mail {
            state = state.with_mailer(Mailer::parse(mail, &arguments.mail_from).map_err(Failure::refused)?);
        }
        if let Some(command) = &arguments.scanner {
            state = state.with_scanner(Some(Scanner::parse(command).map_err(Failure::refused)?));
        }
        if !arguments.address.ip().is_loopback() {
            state = state.for_others();
        }
        serve(state, arguments.address, "Опора открыта").await
    })
}

/// A methodology that can't be used is told at once, not when somebody misses it.
pub(super) fn warn_of_refused(bench: &Workbench) {
    for refused in &bench.catalog.refused {
        let errors: Vec<String> = refused.errors.iter().map(ToString::to_string).collect();
        complain(&format!("Методика «{}» не подключена:\n{}", refused.id, errors.join("\n")));
    }
}

/// Listens on an address, says so, and answers until interrupted.
pub(super) async fn serve(state: AppState, address: SocketAddr, greeting: &str) -> Result<Verdict, Failure> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("OPORA_LOG").unwrap_or_else(|_| "warn".into());
    // A second subscriber is refused, which is fine: the first one goes on.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| {
        Failure::refused(format!(
            "Не удалось занять адрес {address}: {}. Возможно, Опора уже запущена. Закройте её или укажите другой порт: --address 127.0.0.1:8081",
            system_words(&error)
        ))
    })?;
    let bound = listener.local_addr().map_err(Failure::from)?;
    {
        let mut out = stdout();
        writeln!(out, "{greeting}: http://{bound}/\nОстановить: Ctrl+C")?;
        out.flush()?;
    }
    axum::serve(listener, router(state).into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async {
            // Without a signal handler the program can still be ended from outside.
            let _ = tokio::signal::ctrl_c().await;
        })
        .await
        .map_err(Failure::from)?;
    Ok(Verdict::Fine)
}
