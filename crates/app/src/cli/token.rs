//! `opora token`: which programs act for people?

use std::io::Write;

use clap::{Args, Subcommand};
use jiff::ToSpan;
use opora_access::Scope;
use opora_store::{Account, ApiTokenId, Authorship, Store};

use super::Verdict;
use super::output::{Failure, stdout};
use super::storage::{self, Storage};
use crate::clock;
use crate::usecases::tokens::{NotMade, Wanted, make};

/// Arguments of `opora token`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Сделать токен человека и напечатать его; больше он не будет показан
    Make(MakeArguments),
    /// Показать токены человека
    List(PersonArguments),
    /// Завершить токен
    End(EndArguments),
}

#[derive(Debug, Args)]
struct PersonArguments {
    /// Имя для входа
    #[arg(value_name = "ИМЯ")]
    login: String,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Debug, Args)]
struct MakeArguments {
    #[command(flatten)]
    person: PersonArguments,
    /// Название токена
    #[arg(long, value_name = "НАЗВАНИЕ")]
    name: String,
    /// Право токена, например plans:read; можно повторять; all — все права
    #[arg(long = "scope", value_name = "ПРАВО", required = true)]
    scopes: Vec<String>,
    /// Сколько дней токен действует, не больше года
    #[arg(long, value_name = "ДНЕЙ", default_value_t = 90)]
    days: u16,
}

#[derive(Debug, Args)]
struct EndArguments {
    #[command(flatten)]
    person: PersonArguments,
    /// Номер токена из списка
    #[arg(value_name = "НОМЕР")]
    token: i64,
}

/// Makes, lists or ends.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        match &arguments.action {
            Action::Make(arguments) => make_one(arguments).await,
            Action::List(arguments) => list(arguments).await,
            Action::End(arguments) => end(arguments).await,
        }
    })
}

async fn person(arguments: &PersonArguments) -> Result<(Store, Account), Failure> {
    let store = arguments.storage.open().await?;
    let account = store.account_of(&arguments.login).await?;
    let unknown = || {
        let login = &arguments.login;
        Failure::refused(format!("Учётной записи «{login}» нет. Список — в команде opora user list."))
    };
    Ok((store, account.ok_or_else(unknown)?))
}

fn scopes(words: &[String]) -> Result<Vec<Scope>, Failure> {
    if words.iter().any(|word| word == "all") {
        return Ok(Scope::ALL.to_vec());
    }
    let scope = |word: &String| {
        let known = Scope::ALL.map(Scope::code).join(", ");
        let unknown = || Failure::refused(format!("Права «{word}» нет. Есть такие: {known}; или all."));
        Scope::of_code(word).ok_or_else(unknown)
    };
    words.iter().map(scope).collect()
}

async fn make_one(arguments: &MakeArguments) -> Result<Verdict, Failure> {
    let scopes = scopes(&arguments.scopes)?;
    let (store, account) = person(&arguments.person).await?;
    let today = clock::today();
    let last_day = today.saturating_add(i64::from(arguments.days).days());
    let wanted = Wanted { name: &arguments.name, scopes, last_day: Some(last_day) };
    let by = Authorship { who: storage::WHO, reason: "", at: clock::now() };
    match make(&store, account.id, &wanted, today, &by).await {
        Ok(token) => writeln!(stdout(), "{}", token.as_str())?,
        Err(NotMade::Wrong(wrong)) => return Err(Failure::refused(wrong)),
        Err(NotMade::Store(error)) => return Err(error.into()),
    }
    Ok(Verdict::Fine)
}

async fn list(arguments: &PersonArguments) -> Result<Verdict, Failure> {
    let (store, account) = person(arguments).await?;
    let tokens = store.api_tokens(account.id).await?;
    let mut out = stdout();
    if tokens.is_empty() {
        writeln!(out, "Токенов нет.")?;
    }
    for token in tokens {
        let scopes = token.scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(", ");
        let used = token.used.map_or_else(|| "ещё не пользовались".to_owned(), |day| day.to_string());
        writeln!(out, "{:>4}  {}  по {}  {}  ({})", token.id.0, token.name, token.last_day, scopes, used)?;
    }
    out.flush()?;
    Ok(Verdict::Fine)
}

async fn end(arguments: &EndArguments) -> Result<Verdict, Failure> {
    let (store, account) = person(&arguments.person).await?;
    let by = Authorship { who: storage::WHO, reason: "", at: clock::now() };
    if store.end_api_token(account.id, ApiTokenId(arguments.token), &by).await? {
        writeln!(stdout(), "Токен № {} завершён.", arguments.token)?;
        return Ok(Verdict::Fine);
    }
    Err(Failure::refused(format!("Токена № {} у этого человека нет, или он уже завершён.", arguments.token)))
}
