//! `opora explain`: what does a rule check, why, and how is it mended?

use std::io::Write;

use clap::Args;

use super::Verdict;
use super::output::{Failure, stdout};

/// Arguments of `opora explain`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Код правила, например D101
    #[arg(value_name = "КОД")]
    code: String,
}

/// Prints the manual page of a rule.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    let Some(rule) = opora_checks::rule(&arguments.code) else {
        return Err(Failure::refused(format!(
            "Правила «{}» нет. Проверьте код: он состоит из буквы и числа. Список правил: opora rules",
            arguments.code
        )));
    };
    let mut out = stdout();
    writeln!(out, "{}", rule.manual.trim_end())?;
    out.flush()?;
    Ok(Verdict::Fine)
}
