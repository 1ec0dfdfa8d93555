//! Of what format is a file, judged by its content?
//!
//! The name is believed only to tell text formats from each other; where it contradicts the content, that is
//! a finding and reading goes on.

use crate::codes;
use opora_neutral::{Finding, Format};
use std::io::Cursor;

/// What a file is, more finely than its [`Format`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Empty,
    Docx,
    Pdf,
    Png,
    Jpeg,
    Tiff,
    Xlsx,
    Xls,
    Ods,
    Odt,
    Doc,
    Rtf,
    Text,
    Markdown,
    Html,
    /// A web page archive, `.mht`: refused kindly.
    WebArchive,
    /// A document written as a single XML file: refused kindly.
    PlainXml,
    /// An office file of another kind, such as a presentation.
    OtherOffice,
    /// Office Open XML inside an encrypted OLE2 container.
    EncryptedOffice,
    /// A zip or another archive of files.
    Archive,
    /// Starts as a zip, but its list of parts is missing or broken.
    BrokenZip,
    /// Starts as OLE2, but can't be followed.
    BrokenOle,
    /// None of these.
    Binary,
}

impl Kind {
    pub(crate) fn format(self) -> Format {
        match self {
            Self::Docx => Format::Docx,
            Self::Pdf => Format::Pdf,
            Self::Png | Self::Jpeg | Self::Tiff => Format::Picture,
            Self::Xlsx | Self::Xls | Self::Ods => Format::Spreadsheet,
            Self::Odt => Format::Odt,
            Self::Doc => Format::Doc,
            Self::Rtf => Format::Rtf,
            Self::Text => Format::Text,
            Self::Markdown => Format::Markdown,
            Self::Html => Format::Html,
            Self::Empty
            | Self::WebArchive
            | Self::PlainXml
            | Self::OtherOffice
            | Self::EncryptedOffice
            | Self::Archive
            | Self::BrokenZip
            | Self::BrokenOle
            | Self::Binary => Format::Unknown,
        }
    }

    /// Extensions under which such a file may go, and what to call it.
    fn extensions(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Docx => (&["docx", "docm", "dotx", "dotm"], "документ Word (DOCX)"),
            Self::Pdf => (&["pdf"], "PDF"),
            Self::Png => (&["png"], "рисунок PNG"),
            Self::Jpeg => (&["jpg", "jpeg", "jpe", "jfif"], "рисунок JPEG"),
            Self::Tiff => (&["tif", "tiff"], "рисунок TIFF"),
            Self::Xlsx => (&["xlsx", "xlsm", "xltx", "xltm", "xlsb"], "таблица Excel (XLSX)"),
            Self::Xls => (&["xls", "xlt"], "таблица Excel (XLS)"),
            Self::Ods => (&["ods", "ots"], "таблица OpenDocument (ODS)"),
            Self::Odt => (&["odt", "ott"], "документ OpenDocument (ODT)"),
            Self::Doc => (&["doc", "dot"], "документ Word (DOC)"),
            Self::Rtf => (&["rtf", "doc"], "документ RTF"),
            Self::Html => (&["html", "htm", "xhtml"], "веб-страница (HTML)"),
            Self::Text | Self::Markdown => {
                (&["txt", "text", "md", "markdown", "tsv", "csv", "asc", "log", ""], "простой текст")
            }
            _ => (&[], ""),
        }
    }
}

/// The format of a file by its content; the name only tells text formats from each other.
pub fn detect(bytes: &[u8], name: &str) -> Format {
    kind(bytes, name).format()
}

/// A note where the name's extension contradicts the content.
pub(crate) fn extension_finding(kind: Kind, name: &str) -> Option<Finding> {
    let (usual, called) = kind.extensions();
    let extension = extension(name);
    if usual.is_empty() || extension.is_empty() || usual.contains(&extension.as_str()) {
        return None;
    }
    Some(codes::FILE_EXTENSION.finding(
        format!("Файл назван «.{extension}», а внутри {called}."),
        "Вид файла определён по содержанию.",
        "Ничего делать не нужно; при желании исправьте расширение в имени файла.",
    ))
}

pub(crate) fn kind(bytes: &[u8], name: &str) -> Kind {
    if bytes.is_empty() {
        return Kind::Empty;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip_kind(bytes);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return ole_kind(bytes);
    }
    by_signature(bytes).unwrap_or_else(|| text_kind(bytes, name))
}

fn by_signature(bytes: &[u8]) -> Option<Kind> {
    const SIGNATURES: [(&[u8], Kind); 14] = [
        (b"\x89PNG\r\n\x1A\n", Kind::Png),
        (b"\xFF\xD8\xFF", Kind::Jpeg),
        (b"II*\0", Kind::Tiff),
        (b"MM\0*", Kind::Tiff),
        (b"{\\rtf", Kind::Rtf),
        (b"Rar!\x1A\x07", Kind::Archive),
        (b"7z\xBC\xAF\x27\x1C", Kind::Archive),
        (b"\x1F\x8B", Kind::Archive),
        (b"BZh", Kind::Archive),
        (b"\xFD7zXZ\0", Kind::Archive),
        (b"PK\x07\x08", Kind::BrokenZip),
        (b"PK", Kind::BrokenZip),
        (b"MZ", Kind::Binary),
        (b"\x7FELF", Kind::Binary),
    ];
    // A name in Latin letters may begin a text, so the short signatures count only among bytes of no text.
    let textual = looks_like_text(bytes);
    let by_start = SIGNATURES
        .iter()
        .find(|(start, _)| bytes.starts_with(start) && (start.len() > 3 || !textual))
        .map(|&(_, kind)| kind);
    // Readers of PDF accept up to a kilobyte of rubbish before the header.
    let head = bytes.get(..1024).unwrap_or(bytes);
    let pdf = head.windows(5).any(|window| window == b"%PDF-");
    by_start.or(pdf.then_some(Kind::Pdf))
}

/// Tells the kinds of zip containers apart by what they hold.
fn zip_kind(bytes: &[u8]) -> Kind {
    let Ok(archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return Kind::BrokenZip;
    };
    let has = |part: &str| archive.index_for_name(part).is_some();
    let starts = |folder: &str| archive.file_names().flatten().any(|name| name.starts_with(folder));
    if has("[Content_Types].xml") {
        return match () {
            () if starts("word/") => Kind::Docx,
            () if has("xl/workbook.bin") => Kind::OtherOffice,
            () if starts("xl/") => Kind::Xlsx,
            () if starts("ppt/") || starts("visio/") => Kind::OtherOffice,
            () => Kind::Archive,
        };
    }
    if has("content.xml") {
        // The first entry of an OpenDocument file is `mimetype`, stored unpacked, so it is seen in the bytes.
        let head = String::from_utf8_lossy(bytes.get(..256).unwrap_or(bytes));
        return match () {
            () if head.contains("opendocument.text") => Kind::Odt,
            () if head.contains("opendocument.spreadsheet") => Kind::Ods,
            () if head.contains("opendocument.") => Kind::OtherOffice,
            () => Kind::Odt,
        };
    }
    if has("word/document.xml") {
        return Kind::Docx;
    }
    Kind::Archive
}

/// Tells the kinds of OLE2 containers apart by the names of their streams, which the directory holds in UTF-16.
fn ole_kind(bytes: &[u8]) -> Kind {
    let has = |stream: &str| {
        let wide: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).chain([0, 0]).collect();
        memory_find(bytes, &wide)
    };
    match () {
        () if has("EncryptedPackage") => Kind::EncryptedOffice,
        () if has("WordDocument") => Kind::Doc,
        () if has("Workbook") || has("Book") => Kind::Xls,
        () if has("PowerPoint Document") => Kind::OtherOffice,
        () => Kind::BrokenOle,
    }
}

fn memory_find(haystack: &[u8], needle: &[u8]) -> bool {
    // Directory entries are aligned to 128 bytes within sectors, and sectors to at least 64.
    haystack.chunks(64).any(|chunk| chunk.starts_with(needle))
}

fn text_kind(bytes: &[u8], name: &str) -> Kind {
    if !looks_like_text(bytes) {
        return Kind::Binary;
    }
    let head = head_text(bytes);
    let start = head.trim_start();
    if start.starts_with("mime-version:") && head.contains("multipart/related") {
        return Kind::WebArchive;
    }
    let extension = extension(name);
    let tagged = ["<!doctype html", "<html"].iter().any(|tag| start.starts_with(tag));
    let later = ["<!doctype html", "<html ", "<html>"].iter().any(|tag| head.contains(tag));
    let named = matches!(extension.as_str(), "html" | "htm" | "xhtml");
    if tagged || (later && start.starts_with('<')) || (named && head.contains('<')) {
        return Kind::Html;
    }
    if start.starts_with("<?xml") {
        return Kind::PlainXml;
    }
    match extension.as_str() {
        "md" | "markdown" => Kind::Markdown,
        _ => Kind::Text,
    }
}

/// The start of a text in lower case, one char a byte where it is not UTF-16: enough to look for tags.
fn head_text(bytes: &[u8]) -> String {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let ascii = head.iter().filter(|&&byte| byte != 0).map(|&byte| char::from(byte));
    ascii.collect::<String>().trim_start_matches(['ï', '»', '¿', 'ÿ', 'þ']).to_ascii_lowercase()
}

/// No control characters but those of texts, or UTF-16.
fn looks_like_text(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") || utf16_without_mark(bytes).is_some()
    {
        return true;
    }
    let head = bytes.get(..65_536).unwrap_or(bytes);
    let odd = head.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, 9..=13 | 26 | 27)).count();
    odd * 500 <= head.len() && !head.contains(&0)
}

/// UTF-16 without a mark: of Russian text every second byte is 0x04 or 0x00.
pub(crate) fn utf16_without_mark(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let pairs = head.len() / 2;
    if pairs < 2 {
        return None;
    }
    let high = |offset: usize| {
        head.iter().skip(offset).step_by(2).take(pairs).filter(|&&byte| matches!(byte, 0 | 4)).count()
    };
    let (even, odd) = (high(0), high(1));
    match () {
        () if odd * 10 >= pairs * 9 && even * 2 < pairs => Some(encoding_rs::UTF_16LE),
        () if even * 10 >= pairs * 9 && odd * 2 < pairs => Some(encoding_rs::UTF_16BE),
        () => None,
    }
}

fn extension(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
}
