//! Which findings can reading a file produce, and how much does each matter?
//!
//! The one list of codes of this room. A code never changes its meaning; new ones are added at the end of
//! their family and to [`ALL`].

opora_neutral::codes! {
    FILE_EMPTY, Error, "The file has no bytes, or nothing but blanks.";
    FILE_TRUNCATED, Error, "The file is cut off or damaged: its structure can't be followed.";
    FILE_ENCRYPTED, Error, "The file is protected by a password.";
    FILE_UNKNOWN, Error, "The content is of no format this room reads.";
    FILE_ARCHIVE, Error, "The file is an archive of files, not a document.";
    FILE_TOO_LARGE, Error, "The file, or what it unpacks to, is over a limit.";
    FILE_HOSTILE, Error, "The file is built to harm its reader: XML entities, bottomless nesting.";
    FILE_NO_TEXT, Error, "The file was read and has no text at all.";
    FILE_EXTENSION, Note, "The name's extension does not match the content; the content was believed.";
    FILE_ENCODING, Note, "The text is in an old encoding, recognised by its letters.";
    FILE_ENCODING_DOUBT, Warning, "The encoding of a text was guessed and the guess may be wrong.";
    FILE_MACROS, Note, "The file holds macros; they were neither read nor run.";
    FILE_DAMAGED_PART, Warning, "A part of the file could not be read; the rest was.";
    CONTENT_LIMIT, Warning, "The document is longer than is read: the rest was left out.";
    SPAN_CLAMPED, Warning, "A merged cell claims more rows or columns than there are; it was cut.";
    SHEET_HIDDEN, Note, "A sheet of the workbook is hidden; it was read.";
    PAGES_LIMIT, Warning, "The file has more pages than are read: the rest was left out.";
    OCR_USED, Note, "The text was recognised from a picture.";
    OCR_DOUBTFUL, Warning, "Characters were recognised with low confidence.";
    OCR_NO_TEXT, Error, "No text was recognised on the picture.";
    OCR_TIME, Warning, "Recognition did not finish in time: some pages were left out.";
    TOOL_MISSING, Error, "An outside program this format needs is not installed.";
    TOOL_FAILED, Error, "An outside program failed or did not finish in time.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_is_given_twice() {
        let mut names: Vec<_> = ALL.iter().map(|code| code.code).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn every_code_says_what_it_means() {
        for code in ALL {
            assert!(code.meaning.ends_with('.'), "{} has no meaning", code.code);
            assert!(code.code.chars().all(|c| c.is_ascii_uppercase() || c == '_'), "{}", code.code);
        }
    }
}
