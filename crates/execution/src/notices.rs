//! What is to be told to whom now, and was it told already?

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use crate::words;
use crate::work::{News, WorkItem, WorkKind, news};

/// What a notice may be about, as people choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Last days of what one has to do oneself.
    Deadlines,
    /// What one has to check or decide.
    Decisions,
    /// What came back to oneself.
    Returns,
    /// What others decided about one's own work.
    Outcomes,
    /// Comments that call on a person, and work that was handed over.
    Calls,
    /// Visits and meetings that were planned, moved, cancelled or written up.
    Visits,
    /// Self-diagnosis and surveys.
    Diagnosis,
    /// Changes of a plan that one's own roadmap takes over from.
    Upstream,
    /// Roles of one's own.
    Access,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 9] = [
        Self::Deadlines,
        Self::Decisions,
        Self::Returns,
        Self::Outcomes,
        Self::Calls,
        Self::Visits,
        Self::Diagnosis,
        Self::Upstream,
        Self::Access,
    ];

    /// The topic of a kind of work.
    #[must_use]
    pub fn of(kind: WorkKind) -> Self {
        match kind {
            WorkKind::Activity | WorkKind::Visit | WorkKind::Obligation | WorkKind::Task => Self::Deadlines,
            WorkKind::Confirmation | WorkKind::Postponement | WorkKind::Approval | WorkKind::Closing => {
                Self::Decisions
            }
            WorkKind::Rework | WorkKind::DocumentReturned => Self::Returns,
            WorkKind::Draft | WorkKind::Enforcement | WorkKind::Roadmap => Self::Outcomes,
            WorkKind::Mention => Self::Calls,
            WorkKind::Diagnosis | WorkKind::Survey => Self::Diagnosis,
            WorkKind::Upstream => Self::Upstream,
        }
    }

    /// As shown to a person who chooses.
    #[must_use]
    pub fn russian(self) -> &'static str {
        match self {
            Self::Deadlines => "сроки моих мероприятий, поручений, посещений и обязательств",
            Self::Decisions => "пришло мне на проверку или решение",
            Self::Returns => "вернули мне на доработку",
            Self::Outcomes => "решения по моим делам: одобрено, подтверждено, перенос",
            Self::Calls => "меня упомянули или передали мне дело",
            Self::Visits => "посещения и заседания: назначены, перенесены, отменены, готов протокол",
            Self::Diagnosis => "самодиагностика и опросы школы",
            Self::Upstream => "изменился план, на котором построена дорожная карта",
            Self::Access => "мои роли и доступ",
        }
    }

    /// Stable word for settings.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Deadlines => "deadlines",
            Self::Decisions => "decisions",
            Self::Returns => "returns",
            Self::Outcomes => "outcomes",
            Self::Calls => "calls",
            Self::Visits => "visits",
            Self::Diagnosis => "diagnosis",
            Self::Upstream => "upstream",
            Self::Access => "access",
        }
    }

    /// The topic of a stable word.
    #[must_use]
    pub fn of_slug(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.slug() == word)
    }
}

/// How a person wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Hour of the daily digest, 0–23; no digest without one.
    pub digest_hour: Option<i8>,
    /// Urgent news come at once; otherwise they wait for the digest.
    pub urgent_at_once: bool,
    /// Hours in which nothing comes.
    pub quiet: Option<Quiet>,
    /// What the person is not told about.
    pub off: BTreeSet<Topic>,
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

/// Something that happened and that a person hears of once. Unlike a [`WorkItem`] it waits for nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiding {
    /// Under which it is remembered.
    pub key: String,
    /// What it is about.
    pub topic: Topic,
    /// One sentence.
    pub text: String,
    /// Where to look.
    pub path: String,
    /// When it happened.
    pub at: DateTime,
}

impl Tiding {
    fn line(&self) -> NoticeLine {
        NoticeLine {
            key: self.key.clone(),
            topic: self.topic,
            news: News::Happened,
            text: one_line(&self.text),
            path: self.path.clone(),
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
    /// What it is about.
    pub topic: Topic,
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
            let one = self.told_before % 10 == 1 && self.told_before % 100 != 11;
            let (wait, which) =
                if one { ("ждёт", "котором") } else { ("ждут", "которых") };
            text.push_str(&format!("\nКроме того, {wait} {things}, о {which} мы уже писали.\n"));
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
        News::Happened => "Что произошло",
    }
}

/// Everything there is to tell a person today, told before or not, without what the person does not want to hear of:
/// what a page shows at once. The same key comes once.
#[must_use]
pub fn lines<'a>(
    items: impl IntoIterator<Item = &'a WorkItem>,
    tidings: &[Tiding],
    settings: &Settings,
    today: Date,
) -> Vec<NoticeLine> {
    let dated = dated_lines(items, tidings, settings, today);
    in_order(dated)
}

/// A line with what it is sorted by and since when it is news.
struct Dated {
    day: Date,
    since: DateTime,
    line: NoticeLine,
}

fn dated_lines<'a>(
    items: impl IntoIterator<Item = &'a WorkItem>,
    tidings: &[Tiding],
    settings: &Settings,
    today: Date,
) -> Vec<Dated> {
    let waiting = items.into_iter().filter_map(|item| {
        let news = news(item, today)?;
        let since = match news {
            News::Late | News::Soon | News::WaitsLong => today.to_datetime(Time::midnight()),
            News::Returned | News::New | News::Happened => item.since,
        };
        Some(Dated { day: item.due.unwrap_or(item.since.date()), since, line: line(item, news, today) })
    });
    let happened =
        tidings.iter().map(|tiding| Dated { day: tiding.at.date(), since: tiding.at, line: tiding.line() });
    let mut seen = BTreeSet::new();
    let wanted = waiting.chain(happened).filter(|dated| !settings.off.contains(&dated.line.topic));
    wanted.filter(|dated| seen.insert(dated.line.key.clone())).collect()
}

/// By how pressing, then by time.
fn in_order(mut lines: Vec<Dated>) -> Vec<NoticeLine> {
    lines.sort_by(|a, b| (a.line.news, a.day, &a.line.path).cmp(&(b.line.news, b.day, &b.line.path)));
    lines.into_iter().map(|dated| dated.line).collect()
}

fn is_urgent(news: News) -> bool {
    matches!(news, News::Returned | News::Late | News::WaitsLong)
}

/// What is to be sent now. `items` are those whose move is the person's, `tidings` what happened. After sending,
/// [`Sent::remember`] each notice in the same transaction as the letter; asked again, this function is silent then, after a
/// restart and with a clock set back, too.
#[must_use]
pub fn notices<'a>(
    items: impl IntoIterator<Item = &'a WorkItem>,
    tidings: &[Tiding],
    settings: &Settings,
    sent: &Sent,
    now: DateTime,
) -> Vec<Notice> {
    if settings.quiet.is_some_and(|quiet| quiet.holds(now.hour())) {
        return Vec::new();
    }
    let today = now.date();
    let all = dated_lines(items, tidings, settings, today);
    let (told, new): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|dated| sent.keys.contains(&dated.line.key));
    // What happened waits for nobody: only work is counted that was told before.
    let told_before = told.iter().filter(|dated| dated.line.news != News::Happened).count();
    let is_at_once = |dated: &Dated| is_urgent(dated.line.news) && settings.urgent_at_once;
    let (urgent, rest): (Vec<_>, Vec<_>) = new.into_iter().partition(is_at_once);
    let mut all: Vec<Notice> = notice(NoticeKind::Urgent, urgent, 0).into_iter().collect();
    // What became news after the hour of today's digest waits for that of tomorrow.
    let hour = settings.digest_hour.filter(|hour| now.hour() >= *hour);
    let is_due = hour.is_some_and(|hour| {
        let digest = today.to_datetime(Time::midnight()).saturating_add(i64::from(hour).hours());
        rest.iter().any(|dated| dated.since < digest)
    });
    if is_due && sent.last_digest.is_none_or(|last| last < today) {
        all.extend(notice(NoticeKind::Digest, rest, told_before));
    }
    all
}

fn notice(kind: NoticeKind, lines: Vec<Dated>, told_before: usize) -> Option<Notice> {
    let lines = in_order(lines);
    let first = lines.first()?;
    let subject = match (kind, lines.len()) {
        (NoticeKind::Urgent, 1) => format!("Срочно: {}", words::short(&first.text, 90)),
        (NoticeKind::Urgent, n) => format!("Срочно: {}", words::count(n, ["дело", "дела", "дел"])),
        (NoticeKind::Digest, n) => {
            format!("Сводка за день: {}", words::count(n, ["новость", "новости", "новостей"]))
        }
    };
    Some(Notice { kind, subject, lines, told_before })
}

fn line(item: &WorkItem, news: News, today: Date) -> NoticeLine {
    // What is news, and of which day: a new last day or a second return is news again, the next morning is not.
    let mark = match news {
        News::Late | News::Soon => item.due.map(|due| due.to_string()).unwrap_or_default(),
        // A draft is written to all the time, and each answer moves its day; its path names the year.
        News::New if item.kind == WorkKind::Diagnosis => String::new(),
        _ => item.since.to_string(),
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
        News::New | News::Happened => format!("{what}: нужно {}", item.kind.russian()),
    };
    let key = format!("{}|{}|{mark}", item.path, news.slug());
    NoticeLine { key, topic: Topic::of(item.kind), news, text, path: item.path.clone() }
}

/// A title may hold line ends; a subject of a letter must not.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
