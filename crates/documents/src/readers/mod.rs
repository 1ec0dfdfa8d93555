//! Which reader reads which kind of file?

mod docx;
mod html;
mod markdown;
mod odf;
mod office;
mod pdf;
mod picture;
mod scan;
mod sheets;
pub(crate) mod text;

use crate::detect::Kind;
use crate::draft::Draft;
use crate::limits::Limits;
use crate::refuse;
use opora_neutral::Document;

/// Fills a document from the bytes of a file of a known kind.
pub(crate) fn read(kind: Kind, bytes: &[u8], limits: &Limits, document: &mut Document) {
    let draft = &mut Draft::new(document, limits);
    match kind {
        Kind::Docx => docx::read(bytes, draft),
        Kind::Xlsx => sheets::read_xlsx(bytes, draft),
        Kind::Xls => sheets::read_xls(bytes, draft),
        Kind::Ods => odf::read_sheets(bytes, draft),
        Kind::Odt => odf::read_text(bytes, draft),
        Kind::Doc => office::read(bytes, "doc", draft),
        Kind::Rtf => office::read(bytes, "rtf", draft),
        Kind::Html => html::read(bytes, draft),
        Kind::Markdown => markdown::read(&decoded(bytes, draft), draft),
        Kind::Text => text::read(&decoded(bytes, draft), draft),
        Kind::Pdf => pdf::read(bytes, limits, document),
        Kind::Png | Kind::Jpeg | Kind::Tiff => picture::read(bytes, limits, document),
        Kind::Empty => draft.finding(refuse::empty()),
        Kind::EncryptedOffice => draft.finding(refuse::encrypted()),
        Kind::BrokenZip => draft.finding(refuse::truncated("список его частей отсутствует")),
        Kind::BrokenOle => draft.finding(refuse::truncated("его содержание не находится")),
        Kind::Archive => draft.finding(refuse::archive(bytes)),
        Kind::WebArchive => draft.finding(refuse::unknown("Это веб-архив (MHT), он не читается.")),
        Kind::PlainXml => draft.finding(refuse::unknown("Это документ в виде XML, он не читается.")),
        Kind::OtherOffice => {
            draft.finding(refuse::unknown("Это файл офисной программы, но не текст и не таблица."));
        }
        Kind::Binary => draft.finding(refuse::unknown("Вид файла не определён: это не документ.")),
    }
}

fn decoded(bytes: &[u8], draft: &mut Draft<'_>) -> String {
    let (text, finding) = text::decode::decode(bytes, None);
    finding.into_iter().for_each(|finding| draft.finding(finding));
    text
}
