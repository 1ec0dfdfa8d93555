//! How is a level shown? An icon and a word; the colour only repeats them.

use maud::{Markup, html};
use opora_neutral::Level;

use crate::web::assets::icon;

/// Class of a level in style sheets.
pub fn level_class(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// Name of a level.
pub fn level_word(level: Level) -> &'static str {
    match level {
        Level::Error => "ошибка",
        Level::Warning => "предупреждение",
        Level::Note => "заметка",
    }
}

/// Icon of a level.
pub fn level_icon(level: Level) -> &'static str {
    match level {
        Level::Error => "circle-alert",
        Level::Warning => "triangle-alert",
        Level::Note => "info",
    }
}

/// A level as a badge.
pub fn level(level: Level) -> Markup {
    html! { span class={ "badge " (level_class(level)) } { (icon(level_icon(level))) (level_word(level)) } }
}

/// How many findings of each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelCounts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl LevelCounts {
    /// Counts levels.
    pub fn of(levels: impl Iterator<Item = Level>) -> Self {
        levels.fold(Self::default(), |mut counts, level| {
            match level {
                Level::Error => counts.errors += 1,
                Level::Warning => counts.warnings += 1,
                Level::Note => counts.notes += 1,
            }
            counts
        })
    }

    /// All together.
    pub fn total(self) -> usize {
        self.errors + self.warnings + self.notes
    }
}

/// The counts as small badges, levels without findings left out; «нет замечаний» where there are none.
pub fn counts(counts: LevelCounts) -> Markup {
    let shown = [
        (Level::Error, counts.errors, ["ошибка", "ошибки", "ошибок"]),
        (Level::Warning, counts.warnings, ["предупреждение", "предупреждения", "предупреждений"]),
        (Level::Note, counts.notes, ["заметка", "заметки", "заметок"]),
    ];
    html! {
        span.badges {
            @if counts.total() == 0 {
                span.badge.good { (icon("circle-check")) "нет замечаний" }
            }
            @for (level, count, forms) in shown {
                @if count > 0 {
                    span class={ "badge " (level_class(level)) } {
                        (icon(level_icon(level))) (crate::web::words::count(count, forms))
                    }
                }
            }
        }
    }
}
