//! How do curators and the coordination group look after schools? The joint of visits, obligations, meetings and the store.
//!
//! Everything is facts of the store. Subjects: `visits/school/7` holds the visits to a school with their protocols,
//! `meetings/node/3` the meetings of a municipality with their minutes, `duties/school/7` and `duties/node/3` what keeps
//! or excuses windows of obligations, `tasks/visit/12` and `tasks/meeting/9` what became of the tasks of one visit or
//! meeting. The number of a visit or a meeting is that of its first fact.

mod acts;
mod duties;
mod items;
mod look;
mod meetings;
mod people;
mod route;
mod rulebook;
mod shelf;
mod tasks;
mod visits;
mod wire;

pub use acts::{Doer, NotDone};
pub use duties::{
    DutyAct, DutyBook, Ground, Window, act_on_duty, is_told_by_pages, municipal_windows, school_windows,
};
pub use items::{page_of, place_of};
pub use look::{Sources, SupportLook, Supported, Supports};
pub use meetings::{Meeting, Notes as MeetingNotes, call, cancel_meeting, matters, note, publish};
pub use people::{Known, people_at};
pub use route::{Called, RouteAsked, month_route, planned_days};
pub use rulebook::Rulebook;
pub use shelf::{Records, Shelf};
pub use tasks::{Given, Source, tasks_of_meeting, tasks_of_visit};
pub use visits::{Notes, Visit, close, deed, keep_notes, plan};
