//! Which methodologies, scales and words does this installation know?
//!
//! They are data: the folder `packs/` is built into the program, and a folder `packs` beside the data may add to it or
//! replace a file. A folder with a `pack.toml` is a methodology.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use opora_cells::{Dictionary, Scale, Scales};
use opora_exchange::sha256_hex;
use opora_inference::context::Settings;
use opora_inference::markers::MarkerPack;
use opora_inference::uncertainty::Bounds;
use opora_methodology::{FileError, Pack, PackFiles};
use opora_roadmap::Library;
use rust_embed::RustEmbed;

use super::insight::markers::asked;
use super::system::system_words;
use crate::usecases::diagnosis::Papers;
use crate::usecases::support::Rulebook;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../packs"]
struct BuiltIn;

/// Where a methodology begins.
const PACK: &str = "pack.toml";
const EXAMPLES: &str = "examples.toml";
/// Stands in a text for bytes that are none.
const GARBLED: char = '\u{FFFD}';
const UNCERTAINTY: &str = "markers/uncertainty.toml";
const CONTEXT: &str = "markers/context.toml";
const DISCLOSURE: &str = "disclosure/disclosure.toml";
const MARKERS: &str = "markers/markers.toml";

/// Everything that was read of the packs.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// What the codes mean.
    pub dictionary: Dictionary,
    /// All scales.
    pub scales: Scales,
    /// Bounds and words of uncertainty.
    pub bounds: Bounds,
    /// Bounds of the comparison with expectations.
    pub context: Settings,
    /// Bounds, weights and words of possible markers.
    pub markers: MarkerPack,
    /// The fewest pupils a result is shown of.
    pub pupils_min: u32,
    /// Questionnaires and risk factors.
    pub papers: Papers,
    /// Obligations of those who look after schools, and the protocol of visits.
    pub rulebook: Rulebook,
    /// Measures that others have taken before.
    pub measures: Arc<Library>,
    /// Methodologies by id.
    pub packs: BTreeMap<String, KnownPack>,
    /// Methodologies that can't be used, with all their errors.
    pub refused: Vec<RefusedPack>,
}

/// A methodology and the hash of its files.
#[derive(Clone, Debug)]
pub struct KnownPack {
    /// The methodology.
    pub pack: Arc<Pack>,
    /// SHA-256 over its files, the dictionary and the scales; also over the markers where it asks of them.
    pub sha256: String,
}

/// A methodology that can't be used.
#[derive(Clone, Debug)]
pub struct RefusedPack {
    /// Name of its folder.
    pub id: String,
    /// What is wrong with it.
    pub errors: Vec<FileError>,
}

/// Why nothing can be judged: the dictionary or a scale can't be read. Russian, with places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogError(pub String);

/// Text files by path, such as `omsk-2025/pack.toml`.
type Files = BTreeMap<String, String>;

impl Catalog {
    /// Reads what is built in, and over it what lies in a folder.
    pub fn read(folder: Option<&Path>) -> Result<Self, CatalogError> {
        let mut files = built_in();
        if let Some(folder) = folder.filter(|folder| folder.is_dir()) {
            add_folder(&mut files, folder, "")?;
        }
        Self::of(&files)
    }

    fn of(files: &Files) -> Result<Self, CatalogError> {
        garbled_shared(files)?;
        let dictionary = files.get("dictionary/dictionary.toml").map_or("", String::as_str);
        let dictionary =
            Dictionary::read(dictionary).map_err(|errors| told("dictionary/dictionary.toml", &errors))?;
        let mut scales: Vec<Scale> = Vec::new();
        for (path, text) in files.iter().filter(|(path, _)| path.starts_with("scales/")) {
            let read = Scales::read(text, &dictionary).map_err(|errors| told(path, &errors))?;
            scales.extend(read.all().iter().cloned());
        }
        let text = |path: &str| files.get(path).map_or("", String::as_str);
        let bounds = Bounds::read(UNCERTAINTY, text(UNCERTAINTY)).map_err(|errors| refused(&errors))?;
        let context = Settings::read(CONTEXT, text(CONTEXT)).map_err(|errors| refused(&errors))?;
        let markers =
            MarkerPack::read(MARKERS, text(MARKERS), &dictionary).map_err(|errors| refused(&errors))?;
        let mut catalog = Self {
            dictionary,
            scales: Scales::new(scales),
            bounds,
            context,
            markers,
            pupils_min: pupils_min(text(DISCLOSURE))?,
            papers: Papers::read(files).map_err(|error| CatalogError(error.0))?,
            rulebook: Rulebook::read(files).map_err(CatalogError)?,
            measures: Arc::new(measures(files)?),
            packs: BTreeMap::new(),
            refused: Vec::new(),
        };
        for id in files.keys().filter_map(|path| path.strip_suffix(PACK)?.strip_suffix('/')) {
            catalog.add(id, files);
        }
        catalog.refused.extend(without_pack(files));
        Ok(catalog)
    }

    fn add(&mut self, id: &str, files: &Files) {
        let own: Vec<(&str, &str)> = files
            .iter()
            .filter_map(|(path, text)| Some((path.strip_prefix(id)?.strip_prefix('/')?, text.as_str())))
            .collect();
        let pack = own.iter().find(|(name, _)| *name == PACK).map_or("", |(_, text)| text);
        let examples: Vec<(&str, &str)> = own.iter().copied().filter(|(name, _)| *name != PACK).collect();
        let read = PackFiles { folder: id, pack, examples: &examples };
        let garbled: Vec<FileError> =
            own.iter().filter(|(_, text)| text.contains(GARBLED)).map(|(name, _)| not_text(name)).collect();
        let read =
            if garbled.is_empty() { Pack::read(&read, &self.dictionary, &self.scales) } else { Err(garbled) };
        match read {
            Ok(pack) => {
                let markers = asked(&pack);
                let shared = files.iter().filter(|(path, _)| {
                    path.starts_with("dictionary/")
                        || path.starts_with("scales/")
                        || markers && path.as_str() == MARKERS
                });
                let shared = shared.map(|(path, text)| (path.as_str(), text.as_str()));
                let sha256 = fingerprint(own.iter().copied().chain(shared));
                self.packs.insert(id.to_owned(), KnownPack { pack: Arc::new(pack), sha256 });
            }
            Err(errors) => self.refused.push(RefusedPack { id: id.to_owned(), errors }),
        }
    }
}

/// Folders that look like methodologies and have no `pack.toml`, and one that lies where folders should.
fn without_pack(files: &Files) -> Vec<RefusedPack> {
    let refused = |id: &str, what: &str, mend: &str| RefusedPack {
        id: id.to_owned(),
        errors: vec![whole_file(PACK, what, mend)],
    };
    let lost = files.keys().filter_map(|path| path.strip_suffix(EXAMPLES)?.strip_suffix('/'));
    let lost = lost
        .filter(|id| !files.contains_key(&format!("{id}/{PACK}")))
        .map(|id| refused(id, "Примеры есть, а самой методики нет.", "Положите в эту папку файл pack.toml."));
    let loose = files.contains_key(PACK).then(|| {
        let mend =
            "У каждой методики своя папка: назовите папку выше или положите файл в папку с именем методики.";
        refused("pack.toml", "Файл лежит прямо в папке методик.", mend)
    });
    lost.chain(loose).collect()
}

/// Files of all methodologies, such as scales, that are no text. Those of one methodology are refused with it alone.
fn garbled_shared(files: &Files) -> Result<(), CatalogError> {
    let of_pack = |path: &str| {
        path.split_once('/').is_some_and(|(folder, _)| files.contains_key(&format!("{folder}/{PACK}")))
    };
    let garbled = files.iter().filter(|(path, text)| text.contains(GARBLED) && !of_pack(path));
    let errors: Vec<FileError> = garbled.map(|(path, _)| not_text(path)).collect();
    if errors.is_empty() { Ok(()) } else { Err(refused(&errors)) }
}

fn not_text(name: &str) -> FileError {
    whole_file(name, "Файл не в кодировке UTF-8.", "Сохраните его как текст UTF-8.")
}

fn whole_file(name: &str, what: &str, mend: &str) -> FileError {
    FileError {
        file: name.to_owned(),
        line: None,
        place: "файл".to_owned(),
        what: what.to_owned(),
        mend: mend.to_owned(),
    }
}

/// The only number of the disclosure file. Zero or one would show every pupil.
fn pupils_min(text: &str) -> Result<u32, CatalogError> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let settings: Vec<(&str, &str)> = lines
        .map(|line| line.split_once('=').map_or((line, ""), |(name, value)| (name.trim(), value.trim())))
        .collect();
    let number = match settings.as_slice() {
        [("pupils_min", value)] => value.parse::<u32>().ok().filter(|number| (2..=100).contains(number)),
        _ => None,
    };
    number.ok_or_else(|| {
        CatalogError(format!(
            "packs/{DISCLOSURE}: здесь одна настройка, pupils_min – целое число от 2 до 100: результаты меньшего числа \
             учеников не показываются. Исправьте файл."
        ))
    })
}

/// A hash over named texts, in the given order.
/// Reads `measures/*.toml`.
fn measures(files: &Files) -> Result<Library, CatalogError> {
    let own: Vec<(&str, &str)> = files
        .iter()
        .filter(|(path, _)| path.starts_with("measures/"))
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let (library, errors) = Library::read(&own, None);
    if errors.is_empty() { Ok(library) } else { Err(refused(&errors)) }
}

fn fingerprint<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let lines: Vec<String> =
        files.map(|(name, text)| format!("{name} {}", sha256_hex(text.as_bytes()))).collect();
    sha256_hex(lines.join("\n").as_bytes())
}

fn built_in() -> Files {
    BuiltIn::iter()
        .filter_map(|path| {
            let file = BuiltIn::get(&path)?;
            Some((path.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
        })
        .collect()
}

fn add_folder(files: &mut Files, folder: &Path, prefix: &str) -> Result<(), CatalogError> {
    let unreadable = |path: &Path, error: &std::io::Error| {
        CatalogError(format!("{} не читается: {}.", path.display(), system_words(error)))
    };
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            add_folder(files, &path, &format!("{name}/"))?;
        } else if name.ends_with(".toml") {
            let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            // What is no text is told where the file is asked for.
            let text = String::from_utf8_lossy(&bytes).into_owned();
            files.insert(name, text);
        }
    }
    Ok(())
}

fn refused(errors: &[FileError]) -> CatalogError {
    let lines: Vec<String> = errors.iter().map(|error| format!("packs/{error}")).collect();
    CatalogError(lines.join("\n"))
}

fn told(path: &str, errors: &[opora_cells::DictionaryError]) -> CatalogError {
    let lines: Vec<String> =
        errors.iter().map(|error| format!("packs/{path}, {}: {}", error.place, error.message)).collect();
    CatalogError(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_built_in_can_be_used() {
        let catalog = Catalog::read(None).expect("a catalog");
        let refused: Vec<&str> = catalog.refused.iter().map(|pack| pack.id.as_str()).collect();
        assert_eq!(refused, Vec::<&str>::new());
        assert!(catalog.packs.contains_key("omsk-2025"));
    }

    /// Every slip of a folder is told with its file, and no slip of one methodology takes the others away.
    #[test]
    fn what_a_folder_holds_is_never_passed_over() {
        #[track_caller]
        fn check(path: &str, bytes: &[u8], expected: Result<&str, &str>) {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            std::fs::write(file, bytes).expect("a file");
            let told = match Catalog::read(Some(folder.path())) {
                Ok(catalog) => {
                    assert!(catalog.packs.contains_key("order-847"), "{path}: the others stay");
                    let refused = catalog.refused.iter();
                    Ok(refused
                        .map(|pack| format!("{}: {}", pack.id, pack.errors[0]))
                        .collect::<Vec<_>>()
                        .join("; "))
                }
                Err(error) => Err(error.0),
            };
            assert_eq!(told.as_deref().map_err(String::as_str), expected, "{path}");
        }
        let encoding = "own: pack.toml, файл: Файл не в кодировке UTF-8. Сохраните его как текст UTF-8.";
        check("own/pack.toml", b"\xff\xfe", Ok(encoding));
        let alone =
            "own: pack.toml, файл: Примеры есть, а самой методики нет. Положите в эту папку файл pack.toml.";
        check("own/examples.toml", b"", Ok(alone));
        let loose = "pack.toml: pack.toml, файл: Файл лежит прямо в папке методик. У каждой методики своя папка: \
                     назовите папку выше или положите файл в папку с именем методики.";
        check("pack.toml", b"", Ok(loose));
        let scale = "packs/scales/own.toml, файл: Файл не в кодировке UTF-8. Сохраните его как текст UTF-8.";
        check("scales/own.toml", b"\xcf\xf0", Err(scale));
        check("own/readme.txt", b"\xff", Ok(""));
    }

    #[test]
    fn a_folder_adds_methodologies_and_a_wrong_one_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("own")).expect("a folder");
        std::fs::write(folder.path().join("own/pack.toml"), "title = 1").expect("a file");
        let catalog = Catalog::read(Some(folder.path())).expect("a catalog");
        assert_eq!(catalog.refused.len(), 1);
        assert!(!catalog.refused[0].errors.is_empty());
        assert!(catalog.packs.contains_key("omsk-2025"), "the others stay");
    }
}
