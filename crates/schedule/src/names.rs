//! What is the name of a plan, in the nominative, and how is it said after «по»?

use crate::tokens::is_dash;

/// Head nouns of plans: nominative, dative, instrumental.
const NOUNS: [(&str, &str, &str); 19] = [
    ("план", "плану", "планом"),
    ("планы", "планам", "планами"),
    ("график", "графику", "графиком"),
    ("графики", "графикам", "графиками"),
    ("расписание", "расписанию", "расписанием"),
    ("циклограмма", "циклограмме", "циклограммой"),
    ("календарь", "календарю", "календарем"),
    ("приказ", "приказу", "приказом"),
    ("приказы", "приказам", "приказами"),
    ("положение", "положению", "положением"),
    ("регламент", "регламенту", "регламентом"),
    ("перечень", "перечню", "перечнем"),
    ("карта", "карте", "картой"),
    ("карты", "картам", "картами"),
    ("программа", "программе", "программой"),
    ("программы", "программам", "программами"),
    ("проект", "проекту", "проектом"),
    ("календари", "календарям", "календарями"),
    ("регламенты", "регламентам", "регламентами"),
];

/// Adjectives whose masculine nominative ends in «-ой», by the end of their stem.
const STRESSED: [&str; 9] =
    ["городск", "областн", "краев", "годов", "основн", "типов", "сводн", "базов", "целев"];

/// Words of a name before its head looked at; a longer name keeps its first words as they stand.
const WORDS: usize = 6;

/// «планом–графиком округа» → «план–график округа», «отдельному плану» → «отдельный план».
pub(crate) fn nominative(name: &str) -> String {
    // «согласно плана»: a mistake so common that it is read.
    for (genitive, right) in
        [("плана", "план"), ("графика", "график"), ("Плана", "План"), ("Графика", "График")]
    {
        if let Some(rest) = name.strip_prefix(genitive)
            && !rest.starts_with(char::is_alphabetic)
        {
            return format!("{right}{rest}");
        }
    }
    inflect(
        name,
        |word| NOUNS.iter().find(|noun| word == noun.1 || word == noun.2).map(|noun| noun.0),
        adjective,
    )
}

/// The reverse for «по …»; `None` where the way back does not give the same name.
pub(crate) fn dative(name: &str) -> Option<String> {
    let said = inflect(
        name,
        |word| NOUNS.iter().find(|noun| word == noun.0).map(|noun| noun.1),
        adjective_in_dative,
    );
    (said != name && nominative(&said) == name).then_some(said)
}

/// Changes the head nouns of a name and the adjectives before them.
fn inflect(
    name: &str,
    noun: impl Fn(&str) -> Option<&'static str>,
    adjective: impl Fn(&str, &str) -> Option<String>,
) -> String {
    let words: Vec<(usize, &str)> = words(name).take(WORDS).collect();
    let lower: Vec<String> = words.iter().map(|(_, word)| word.to_lowercase().replace('ё', "е")).collect();
    let Some(head) = lower.iter().position(|word| noun(word).is_some()) else { return name.to_owned() };
    // A name that has its head in the target case already stays as it is.
    let Some(said) = lower.get(head).and_then(|word| noun(word)) else { return name.to_owned() };
    let key = NOUNS.iter().find(|forms| forms.0 == said || forms.1 == said).map_or(said, |forms| forms.0);
    let mut out = String::with_capacity(name.len() + 4);
    let mut copied = 0;
    for (index, ((at, word), low)) in words.iter().zip(&lower).enumerate() {
        let changed = match index.cmp(&head) {
            std::cmp::Ordering::Less => adjective(low, key),
            std::cmp::Ordering::Equal => Some(said.to_owned()),
            std::cmp::Ordering::Greater => noun(low).map(str::to_owned),
        };
        if index > head && changed.is_none() {
            break;
        }
        let Some(changed) = changed else { continue };
        out.push_str(name.get(copied..*at).unwrap_or_default());
        out.push_str(&with_case_of(word, &changed));
        copied = at + word.len();
    }
    out.push_str(name.get(copied..).unwrap_or_default());
    out
}

/// Words with their first bytes, parted by spaces and dashes.
fn words(name: &str) -> impl Iterator<Item = (usize, &str)> {
    name.split(|c: char| c.is_whitespace() || is_dash(c))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - name.as_ptr() as usize, word))
}

fn with_case_of(model: &str, word: &str) -> String {
    let mut letters = model.chars();
    let first = letters.next().is_some_and(char::is_uppercase);
    let all = first && letters.next().is_some_and(char::is_uppercase);
    match (first, all) {
        (_, true) => word.to_uppercase(),
        (true, _) => {
            let mut rest = word.chars();
            rest.next().map(|c| c.to_uppercase().chain(rest).collect()).unwrap_or_default()
        }
        _ => word.to_owned(),
    }
}

/// Grammatical shape of a head noun, by its nominative.
fn is_plural(noun: &str) -> bool {
    noun.ends_with(['ы', 'и'])
}

fn is_feminine(noun: &str) -> bool {
    noun.ends_with('а')
}

fn adjective(word: &str, noun: &str) -> Option<String> {
    let endings: &[(&str, &str)] = if is_plural(noun) {
        &[("ыми", "ые"), ("ими", "ие"), ("ым", "ые"), ("им", "ие")]
    } else if is_feminine(noun) {
        &[("ой", "ая"), ("ей", "яя")]
    } else if noun.ends_with('е') {
        &[("ому", "ое"), ("ему", "ее"), ("ым", "ое"), ("им", "ее")]
    } else {
        &[("ому", "ый"), ("ему", "ий"), ("ым", "ый"), ("им", "ий")]
    };
    let (stem, ending) = endings.iter().find_map(|(from, to)| Some((word.strip_suffix(from)?, *to)))?;
    if stem.is_empty() {
        return None;
    }
    let ending = match ending {
        "ый" if STRESSED.iter().any(|stressed| stem.ends_with(stressed)) => "ой",
        "ый" | "ий" if stem.ends_with(['к', 'г', 'х']) && STRESSED.iter().any(|end| stem.ends_with(end)) => {
            "ой"
        }
        "ый" if stem.ends_with(['к', 'г', 'х', 'ж', 'ш', 'ч', 'щ']) => "ий",
        ending => ending,
    };
    Some(format!("{stem}{ending}"))
}

fn adjective_in_dative(word: &str, noun: &str) -> Option<String> {
    let endings: &[(&str, &str)] = if is_plural(noun) {
        &[("ые", "ым"), ("ие", "им")]
    } else if is_feminine(noun) {
        &[("ая", "ой"), ("яя", "ей")]
    } else if noun.ends_with('е') {
        &[("ое", "ому"), ("ее", "ему")]
    } else {
        &[("ый", "ому"), ("ой", "ому"), ("ий", "ему")]
    };
    let (stem, ending) = endings.iter().find_map(|(from, to)| Some((word.strip_suffix(from)?, *to)))?;
    let hard = ending == "ему" && stem.ends_with(['к', 'г', 'х']);
    (!stem.is_empty()).then(|| format!("{stem}{}", if hard { "ому" } else { ending }))
}
