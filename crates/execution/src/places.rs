//! How is a place of this room named in addresses and in remarks, and how is it said to a person?
//!
//! Paths are stable text: `occurrence/12/2026-05-30`, `occurrence/12/2026-05-30/evidence/2`,
//! `obligation/visits-drafting/2026-03-08`, `visit/7/question/team`, `visit/7/follow-up/2`,
//! `meeting/3/item/4/decision/1`.

use jiff::civil::Date;

use crate::fact::EvidenceKind;
use crate::occurrence::OccurrenceKey;
use crate::words;

/// The path of an occurrence.
#[must_use]
pub fn occurrence_path(key: &OccurrenceKey) -> String {
    format!("occurrence/{key}")
}

/// The path of a window of an obligation.
#[must_use]
pub fn obligation_path(rule: &str, due: Date) -> String {
    format!("obligation/{rule}/{due}")
}

/// What a path of this room means, in Russian: «мероприятие 12, срок 30 мая 2026, подтверждение № 2». `None` for a
/// path of another room or a broken one.
#[must_use]
pub fn human_name(path: &str) -> Option<String> {
    let pieces: Vec<&str> = path.split('/').collect();
    match pieces.as_slice() {
        ["occurrence", activity, days, rest @ ..] => {
            let key = OccurrenceKey::parse(&format!("{activity}/{days}"))?;
            Some(format!("{}{}", occurrence_name(&key), occurrence_field(rest)?))
        }
        ["obligation", rule, due] if !rule.is_empty() => {
            Some(format!("обязательство «{rule}», срок {}", words::day(due.parse().ok()?)))
        }
        ["visit", number, rest @ ..] => {
            let visit = format!("посещение № {}", whole(number)?);
            Some(match rest {
                [] => visit,
                ["question", id] if !id.is_empty() => format!("{visit}, вопрос «{id}»"),
                ["finding", n] => format!("{visit}, вывод № {}", whole(n)?),
                ["follow-up", n] => format!("{visit}, поручение № {}", whole(n)?),
                _ => return None,
            })
        }
        ["meeting", number, rest @ ..] => {
            let meeting = format!("заседание № {}", whole(number)?);
            Some(match rest {
                [] => meeting,
                ["item", n] => format!("{meeting}, вопрос № {}", whole(n)?),
                ["item", n, "decision", d] => {
                    format!("{meeting}, вопрос № {}, решение № {}", whole(n)?, whole(d)?)
                }
                _ => return None,
            })
        }
        _ => None,
    }
}

fn occurrence_name(key: &OccurrenceKey) -> String {
    let days = match key.window {
        None => "без срока".to_owned(),
        Some(window) if window.from == window.due => format!("срок {}", words::day(window.due)),
        Some(window) => format!("с {} по {}", words::day(window.from), words::day(window.due)),
    };
    let nth = if key.nth > 1 { format!(", {}-й раз", key.nth) } else { String::new() };
    format!("мероприятие {}, {days}{nth}", key.activity.0)
}

fn occurrence_field(rest: &[&str]) -> Option<String> {
    Some(match rest {
        [] => String::new(),
        ["evidence", number] => format!(", подтверждение № {}", whole(number)?),
        ["required", kind] => {
            let kind = EvidenceKind::of_slug(kind)?;
            format!(", нужно приложить {}", kind.russian())
        }
        ["comment", number] => format!(", комментарий № {}", whole(number)?),
        ["postponement"] => ", перенос срока".to_owned(),
        _ => return None,
    })
}

fn whole(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number: &u32| number.to_string() == text)
}
