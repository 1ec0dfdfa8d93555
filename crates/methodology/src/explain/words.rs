//! How are numbers, shares and answers said in Russian?

use opora_cells::Dictionary;

use crate::{
    Against, AtLeast, Atom, Compare, Found, Measure, Number, NumberIndex, Pack, ProcedureSet, Question, Rule,
    Selector, Span, Truth,
};

/// «1 школа», «2 школы», «5 школ».
pub(crate) fn plural(count: u64, one: &str, few: &str, many: &str) -> String {
    let word = match (count % 10, count % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    };
    format!("{count} {word}")
}

/// «30,0 %».
pub(crate) fn percent(part: u64, whole: u64) -> String {
    format!("{} %", decimal(u128::from(part) * 100, u128::from(whole), 1))
}

/// A fraction with so many digits after the comma, rounded half up.
pub(crate) fn decimal(part: u128, whole: u128, digits: u32) -> String {
    let scale = 10_u128.pow(digits);
    let whole = whole.max(1);
    let scaled = part.saturating_mul(scale).saturating_add(whole / 2) / whole;
    let width = digits as usize;
    format!("{},{:0width$}", scaled / scale, scaled % scale)
}

pub(crate) fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "да",
        Truth::No => "нет",
        Truth::Unknown => "недостаточно данных",
    }
}

pub(crate) fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::FailedShare => "доля не справившихся",
        Measure::GoodShare => "доля отметок «4» и «5»",
        Measure::MeanMark => "средняя отметка",
        Measure::MeanScore => "средний балл",
    }
}

pub(crate) fn compare(compare: Compare) -> &'static str {
    match compare {
        Compare::AtLeast => "не меньше",
        Compare::More => "больше",
        Compare::AtMost => "не больше",
        Compare::Less => "меньше",
    }
}

/// What a school is compared with: «чем …».
pub(crate) fn around(against: Against) -> &'static str {
    match against {
        Against::Municipality => "по муниципалитету",
        Against::Region => "по региону",
        Against::Everyone => "по всем школам",
    }
}

/// A number as the pack writes it, with its clause: «30 % (п. 2)».
pub(crate) fn number(pack: &Pack, index: NumberIndex) -> String {
    let Number { text, clause, .. } = &pack[index];
    format!("{text} ({clause})")
}

/// A value that was measured: «не справились 3 из 10 – 30,0 %».
pub(crate) fn measured(kind: Measure, part: u64, whole: u64) -> String {
    match kind {
        Measure::FailedShare => {
            format!("не справились {part} из {whole} – {}", percent(part, whole))
        }
        Measure::GoodShare => format!("«4» и «5» у {part} из {whole} – {}", percent(part, whole)),
        Measure::MeanMark | Measure::MeanScore => {
            let mean = decimal(u128::from(part), u128::from(whole), 2);
            format!("{} {mean} ({})", measure(kind), plural(whole, "участник", "участника", "участников"))
        }
    }
}

/// What became of a cell.
pub(crate) fn found(found: Found) -> &'static str {
    match found {
        Found::Yes => "условие выполнено",
        Found::No => "условие не выполнено",
        Found::Few => "участников меньше, чем рассматривает методика: процедура пропущена",
        Found::NoOutcome => "отметок и баллов нет ни у кого: решить нельзя",
        Found::NoScale => "отметок нет, и шкала этого года неизвестна (SCALE_MISSING): решить нельзя",
        Found::Autumn => {
            "проведена осенью по программе предыдущего класса: ряд лет здесь прерван, процедура пропущена"
        }
        Found::Shown => "показано для сравнения",
    }
}

/// «2 года (п. 3)».
fn years(pack: &Pack, index: NumberIndex) -> String {
    let number = &pack[index];
    format!("{} ({})", plural(number.count(), "год", "года", "лет"), number.clause)
}

/// «из последних 3 лет (п. 3)».
fn of_years(pack: &Pack, index: NumberIndex) -> String {
    let number = &pack[index];
    format!("из последних {} лет ({})", number.text, number.clause)
}

/// «в 2 процедурах (п. 3)».
fn in_procedures(pack: &Pack, index: NumberIndex) -> String {
    let number = &pack[index];
    let word = if number.count() == 1 { "процедуре" } else { "процедурах" };
    format!("в {} {word} ({})", number.text, number.clause)
}

/// «в каждом из последних 2 лет», or nothing for the year itself.
fn over(pack: &Pack, span: Span) -> String {
    let Some(looked) = span.years else { return String::new() };
    match span.in_years {
        Some(in_years) => {
            format!(", не меньше чем в {} {}", number(pack, in_years), of_years(pack, looked))
        }
        None => format!(", в каждом {}", of_years(pack, looked)),
    }
}

fn few(pack: &Pack, participants_min: Option<NumberIndex>) -> String {
    match participants_min {
        Some(few) if pack[few].count() > 1 => {
            format!(" Процедуры, в которых участников меньше {}, пропускаются.", number(pack, few))
        }
        _ => String::new(),
    }
}

/// What a criterion asks, in one or two sentences with every number and its clause.
pub(crate) fn question(pack: &Pack, dictionary: &Dictionary, question: &Question) -> String {
    let n = |index: NumberIndex| number(pack, index);
    match question {
        Question::Procedures { .. } | Question::SameProcedure { .. } => of_procedures(pack, question),
        Question::BelowReference { .. } | Question::LowestOfPool { .. } => of_others(pack, question),
        Question::Indicator { indicator, compare: c, threshold, years: looked, .. } => {
            let name = indicator_name(dictionary, *indicator);
            let together =
                looked.map_or_else(String::new, |looked| format!(" вместе за {}", years(pack, looked)));
            format!("Показатель «{name}»{together} {} {}.", compare(*c), n(*threshold))
        }
        Question::Index { index, compare: c, threshold } => {
            let name = pack.indices.get(*index).map_or("", |index| &index.name);
            format!("{name} {} {}. Если нет хотя бы одной доли, индекса нет.", compare(*c), n(*threshold))
        }
        Question::Markers { at_least, of, span } => format!(
            "Возможных маркеров необъективности не меньше {} из {}{}.",
            n(*at_least),
            n(*of),
            over(pack, *span)
        ),
        Question::History { of, years: looked, at_least } => format!(
            "{} – не меньше чем в {} {}. Прошлые годы берутся из окончательных списков, а где их нет – \
             вычисляются.",
            atom_name(pack, *of),
            n(*at_least),
            of_years(pack, *looked)
        ),
        Question::Portrait { set, measure: m, against, years: looked } => {
            let beside = against
                .map_or_else(String::new, |against| format!(" рядом с результатом {}", around(against)));
            format!(
                "Показывается {} ({}) за {}{beside}. Это описание: оно ничего не решает.",
                measure(*m),
                pack[*set].name,
                years(pack, *looked)
            )
        }
    }
}

/// What a question about thresholds in procedures asks.
fn of_procedures(pack: &Pack, question: &Question) -> String {
    match question {
        Question::Procedures {
            set,
            measure: m,
            compare: c,
            threshold,
            at_least,
            participants_min,
            span,
            ..
        } => {
            let how_many = match at_least {
                AtLeast::Number(k) => format!("Не меньше чем {} одного года", in_procedures(pack, *k)),
                AtLeast::All => "Во всех процедурах года, о которых есть данные,".to_owned(),
            };
            let (name, wanted) = (&pack[*set].name, number(pack, *threshold));
            let (over, few) = (over(pack, *span), few(pack, *participants_min));
            format!("{how_many} – {name} – {} {} {wanted}{over}.{few}", measure(*m), compare(*c))
        }
        Question::SameProcedure {
            set,
            measure: m,
            compare: c,
            threshold,
            years: running,
            at_least,
            participants_min,
            ..
        } => {
            let how_many = at_least.map_or_else(
                || "В одной и той же процедуре".to_owned(),
                |k| format!("Не меньше чем {}, одних и тех же,", in_procedures(pack, k)),
            );
            let (name, wanted) = (&pack[*set].name, number(pack, *threshold));
            let (running, few) = (years(pack, *running), few(pack, *participants_min));
            format!("{how_many} – {name} – {} {} {wanted} подряд {running}.{few}", measure(*m), compare(*c))
        }
        _ => String::new(),
    }
}

/// What a question about the school among others asks.
fn of_others(pack: &Pack, question: &Question) -> String {
    match question {
        Question::BelowReference {
            set,
            measure: m,
            against,
            by,
            strictly,
            sum,
            at_least,
            participants_min,
            span,
        } => {
            let what = if *sum { "Сумма результатов" } else { "Результат" };
            let how_many =
                at_least.map_or_else(String::new, |k| format!(" не меньше чем {}", in_procedures(pack, k)));
            let more = match (*strictly, pack[*by].value == crate::Exact::from_integer(0)) {
                (true, true) => format!(" ({})", pack[*by].clause),
                (true, false) => format!(" больше чем на {}", number(pack, *by)),
                (false, _) => format!(" не меньше чем на {}", number(pack, *by)),
            };
            let (name, around) = (&pack[*set].name, around(*against));
            let (over, few) = (over(pack, *span), few(pack, *participants_min));
            format!("{what} ({name}: {}) хуже, чем {around},{more}{how_many}{over}.{few}", measure(*m))
        }
        Question::LowestOfPool { set, measure: m, years: looked, share, participants_min, pool } => {
            let among = match pool {
                Against::Municipality => "школ муниципалитета",
                Against::Region => "школ региона",
                Against::Everyone => "всех школ",
            };
            format!(
                "{} ({}) вместе за {} – в худших {} {among}. Рассматриваются школы, где участников не меньше {}.",
                capital(measure(*m)),
                pack[*set].name,
                years(pack, *looked),
                number(pack, *share),
                number(pack, *participants_min)
            )
        }
        _ => String::new(),
    }
}

pub(crate) fn indicator_name(dictionary: &Dictionary, code: opora_cells::IndicatorCode) -> String {
    let known = dictionary.indicators.get(&code).map(|indicator| indicator.entry.name.clone());
    known.unwrap_or_else(|| format!("№ {}", code.0))
}

/// «А» with the name of a criterion or condition.
pub(crate) fn atom_name(pack: &Pack, atom: Atom) -> String {
    match atom {
        Atom::Criterion(index) => format!("«{}»", pack[index].name),
        Atom::Condition(at) => {
            format!("«{}»", pack.conditions.get(at).map_or("", |condition| &condition.name))
        }
    }
}

/// A rule in words.
pub(crate) fn rule(pack: &Pack, rule: &Rule) -> String {
    let each = |rules: &[Rule], between: &str| {
        rules.iter().map(|inner| nested(pack, inner)).collect::<Vec<_>>().join(between)
    };
    match rule {
        Rule::Is(atom) => atom_name(pack, *atom),
        Rule::All(rules) => each(rules, " и "),
        Rule::Any(rules) => each(rules, " или "),
        Rule::AtLeast(number_index, rules) => {
            format!("не меньше {} из: {}", number(pack, *number_index), each(rules, ", "))
        }
        Rule::Not(inner) => format!("не {}", nested(pack, inner)),
    }
}

fn nested(pack: &Pack, inner: &Rule) -> String {
    match inner {
        Rule::Is(_) => rule(pack, inner),
        _ => format!("({})", rule(pack, inner)),
    }
}

/// The procedures of a set in words.
pub(crate) fn set(dictionary: &Dictionary, set: &ProcedureSet) -> Vec<String> {
    let selector = |selector: &Selector| match selector {
        Selector::Exact(procedure) => dictionary.procedure_name(*procedure),
        Selector::Codes { kinds, subjects, grades, levels } => {
            let names = |codes: &[u8], name: &dyn Fn(u8) -> Option<String>, any: &str| {
                let names: Vec<String> =
                    codes.iter().map(|code| name(*code).unwrap_or_else(|| format!("№ {code}"))).collect();
                if names.is_empty() { any.to_owned() } else { names.join(", ") }
            };
            let entry = |entry: Option<&opora_cells::Entry>| entry.map(|entry| entry.name.clone());
            let kind = |code| entry(dictionary.kinds.get(&opora_cells::KindCode(code)));
            let subject = |code| entry(dictionary.subjects.get(&opora_cells::SubjectCode(code)));
            let level = |code| entry(dictionary.levels.get(&opora_cells::LevelCode(code)));
            let mut words =
                vec![names(kinds, &kind, "любая процедура"), names(subjects, &subject, "любой предмет")];
            if !levels.is_empty() {
                words.push(names(levels, &level, ""));
            }
            let grade = |grade: u8| Some(grade.to_string());
            words.push(
                names(grades, &grade, "любой")
                    + if grades.len() > 1 { " классы" } else { " класс" },
            );
            words.join("; ")
        }
    };
    set.any_of.iter().map(selector).collect()
}

pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
