//! Which kinds of findings does a room of readers know?

use crate::{Finding, Level, Place};

/// A kind of finding: its stable code, its level and what it stands for. A code never changes its meaning.
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
    /// A finding of this kind about the whole file: what, why and what next, in Russian.
    pub fn finding(
        &self,
        what: impl Into<String>,
        why: impl Into<String>,
        mend: impl Into<String>,
    ) -> Finding {
        self.at(Place::WHOLE, what, why, mend)
    }

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

/// Declares the codes of a room as constants, `NAME, Level, "meaning";` each, and all of them as `ALL`.
#[macro_export]
macro_rules! codes {
    ($($name:ident, $level:ident, $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $name: $crate::Code =
                $crate::Code { code: stringify!($name), level: $crate::Level::$level, meaning: $meaning };
        )*
        /// Every code of this room.
        pub const ALL: &[$crate::Code] = &[$($name),*];
    };
}
