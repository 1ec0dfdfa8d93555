//! What can be asked of Opora on the command line?
//!
//! One verb a file. Exit codes: 0 fine, 1 findings, 2 bad input or failure.

mod audit;
mod backup;
mod check;
mod compare;
mod demo;
mod explain;
mod identify;
mod import;
mod migrate;
mod notices;
mod org;
mod output;
mod packs;
mod passing;
mod results;
mod rules;
mod sarif;
mod schedule;
mod serve;
mod simulate;
mod storage;
mod token;
mod usage;
mod user;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use output::Failure;

/// Опора: от приказа к живому плану.
#[derive(Debug, Parser)]
#[command(name = "opora", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Прочитать приказ с дорожной картой: DOCX, PDF, скан, таблицу или текст
    Import(import::Arguments),
    /// Проверить план и показать замечания
    Check(check::Arguments),
    /// Перечислить правила проверки
    Rules(rules::Arguments),
    /// Объяснить правило проверки или вывод о школе (с --pack и --year)
    Explain(explain::Arguments),
    /// Разобрать текст срока: «не реже 1 раза в 3–4 недели»
    Schedule(schedule::Arguments),
    /// Организации: загрузить, перечислить, показать регионы, муниципалитеты, школы
    Org(org::Arguments),
    /// Загрузить результаты ВПР, ОГЭ, ЕГЭ и социальные паспорта
    Results(results::Arguments),
    /// Показать методики: пороги с пунктами документов, признаки, примеры
    Packs(packs::Arguments),
    /// Определить по методике, каким школам нужна поддержка
    Identify(identify::Arguments),
    /// Сравнить два закреплённых расчёта
    Compare(compare::Arguments),
    /// Придумать страну школ с известной правдой: для проверки и показа
    Simulate(simulate::Arguments),
    /// Открыть Опору в браузере
    Serve(serve::Arguments),
    /// Открыть Опору с придуманным муниципалитетом и примерами приказов
    Demo(demo::Arguments),
    /// Завести учётные записи, дать роли, закрыть доступ
    User(user::Arguments),
    /// Разослать уведомления один раз
    Notices(notices::Arguments),
    /// Токены, по которым с Опорой работают другие программы
    Token(token::Arguments),
    /// Привести базу к этой версии программы: добавить таблицы, которых ей не хватает
    Migrate(migrate::Arguments),
    /// Сделать резервную копию: база, результаты и свои методики в новую папку; останавливать Опору не нужно
    Backup(backup::Arguments),
    /// Восстановить резервную копию в пустую папку или базу; так же переезжают с SQLite на PostgreSQL и обратно
    Restore(backup::Arguments),
    /// Проверить журнал изменений
    Audit(audit::Arguments),
}

/// Runs the command line and tells the exit code: 0 fine, 1 findings, 2 bad input or failure.
pub fn run() -> ExitCode {
    let command = usage::in_russian(Cli::command());
    let cli = match command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return usage::refuse(&error),
    };
    let outcome = match &cli.verb {
        Verb::Import(arguments) => import::run(arguments),
        Verb::Check(arguments) => check::run(arguments),
        Verb::Rules(arguments) => rules::run(arguments),
        Verb::Explain(arguments) => explain::run(arguments),
        Verb::Schedule(arguments) => schedule::run(arguments),
        Verb::Org(arguments) => org::run(arguments),
        Verb::Results(arguments) => results::run(arguments),
        Verb::Packs(arguments) => packs::run(arguments),
        Verb::Identify(arguments) => identify::run(arguments),
        Verb::Compare(arguments) => compare::run(arguments),
        Verb::Simulate(arguments) => simulate::run(arguments),
        Verb::Serve(arguments) => serve::run(arguments),
        Verb::Demo(arguments) => demo::run(arguments),
        Verb::User(arguments) => user::run(arguments),
        Verb::Notices(arguments) => notices::run(arguments),
        Verb::Token(arguments) => token::run(arguments),
        Verb::Migrate(arguments) => migrate::run(arguments),
        Verb::Backup(arguments) => backup::save(arguments),
        Verb::Restore(arguments) => backup::restore(arguments),
        Verb::Audit(arguments) => audit::run(arguments),
    };
    match outcome {
        Ok(verdict) => verdict.into(),
        Err(Failure::PipeClosed) => ExitCode::SUCCESS,
        Err(Failure::Refused(message)) => {
            output::complain(&message);
            ExitCode::from(2)
        }
    }
}

/// How a verb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    /// Nothing to say.
    Fine,
    /// There are findings.
    Findings,
    /// Some of the input could not be read.
    BadInput,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Fine => Self::SUCCESS,
            Verdict::Findings => Self::from(1),
            Verdict::BadInput => Self::from(2),
        }
    }
}
