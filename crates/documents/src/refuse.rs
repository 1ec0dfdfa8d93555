//! In what words is a file refused?
//!
//! The findings more than one reader gives, so that the same trouble is told in the same words.

use crate::codes;
use crate::external::Failure;
use opora_neutral::Finding;
use std::io::Cursor;

/// Why a reader gave up: in a box, because a finding is large beside what is usually returned.
pub(crate) type Refused = Box<Finding>;

pub(crate) fn empty() -> Finding {
    codes::FILE_EMPTY.finding(
        "Файл пустой.",
        "В нём нет ни одного знака, читать нечего.",
        "Проверьте, что файл сохранился и загрузился целиком, и приложите его ещё раз.",
    )
}

pub(crate) fn no_text() -> Finding {
    codes::FILE_NO_TEXT.finding(
        "В файле нет текста.",
        "Файл открылся, но в нём нет ни абзацев, ни таблиц.",
        "Проверьте, тот ли файл приложен. Если приказ вставлен картинкой, приложите скан в PDF или JPEG.",
    )
}

pub(crate) fn truncated(detail: &str) -> Finding {
    let why = if detail.is_empty() {
        "Файл обрывается или искажён: его устройство не читается.".to_owned()
    } else {
        format!("Файл обрывается или искажён: {detail}.")
    };
    codes::FILE_TRUNCATED.finding(
        "Файл повреждён.",
        why,
        "Скачайте или сохраните файл заново и приложите ещё раз; если он открывается у вас, пересохраните его.",
    )
}

pub(crate) fn encrypted() -> Finding {
    codes::FILE_ENCRYPTED.finding(
        "Файл защищён паролем.",
        "Без пароля его содержание прочитать нельзя.",
        "Откройте файл, снимите пароль (Файл → Сведения → Защита) и приложите его ещё раз.",
    )
}

pub(crate) fn too_large(bytes_max: u64) -> Finding {
    codes::FILE_TOO_LARGE.finding(
        "Файл слишком большой.",
        format!("Читаются файлы до {} МБ.", bytes_max >> 20),
        "Уберите из файла лишние рисунки или разделите его на части.",
    )
}

pub(crate) fn unpacks_too_large(bytes_max: u64) -> Finding {
    codes::FILE_TOO_LARGE.finding(
        "Файл распаковывается в слишком большой объём.",
        format!("Внутри больше {} МБ: так устроены файлы, сделанные во вред.", bytes_max >> 20),
        "Если файл ваш, пересохраните его в редакторе без вложений и рисунков.",
    )
}

pub(crate) fn hostile(why: &str) -> Finding {
    codes::FILE_HOSTILE.finding(
        "Файл устроен небезопасно и не прочитан.",
        why,
        "Откройте файл в редакторе, сохраните заново как DOCX и приложите новый.",
    )
}

pub(crate) fn unknown(what: &str) -> Finding {
    codes::FILE_UNKNOWN.finding(
        what,
        "Читаются DOCX, DOC, ODT, RTF, PDF, XLSX, XLS, ODS, TXT, MD, HTML, PNG, JPEG и TIFF.",
        "Сохраните документ в одном из этих видов, лучше всего DOCX, и приложите ещё раз.",
    )
}

/// An archive: its documents are named, as far as they are known.
pub(crate) fn archive(bytes: &[u8]) -> Finding {
    const SHOWN_MAX: usize = 5;
    let zip = zip::ZipArchive::new(Cursor::new(bytes)).ok();
    let names: Vec<String> = zip
        .iter()
        .flat_map(|zip| zip.file_names().flatten())
        .filter(|name| !name.ends_with('/'))
        .map(|name| format!("«{}»", name.rsplit('/').next().unwrap_or(&name)))
        .collect();
    let listed = names.iter().take(SHOWN_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if names.len() > SHOWN_MAX { " и другие" } else { "" };
    let why = if names.is_empty() {
        "Документ в архиве нельзя прочитать, не распаковав его.".to_owned()
    } else {
        format!("Внутри: {listed}{more}.")
    };
    codes::FILE_ARCHIVE.finding(
        "Это архив, а не документ.",
        why,
        "Распакуйте архив и приложите документы из него; можно сразу несколько.",
    )
}

pub(crate) fn content_limit(what: &str) -> Finding {
    codes::CONTENT_LIMIT.finding(
        format!("Документ прочитан не целиком: {what}."),
        "Длинные документы читаются до предела, чтобы не занять всю память.",
        "Разделите файл на части и приложите их по отдельности.",
    )
}

pub(crate) fn damaged_part(part: &str) -> Finding {
    codes::FILE_DAMAGED_PART.finding(
        format!("Часть файла не прочитана: {part}."),
        "Эта часть повреждена или записана непонятно; остальное прочитано.",
        "Сверьте результат с исходным файлом.",
    )
}

/// An outside program gave no result: `program` for people, `install` the line that installs it.
pub(crate) fn tool(failure: &Failure, program: &str, install: &str, instead: &str) -> Finding {
    let why_failed = match failure {
        Failure::Missing => {
            return codes::TOOL_MISSING.finding(
                format!("Не установлена программа {program}."),
                "Без неё файл этого вида прочитать нельзя.",
                format!("Установите её: {install} — {instead}"),
            );
        }
        Failure::TimedOut => "Программа не закончила работу за отведённое время.".to_owned(),
        Failure::Refused(complaint) | Failure::System(complaint) => {
            let first = complaint.lines().next().unwrap_or_default();
            format!("Программа сообщила: {}.", first.trim_end_matches('.'))
        }
    };
    codes::TOOL_FAILED.finding(
        format!("Программа {program} не справилась с файлом."),
        why_failed,
        format!("Проверьте, открывается ли файл у вас, {instead}"),
    )
}
