//! `opora serve`: Opora in the browser.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use opora_oidc::Provider;
use opora_store::Authorship;
use tokio::sync::watch;

use super::Verdict;
use super::output::{Failure, complain, stdout, system_words};
use super::storage::{self, Storage};
use crate::clock;
use crate::mail::Mailer;
use crate::usecases::notices::keep;
use crate::usecases::results::dataset::Workbench;
use crate::usecases::scanner::Scanner;
use crate::web::origin::parse_public_url;
use crate::web::pages::outside::Outside;
use crate::web::{AppState, router};

/// Arguments of `opora serve`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Адрес и порт
    #[arg(long, value_name = "АДРЕС:ПОРТ", default_value = "127.0.0.1:8080", env = "OPORA_ADDRESS")]
    address: SocketAddr,
    /// Как часто смотреть, что кому нужно сообщить, в секундах; 0 — не смотреть: этим занят другой сервер или таймер
    #[arg(long, value_name = "СЕКУНД", env = "OPORA_NOTICES_EVERY", default_value_t = NOTICES_EVERY)]
    notices_every: u64,
    /// Программа, которая проверяет приложенные файлы на вирусы, например clamdscan --fdpass: путь к файлу дописывается в
    /// конец, код 0 значит «чисто»
    #[arg(long, value_name = "КОМАНДА", env = "OPORA_SCANNER")]
    scanner: Option<String>,
    #[command(flatten)]
    mail: Mail,
    #[command(flatten)]
    outside: OutsideLogin,
    #[command(flatten)]
    storage: Storage,
}

/// How often news are told, in seconds.
pub(super) const NOTICES_EVERY: u64 = 60;
/// How long a letter in hand may take when the server ends.
const LAST_LETTER: Duration = Duration::from_secs(10);

/// How letters go out, and where their links lead.
#[derive(Debug, Args)]
pub(super) struct Mail {
    /// Адрес, по которому Опору открывают: для ссылок в календаре и письмах. Без него — тот, что назвал браузер
    #[arg(long, value_name = "АДРЕС", env = "OPORA_PUBLIC_URL", value_parser = parse_public_url)]
    public_url: Option<String>,
    /// Почта: smtps://имя:пароль@сервер:465, или folder:папка, чтобы письма складывались в файлы
    #[arg(long, value_name = "АДРЕС", env = "OPORA_MAIL", hide_env_values = true)]
    mail: Option<String>,
    /// Адрес, от которого уходят письма
    #[arg(long, value_name = "ПОЧТА", env = "OPORA_MAIL_FROM", default_value = "opora@localhost")]
    mail_from: String,
}

impl Mail {
    /// The state with this mail.
    pub(super) fn on(&self, state: AppState) -> Result<AppState, Failure> {
        let state = state.with_public_url(self.public_url.as_deref());
        match &self.mail {
            Some(mail) => {
                Ok(state.with_mailer(Mailer::parse(mail, &self.mail_from).map_err(Failure::refused)?))
            }
            None => Ok(state),
        }
    }
}

/// An outside login over OpenID Connect.
#[derive(Debug, Args)]
struct OutsideLogin {
    /// Внешний вход (OpenID Connect): адрес издателя, https://id.example.ru/realms/…
    #[arg(long, value_name = "АДРЕС", env = "OPORA_OIDC_ISSUER")]
    oidc_issuer: Option<String>,
    /// Имя, под которым Опора записана у внешнего входа
    #[arg(long, value_name = "ИМЯ", env = "OPORA_OIDC_CLIENT_ID", default_value = "")]
    oidc_client_id: String,
    /// Файл с секретом, который выдал внешний вход
    #[arg(long, value_name = "ФАЙЛ", env = "OPORA_OIDC_CLIENT_SECRET_FILE")]
    oidc_client_secret_file: Option<PathBuf>,
    /// Название внешнего входа на кнопке; без него – имя сервера
    #[arg(long, value_name = "НАЗВАНИЕ", env = "OPORA_OIDC_NAME")]
    oidc_name: Option<String>,
}

impl OutsideLogin {
    fn read(&self, public_url: Option<&str>) -> Result<Option<Outside>, Failure> {
        let Some(issuer) = self.oidc_issuer.as_deref().filter(|issuer| !issuer.trim().is_empty()) else {
            return Ok(None);
        };
        if public_url.is_none() {
            return Err(Failure::refused(
                "Для внешнего входа нужен адрес, по которому Опору открывают: туда он возвращает людей. Укажите \
                 --public-url https://opora.example.ru и запишите у внешнего входа адрес возврата \
                 https://opora.example.ru/login/outside/back",
            ));
        }
        let secret = match &self.oidc_client_secret_file {
            Some(path) => Some(std::fs::read_to_string(path).map_err(|error| {
                Failure::refused(format!(
                    "Файл с секретом внешнего входа «{}» не читается: {}. Проверьте путь и права.",
                    path.display(),
                    system_words(&error)
                ))
            })?),
            None => None,
        };
        let provider = Provider::new(issuer, &self.oidc_client_id, secret.as_deref());
        let provider = provider.map_err(Failure::refused)?;
        let name = self.oidc_name.clone().unwrap_or_else(|| provider.host().to_owned());
        Ok(Some(Outside { provider: Arc::new(provider), name: name.into() }))
    }
}

/// The key of secrets; those that are still in clear are sealed, and it is told when some belong to another key.
pub(super) async fn sealed(state: AppState, storage: &Storage) -> Result<AppState, Failure> {
    let seal = storage.seal()?;
    let by = Authorship {
        who: storage::WHO, reason: "секреты второго шага зашифрованы", at: clock::now()
    };
    let told = state.store.seal_second_factors(&seal, &by).await?;
    if told.foreign > 0 {
        complain(&format!(
            "Второй шаг входа зашифрован другим ключом, учётных записей: {}. Так бывает, когда Опору восстановили без \
             файла ключа или у второго узла свой ключ. Верните прежний файл ключа; если его нет, эти люди войдут кодом \
             восстановления или после сброса второго шага на странице «Люди».",
            told.foreign
        ));
    }
    Ok(state.with_seal(seal))
}

/// Serves until interrupted.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    let _passing = arguments.storage.passing()?;
    storage::runtime()?.block_on(async {
        let bench = arguments.storage.workbench().await?;
        warn_of_refused(&bench);
        let mut state = arguments.mail.on(AppState::new(bench))?;
        if let Some(outside) = arguments.outside.read(arguments.mail.public_url.as_deref())? {
            state = state.with_outside(outside);
        }
        state = sealed(state, &arguments.storage).await?;
        if let Some(command) = &arguments.scanner {
            state = state.with_scanner(Some(Scanner::parse(command).map_err(Failure::refused)?));
        }
        if !arguments.address.ip().is_loopback() {
            state = state.for_others();
        }
        serve(state, arguments.address, "Опора открыта", arguments.notices_every).await
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
pub(super) async fn serve(
    state: AppState,
    address: SocketAddr,
    greeting: &str,
    notices_every: u64,
) -> Result<Verdict, Failure> {
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
    tokio::spawn(state.clone().warm_up());
    let (stop, stopping) = watch::channel(false);
    let telling = (notices_every > 0).then(|| {
        let every = Duration::from_secs(notices_every);
        tokio::spawn(keep(state.teller(), Arc::clone(state.mailer()), every, stopping))
    });
    axum::serve(listener, router(state).into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(told_to_stop())
        .await
        .map_err(Failure::from)?;
    stop.send_replace(true);
    if let Some(telling) = telling {
        // What is still in hand then is taken up again after its lease.
        let _ = tokio::time::timeout(LAST_LETTER, telling).await;
    }
    Ok(Verdict::Fine)
}

/// Waits until somebody stops the program: Ctrl+C, or the system that runs it as a service.
async fn told_to_stop() {
    let interrupted = async {
        // Without a signal handler the program can still be ended from outside.
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    if let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            () = interrupted => {}
            _ = terminated.recv() => {}
        }
        return;
    }
    interrupted.await;
}
