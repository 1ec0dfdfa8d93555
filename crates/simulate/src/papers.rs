//! Which papers are there? (`data/papers.toml`, in the codes of the dictionary.)

use std::collections::BTreeMap;

use opora_cells::{Dictionary, Judgement, LevelCode, Procedure};
use toml::{Table, Value};

use crate::paper::{Chosen, Paper, Wanted};

/// All papers in the order of procedures, and the dictionary their codes are from.
pub(crate) struct Papers {
    pub(crate) dictionary: Dictionary,
    pub(crate) papers: Vec<Paper>,
}

const DICTIONARY: &str = include_str!("../../../packs/dictionary/dictionary.toml");
const DATA: &str = include_str!("../data/papers.toml");

impl Papers {
    /// Reads what is built in. A test shows that it reads.
    pub(crate) fn built_in() -> Self {
        let dictionary = Dictionary::read(DICTIONARY).unwrap_or_default();
        let data = DATA.parse::<Table>().unwrap_or_default();
        let entries = data.get("paper").and_then(Value::as_array).into_iter().flatten();
        let groups = groups(&data);
        let mut papers: Vec<Paper> =
            entries.filter_map(|entry| wanted(entry, &groups, &dictionary)).map(Paper::new).collect();
        papers.sort_by_key(|paper| paper.wanted.procedure);
        Self { dictionary, papers }
    }

    /// Papers of a grade, with their places in the list.
    pub(crate) fn of_grade(&self, grade: u8) -> impl Iterator<Item = (usize, &Paper)> {
        self.papers.iter().enumerate().filter(move |(_, paper)| paper.wanted.procedure.grade == grade)
    }

    /// The paper is written in autumn of that year.
    pub(crate) fn in_autumn(&self, paper: &Paper, year: u16) -> bool {
        self.dictionary.held_in_autumn(paper.wanted.procedure.kind, year)
    }
}

fn groups(data: &Table) -> BTreeMap<String, Chosen> {
    let entries = data.get("group").and_then(Value::as_table).into_iter().flatten();
    let numbered = entries.zip(0_u8..).filter_map(|((name, fields), group)| {
        let count = u8::try_from(fields.get("count")?.as_integer()?).ok()?;
        let chosen = match fields.get("by")?.as_str()? {
            "class" => Chosen::PerClass { group, count },
            _ => Chosen::PerPupil { group, count },
        };
        Some((name.clone(), chosen))
    });
    numbered.collect()
}

fn wanted(entry: &Value, groups: &BTreeMap<String, Chosen>, dictionary: &Dictionary) -> Option<Wanted> {
    let word = |name: &str| entry.get(name).and_then(Value::as_str);
    let number = |name: &str| {
        entry.get(name).and_then(|value| value.as_float().or(value.as_integer().map(|whole| whole as f64)))
    };
    let list = |name: &str| -> Option<Vec<u16>> {
        let values = entry.get(name)?.as_array()?.iter();
        values.map(|value| u16::try_from(value.as_integer()?).ok()).collect()
    };
    let procedure = Procedure {
        kind: dictionary.kind(word("kind")?)?,
        subject: dictionary.subject(word("subject")?)?,
        grade: number("grade")? as u8,
        level: match word("level") {
            Some(level) => dictionary.level(level)?,
            None => LevelCode::default(),
        },
    };
    let judgement = match (list("marks"), number("minimum")) {
        (Some(marks), None) => Judgement::Marks(marks.try_into().ok()?),
        (None, Some(minimum)) => Judgement::Minimum(minimum as u16),
        _ => return None,
    };
    Some(Wanted {
        procedure,
        points: list("points")?.into_iter().map(u8::try_from).collect::<Result<_, _>>().ok()?,
        judgement,
        primary_minimum: number("primary_minimum").unwrap_or_default() as u16,
        failed: number("failed_percent")? as f32 / 100.0,
        ability: number("ability").unwrap_or_default() as f32,
        chosen: match word("group") {
            Some(group) => *groups.get(group)?,
            None => Chosen::Never,
        },
        weight: number("weight").unwrap_or(1.0) as f32,
        lean: number("lean").unwrap_or_default() as f32,
        monitoring: word("kind") == Some("vpr"),
    })
}

#[cfg(test)]
mod tests {
    use super::{DATA, Papers};

    #[test]
    fn every_paper_of_the_data_is_read() {
        let papers = Papers::built_in();
        assert_eq!(papers.papers.len(), DATA.matches("[[paper]]").count());
        assert!(papers.papers.is_sorted_by_key(|paper| paper.wanted.procedure));
        for paper in &papers.papers {
            assert!(
                paper.bounds().is_sorted() && paper.bounds().iter().all(|bound| *bound <= paper.score_max)
            );
        }
    }
}
