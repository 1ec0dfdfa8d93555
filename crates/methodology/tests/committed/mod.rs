//! The committed packs, dictionary and scales, for tests.

#![allow(dead_code, reason = "each test takes what it needs")]

use opora_cells::{Dictionary, Scales};
use opora_methodology::{Pack, PackFiles};

macro_rules! packs {
    ($($id:literal),+ $(,)?) => {
        pub const IDS: &[&str] = &[$($id),+];

        /// `pack.toml` and `examples.toml` of a pack.
        pub fn texts(id: &str) -> (&'static str, &'static str) {
            match id {
                $($id => (
                    include_str!(concat!("../../../../packs/", $id, "/pack.toml")),
                    include_str!(concat!("../../../../packs/", $id, "/examples.toml")),
                ),)+
                _ => panic!("no pack {id}"),
            }
        }
    };
}

packs!(
    "adverse-conditions",
    "neftekumsk-2020",
    "novosibirsk-lists",
    "omsk-2025",
    "order-847",
    "tennessee-like",
    "tiers-three-years",
);

/// Read once: random worlds ask for it for every cell.
pub fn dictionary() -> &'static Dictionary {
    static DICTIONARY: std::sync::OnceLock<Dictionary> = std::sync::OnceLock::new();
    DICTIONARY.get_or_init(|| {
        Dictionary::read(include_str!("../../../../packs/dictionary/dictionary.toml"))
            .expect("the dictionary reads")
    })
}

pub fn scales() -> Scales {
    Scales::read(include_str!("../../../../packs/scales/gia-2026.toml"), dictionary())
        .expect("the scales read")
}

pub fn pack(id: &str) -> Pack {
    let (pack, examples) = texts(id);
    let files = PackFiles { folder: id, pack, examples: &[("examples.toml", examples)] };
    Pack::read(&files, dictionary(), &scales()).unwrap_or_else(|errors| {
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{id}:\n{}", told.join("\n"))
    })
}
