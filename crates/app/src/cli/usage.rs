//! How does the command line explain itself in Russian?

use std::io::Write;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

use super::output::{complain, stdout};

const TEMPLATE: &str = "{about-with-newline}\nИспользование: {usage}\n\n{all-args}{after-help}";

/// A calendar year on the command line.
pub(super) fn year(text: &str) -> Result<u16, String> {
    text.parse()
        .ok()
        .filter(|year| (1990..=2100).contains(year))
        .ok_or_else(|| "нужен год от 1990 до 2100".to_owned())
}

/// The command with Russian headings and help.
pub(super) fn in_russian(command: Command) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Показать эту справку");
    let verbs: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    let mut command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("Команды")
        .subcommand_value_name("КОМАНДА")
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .arg(help)
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "Что указать" } else { "Параметры" };
            let arg = arg.help_heading(heading);
            if arg.get_id() == "version" { arg.help("Показать версию") } else { arg }
        });
    if !command.get_arguments().any(|arg| arg.get_id() == "version") && command.get_version().is_some() {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        command =
            command.disable_version_flag(true).arg(version.help("Показать версию").help_heading("Параметры"));
    }
    for verb in verbs {
        command = command.mut_subcommand(verb, in_russian);
    }
    command
}

/// Prints help or version, or tells what is wrong with the command line.
pub(super) fn refuse(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // Nobody is left to tell when standard output is closed.
        let _ = write!(stdout(), "{}", translated(&error.render().to_string()));
        return ExitCode::SUCCESS;
    }
    complain(&format!("{}\nСправка: opora --help, opora КОМАНДА --help", message(error)));
    ExitCode::from(2)
}

/// The words of the help that come from the library.
fn translated(help: &str) -> String {
    const WORDS: [(&str, &str); 5] = [
        ("[OPTIONS]", "[ПАРАМЕТРЫ]"),
        ("Possible values:", "Возможные значения:"),
        // A line may end behind the colon.
        ("[possible values:", "[возможно:"),
        ("[default:", "[по умолчанию:"),
        ("[env:", "[переменная среды:"),
    ];
    WORDS.iter().fold(help.to_owned(), |help, (english, russian)| help.replace(english, russian))
}

fn message(error: &clap::Error) -> String {
    let text = |kind| error.get(kind).map(value_text).unwrap_or_default();
    let argument = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!(
                "Команды «{}» нет.{}",
                text(ContextKind::InvalidSubcommand),
                suggestion(error, ContextKind::SuggestedSubcommand)
            )
        }
        ErrorKind::UnknownArgument => {
            format!("Параметра «{argument}» нет.{}", suggestion(error, ContextKind::SuggestedArg))
        }
        ErrorKind::MissingRequiredArgument => format!("Не хватает: {argument}."),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "Не указана команда.".to_owned()
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("После «{argument}» нужно значение."),
        ErrorKind::InvalidValue => {
            format!(
                "Значение «{value}» не подходит для «{argument}». Можно: {}.",
                text(ContextKind::ValidValue)
            )
        }
        ErrorKind::ValueValidation => {
            let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            let cause = in_words(&cause);
            format!("Значение «{value}» не подходит для «{argument}»: {cause}.")
        }
        ErrorKind::ArgumentConflict => {
            format!("«{argument}» нельзя указать вместе с «{}».", text(ContextKind::PriorArg))
        }
        ErrorKind::InvalidUtf8 => "В командной строке есть знаки не в UTF-8.".to_owned(),
        _ => format!("Командную строку не удалось понять: {argument} {value}."),
    }
}

/// What the libraries say of a number in English, in Russian. Our own parsers speak Russian already.
fn in_words(cause: &str) -> String {
    if let Some((_, range)) = cause.split_once(" is not in ")
        && let Some((low, high)) = range.split_once("..=")
    {
        return format!("нужно целое число от {low} до {high}");
    }
    let number = ["invalid digit", "cannot parse integer", "number too large", "number too small"];
    if number.iter().any(|words| cause.contains(words)) {
        return "нужно целое число".to_owned();
    }
    cause.to_owned()
}

fn suggestion(error: &clap::Error, kind: ContextKind) -> String {
    error.get(kind).map(|value| format!(" Может быть, «{}»?", value_text(value))).unwrap_or_default()
}

fn value_text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::translated;

    #[test]
    fn the_words_of_the_library_are_russian_wherever_a_line_ends() {
        let check = |help: &str, expected: &str| assert_eq!(translated(help), expected);
        check("порт [env: OPORA_X=]", "порт [переменная среды: OPORA_X=]");
        check(
            "порт [env:\n    OPORA_X=] [default:\n    8080]",
            "порт [переменная среды:\n    OPORA_X=] [по умолчанию:\n    8080]",
        );
    }
}
