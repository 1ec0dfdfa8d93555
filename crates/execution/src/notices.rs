//! What is to be told to whom now, and was it told already?

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};

use crate::words;
use crate::work::{News, WorkItem, WorkKind, news};

/// How a person wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Hour of the daily digest, 0–23; no digest without one.
    pub digest_hour: Option<i8>,
    /// Urgent news come at once; otherwise they wait for the digest.
    pub urgent_at_once: bool,
    /// Hours in which nothing comes.
    pub quiet: Option<Quiet>,
    /// Kinds of work the person is not told about.
    pub off: BTreeSet<WorkKind>,
}

impl Default for Settings {
    /// One digest a day at nine, urgent news at once, quiet from eight in the evening to eight in the morning.
    fn default() -> Self {
        Self {
            digest_hour: Some(9),
            urgent_at_once: true,
            quiet: Some(Quiet { from_hour: 20, to_hour: 8 }),
            off: BTreeSet::new(),
        }
    }
}

/// Hours in which nothing comes, from the first to before the second, over midnight where the second is smaller.
/// Equal hours are no quiet at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// 0–23.
    pub from_hour: i8,
    /// 0–23.
    pub to_hour: i8,
}

impl Quiet {
    fn holds(self, hour: i8) -> bool {
        if self.from_hour <= self.to_hour {
            (self.from_hour..self.to_hour).contains(&hour)
        } else {
            hour >= self.from_hour || hour < self.to_hour
        }
    }
}

/// What was sent to the person before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Keys of everything told, from [`Notice::keys`].
    pub keys: BTreeSet<String>,
    /// Day of the last digest.
    pub last_digest: Option<Date>,
}

impl Sent {
    /// Remembers a notice that was sent on a day.
    pub fn remember(&mut self, notice: &Notice, on: Date) {
        self.keys.extend(notice.keys().map(str::to_owned));
        if notice.kind == NoticeKind::Digest {
            self.last_digest = self.last_digest.max(Some(on));
        }
    }
}

/// What kind of notice it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// At once: returned, late, a decision that is waited for too long.
    Urgent,
    /// Once a day.
    Digest,
}

/// One notice to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What kind it is.
    pub kind: NoticeKind,
    /// Subject of the letter, one line.
    pub subject: String,
    /// Its lines, by how pressing they are.
    pub lines: Vec<NoticeLine>,
    /// How many things that were told before still wait; they are counted, not told again.
    pub told_before: usize,
}

/// One line of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeLine {
    /// Under which it is remembered: the same news of the same item never comes twice.
    pub key: String,
    /// What there is to tell.
    pub news: News,
    /// One sentence.
    pub text: String,
    /// Where to look.
    pub path: String,
}

impl Notice {
    /// What is to be remembered once it was sent.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|line| line.key.as_str())
    }

    /// The whole text of the letter; `link` makes an address of a path.
    pub fn text(&self, link: impl Fn(&str) -> String) -> String {
        let mut text = String::from("Здравствуйте.\n");
        let mut heading = None;
        for line in &self.lines {
            if heading != Some(line.news) {
                heading = Some(line.news);
                text.push_str(&format!("\n{}\n", heading_of(line.news)));
            }
            text.push_str(&format!("– {}\n  {}\n", line.text, link(&line.path)));
        }
        if self.told_before > 0 {
            let things = words::count(self.told_before, ["дело", "дела", "дел"]);
            text.push_str(&format!("\nКроме того, ждут {things}, о которых мы уже писали.\n"));
        }
        text
    }
}

fn heading_of(news: News) -> &'static str {
    match news {
        News::Returned => "Вернулось на доработку",
        News::Late => "Срок прошёл",
        News::WaitsLong => "Давно ждут вашего решения",
        News::Soon => "Скоро срок",
        News::New => "Новое",
    }
}

fn is_urgent(news: News) -> bool {
    matches!(news, News::Returned | News::Late | News::WaitsLong)
}

/// What is to be sent now. `items` are those whose move is the person's. After sending, [`Sent::remember`] each notice
/// in the same transaction as the job; asked again, this function is silent then, after a restart and with a clock set
/// back, too.
#[must_use]
pub fn notices<'a>(
    items: impl IntoIterator<Item = &'a WorkItem>,
    settings: &Settings,
    sent: &Sent,
    now: DateTime,
) -> Vec<Notice> {
    if settings.quiet.is_some_and(|quiet| quiet.holds(now.hour())) {
        return Vec::new();
    }
    let today = now.date();
    let mut told_before = 0;
    let (mut urgent, mut rest) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for item in items.into_iter().filter(|item| !settings.off.contains(&item.kind)) {
        let Some(news) = news(item, today) else { continue };
        let line = line(item, news, today);
        if sent.keys.contains(&line.key) {
            told_before += 1;
        } else if seen.insert(line.key.clone()) {
            let list = if is_urgent(news) && settings.urgent_at_once { &mut urgent } else { &mut rest };
            list.push((item.due.unwrap_or(item.since.date()), line));
        }
    }
    let mut all = Vec::new();
    if let Some(notice) = notice(NoticeKind::Urgent, urgent, 0) {
        all.push(notice);
    }
    let is_digest_time = settings.digest_hour.is_some_and(|hour| now.hour() >= hour)
        && sent.last_digest.is_none_or(|last| last < today);
    if is_digest_time && let Some(notice) = notice(NoticeKind::Digest, rest, told_before) {
        all.push(notice);
    }
    all
}

fn notice(kind: NoticeKind, mut lines: Vec<(Date, NoticeLine)>, told_before: usize) -> Option<Notice> {
    lines.sort_by(|(a_day, a), (b_day, b)| (a.news, a_day, &a.path).cmp(&(b.news, b_day, &b.path)));
    let lines: Vec<NoticeLine> = lines.into_iter().map(|(_, line)| line).collect();
    let first = lines.first()?;
    let subject = match (kind, lines.len()) {
        (NoticeKind::Urgent, 1) => format!("Срочно: {}", words::short(&first.text, 90)),
        (NoticeKind::Urgent, n) => format!("Срочно: {}", words::count(n, ["дело", "дела", "дел"])),
        (NoticeKind::Digest, n) => {
            format!("Сводка за день: {}", words::count(n, ["новое дело", "новых дела", "новых дел"]))
        }
    };
    Some(Notice { kind, subject, lines, told_before })
}

fn line(item: &WorkItem, news: News, today: Date) -> NoticeLine {
    // What is news, and of which day: a new last day or a second return is news again, the next morning is not.
    let (word, mark) = match news {
        News::Returned => ("returned", item.since.to_string()),
        News::Late => ("late", item.due.map(|due| due.to_string()).unwrap_or_default()),
        News::WaitsLong => ("waits", item.since.to_string()),
        News::Soon => ("soon", item.due.map(|due| due.to_string()).unwrap_or_default()),
        News::New => ("new", item.since.to_string()),
    };
    let what = one_line(&words::short(&item.what, 160));
    let days = item.due.map_or(0, |due| words::days_between(today, due));
    let text = match news {
        News::Returned => format!("{what}: нужно {}", item.kind.russian()),
        News::Late => format!("{what}: срок прошёл {} назад", words::days(days)),
        News::WaitsLong => {
            let waits = words::days_between(item.since.date(), today);
            format!("{what}: нужно {}, ждут уже {}", item.kind.russian(), words::days(waits))
        }
        News::Soon if days == 0 => format!("{what}: срок сегодня"),
        News::Soon => {
            format!(
                "{what}: до срока {}, {}",
                words::days(days),
                item.due.map(words::day).unwrap_or_default()
            )
        }
        News::New => format!("{what}: нужно {}", item.kind.russian()),
    };
    NoticeLine { key: format!("{}|{word}|{mark}", item.path), news, text, path: item.path.clone() }
}

/// A title may hold line ends; a subject of a letter must not.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
