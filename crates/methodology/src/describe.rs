//! What does a methodology say, for a reader who never saw a pack?

use opora_cells::{Cell, Dictionary};

use crate::explain::words;
use crate::{CategoryRole, Example, Number, Pack};

/// A pack in Russian, section by section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Title.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// The act, when it is in force, and how far it was checked.
    pub act: Vec<String>,
    /// Which procedures are looked at: name, clause and list.
    pub procedures: Vec<(String, String, Vec<String>)>,
    /// Every number.
    pub numbers: Vec<DescribedNumber>,
    /// Every criterion.
    pub criteria: Vec<DescribedCriterion>,
    /// Named combinations, in words.
    pub conditions: Vec<String>,
    /// Categories in the order they are tried.
    pub categories: Vec<String>,
    /// Tiers in the order they are tried.
    pub tiers: Vec<String>,
    /// The exit rule.
    pub exit: Option<String>,
    /// Social indices, in words.
    pub indices: Vec<String>,
    /// Worked examples.
    pub examples: Vec<DescribedExample>,
}

/// A number with its clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedNumber {
    /// Name in the pack, for a what-if.
    pub id: String,
    /// What it is.
    pub name: String,
    /// Its value as the pack writes it.
    pub value: String,
    /// Clause of the act.
    pub clause: String,
    /// How far it was checked.
    pub status: String,
    /// What must be known about it.
    pub note: Option<String>,
}

/// A criterion in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedCriterion {
    /// Name in the pack.
    pub id: String,
    /// In words.
    pub name: String,
    /// Clause of the act.
    pub clause: String,
    /// What it asks, with numbers and clauses.
    pub asks: String,
    /// What must be known about it.
    pub note: Option<String>,
}

/// A worked example in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedExample {
    /// What it shows.
    pub name: String,
    /// Why it comes out so.
    pub explains: String,
    /// What is known, a line each.
    pub known: Vec<String>,
    /// What follows, a line each.
    pub outcome: Vec<String>,
}

/// Tells a pack in readable Russian, with clauses and worked examples.
pub fn describe(pack: &Pack, dictionary: &Dictionary) -> Description {
    let set = |set: &crate::ProcedureSet| (set.name.clone(), set.clause.clone(), words::set(dictionary, set));
    Description {
        title: pack.title.clone(),
        about: pack.about.clone(),
        act: act(pack),
        procedures: pack.sets.iter().map(set).collect(),
        numbers: pack.numbers.iter().map(|number| described_number(pack, number)).collect(),
        criteria: pack
            .criteria
            .iter()
            .map(|criterion| DescribedCriterion {
                id: criterion.id.clone(),
                name: criterion.name.clone(),
                clause: criterion.clause.clone(),
                asks: words::question(pack, dictionary, &criterion.question),
                note: criterion.note.clone(),
            })
            .collect(),
        conditions: pack
            .conditions
            .iter()
            .map(|condition| {
                format!("{}: {} ({})", condition.name, words::rule(pack, &condition.rule), condition.clause)
            })
            .collect(),
        categories: pack.categories.iter().map(|category| described_category(pack, category)).collect(),
        tiers: pack
            .tiers
            .iter()
            .map(|tier| match &tier.when {
                Some(rule) => format!("{}: {} ({})", tier.name, words::rule(pack, rule), tier.clause),
                None => format!("{}: в остальных случаях ({})", tier.name, tier.clause),
            })
            .collect(),
        exit: pack.exit.as_ref().map(|exit| {
            format!(
                "Школа выходит из списка, когда выполнено: {} ({}). До этого она остаётся в категории «{}».",
                words::rule(pack, &exit.when),
                exit.clause,
                pack[exit.keeps].name
            )
        }),
        indices: pack.indices.iter().map(|index| described_index(pack, dictionary, index)).collect(),
        examples: pack.examples.iter().map(|example| described_example(pack, dictionary, example)).collect(),
    }
}

fn act(pack: &Pack) -> Vec<String> {
    let act = &pack.act;
    let number = act.number.as_ref().map_or_else(String::new, |number| format!(" № {number}"));
    let date = act.date.map_or_else(String::new, |date| format!(" от {}", date.strftime("%d.%m.%Y")));
    let until = pack.force.to.map_or_else(String::new, |to| format!(" по {}", to.strftime("%d.%m.%Y")));
    let checked = act.checked.map_or_else(String::new, |date| format!(", {}", date.strftime("%d.%m.%Y")));
    let mut lines = vec![
        format!("{}, {}{date}{number}.", words::capital(&act.kind), act.authority),
        format!("Действует с {}{until}.", pack.force.from.strftime("%d.%m.%Y")),
        format!("Источник: {} ({}{checked}).", act.address, act.status.russian()),
    ];
    lines.extend(act.note.clone());
    lines
}

fn described_number(pack: &Pack, number: &Number) -> DescribedNumber {
    DescribedNumber {
        id: number.id.clone(),
        name: number.name.clone(),
        value: number.text.clone(),
        clause: number.clause.clone(),
        status: number.status.unwrap_or(pack.act.status).russian().to_owned(),
        note: number.note.clone(),
    }
}

fn described_category(pack: &Pack, category: &crate::Category) -> String {
    let when = match &category.role {
        CategoryRole::When(rule) => words::rule(pack, rule),
        CategoryRole::Otherwise => "в остальных случаях".to_owned(),
        CategoryRole::Kept => "когда школа была в списке и ещё не выполнила условие выхода".to_owned(),
        CategoryRole::Insufficient => "когда на правило нельзя ответить".to_owned(),
    };
    let clause = category.clause.as_ref().map_or_else(String::new, |clause| format!(" ({clause})"));
    format!("{}: {when}{clause}", category.name)
}

fn described_index(pack: &Pack, dictionary: &Dictionary, index: &crate::SocialIndex) -> String {
    let shares: Vec<String> = index
        .shares
        .iter()
        .map(|share| {
            let name = words::indicator_name(dictionary, share.indicator);
            let direction = if share.raises { "повышает" } else { "понижает" };
            format!("{name} ({direction}, вес {})", words::number(pack, share.weight))
        })
        .collect();
    format!("{} ({}): среднее взвешенное от 0 до 1 – {}", index.name, index.clause, shares.join("; "))
}

fn described_example(pack: &Pack, dictionary: &Dictionary, example: &Example) -> DescribedExample {
    let mut known: Vec<String> = example.cells.iter().map(|cell| result(dictionary, example, cell)).collect();
    known.extend(example.references.iter().map(|reference| {
        let name = dictionary.procedure_name(reference.procedure);
        let value = words::measured(reference.measure, reference.part, reference.whole);
        format!("Регион: {name}, {} год – {value} (опубликовано)", reference.year)
    }));
    known.extend(example.aggregates.iter().map(|declared| {
        let (school, name) =
            (example.school(declared.organisation), words::indicator_name(dictionary, declared.indicator));
        let whole = declared.whole.map_or_else(String::new, |whole| format!(" из {whole}"));
        format!("{school}: {name}, {} год – {}{whole}", declared.year, declared.part)
    }));
    known.extend(example.markers.iter().map(|markers| {
        let school = example.school(markers.organisation);
        format!(
            "{school}: {} год, маркеров {} из проверенных {}",
            markers.year, markers.found, markers.looked_for
        )
    }));
    known.extend(example.past.iter().map(|past| {
        let was = if past.identified { "в списке" } else { "не в списке" };
        format!("{}: в {} году {was}", example.school(past.organisation), past.year)
    }));
    let outcome = example.expects.iter().map(|expected| {
        let category = pack.categories.iter().find(|category| category.id == expected.category);
        let tier = expected.tier.as_ref().and_then(|id| pack.tiers.iter().find(|tier| tier.id == *id));
        let tier = tier.map_or_else(String::new, |tier| format!(", {}", tier.name));
        let answers: Vec<String> =
            expected.answers.iter().map(|(id, truth)| format!("{id} – {}", words::truth(*truth))).collect();
        let answers = if answers.is_empty() { String::new() } else { format!(" ({})", answers.join(", ")) };
        let category = category.map_or("", |category| &category.name);
        format!("{}, {} год: {category}{tier}{answers}", example.school(expected.school), example.year)
    });
    DescribedExample {
        name: example.name.clone(),
        explains: example.explains.clone(),
        known,
        outcome: outcome.collect(),
    }
}

fn result(dictionary: &Dictionary, example: &Example, cell: &Cell) -> String {
    let school = example.school(cell.organisation);
    let name = dictionary.procedure_name(cell.procedure);
    let autumn = if cell.autumn { ", осенью" } else { "" };
    let mut said = format!("{school}: {name}, {} год{autumn} – ", cell.year);
    if cell.judged() > 0 {
        said.push_str(&format!("не справились {} из {}", cell.failed(), cell.judged()));
    } else {
        said.push_str("отметок нет");
    }
    if cell.scored > 0 {
        let mean = words::decimal(u128::from(cell.score_sum), u128::from(cell.scored), 2);
        said.push_str(&format!(", средний балл {mean} у {}", cell.scored));
    }
    said
}
