//! `opora notices`: tell people what is news and send the letters that are due, once, for a timer or a test.

use std::io::Write;

use clap::{Args, Subcommand};

use super::Verdict;
use super::output::{Failure, stdout};
use super::serve::Mail;
use super::storage::{self, Storage};
use crate::usecases::notices::round;
use crate::web::AppState;

/// Arguments of `opora notices`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Один раз посмотреть, что кому нужно сообщить, и отправить письма, которым пришло время. Сервер делает это сам
    Send {
        #[command(flatten)]
        mail: Mail,
        #[command(flatten)]
        storage: Storage,
    },
}

/// One round.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    let Verb::Send { mail, storage } = &arguments.verb;
    let told = storage::runtime()?.block_on(async {
        let state = mail.on(AppState::new(storage.workbench().await?))?;
        round(&state.teller(), state.mailer(), || false).await.map_err(Failure::from)
    })?;
    let mut out = stdout();
    let (news, letters) = (told.news, told.letters);
    writeln!(out, "Новых уведомлений: {}, новых писем: {}.", news.notices, news.letters)?;
    writeln!(
        out,
        "Писем отправлено: {}, отложено до следующей попытки: {}, больше не отправляется: {}.",
        letters.sent, letters.later, letters.given_up
    )?;
    out.flush()?;
    Ok(if letters.later + letters.given_up > 0 { Verdict::Findings } else { Verdict::Fine })
}
