//! `opora user`: who has an account, from the machine Opora runs on.

use std::io::Write;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use opora_access::{Grant, Place, Role};
use opora_methodology::Scope;
use opora_registry::Registry;
use opora_store::{Account, Authorship, HeldGrant, LinkKind, NewAccount, Store, StoreError};

use super::Verdict;
use super::output::{Failure, stdout};
use super::storage::{self, Storage};
use crate::clock;
use crate::usecases::people::{
    NO_RANDOMNESS, NotInvited, give_role, invite, new_link, turn_second_factor_off,
};
use crate::usecases::results::identify::scope;
use crate::web::origin::parse_public_url;
use crate::web::pages::people::place_name;

/// Arguments of `opora user`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Завести учётную запись с ролью и напечатать ссылку, по которой человек выберет пароль
    Add(Add),
    /// Перечислить учётные записи с ролями
    List(List),
    /// Дать ещё одну роль
    Role(GiveRole),
    /// Напечатать новую ссылку для выбора пароля
    Link(Link),
    /// Сбросить второй шаг входа тому, кто потерял телефон и коды восстановления
    SecondFactorOff(Close),
    /// Закрыть учётную запись: войти под ней станет нельзя
    Close(Close),
    /// Открыть закрытую учётную запись
    Open(Close),
}

#[derive(Debug, Args)]
struct Add {
    /// Имя для входа или почта
    login: String,
    /// Фамилия и имя
    #[arg(long, value_name = "ИМЯ")]
    name: String,
    /// Почта
    #[arg(long, value_name = "ПОЧТА", default_value = "")]
    mail: String,
    #[command(flatten)]
    grant: GrantArguments,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Debug, Args)]
struct GiveRole {
    /// Имя для входа или почта
    login: String,
    #[command(flatten)]
    grant: GrantArguments,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Debug, Args)]
struct Link {
    /// Имя для входа или почта
    login: String,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    storage: Storage,
}

#[derive(Debug, Args)]
struct Close {
    /// Имя для входа или почта
    login: String,
    /// Причина: останется в журнале
    #[arg(long, value_name = "ТЕКСТ")]
    reason: String,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Debug, Args)]
struct Address {
    /// Адрес, по которому Опору открывают
    #[arg(long, value_name = "АДРЕС", env = "OPORA_PUBLIC_URL", value_parser = parse_public_url, default_value = "http://127.0.0.1:8080")]
    public_url: String,
}

/// A role as the command line names it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleName {
    RegionalOperator,
    Coordinator,
    Curator,
    SchoolHead,
    SchoolTeam,
    Methodologist,
    Observer,
}

impl RoleName {
    fn role(self) -> Role {
        match self {
            Self::RegionalOperator => Role::RegionalOperator,
            Self::Coordinator => Role::Coordinator,
            Self::Curator => Role::Curator,
            Self::SchoolHead => Role::SchoolHead,
            Self::SchoolTeam => Role::SchoolTeam,
            Self::Methodologist => Role::Methodologist,
            Self::Observer => Role::Observer,
        }
    }
}

#[derive(Debug, Args)]
struct GrantArguments {
    /// Роль
    #[arg(long, value_name = "РОЛЬ", value_enum, default_value = "regional-operator")]
    role: RoleName,
    /// Где действует: all, region:НАЗВАНИЕ, municipality:НАЗВАНИЕ или school:НАЗВАНИЕ
    #[arg(long, value_name = "МЕСТО", default_value = "all")]
    place: String,
    /// Первый день, ГГГГ-ММ-ДД; без него — сегодня
    #[arg(long, value_name = "ДЕНЬ")]
    from: Option<Date>,
    /// Последний день, ГГГГ-ММ-ДД; без него роль бессрочная
    #[arg(long, value_name = "ДЕНЬ")]
    until: Option<Date>,
}

impl GrantArguments {
    async fn grant(&self, store: &Store) -> Result<Grant, Failure> {
        let registry = store.registry().await?.registry;
        let place = match scope(&registry, &self.place).map_err(Failure::refused)? {
            Scope::All => Place::Installation,
            Scope::Node(node) => Place::Node(node),
            Scope::Organisation(school) => Place::School(school),
        };
        let from = self.from.unwrap_or_else(clock::today);
        Ok(Grant { role: self.role.role(), place, from, until: self.until })
    }
}

impl Verb {
    fn storage(&self) -> &Storage {
        match self {
            Self::Add(add) => &add.storage,
            Self::List(list) => &list.storage,
            Self::Role(given) => &given.storage,
            Self::Link(link) => &link.storage,
            Self::Close(close) | Self::Open(close) | Self::SecondFactorOff(close) => &close.storage,
        }
    }
}

/// Does what was asked.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let store = arguments.verb.storage().open().await?;
        match &arguments.verb {
            Verb::Add(add) => create(&store, add).await?,
            Verb::List(_) => list(&store).await?,
            Verb::Role(given) => {
                let account = account(&store, &given.login).await?;
                let grant = given.grant.grant(&store).await?;
                give_role(&store, account.id, &grant, &by("")).await?;
                told(&account, "роль дана")?;
            }
            Verb::Link(link) => {
                let account = account(&store, &link.login).await?;
                let token = new_link(&store, account.id, LinkKind::Invitation, &by("")).await?;
                let token = token.ok_or_else(|| Failure::refused(NO_RANDOMNESS))?;
                print_link(&link.address, token.as_str())?;
            }
            Verb::SecondFactorOff(of) => {
                let account = account(&store, &of.login).await?;
                if of.reason.trim().is_empty() {
                    return Err(StoreError::ReasonMissing.into());
                }
                turn_second_factor_off(&store, &account, &by(&of.reason)).await?;
                told(&account, "второй шаг входа сброшен")?;
            }
            Verb::Close(close) => set_open(&store, close, false).await?,
            Verb::Open(open) => set_open(&store, open, true).await?,
        }
        Ok(Verdict::Fine)
    })
}

fn by(reason: &str) -> Authorship<'_> {
    Authorship { who: storage::WHO, reason, at: clock::now() }
}

async fn account(store: &Store, login: &str) -> Result<Account, Failure> {
    store.account_of(login).await?.ok_or_else(|| {
        Failure::refused(format!(
            "Учётной записи «{login}» нет. Проверьте имя для входа: все записи перечисляет команда opora user list."
        ))
    })
}

async fn create(store: &Store, add: &Add) -> Result<(), Failure> {
    let grant = add.grant.grant(store).await?;
    let new = NewAccount { login: &add.login, mail: &add.mail, name: &add.name };
    let (_, token) = invite(store, &new, &grant, &by("")).await.map_err(|refused| match refused {
        NotInvited::Field(_, what) => Failure::refused(what),
        NotInvited::Store(error) => Failure::from(error),
    })?;
    print_link(&add.address, token.as_str())
}

fn print_link(address: &Address, token: &str) -> Result<(), Failure> {
    writeln!(
        stdout(),
        "Передайте человеку ссылку: по ней он выберет пароль. Она действует неделю и срабатывает один раз.\n{}/link/{token}",
        address.public_url
    )?;
    Ok(())
}

fn told(account: &Account, what: &str) -> Result<(), Failure> {
    writeln!(stdout(), "{} ({}): {what}", account.name, account.login)?;
    Ok(())
}

async fn set_open(store: &Store, close: &Close, open: bool) -> Result<(), Failure> {
    let account = account(store, &close.login).await?;
    store.set_account_open(account.id, open, &by(&close.reason)).await?;
    if !open {
        store.end_sessions(account.id).await?;
    }
    told(
        &account,
        if open {
            "учётная запись открыта"
        } else {
            "учётная запись закрыта"
        },
    )
}

async fn list(store: &Store) -> Result<(), Failure> {
    let grants = store.grants(None).await?;
    let accounts = store.accounts().await?;
    let registry = store.registry().await?.registry;
    let mut out = stdout();
    if accounts.is_empty() {
        writeln!(out, "Учётных записей нет. Первую заводит команда opora user add.")?;
    }
    for account in accounts {
        let closed = if account.open { "" } else { " — закрыта" };
        writeln!(out, "{} ({}){closed}", account.name, account.login)?;
        for held in grants.iter().filter(|held| held.account == account.id) {
            writeln!(out, "    {}", role_line(held, &registry))?;
        }
    }
    Ok(())
}

fn role_line(held: &HeldGrant, registry: &Registry) -> String {
    let grant = &held.grant;
    let until = grant.until.map(|day| format!(" по {day}")).unwrap_or_default();
    format!("{}, {}, с {}{until}", grant.role.russian(), place_name(grant.place, registry), grant.from)
}
