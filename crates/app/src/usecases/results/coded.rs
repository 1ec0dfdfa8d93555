//! What do rows in our own columns say, and may they be taken as they are?

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use opora_cells::{Cell, Dictionary, OrganisationId, Procedure};
use opora_forms::{Batch, Context, FormKind, Summary};
use opora_results::RowsFile;

use super::dataset::DataError;
use super::intake::{FileFacts, NAMED, counted, refuse};

/// Rows of our own form: every school must be known, everything else the count has looked at.
pub(super) fn own_rows(path: &Path, name: &str, context: &Context<'_>) -> Result<FileFacts, DataError> {
    let rows = RowsFile::Path(path.to_owned());
    let cells = counted(&rows, context)?;
    let mut summary = Summary {
        kind: Some(FormKind::Tidy),
        rows: cells.iter().map(|cell| u64::from(cell.participants)).sum(),
        cells: cells.len() as u64,
        ..Summary::default()
    };
    summary.rows_seen = summary.rows;
    let schools: BTreeSet<OrganisationId> = cells.iter().map(|cell| cell.organisation).collect();
    let years: BTreeSet<u16> = cells.iter().map(|cell| cell.year).collect();
    (summary.schools, summary.years) = (schools.len() as u64, years.into_iter().collect());
    let unknown: Vec<String> =
        schools.iter().filter(|id| context.registry.get(**id).is_none()).map(|id| id.0.to_string()).collect();
    if !unknown.is_empty() {
        let shown = unknown.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        refuse(
            &mut summary,
            "SCHOOL_UNKNOWN",
            format!("{name}: в реестре нет школ с номерами {shown} (всего {}).", unknown.len()),
            "Непонятно, чьи это результаты.",
            "Сначала загрузите реестр организаций: opora org import ФАЙЛ.",
        );
    }
    impossible_codes(&mut summary, &cells, name, context.dictionary);
    Ok(FileFacts { rows: Some(path.to_owned()), facts: Batch { cells, ..Batch::default() }, summary })
}

/// Codes of procedures that the dictionary does not know: nobody could say what such results are of.
fn impossible_codes(summary: &mut Summary, cells: &[Cell], name: &str, dictionary: &Dictionary) {
    let wrong = |procedure: Procedure| {
        let Procedure { kind, subject, grade, level } = procedure;
        [
            (!dictionary.kinds.contains_key(&kind)).then(|| format!("вид {}", kind.0)),
            (!dictionary.subjects.contains_key(&subject)).then(|| format!("предмет {}", subject.0)),
            (!(1..=11).contains(&grade)).then(|| format!("класс {grade}")),
            (level.0 != 0 && !dictionary.levels.contains_key(&level)).then(|| format!("уровень {}", level.0)),
        ]
    };
    let mut found: BTreeMap<u32, (u32, Vec<String>)> = BTreeMap::new();
    for cell in cells {
        let wrong: Vec<String> = wrong(cell.procedure).into_iter().flatten().collect();
        if !wrong.is_empty() {
            let first = found.entry(cell.procedure.packed()).or_insert((cell.rows.0, wrong));
            first.0 = first.0.min(cell.rows.0);
        }
    }
    for (packed, (row, wrong)) in found.iter().take(NAMED) {
        refuse(
            summary,
            "PROCEDURE_IMPOSSIBLE",
            format!(
                "{name}, столбец «procedure», строка {row}: в коде {packed} не бывает: {}.",
                wrong.join(", ")
            ),
            "По такому коду не понять, что это за работа.",
            "Исправьте коды в программе, которая выгружает файл. Списки кодов – в packs/dictionary/dictionary.toml.",
        );
    }
    if found.len() > NAMED {
        refuse(
            summary,
            "PROCEDURE_IMPOSSIBLE",
            format!("{name}: других таких кодов ещё {}.", found.len() - NAMED),
            "У них та же причина.",
            "Исправьте показанные и загрузите файл снова.",
        );
    }
}
