//! Which findings can reading a file of results produce, and how much does each matter?
//!
//! The one list of codes of this room. A code never changes its meaning.

use opora_neutral::{Finding, Level, Place};

/// A kind of finding: its stable code, its level and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable code in upper case.
    pub code: &'static str,
    /// How much it matters.
    pub level: Level,
    /// What it stands for, in English, for developers.
    pub meaning: &'static str,
}

impl Code {
    /// A finding of this kind at a place: what, why and what next, in Russian.
    pub fn at(
        &self,
        place: Place,
        what: impl Into<String>,
        why: impl Into<String>,
        mend: impl Into<String>,
    ) -> Finding {
        Finding {
            code: self.code,
            level: self.level,
            place,
            what: what.into(),
            why: why.into(),
            mend: mend.into(),
        }
    }
}

macro_rules! codes {
    ($($name:ident, $level:ident, $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $name: Code = Code { code: stringify!($name), level: Level::$level, meaning: $meaning };
        )*
        /// Every code of this room.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    FORM_UNKNOWN, Error, "No row of the file heads columns of results.";
    FORM_DIFFERS, Error, "The file does not have the columns of the kind it was said to be.";
    NO_RESULTS, Error, "Columns were found and not one usable row.";
    SHEET_SKIPPED, Note, "A sheet without heads of columns was skipped.";
    MAPPING_COLUMN_MISSING, Error, "A column of the mapping is not in the file.";
    COLUMN_IGNORED, Note, "A column whose head is not known was not read.";
    COLUMN_REPEATED, Warning, "Two columns tell the same; the first counts.";
    PERSONAL_COLUMN_DROPPED, Note, "A column that tells who a person is was dropped at the door.";
    FILE_INCOMPLETE, Error, "A part of the file was not read, or only guessed from a picture.";
    FILE_UNREADABLE, Error, "The file can't be read to its end.";
    FILE_EMPTY, Error, "There is not one character in the file.";
    ENCODING_BROKEN, Warning, "Some bytes are no text in the encoding of the file.";
    RECORD_TOO_LONG, Error, "A record does not end: a quotation mark is not closed.";
    SCHOOL_UNKNOWN, Error, "The code or name of a school is not in the registry.";
    SCHOOL_SKIPPED, Warning, "A school that is not in the registry was skipped, as asked for.";
    SCHOOL_AMBIGUOUS, Error, "Several schools of the registry have this code or name.";
    SCHOOL_MISSING, Error, "A row does not tell its school.";
    SCHOOL_BY_NAME, Warning, "A school was found by its name, for want of a code.";
    SCHOOL_BY_PADDED_CODE, Warning, "A school was found after adding leading zeros to its code.";
    SCHOOL_CODES_DISAGREE, Error, "Two codes of one row mean two schools.";
    SCHOOL_CLOSED, Warning, "Results of a school in a year after it was closed or merged.";
    SCHOOL_BY_TITLE, Warning, "A school whose name is not known was taken from the login above its rows.";
    REGION_UNKNOWN, Warning, "The region of a row is not in the registry.";
    YEAR_IMPOSSIBLE, Error, "A year that can't be.";
    YEAR_AHEAD, Error, "A year that has not come yet, as the caller knows.";
    YEAR_UNUSUAL, Warning, "A year results are hardly of.";
    YEAR_MISSING, Error, "Neither the file nor the caller tells the year.";
    YEAR_DIFFERS, Warning, "The file tells another year than the caller.";
    YEAR_BY_FILE_NAME, Note, "The year was taken from the name of the file.";
    KIND_UNKNOWN, Error, "The kind of procedure is not known or not told.";
    SUBJECT_UNKNOWN, Error, "The subject is not known or not told.";
    GRADE_IMPOSSIBLE, Error, "A grade that can't be, or none.";
    GRADE_OF_OTHER_KIND, Error, "The kind of examination is not held in that grade.";
    GRADE_UNUSUAL, Warning, "The kind of examination is seldom held in that grade.";
    GRADE_DIFFERS, Warning, "The class of a row is of another grade than the form.";
    LEVEL_UNKNOWN, Error, "The level of a subject is not known.";
    AUTUMN_YEAR, Note, "The procedure was held in autumn for the programme of the grade before.";
    MARK_IMPOSSIBLE, Error, "A mark that is not 2, 3, 4 or 5.";
    SCORE_IMPOSSIBLE, Error, "A score that is no whole number, is negative or over the maximum.";
    TASK_IMPOSSIBLE, Error, "Points of a task that are no number, negative or over its maximum.";
    TASKS_DO_NOT_ADD_UP, Warning, "The sum of the tasks is not the primary score.";
    MINIMUM_IMPOSSIBLE, Error, "Neither a lowest score nor a word that tells whether it was reached.";
    SCALE_MISSING, Warning, "There are scores without marks and no scale for the procedure and year.";
    SCALE_NEEDS_LEVEL, Warning, "There are scales for the levels of the subject and the file tells no level.";
    SCALE_NEEDS_PART, Warning, "The scale has a condition on a part of the work the file has no column of.";
    SCALE_NEEDS_TEST_SCORE, Warning, "The minimum is one of test scores and the file has primary scores only.";
    COUNT_IMPOSSIBLE, Error, "A count or per cent that is no number, is negative or too large.";
    COUNT_DIFFERS, Warning, "The number of participants a form tells is not the number of its rows.";
    MARKS_DO_NOT_ADD_UP, Error, "Counts of marks are neither the participants nor 100 per cent.";
    PERCENT_NOT_WHOLE, Warning, "A per cent that no whole number of the participants has.";
    DUPLICATE_RESULT, Error, "The same school and procedure twice in one file.";
    DUPLICATE_PARTICIPANT, Error, "The same row of the same participant twice in one file.";
    PARTICIPANT_REPEATED, Warning, "The same code of a participant with two results.";
    DUPLICATES_NOT_CHECKED, Note, "The file is too large to look for a participant that stands in it twice.";
    TOTALS_SKIPPED, Note, "Rows that sum up others were skipped.";
    ABSENT_SKIPPED, Note, "Rows of pupils who did not take part were skipped.";
    RESULT_BLANK, Warning, "Rows of pupils without a mark, a score or a word of why.";
    INDICATOR_OVER_WHOLE, Error, "A declared part is larger than its whole.";
    INDICATOR_WITHOUT_WHOLE, Warning, "A declared share has no whole to be a part of.";
    TOTAL_DIFFERS, Warning, "A row of sums is not the sum of the rows above it.";
    REGISTRY_FILE, Error, "The file is a registry of organisations and holds no results.";
    REGISTRY_UNKNOWN, Error, "No row of the file heads the columns of a registry.";
    REGISTRY_COLUMN_MISSING, Error, "A column a registry can't do without is not there.";
    REGISTRY_VALUE_MISSING, Error, "A school of the registry has no name, no municipality or no code.";
    CODE_IMPOSSIBLE, Error, "A code of a school that can't be.";
    CODE_SHARED, Error, "Two schools have one code.";
    TAX_NUMBER_SHARED, Warning, "Two schools have one taxpayer number, as branches do: it names neither.";
    SCHOOL_RENAMED_UNDATED, Warning, "A known school has another name and the day of the change is not told.";
    CODES_OF_TWO_SCHOOLS, Error, "The codes of a row belong to two schools of the present registry.";
    SCHOOL_REPEATED, Error, "A school stands in the registry twice.";
    DATE_IMPOSSIBLE, Error, "A date that can't be read.";
    DATE_MISSING, Error, "An event without a date.";
    DATES_REVERSED, Error, "A school was closed before it was opened.";
    SUCCESSOR_UNKNOWN, Error, "The school another one was merged into is not in the file.";
    MERGER_CIRCULAR, Error, "Schools were merged into each other.";
    LOCALITY_UNKNOWN, Warning, "The word for town or country is not known.";
    REGION_ASSUMED, Note, "The registry tells no region; one of its own was made.";
    MORE_OF_THE_SAME, Note, "There are more findings of a kind than are listed.";
}
