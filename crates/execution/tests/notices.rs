//! Is everything told once, in time, and not at night?

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{at, day};
use jiff::ToSpan;
use opora_execution::notices::{Notice, NoticeKind, Quiet, Sent, Settings, Tiding, Topic, lines, notices};
use opora_execution::work::{DECISION_DAYS, Mover, News, WorkItem, WorkKind, news};
use proptest::prelude::*;

fn item(number: u32, kind: WorkKind, due: Option<&str>, since: &str) -> WorkItem {
    WorkItem {
        path: format!("plan/5/occurrence/{number}/undated"),
        what: format!("Мероприятие {number}"),
        kind,
        school: Some(7),
        due: due.map(day),
        mover: Mover::Account(1),
        waiting: None,
        since: at(since),
    }
}

fn items() -> Vec<WorkItem> {
    vec![
        item(1, WorkKind::Activity, Some("2026-05-30"), "2026-01-01"),
        item(2, WorkKind::Activity, Some("2026-06-05"), "2026-01-01"),
        item(3, WorkKind::Activity, Some("2026-12-05"), "2026-01-01"),
        item(4, WorkKind::Rework, Some("2026-06-09"), "2026-05-31"),
        item(5, WorkKind::Confirmation, None, "2026-05-31"),
        item(6, WorkKind::Approval, None, "2026-05-20"),
    ]
}

const TEXT: &str = "Здравствуйте.

Вернулось на доработку
– Мероприятие 4: нужно доработать мероприятие
  /plan/5/occurrence/4/undated

Срок прошёл
– Мероприятие 1: срок прошёл 2 дня назад
  /plan/5/occurrence/1/undated

Давно ждут вашего решения
– Мероприятие 6: нужно проверить и согласовать, ждут уже 12 дней
  /plan/5/occurrence/6/undated
";

#[test]
fn urgent_news_come_at_once_and_the_rest_once_a_day() {
    let (mut sent, settings) = (Sent::default(), Settings::default());
    let early = notices(&items(), &[], &settings, &sent, at("2026-06-01T08:10:00"));
    assert_eq!(early.len(), 1);
    assert_eq!(early[0].subject, "Срочно: 3 дела");
    assert_eq!(early[0].text(|path| format!("/{path}")), TEXT);
    sent.remember(&early[0], day("2026-06-01"));

    let digest = notices(&items(), &[], &settings, &sent, at("2026-06-01T09:05:00"));
    assert_eq!(digest.len(), 1);
    assert_eq!(digest[0].subject, "Сводка за день: 2 новости");
    let text = digest[0].text(|path| format!("/{path}"));
    assert!(text.contains("Мероприятие 2: до срока 4 дня, 5 июня 2026"), "{text}");
    assert!(text.ends_with("Кроме того, ждут 3 дела, о которых мы уже писали.\n"), "{text}");
    sent.remember(&digest[0], day("2026-06-01"));

    for later in ["2026-06-01T10:00:00", "2026-06-01T08:30:00", "2026-06-02T12:00:00"] {
        assert_eq!(notices(&items(), &[], &settings, &sent, at(later)), [], "{later}");
    }
    // What was soon due is late now, and what waited five days waits too long: that is news.
    let late = notices(&items(), &[], &settings, &sent, at("2026-06-06T12:00:00"));
    assert_eq!(late.iter().map(|n| n.subject.as_str()).collect::<Vec<_>>(), ["Срочно: 2 дела"]);
}

#[test]
fn a_second_return_is_told_again() {
    let settings = Settings::default();
    let mut sent = Sent::default();
    let first = [item(4, WorkKind::Rework, None, "2026-06-01T09:00:00")];
    let notice = &notices(&first, &[], &settings, &sent, at("2026-06-01T09:30:00"))[0];
    assert_eq!(notice.subject, "Срочно: Мероприятие 4: нужно доработать мероприятие");
    sent.remember(notice, day("2026-06-01"));
    let again = [item(4, WorkKind::Rework, None, "2026-06-01T15:00:00")];
    assert_eq!(notices(&again, &[], &settings, &sent, at("2026-06-01T15:30:00")).len(), 1);
}

#[test]
fn a_draft_that_is_written_to_is_told_once() {
    let today = day("2026-11-23");
    let key = |since| {
        let items = [item(7, WorkKind::Diagnosis, None, since)];
        lines(&items, &[], &Settings::default(), today)[0].key.clone()
    };
    assert_eq!(key("2026-01-01"), key("2026-11-23T03:07:00"), "not begun, and begun");
    assert_eq!(key("2026-11-23T03:07:00"), key("2026-11-23T03:08:00"), "the next answer");
}

#[test]
fn a_second_digest_waits_for_the_next_day_whatever_the_clock_does() {
    let (mut sent, settings) = (Sent::default(), Settings::default());
    let confirmation = |number, since| item(number, WorkKind::Confirmation, None, since);
    let first = [confirmation(5, "2026-06-01T08:00:00")];
    let digest = &notices(&first, &[], &settings, &sent, at("2026-06-01T09:30:00"))[0];
    sent.remember(digest, day("2026-06-01"));
    let later = [confirmation(5, "2026-06-01T08:00:00"), confirmation(6, "2026-06-01T10:00:00")];
    for moment in ["2026-06-01T11:00:00", "2026-05-31T11:00:00"] {
        assert_eq!(notices(&later, &[], &settings, &sent, at(moment)), [], "{moment}");
    }
    let next = notices(&later, &[], &settings, &sent, at("2026-06-02T09:00:00"));
    assert_eq!(next.iter().flat_map(|notice| &notice.lines).count(), 1);
}

#[test]
fn one_thing_that_comes_twice_is_told_once() {
    let twice =
        [item(4, WorkKind::Rework, None, "2026-06-01"), item(4, WorkKind::Rework, None, "2026-06-01")];
    let all = notices(&twice, &[], &Settings::default(), &Sent::default(), at("2026-06-01T12:00:00"));
    assert_eq!(all[0].lines.len(), 1);
}

fn tiding(number: u32, topic: Topic, when: &str) -> Tiding {
    Tiding {
        key: format!("fact/{number}"),
        topic,
        text: format!("Одобрено: карта {number}"),
        path: format!("plans/{number}/approval"),
        at: at(when),
    }
}

#[test]
fn what_happened_is_told_once_and_waits_for_the_digest() {
    let (mut sent, settings) = (Sent::default(), Settings::default());
    let happened = [tiding(9, Topic::Outcomes, "2026-06-01T08:30:00")];
    let at_once = [item(4, WorkKind::Rework, None, "2026-06-01T08:00:00")];
    let early = notices(&at_once, &happened, &settings, &sent, at("2026-06-01T08:40:00"));
    assert_eq!(early.iter().map(|notice| notice.kind).collect::<Vec<_>>(), [NoticeKind::Urgent]);
    sent.remember(&early[0], day("2026-06-01"));
    let digest = &notices(&at_once, &happened, &settings, &sent, at("2026-06-01T09:00:00"))[0];
    let text = digest.text(|path| format!("/{path}"));
    assert!(text.contains("Что произошло\n– Одобрено: карта 9\n  /plans/9/approval"), "{text}");
    assert!(text.ends_with("Кроме того, ждёт 1 дело, о котором мы уже писали.\n"), "{text}");
    sent.remember(digest, day("2026-06-01"));
    // What happened does not wait: the next digest does not count it.
    let next = [item(5, WorkKind::Confirmation, None, "2026-06-01T12:00:00")];
    let next = &notices(&next, &happened, &settings, &sent, at("2026-06-02T09:00:00"))[0];
    assert_eq!((next.lines.len(), next.told_before), (1, 0));
}

#[test]
fn what_is_news_after_the_hour_of_the_digest_waits_for_the_next_one() {
    let (sent, settings) = (Sent::default(), Settings::default());
    let late = [item(5, WorkKind::Confirmation, None, "2026-06-01T12:00:00")];
    for moment in ["2026-06-01T12:10:00", "2026-06-01T19:50:00", "2026-06-02T08:30:00"] {
        assert_eq!(notices(&late, &[], &settings, &sent, at(moment)), [], "{moment}");
    }
    assert_eq!(notices(&late, &[], &settings, &sent, at("2026-06-02T09:00:00")).len(), 1);
    // A server that was off at nine makes up for it, with all there is.
    let both = [late[0].clone(), item(6, WorkKind::Confirmation, None, "2026-06-01T08:00:00")];
    let made_up = notices(&both, &[], &settings, &sent, at("2026-06-01T12:10:00"));
    assert_eq!((made_up.len(), made_up[0].lines.len()), (1, 2));
}

#[test]
fn a_page_shows_at_once_what_a_letter_keeps_for_the_morning() {
    let happened = [tiding(9, Topic::Outcomes, "2026-06-01T23:30:00")];
    let shown = |settings: &Settings| {
        let lines = lines(&items(), &happened, settings, day("2026-06-01"));
        lines.iter().map(|line| line.news).collect::<Vec<_>>()
    };
    let all = [News::Returned, News::Late, News::WaitsLong, News::Soon, News::New, News::Happened];
    assert_eq!(shown(&Settings::default()), all);
    let off = BTreeSet::from([Topic::Outcomes, Topic::Deadlines]);
    assert_eq!(shown(&Settings { off, ..Settings::default() }), [News::Returned, News::WaitsLong, News::New]);
}

#[test]
fn topics_have_words_that_are_read_back() {
    for topic in Topic::ALL {
        assert_eq!(Topic::of_slug(topic.slug()), Some(topic));
        assert!(!topic.russian().is_empty());
    }
    assert_eq!(Topic::of_slug("dance"), None);
}

#[test]
fn people_choose() {
    let sent = Sent::default();
    let now = at("2026-06-01T12:00:00");
    let count = |settings: &Settings| {
        let all = notices(&items(), &[], settings, &sent, now);
        all.iter().map(|notice| (notice.kind, notice.lines.len())).collect::<Vec<_>>()
    };
    let usual = Settings::default();
    assert_eq!(count(&usual), [(NoticeKind::Urgent, 3), (NoticeKind::Digest, 2)]);
    assert_eq!(count(&Settings { urgent_at_once: false, ..usual.clone() }), [(NoticeKind::Digest, 5)]);
    assert_eq!(count(&Settings { digest_hour: None, ..usual.clone() }), [(NoticeKind::Urgent, 3)]);
    assert_eq!(count(&Settings { digest_hour: Some(13), ..Settings::default() }), [(NoticeKind::Urgent, 3)]);
    let off = BTreeSet::from([Topic::Deadlines, Topic::Returns]);
    assert_eq!(
        count(&Settings { off, ..Settings::default() }),
        [(NoticeKind::Urgent, 1), (NoticeKind::Digest, 1)]
    );
    let noon = Settings { quiet: Some(Quiet { from_hour: 12, to_hour: 13 }), ..Settings::default() };
    assert_eq!(count(&noon), []);
    // From one in the afternoon to noon of the next day leaves the hour from noon on.
    let night = Settings { quiet: Some(Quiet { from_hour: 13, to_hour: 12 }), ..usual };
    assert_eq!(count(&night), [(NoticeKind::Urgent, 3), (NoticeKind::Digest, 2)]);
}

#[test]
fn a_subject_is_one_line() {
    let mut bad = item(1, WorkKind::Rework, None, "2026-06-01");
    bad.what = "Отчёт\r\nBcc: all@school.example".to_owned();
    let notice =
        notices(&[bad], &[], &Settings::default(), &Sent::default(), at("2026-06-01T12:00:00")).remove(0);
    assert!(!notice.subject.contains(['\r', '\n']), "{:?}", notice.subject);
}

#[test]
fn a_decision_becomes_urgent_after_days() {
    let waiting = item(5, WorkKind::Confirmation, None, "2026-06-01");
    let after = |days: i32| news(&waiting, day("2026-06-01").saturating_add(days.days()));
    assert_eq!(after(DECISION_DAYS), Some(News::New));
    assert_eq!(after(DECISION_DAYS + 1), Some(News::WaitsLong));
}

fn any_item() -> impl Strategy<Value = WorkItem> {
    (
        0..12_u32,
        prop::sample::select(WorkKind::ALL.to_vec()),
        prop::option::of(0..40_i64),
        0..40_i64,
        0..24_i8,
    )
        .prop_map(|(number, kind, due, since, hour)| WorkItem {
            due: due.map(|days| day("2026-06-01").saturating_add(days.days())),
            since: day("2026-06-01").saturating_add(since.days()).at(hour, 0, 0, 0),
            ..item(number, kind, None, "2026-06-01")
        })
}

fn any_tiding() -> impl Strategy<Value = Tiding> {
    (0..6_u32, prop::sample::select(Topic::ALL.to_vec()), 1..28_i8)
        .prop_map(|(number, topic, on)| tiding(number, topic, &format!("2026-06-{on:02}T10:00:00")))
}

fn any_settings() -> impl Strategy<Value = Settings> {
    (
        prop::option::of(0..24_i8),
        any::<bool>(),
        prop::option::of((0..24_i8, 0..24_i8)),
        prop::collection::btree_set(prop::sample::select(Topic::ALL.to_vec()), 0..3),
    )
        .prop_map(|(digest_hour, urgent_at_once, quiet, off)| Settings {
            digest_hour,
            urgent_at_once,
            quiet: quiet.map(|(from_hour, to_hour)| Quiet { from_hour, to_hour }),
            off,
        })
}

fn is_quiet(settings: &Settings, hour: i8) -> bool {
    settings.quiet.is_some_and(|Quiet { from_hour, to_hour }| {
        let hours = (0..24).map(|step| (from_hour + step) % 24).take_while(|hour| *hour != to_hour);
        hours.into_iter().any(|quiet| quiet == hour)
    })
}

proptest! {
    #[test]
    fn nothing_is_told_twice_at_night_or_against_ones_will(
        items in prop::collection::vec(any_item(), 0..12),
        happened in prop::collection::vec(any_tiding(), 0..6),
        settings in any_settings(),
        // Hours between two looks; now and then the clock goes back.
        steps in prop::collection::vec(-2..30_i64, 1..60),
    ) {
        let mut sent = Sent::default();
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        let mut digests: BTreeMap<jiff::civil::Date, usize> = BTreeMap::new();
        let mut now = at("2026-06-01T00:30:00");
        for step in steps {
            now = now.saturating_add(step.hours());
            let all: Vec<Notice> = notices(&items, &happened, &settings, &sent, now);
            prop_assert!(all.is_empty() || !is_quiet(&settings, now.hour()));
            for notice in &all {
                prop_assert!(!notice.lines.is_empty());
                for key in notice.keys() {
                    *told.entry(key.to_owned()).or_default() += 1;
                }
                if notice.kind == NoticeKind::Digest {
                    *digests.entry(now.date()).or_default() += 1;
                }
                sent.remember(notice, now.date());
            }
            prop_assert!(all.iter().flat_map(|notice| &notice.lines).all(|line| !settings.off.contains(&line.topic)));
            // Whatever is urgent has been told by now, unless it is night.
            if settings.urgent_at_once && !is_quiet(&settings, now.hour()) {
                let open = notices(&items, &happened, &settings, &sent, now);
                prop_assert!(open.iter().all(|notice| notice.kind != NoticeKind::Urgent));
            }
        }
        prop_assert!(told.values().all(|times| *times == 1), "{:?}", told);
        prop_assert!(digests.values().all(|times| *times == 1), "{:?}", digests);
    }
}
