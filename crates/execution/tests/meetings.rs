//! Does a meeting go its way, and are mentions answered?

use jiff::civil::date;
use opora_execution::meetings::{MeetingDeed, MeetingFact, MeetingState, meeting_state, record_meeting};
use opora_execution::work::{Mover, mention_work};
use opora_execution::{Deed, Fact, OccurrenceKey, Party, RefusalKind};

fn fact(deed: MeetingDeed) -> MeetingFact {
    MeetingFact { by: 1, at: date(2026, 11, 22).at(10, 0, 0, 0), deed }
}

#[test]
fn minutes_are_written_published_and_stay() {
    let on = date(2026, 11, 25);
    let mut facts = vec![fact(MeetingDeed::Called(on))];
    let refused = |facts: &[MeetingFact], known, deed| {
        record_meeting(facts, known, &fact(deed)).map_err(|refusal| refusal.kind)
    };
    assert_eq!(refused(&facts, 1, MeetingDeed::Published), Err(RefusalKind::NotNow));
    assert_eq!(refused(&facts, 1, MeetingDeed::Noted), Ok(MeetingState::Noted(on)));
    facts.push(fact(MeetingDeed::Noted));
    assert_eq!(refused(&facts, 1, MeetingDeed::Noted), Err(RefusalKind::Stale));
    facts.push(fact(MeetingDeed::Published));
    assert_eq!(meeting_state(&facts), MeetingState::Published(on));
    assert_eq!(refused(&facts, 2, MeetingDeed::Published), Err(RefusalKind::Already), "a double click");
    for deed in [MeetingDeed::Noted, MeetingDeed::Cancelled { reason: "передумали".to_owned() }] {
        assert_eq!(refused(&facts, 3, deed), Err(RefusalKind::NotNow));
    }
    let bare = MeetingDeed::Cancelled { reason: " ".to_owned() };
    assert_eq!(refused(&facts[..1], 1, bare), Err(RefusalKind::Incomplete));
}

#[test]
fn a_mention_waits_until_it_is_answered() {
    let comment = |by, mentions: &[i64]| Fact {
        occurrence: OccurrenceKey::parse("1/2026-11-30").expect("a key"),
        by,
        party: Party::Performer,
        at: date(2026, 11, 22).at(10, 0, 0, 0),
        deed: Deed::Comment { text: "Посмотрите".to_owned(), mentions: mentions.to_vec() },
    };
    let waiting = |facts: &[Fact]| {
        let facts: Vec<&Fact> = facts.iter().collect();
        let items =
            mention_work("plan/1/occurrence/1/2026-11-30", &|| "Педсовет".to_owned(), Some(5), &facts);
        items.into_iter().map(|item| (item.mover, item.path)).collect::<Vec<_>>()
    };
    let path = |number| format!("plan/1/occurrence/1/2026-11-30/comment/{number}");
    let first = comment(1, &[2, 3, 1]);
    let expected = [(Mover::Account(2), path(1)), (Mover::Account(3), path(1))];
    assert_eq!(waiting(std::slice::from_ref(&first)), expected, "nobody calls on herself");
    assert_eq!(waiting(&[first.clone(), comment(2, &[])]), [(Mover::Account(3), path(1))]);
    let again = [first, comment(2, &[]), comment(1, &[2])];
    assert_eq!(waiting(&again), [(Mover::Account(2), path(3)), (Mover::Account(3), path(1))]);
}
