//! How does a calendar program get the schedules: an iCalendar text (RFC 5545)?
//!
//! A small writer of our own: the `icalendar` crate takes its dates from `chrono`, keeps properties in a map and
//! stamps each component with the clock, where the same entries must give the same bytes. The tests read what is
//! written back with its parser.

use jiff::civil::{Date, DateTime};

use crate::occurrences::{Occurrence, OccurrenceKind};
use crate::rules::basic;

/// A thing that is due, with the days on which it is.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Unique and lasting; the part and the first day are added to it for each occurrence.
    pub uid: &'a str,
    /// Title.
    pub summary: &'a str,
    /// Text; empty for none.
    pub description: &'a str,
    /// Address of its page.
    pub url: Option<&'a str>,
    /// Its days.
    pub occurrences: &'a [Occurrence],
}

/// What occurrences become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Component {
    /// All-day events, which every calendar program shows.
    Event,
    /// Deadlines become tasks (`VTODO`), the rest events; some programs show no tasks.
    TaskForDeadline,
}

/// Bytes of a line without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// A calendar of all-day entries with CRLF lines. `stamp` is the moment of writing, in UTC.
#[must_use]
pub fn calendar(name: &str, entries: &[Entry<'_>], component: Component, stamp: DateTime) -> String {
    let mut out = String::new();
    for (property, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Opora//Schedule//RU"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        line(&mut out, property, value);
    }
    line(&mut out, "X-WR-CALNAME", &escaped(name));
    let stamp =
        format!("{}T{:02}{:02}{:02}Z", basic(stamp.date()), stamp.hour(), stamp.minute(), stamp.second());
    for entry in entries {
        for occurrence in entry.occurrences {
            write_entry(&mut out, entry, occurrence, component, &stamp);
        }
    }
    line(&mut out, "END", "VCALENDAR");
    out
}

fn write_entry(out: &mut String, entry: &Entry<'_>, at: &Occurrence, component: Component, stamp: &str) {
    let task = component == Component::TaskForDeadline && at.kind == OccurrenceKind::Deadline;
    let name = if task { "VTODO" } else { "VEVENT" };
    line(out, "BEGIN", name);
    line(out, "UID", &escaped(&format!("{}-{}-{}@opora", entry.uid, at.part, basic(at.start))));
    line(out, "DTSTAMP", stamp);
    if task {
        line(out, "DUE;VALUE=DATE", &basic(at.end));
    } else {
        line(out, "DTSTART;VALUE=DATE", &basic(at.start));
        // The end of an event is the day behind its last one; the last date there is has none.
        line(out, "DTEND;VALUE=DATE", &basic(at.end.tomorrow().unwrap_or(Date::MAX)));
        line(out, "TRANSP", "TRANSPARENT");
    }
    line(out, "SUMMARY", &escaped(entry.summary));
    if !entry.description.is_empty() {
        line(out, "DESCRIPTION", &escaped(entry.description));
    }
    if let Some(url) = entry.url {
        line(out, "URL", &url.replace(|c: char| c.is_control(), ""));
    }
    line(out, "END", name);
}

/// A text value: backslash, semicolon, comma and line break escaped, other control characters dropped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push_str("\\n");
            }
            '\n' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a content line, folded before it is longer than [`LINE`] bytes and never inside a character.
fn line(out: &mut String, property: &str, value: &str) {
    let mut used = 0;
    for c in property.chars().chain([':']).chain(value.chars()) {
        if used + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}
