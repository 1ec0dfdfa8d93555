//! Which word of the deadline language is this?

/// A word the grammar knows, whatever its case form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// Not in the vocabulary.
    Unknown,
    /// A month by its name, 1–12.
    Month(i8),
    /// A month by its abbreviation, which may carry a full stop: «сент.».
    MonthShort(i8),
    /// «год», «г», «годы», «гг».
    Year,
    /// «учебный», «уч».
    School,
    /// «у» in «у.г.».
    SchoolShort,
    /// «квартал», «кв».
    Quarter,
    /// «полугодие», «полгода».
    HalfYear,
    /// «п» in «п/г».
    HalfShort,
    /// «четверть»: a quarter of a school year.
    Term,
    /// «декада»: ten days.
    TenDays,
    /// «ч.», «часов».
    Hour,
    /// «неделя».
    Week,
    /// «день», «сутки».
    Day,
    /// «месяц».
    MonthUnit,
    /// «недельный», «дневный», «месячный», glued behind a number or a numeral: the unit of «в … срок».
    DayAdjective(u16),
    /// As [`Word::DayAdjective`], weeks.
    WeekAdjective(u16),
    /// As [`Word::DayAdjective`], months.
    MonthAdjective(u16),
    /// «рабочий».
    Working,
    /// «календарный», «текущий», «отчётный»: says nothing the unit does not say.
    Plain,
    /// «числа».
    DayNumber,
    /// 1 spring, 2 summer, 3 autumn, 4 winter.
    Season(u8),
    /// «осенний», «школьный»: which holidays.
    HolidaysOf,
    /// «каникулы», «каникулярный».
    Holidays,
    /// «половина».
    Half,
    /// «начало».
    Beginning,
    /// «середина».
    Middle,
    /// «конец».
    Ending,
    /// «первый», «вторая»…
    Ordinal(u16),
    /// «последний».
    Last,
    /// «один», «двух»…
    Cardinal(u16),
    /// «раз».
    Times,
    /// «дважды», «трижды», «однократно».
    TimesOver(u16),
    /// «разово», «единовременно».
    Once,
    /// «незамедлительно», «сразу».
    AtOnce,
    /// «несколько».
    Several,
    /// «ежедневно».
    Daily,
    /// «еженедельно».
    Weekly,
    /// «ежемесячно».
    Monthly,
    /// «ежедекадно».
    EveryTenDays,
    /// «ежеквартально».
    Quarterly,
    /// «ежегодно».
    Yearly,
    /// «каждый».
    Each,
    /// Monday is 1.
    Weekday(i8),
    /// «позднее», «позже».
    Later,
    /// «ранее», «раньше».
    Earlier,
    /// «реже», «менее», «меньше».
    Less,
    /// «более», «чаще», «больше».
    More,
    /// «минимум».
    Minimum,
    /// «максимум».
    Maximum,
    /// «течение», «протяжение».
    Course,
    /// «ход», «процесс».
    Progress,
    /// «рамки».
    Frame,
    /// «период».
    Period,
    /// «срок».
    Limit,
    /// «весь».
    Whole,
    /// «реализация», «действие», «выполнение», «исполнение», «осуществление».
    Carrying,
    /// «проект», «программа».
    Project,
    /// «постоянно», «систематически», «регулярно».
    Always,
    /// «основе» in «на постоянной основе».
    Basis,
    /// «мере» in «по мере необходимости».
    Measure,
    /// «круглогодично».
    AllYear,
    /// «план», «график», «расписание»: what another document is called.
    Plan,
    /// «дорожной» in «по дорожной карте».
    Road,
    /// «карта».
    Map,
    /// «приказ», «положение»: names a plan only after «по» and «согласно».
    Act,
    /// «согласно».
    According,
    /// «соответствии».
    Accordance,
    /// «включительно».
    Inclusive,
    /// «до».
    Until,
    /// «к», «ко».
    Towards,
    /// «с», «со».
    From,
    /// «по».
    Along,
    /// «в», «во».
    In,
    /// «на».
    On,
    /// «за».
    For,
    /// «от», «об», «о».
    Of,
    /// «через».
    Through,
    /// «после».
    After,
    /// «не».
    Not,
    /// «и», «или», «либо».
    And,
    /// «а», «но», «также», «чем», «далее»: joins without meaning.
    Joint,
    /// «при», «перед», «если», «когда», «накануне».
    When,
    /// «случае», «зависимости», «время», «дни»: with «в» begins a condition.
    CaseOf,
    /// «момента», «даты».
    Moment,
    /// «нет», «отсутствует».
    None,
    /// «установлен», «указан», «определён», with «не» before.
    Stated,
}

/// Stem, endings (`*` any, `_` none) and the word.
type Entry = (&'static str, &'static str, Word);

use Word as W;

const ADJECTIVE: &str = "ый ий ой ая яя ое ее ого его ому ему ом ем ым им ую юю ые ие ых их ыми ими ой ей";

const BY_LETTER: [(char, &[Entry]); 24] = [
    (
        'а',
        &[
            ("апрел", "ь я ю е ем", W::Month(4)),
            ("август", "_ а у е ом", W::Month(8)),
            ("апр", "_", W::MonthShort(4)),
            ("авг", "_", W::MonthShort(8)),
            ("а", "_", W::Joint),
        ],
    ),
    (
        'б',
        &[
            ("более", "_", W::More),
            ("больше", "_", W::More),
            ("бессрочн", "*", W::Always),
            ("безотлагательно", "_", W::AtOnce),
        ],
    ),
    (
        'в',
        &[
            ("в", "_ о", W::In),
            ("весн", "а ы е у ой", W::Season(1)),
            ("весенн", ADJECTIVE, W::HolidaysOf),
            ("весь", "_", W::Whole),
            ("все", "_ го й м ми х", W::Whole),
            ("всю", "_", W::Whole),
            ("включительно", "_", W::Inclusive),
            ("вторник", "_ а у ом е и ам ами ах ов", W::Weekday(2)),
            ("воскресень", "е я ю ем ям ями ях", W::Weekday(7)),
            ("втор", ADJECTIVE, W::Ordinal(2)),
            ("восемь", "_", W::Cardinal(8)),
            ("восьми", "_", W::Cardinal(8)),
            ("выполнени", "*", W::Carrying),
            ("время", "_", W::CaseOf),
            ("восьм", ADJECTIVE, W::Ordinal(8)),
            ("восемнадцат", ADJECTIVE, W::Ordinal(18)),
        ],
    ),
    ('г', &[("г", "_ г", W::Year), ("год", "_ а у ом е ы ов ам ах ами", W::Year), ("график", "*", W::Plan)]),
    (
        'д',
        &[
            ("до", "_", W::Until),
            ("декабр", "ь я ю е ем", W::Month(12)),
            ("дек", "_", W::MonthShort(12)),
            ("декад", "а ы е у ой ам ах", W::TenDays),
            ("день", "_", W::Day),
            ("дн", "_ я ю ем е ей ям ях ями", W::Day),
            ("дни", "_", W::Day),
            ("два", "_", W::Cardinal(2)),
            ("две", "_", W::Cardinal(2)),
            ("двух", "_", W::Cardinal(2)),
            ("двум", "_ я", W::Cardinal(2)),
            ("дважды", "_", W::TimesOver(2)),
            ("девят", "ь и", W::Cardinal(9)),
            ("десят", "ь и", W::Cardinal(10)),
            ("двенадцат", ADJECTIVE, W::Ordinal(12)),
            ("девятнадцат", ADJECTIVE, W::Ordinal(19)),
            ("двадцат", ADJECTIVE, W::Ordinal(20)),
            ("двадцат", "ь и", W::Cardinal(20)),
            ("двухнедельн", "*", W::WeekAdjective(2)),
            ("двухмесячн", "*", W::MonthAdjective(2)),
            ("двухдневн", "*", W::DayAdjective(2)),
            ("десятидневн", "*", W::DayAdjective(10)),
            ("дневн", "*", W::DayAdjective(1)),
            ("девят", ADJECTIVE, W::Ordinal(9)),
            ("десят", ADJECTIVE, W::Ordinal(10)),
            ("действи", "*", W::Carrying),
            ("дорожн", "*", W::Road),
            ("далее", "_", W::Joint),
            ("даты", "_", W::Moment),
        ],
    ),
    (
        'е',
        &[
            ("ежегодн", "*", W::Yearly),
            ("ежемесячн", "*", W::Monthly),
            ("еженедельн", "*", W::Weekly),
            ("ежедневн", "*", W::Daily),
            ("ежеквартальн", "*", W::Quarterly),
            ("ежедекадн", "*", W::EveryTenDays),
            ("единовременно", "_", W::Once),
            ("если", "_", W::When),
        ],
    ),
    (
        'з',
        &[
            ("за", "_", W::For),
            ("зим", "а ы е у ой", W::Season(4)),
            ("зимн", ADJECTIVE, W::HolidaysOf),
            ("зависимости", "_", W::CaseOf),
        ],
    ),
    (
        'и',
        &[
            ("и", "_ ли", W::And),
            ("июн", "_ ь я ю е ем", W::Month(6)),
            ("июл", "_ ь я ю е ем", W::Month(7)),
            ("исполнени", "*", W::Carrying),
        ],
    ),
    (
        'к',
        &[
            ("к", "_ о", W::Towards),
            ("квартал", "_ а у ом е ы ов ам ах ами", W::Quarter),
            ("кв", "_", W::Quarter),
            ("кажд", ADJECTIVE, W::Each),
            ("кон", "ец ца цу цом це", W::Ending),
            ("каникул", "*", W::Holidays),
            ("календарь", "_", W::Plan),
            ("календар", "я ю ем е", W::Plan),
            ("календарн", ADJECTIVE, W::Plain),
            ("круглогодичн", "*", W::AllYear),
            ("карт", "а ы е у ой ам ами", W::Map),
            ("круглый", "_", W::Whole),
            ("когда", "_", W::When),
        ],
    ),
    (
        'л',
        &[
            ("лет", "о а у е ом", W::Season(2)),
            ("лет", "_", W::Year),
            ("летн", ADJECTIVE, W::HolidaysOf),
            ("либо", "_", W::And),
        ],
    ),
    (
        'м',
        &[
            ("ма", "й я ю е ем", W::Month(5)),
            ("март", "_ а у е ом", W::Month(3)),
            ("мар", "_", W::MonthShort(3)),
            ("месяц", "_ а у ем е ы ев ам ах", W::MonthUnit),
            ("мес", "_", W::MonthUnit),
            ("мере", "_", W::Measure),
            ("менее", "_", W::Less),
            ("меньше", "_", W::Less),
            ("минимум", "_", W::Minimum),
            ("максимум", "_", W::Maximum),
            ("месячн", "*", W::MonthAdjective(1)),
            ("момента", "_", W::Moment),
        ],
    ),
    (
        'н',
        &[
            ("не", "_", W::Not),
            ("на", "_", W::On),
            ("ноябр", "ь я ю е ем", W::Month(11)),
            ("ноя", "_ б", W::MonthShort(11)),
            ("недел", "я и е ю ей ь ям ях", W::Week),
            ("нед", "_", W::Week),
            ("начал", "о а у е ом", W::Beginning),
            ("недельн", "*", W::WeekAdjective(1)),
            ("но", "_", W::Joint),
            ("накануне", "_", W::When),
            ("начиная", "_", W::Joint),
            ("нет", "_", W::None),
            ("непрерывно", "_", W::Always),
            ("незамедлительно", "_", W::AtOnce),
            ("немедленно", "_", W::AtOnce),
            ("несколько", "_", W::Several),
        ],
    ),
    (
        'о',
        &[
            ("октябр", "ь я ю е ем", W::Month(10)),
            ("окт", "_", W::MonthShort(10)),
            ("осен", "ь и ью", W::Season(3)),
            ("осенн", ADJECTIVE, W::HolidaysOf),
            ("один", "_", W::Cardinal(1)),
            ("одн", "а о ого ой ому у им", W::Cardinal(1)),
            ("одиннадцат", ADJECTIVE, W::Ordinal(11)),
            ("однократно", "_", W::TimesOver(1)),
            ("о", "_ т б", W::Of),
            ("осуществлени", "*", W::Carrying),
            ("основ", "е", W::Basis),
            ("отчетн", ADJECTIVE, W::Plain),
            ("отсутствует", "_", W::None),
            ("определен", "_ о ы", W::Stated),
        ],
    ),
    (
        'п',
        &[
            ("по", "_", W::Along),
            ("перв", ADJECTIVE, W::Ordinal(1)),
            ("полугоди", "е я ю и ем ях й ям", W::HalfYear),
            ("полгода", "_", W::HalfYear),
            ("полуг", "_", W::HalfYear),
            ("пол", "_", W::HalfYear),
            ("п", "_", W::HalfShort),
            ("период", "_ а у ом е ы ов", W::Period),
            ("план", "_ а у ом е ы ов ам ами ах", W::Plan),
            ("постоянн", "о ой", W::Always),
            ("позднее", "_", W::Later),
            ("позже", "_", W::Later),
            ("поквартально", "_", W::Quarterly),
            ("помесячно", "_", W::Monthly),
            ("после", "_", W::After),
            ("последн", ADJECTIVE, W::Last),
            ("половин", "а ы е у ой", W::Half),
            ("понедельник", "_ а у ом е и ам ами ах ов", W::Weekday(1)),
            ("пятниц", "а ы е у ей ам ами ах", W::Weekday(5)),
            ("пят", "ь и", W::Cardinal(5)),
            ("пят", ADJECTIVE, W::Ordinal(5)),
            ("пятнадцат", ADJECTIVE, W::Ordinal(15)),
            ("протяжени", "е и я", W::Course),
            ("процесс", "_ а е", W::Progress),
            ("проект", "_ а у ом е ы ов", W::Project),
            ("программ", "а ы е у ой", W::Project),
            ("при", "_", W::When),
            ("перед", "_", W::When),
            ("приказ", "_ а у ом е ам", W::Act),
            ("положени", "е я ю ем", W::Act),
            ("перечн", "я ю ем", W::Act),
            ("пятидневн", "*", W::DayAdjective(5)),
        ],
    ),
    (
        'р',
        &[
            ("раз", "_ а у", W::Times),
            ("разово", "_", W::Once),
            ("ранее", "_", W::Earlier),
            ("раньше", "_", W::Earlier),
            ("р", "_", W::Times),
            ("рабоч", ADJECTIVE, W::Working),
            ("реже", "_", W::Less),
            ("регулярн", "*", W::Always),
            ("реализаци", "*", W::Carrying),
            ("рамк", "ах", W::Frame),
            ("расписани", "е я ю ем", W::Plan),
            ("регламент", "_ а у ом", W::Act),
        ],
    ),
    (
        'с',
        &[
            ("с", "_ о", W::From),
            ("сентябр", "ь я ю е ем", W::Month(9)),
            ("сен", "_ т", W::MonthShort(9)),
            ("срок", "_ а у ом е и ов ам ами ах", W::Limit),
            ("согласно", "_", W::According),
            ("соответстви", "и е", W::Accordance),
            ("систематическ", "*", W::Always),
            ("сред", "а у ы е ой ам", W::Weekday(3)),
            ("суббот", "а ы е у ой ам ах", W::Weekday(6)),
            ("середин", "а ы е у ой", W::Middle),
            ("сразу", "_", W::AtOnce),
            ("спустя", "_", W::Through),
            ("сутки", "_", W::Day),
            ("суток", "_", W::Day),
            ("случа", "е и", W::CaseOf),
            ("сем", "ь и", W::Cardinal(7)),
            ("седьм", ADJECTIVE, W::Ordinal(7)),
            ("семнадцат", ADJECTIVE, W::Ordinal(17)),
        ],
    ),
    (
        'т',
        &[
            ("течени", "е и я", W::Course),
            ("теч", "_", W::Course),
            ("трети", "й", W::Ordinal(3)),
            ("треть", "я е его ей ему ем ю и их им", W::Ordinal(3)),
            ("тринадцат", ADJECTIVE, W::Ordinal(13)),
            ("тридцат", ADJECTIVE, W::Ordinal(30)),
            ("тридцат", "ь и", W::Cardinal(30)),
            ("три", "_", W::Cardinal(3)),
            ("тре", "х м", W::Cardinal(3)),
            ("трижды", "_", W::TimesOver(3)),
            ("трехдневн", "*", W::DayAdjective(3)),
            ("трехмесячн", "*", W::MonthAdjective(3)),
            ("также", "_", W::Joint),
            ("текущ", ADJECTIVE, W::Plain),
            ("триместр", "_ а у е ы ов", W::Term),
        ],
    ),
    (
        'у',
        &[
            ("учебн", ADJECTIVE, W::School),
            ("уч", "_ еб ебн", W::School),
            ("у", "_", W::SchoolShort),
            ("установлен", "_ о ы", W::Stated),
            ("указан", "_ о ы", W::Stated),
        ],
    ),
    ('ф', &[("феврал", "ь я ю е ем", W::Month(2)), ("фев", "_ р", W::MonthShort(2))]),
    ('х', &[("ход", "е у", W::Progress)]),
    ('ц', &[("циклограмм", "а е ы ой", W::Plan)]),
    (
        'ч',
        &[
            ("четверт", "ь и ью ей ям", W::Term),
            ("четверг", "_ а у ом е и ам ов", W::Weekday(4)),
            ("четверт", ADJECTIVE, W::Ordinal(4)),
            ("четыре", "_ х м", W::Cardinal(4)),
            ("четырнадцат", ADJECTIVE, W::Ordinal(14)),
            ("числ", "а о у ом", W::DayNumber),
            ("ч", "_", W::Hour),
            ("час", "_ а ов", W::Hour),
            ("через", "_", W::Through),
            ("чаще", "_", W::More),
            ("чем", "_", W::Joint),
        ],
    ),
    (
        'ш',
        &[
            ("шест", "ь и", W::Cardinal(6)),
            ("шестнадцат", ADJECTIVE, W::Ordinal(16)),
            ("шест", ADJECTIVE, W::Ordinal(6)),
            ("школьн", ADJECTIVE, W::HolidaysOf),
        ],
    ),
    ('я', &[("январ", "ь я ю е ем", W::Month(1)), ("янв", "_", W::MonthShort(1))]),
];

/// The word behind a folded spelling: lower-case Cyrillic, «ё» written «е».
pub(crate) fn word(folded: &str) -> Word {
    let Some(first) = folded.chars().next() else { return W::Unknown };
    let Some((_, entries)) = BY_LETTER.iter().find(|(letter, _)| *letter == first) else { return W::Unknown };
    entries
        .iter()
        .find(|(stem, endings, _)| folded.strip_prefix(stem).is_some_and(|rest| has_ending(endings, rest)))
        .map_or(W::Unknown, |(_, _, word)| *word)
}

fn has_ending(endings: &str, rest: &str) -> bool {
    match endings {
        "*" => true,
        "_" => rest.is_empty(),
        _ => endings.split(' ').any(|ending| if ending == "_" { rest.is_empty() } else { ending == rest }),
    }
}
