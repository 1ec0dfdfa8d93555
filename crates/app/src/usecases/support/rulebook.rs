//! Which obligations hold here, and what is asked at a visit? Read from the packs.

use std::collections::BTreeMap;
use std::sync::Arc;

use opora_execution::FileError;
use opora_execution::obligations::{Obligations, Rule};
use opora_execution::visits::Protocol;

/// Obligations and the protocol of visits, as the packs have them.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// The acts with their rules.
    pub acts: Arc<Vec<Obligations>>,
    /// What is asked at a visit.
    pub protocol: Arc<Protocol>,
}

const FOLDER: &str = "obligations/";
const PROTOCOL: &str = "obligations/protocols/visit.toml";

impl Rulebook {
    /// Reads `obligations/*.toml` and `obligations/protocols/visit.toml`; all that is wrong is told together, in Russian.
    pub fn read(files: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut acts = Vec::new();
        let mut wrong: Vec<String> = Vec::new();
        for (path, text) in files.iter().filter(|(path, _)| path.starts_with(FOLDER)) {
            if path.matches('/').count() > 1 {
                continue;
            }
            match Obligations::read(path, text) {
                Ok(act) => acts.push(act),
                Err(errors) => wrong.extend(told(&errors)),
            }
        }
        let protocol = match files.get(PROTOCOL).map(|text| Protocol::read(PROTOCOL, text)) {
            Some(Ok(protocol)) => Some(protocol),
            Some(Err(errors)) => {
                wrong.extend(told(&errors));
                None
            }
            None => {
                wrong.push(format!("packs/{PROTOCOL}: файла нет. Верните протокол посещения."));
                None
            }
        };
        let mut ids: Vec<&str> =
            acts.iter().flat_map(|act| &act.rules).map(|rule| rule.id.as_str()).collect();
        ids.sort_unstable();
        let double = ids.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first());
        if let Some(id) = double {
            wrong.push(format!("packs/{FOLDER}: правило «{id}» есть в двух файлах. Назовите их по-разному."));
        }
        match protocol.filter(|_| wrong.is_empty()) {
            Some(protocol) => Ok(Self { acts: Arc::new(acts), protocol: Arc::new(protocol) }),
            None => Err(wrong.join("\n")),
        }
    }

    /// All rules, file by file.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.acts.iter().flat_map(|act| &act.rules)
    }

    /// The rule of an id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules().find(|rule| rule.id == id)
    }
}

fn told(errors: &[FileError]) -> Vec<String> {
    errors.iter().map(|error| format!("packs/{error}")).collect()
}
