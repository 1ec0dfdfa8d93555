//! Does the command line lead from files of results to verdicts, the same every time, and refuse what is wrong?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use opora_cells::{KindCode, LevelCode, OrganisationId, Outcome, Procedure, Row, SubjectCode};
use serde_json::Value;
use tempfile::TempDir;

struct Run {
    code: i32,
    out: String,
    err: String,
}

struct Bench {
    folder: TempDir,
}

impl Bench {
    /// An empty installation beside an invented region, if one is wanted.
    fn new(schools: Option<&str>) -> Self {
        let bench = Self { folder: tempfile::tempdir().expect("a folder") };
        if let Some(schools) = schools {
            bench.good(&["simulate", &bench.path("country"), "--schools", schools]);
        }
        bench
    }

    /// An installation with the registry and the results of an invented region.
    fn loaded() -> Self {
        let bench = Self::new(Some("24"));
        bench.good(&["org", "import", &bench.path("country/registry.csv")]);
        let rows = bench.files("country/rows");
        let passports = bench.files("country").into_iter().filter(|name| name.contains("social-passport"));
        let files: Vec<String> = rows.into_iter().chain(passports).collect();
        let words: Vec<&str> =
            ["results", "add"].into_iter().chain(files.iter().map(String::as_str)).collect();
        bench.good(&words);
        bench
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        std::fs::write(self.folder.path().join(name), bytes).expect("a file");
        self.path(name)
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join(folder)).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file());
        let mut names: Vec<String> = paths.map(|path| path.display().to_string()).collect();
        names.sort();
        names
    }

    fn run(&self, words: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_opora"))
            .args(words)
            .env("OPORA_DATA", self.folder.path().join("data"))
            .env_remove("OPORA_DATABASE")
            .output()
            .expect("the program runs");
        Run {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    #[track_caller]
    fn good(&self, words: &[&str]) -> String {
        let run = self.run(words);
        assert_eq!(run.code, 0, "{words:?}: {} {}", run.out, run.err);
        run.out
    }

    /// Refused with exit code 2, with these words, and with nothing changed.
    #[track_caller]
    fn refused(&self, words: &[&str], message: &str) {
        let before = self.run(&["results", "list", "--format", "json"]).out;
        let run = self.run(words);
        let said = format!("{}{}", run.out, run.err);
        assert_eq!(run.code, 2, "{words:?}: {said}");
        assert!(said.contains(message), "{words:?}: {said}");
        assert_eq!(self.run(&["results", "list", "--format", "json"]).out, before, "nothing changed");
    }

    fn identify(&self, pack: &str) -> Value {
        let text = self.good(&["identify", "--pack", pack, "--year", "2026", "--format", "json"]);
        serde_json::from_str(&text).expect("JSON")
    }
}

const REGISTRY: &str = "Регион;Муниципалитет;Логин ВПР;Наименование;Вид\n\
    Заречная область;Тихоборск;edu100001;Школа № 1;СОШ\n\
    Заречная область;Тихоборск;edu100002;Школа № 2;СОШ\n\
    Заречная область;Тихоборск;edu100010;Школа № 10;СОШ\n";

/// «2», then everyone else, for a school, subject and year.
fn statistics(rows: &[(&str, &str, u16, u32, u32)]) -> String {
    let mut text = String::from("Логин ВПР;Вид процедуры;Предмет;Класс;Год;Количество участников;2;3;4;5\n");
    for (login, subject, year, all, twos) in rows {
        let rest = all - twos;
        text.push_str(&format!("{login};ВПР;{subject};5;{year};{all};{twos};{rest};0;0\n"));
    }
    text
}

#[test]
fn the_thirty_per_cent_rule_is_counted_in_whole_numbers() {
    let bench = Bench::new(None);
    bench.good(&["org", "import", &bench.file("registry.csv", REGISTRY)]);
    let table = statistics(&[
        // Two low procedures of the year, and both low the year before: 3 of 10 is low.
        ("edu100001", "Русский язык", 2026, 10, 3),
        ("edu100001", "Математика", 2026, 10, 3),
        ("edu100001", "Русский язык", 2025, 10, 3),
        ("edu100001", "Математика", 2025, 9, 3),
        // 2 of 7 is not.
        ("edu100002", "Русский язык", 2026, 7, 2),
        ("edu100002", "Математика", 2026, 10, 3),
        ("edu100002", "Русский язык", 2025, 7, 2),
        ("edu100002", "Математика", 2025, 10, 3),
    ]);
    bench.good(&["results", "add", &bench.file("statistics.csv", table)]);
    let answer = bench.identify("omsk-2025");
    let schools = answer["schools"].as_array().expect("schools");
    let listed: BTreeMap<&str, (&Value, &Value)> = schools
        .iter()
        .map(|s| (s["name"].as_str().unwrap_or_default(), (&s["criteria"]["A"], &s["criteria"]["B"])))
        .collect();
    assert_eq!(listed["Школа № 1"], (&Value::from("yes"), &Value::from("yes")));
    assert_eq!(listed["Школа № 2"], (&Value::from("no"), &Value::from("yes")));
    let told = bench.good(&["explain", "edu100001", "--pack", "omsk-2025", "--year", "2026"]);
    assert!(told.contains("не справились 3 из 10 – 30,0 %"), "{told}");
    assert!(told.contains("Файл «statistics.csv», строка 2"), "{told}");
}

#[test]
fn a_year_without_results_is_no_verdict() {
    let bench = Bench::new(None);
    bench.good(&["org", "import", &bench.file("registry.csv", REGISTRY)]);
    let past =
        statistics(&[("edu100001", "Русский язык", 2025, 10, 1), ("edu100001", "Математика", 2025, 10, 4)]);
    bench.good(&["results", "add", &bench.file("past.csv", past)]);
    let answer = bench.identify("omsk-2025");
    let named = |school: &&Value| school["name"] == "Школа № 1";
    let school =
        answer["schools"].as_array().and_then(|schools| schools.iter().find(named)).expect("a school");
    assert_eq!(school["identified"], Value::Null, "{school}");
}

#[test]
fn a_pupil_is_not_kept_anywhere() {
    let bench = Bench::new(None);
    bench.good(&["org", "import", &bench.file("registry.csv", REGISTRY)]);
    let table = "Логин ВПР;ФИО;Код участника;Вид процедуры;Предмет;Класс;Год;Отметка\n\
                 edu100001;Выдумкин Пётр;50017;ВПР;Математика;5;2026;4\n";
    let told = bench.good(&["results", "add", &bench.file("protocol.csv", table)]);
    assert!(told.contains("Личные данные отброшены") && told.contains("ФИО"), "{told}");
    let mut open = vec![bench.folder.path().join("data")];
    let mut looked_at = 0;
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()),
            );
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        looked_at += 1;
        for name in ["Выдумкин", "50017"] {
            let found = bytes.windows(name.len()).any(|window| window == name.as_bytes());
            assert!(!found, "{name} in {}", path.display());
        }
    }
    assert!(looked_at >= 3, "the database, rows and cells were looked at");
}

#[test]
fn the_same_data_and_methodology_give_the_same_bytes() {
    let (once, again) = (Bench::loaded(), Bench::loaded());
    for pack in ["omsk-2025", "order-847", "novosibirsk-lists", "tennessee-like", "adverse-conditions"] {
        let (first, second) = (once.identify(pack), again.identify(pack));
        assert_eq!(first, second, "{pack}");
        assert!(first["schools"].as_array().is_some_and(|schools| schools.len() > 15), "{pack}");
    }
}

#[test]
fn lists_stand_by_the_alphabet_in_every_form() {
    let bench = Bench::loaded();
    let answer = bench.identify("omsk-2025");
    let places: Vec<(String, String)> = answer["schools"]
        .as_array()
        .expect("schools")
        .iter()
        .map(|school| (school["municipality"].to_string(), school["name"].to_string()))
        .collect();
    let municipalities: BTreeSet<&String> = places.iter().map(|(municipality, _)| municipality).collect();
    let runs = places.chunk_by(|a, b| a.0 == b.0).count();
    assert_eq!(runs, municipalities.len(), "each municipality stands once");
    let csv = bench.good(&["identify", "--pack", "omsk-2025", "--year", "2026", "--format", "csv"]);
    let names: Vec<String> =
        csv.lines().skip(1).filter_map(|line| line.split(';').nth(2)).map(str::to_owned).collect();
    let expected: Vec<String> = places.iter().map(|(_, name)| name.trim_matches('"').to_owned()).collect();
    assert_eq!(names, expected);
}

#[test]
fn a_frozen_run_is_recorded_once_and_compared() {
    let bench = Bench::loaded();
    let freeze = |year: &str| bench.run(&["identify", "--pack", "omsk-2025", "--year", year, "--freeze"]).err;
    assert!(freeze("2026").contains("№ 1"));
    assert!(freeze("2026").contains("№ 1"), "the same run again is the same run");
    assert!(freeze("2025").contains("№ 2"));
    let told = bench.good(&["compare", "1", "2", "--format", "json"]);
    let answer: Value = serde_json::from_str(&told).expect("JSON");
    let changes = answer["changes"].as_array().expect("changes").len();
    let same = answer["same"].as_u64().expect("a number");
    assert!(changes > 0 && same > 0, "{told}");
    assert_eq!(bench.run(&["compare", "1", "99"]).code, 2);
}

#[test]
fn a_file_counts_once_and_can_be_taken_out_and_replaced() {
    let bench = Bench::new(None);
    bench.good(&["org", "import", &bench.file("registry.csv", REGISTRY)]);
    let first = bench.file("first.csv", statistics(&[("edu100001", "Русский язык", 2026, 10, 3)]));
    bench.good(&["results", "add", &first]);
    assert!(bench.good(&["results", "add", &first]).contains("уже загружен"));
    let mended = bench.file("mended.csv", statistics(&[("edu100001", "Русский язык", 2026, 10, 2)]));
    bench.refused(&["results", "add", &mended], "RESULTS_KNOWN");
    assert!(bench.good(&["results", "add", "--replace", &mended]).contains("first.csv"));
    assert_eq!(bench.good(&["results", "list"]).lines().count(), 1);
    assert_eq!(bench.run(&["results", "remove", "2", "--reason", " "]).code, 2);
    bench.good(&["results", "remove", "2", "--reason", "не тот год"]);
    assert!(bench.good(&["results", "list"]).contains("пока нет"));
    assert!(bench.good(&["audit", "verify"]).contains('4'), "every change is in the journal");
}

/// A school that was there no more is not asked for its results.
#[test]
fn a_closed_school_is_told_with_its_day() {
    let bench = Bench::new(None);
    let registry = "Регион;Муниципалитет;Логин ВПР;Наименование;Дата закрытия;Присоединена к\n\
                    Заречная область;Тихоборск;edu100001;Школа № 1;;\n\
                    Заречная область;Тихоборск;edu100002;Школа № 2;01.09.2024;\n\
                    Заречная область;Тихоборск;edu100003;Школа № 3;01.09.2024;edu100001\n\
                    Заречная область;Тихоборск;edu100004;Школа № 4;;\n";
    bench.good(&["org", "import", &bench.file("registry.csv", registry)]);
    let why = |login: &str| ["explain", login, "--pack", "omsk-2025", "--year", "2026"].map(str::to_owned);
    for (login, words) in
        [("edu100002", "закрыта 01.09.2024"), ("edu100003", "присоединена 01.09.2024 к школе «Школа № 1»")]
    {
        let words_of = why(login);
        bench.refused(&words_of.each_ref().map(String::as_str), words);
    }
}

/// A school of two buildings has a login for each: what one file tells under both adds up.
#[test]
fn several_logins_of_one_school_add_up_within_a_file() {
    let bench = Bench::new(None);
    let registry = REGISTRY.replace("edu100001", "\"edu100001, edu100021\"");
    bench.good(&["org", "import", &bench.file("registry.csv", registry)]);
    let first = ("edu100001", "Математика", 2026, 10, 2);
    let second = ("edu100021", "Математика", 2026, 20, 7);
    bench.good(&["results", "add", &bench.file("both.csv", statistics(&[first, second]))]);
    assert!(bench.good(&["results", "list"]).contains("сводных результатов: 1"), "it is one result");
    let told = bench.good(&["explain", "edu100021", "--pack", "omsk-2025", "--year", "2026"]);
    assert!(told.contains("не справились 9 из 30") && told.contains("строки 2–3"), "{told}");
    let twice = bench.file("twice.csv", statistics(&[first, second, second]));
    bench.refused(&["results", "add", "--replace", &twice], "DUPLICATE_RESULT");
    // From two files they are not added up: nobody could tell them from a corrected one.
    let apart = bench.file("apart.csv", statistics(&[second]));
    bench.refused(&["results", "add", &apart], "в одну книгу");
}

#[test]
fn the_order_of_loading_changes_nothing() {
    let tables = [
        ("a.csv", statistics(&[("edu100001", "Русский язык", 2026, 10, 3)])),
        ("b.csv", statistics(&[("edu100001", "Математика", 2026, 12, 5)])),
        (
            "c.csv",
            statistics(&[("edu100002", "Математика", 2026, 20, 1), ("edu100001", "Математика", 2025, 9, 4)]),
        ),
    ];
    let run = |order: [usize; 3]| {
        let bench = Bench::new(None);
        bench.good(&["org", "import", &bench.file("registry.csv", REGISTRY)]);
        for at in order {
            let (name, table) = &tables[at];
            bench.good(&["results", "add", &bench.file(name, table)]);
        }
        bench.identify("omsk-2025")
    };
    let first = run([0, 1, 2]);
    assert_eq!(first["data_sha256"].as_str().map(str::len), Some(64));
    for order in [[2, 1, 0], [1, 2, 0]] {
        assert_eq!(run(order), first, "{order:?}");
    }
}

#[test]
fn what_was_taken_out_is_swept_from_the_store() {
    let bench = Bench::new(None);
    bench.good(&["org", "import", &bench.file("registry.csv", REGISTRY)]);
    bench.good(&[
        "results",
        "add",
        &bench.file("a.csv", statistics(&[("edu100001", "Математика", 2026, 10, 3)])),
    ]);
    bench.good(&[
        "results",
        "add",
        &bench.file("b.csv", statistics(&[("edu100002", "Математика", 2026, 10, 3)])),
    ]);
    let objects = || bench.files("data/results/cells").len();
    assert_eq!(objects(), 2);
    bench.good(&["results", "remove", "1", "--reason", "не тот год"]);
    assert!(bench.good(&["results", "sweep"]).contains("Лишнего"), "what is young may be on its way in");
    assert_eq!(objects(), 2);
    assert!(bench.good(&["results", "sweep", "--older-than-hours", "0"]).contains("Удалено из хранилища: 1"));
    assert_eq!(objects(), 1);
    let schools = bench.identify("omsk-2025")["schools"].to_string();
    assert!(schools.contains("Школа № 2"), "what counts is still there: {schools}");
}

#[test]
fn a_trace_names_the_sheet_of_a_workbook() {
    let bench = Bench::new(None);
    bench.good(&["org", "import", &bench.file("registry.csv", REGISTRY)]);
    let cells = |words: &str| words.split(';').map(str::to_owned).collect::<Vec<_>>();
    let heads = cells("Логин ВПР;Вид процедуры;Предмет;Класс;Год;Количество участников;2;3;4;5");
    let rows = [
        cells("edu100001;ВПР;Математика;5;2026;10;4;6;0;0"),
        cells("edu100001;ВПР;Русский язык;5;2026;10;4;6;0;0"),
    ];
    let book = opora_documents::writers::list_xlsx("Сводка района", &heads, &rows).expect("a workbook");
    bench.good(&["results", "add", &bench.file("сводка.xlsx", book)]);
    let told = bench.good(&["explain", "edu100001", "--pack", "omsk-2025", "--year", "2026"]);
    assert!(told.contains("Файл «сводка.xlsx», лист «"), "{told}");
}

#[test]
fn coded_rows_of_an_impossible_procedure_are_refused_with_their_place() {
    let bench = Bench::new(None);
    bench.good(&["org", "import", &bench.file("registry.csv", REGISTRY)]);
    let row = |procedure: Procedure, file_row| Row {
        organisation: OrganisationId(1),
        procedure,
        year: 2026,
        class: 1,
        outcome: Outcome::Four,
        journal: None,
        score: None,
        file_row,
    };
    let known = Procedure { kind: KindCode(1), subject: SubjectCode(2), grade: 5, level: LevelCode(0) };
    let cases = [
        (Procedure { kind: KindCode(99), ..known }, "вид 99"),
        (Procedure { subject: SubjectCode(200), ..known }, "предмет 200"),
        (Procedure { grade: 12, ..known }, "класс 12"),
        (Procedure { level: LevelCode(7), ..known }, "уровень 7"),
    ];
    let table = |name: &str, rows: &[Row]| {
        let file = std::fs::File::create(bench.folder.path().join(name)).expect("a file");
        let mut writer = opora_results::RowWriter::new(file).expect("a writer");
        writer.write(rows).expect("rows");
        writer.finish().expect("an end");
        bench.path(name)
    };
    for (at, (procedure, words)) in cases.into_iter().enumerate() {
        let path = table(&format!("{at}.parquet"), &[row(known, 1), row(procedure, 2)]);
        bench.refused(&["results", "add", &path], words);
        bench.refused(&["results", "add", &path], "строка 2");
    }
    bench.good(&["results", "add", &table("good.parquet", &[row(known, 1)])]);
}

#[test]
fn wrong_files_are_refused_whole_with_their_place() {
    let bench = Bench::new(None);
    bench.good(&["org", "import", &bench.file("registry.csv", REGISTRY)]);
    let head = "Логин ВПР;Вид процедуры;Предмет;Класс;Год;Отметка\n";
    let good = "edu100001;ВПР;Математика;5;2026;4\n";
    let cases = [
        ("mark.csv", format!("{head}{good}edu100001;ВПР;Математика;5;2026;6\n"), "строка файла 3"),
        ("year.csv", format!("{head}{good}edu100001;ВПР;Математика;5;20225;4\n"), "20225"),
        ("school.csv", format!("{head}{good}edu100003;ВПР;Математика;5;2026;4\n"), "edu100003"),
        ("grade.csv", format!("{head}{good}edu100001;ВПР;Математика;12;2026;4\n"), "12"),
        ("negative.csv", statistics(&[]) + "edu100001;ВПР;Математика;5;2026;-10;1;1;1;1\n", "-10"),
        ("empty.csv", String::new(), "empty.csv"),
    ];
    for (name, text, place) in cases {
        bench.refused(&["results", "add", &bench.file(name, text)], place);
    }
    let cut = bench.file("cut.csv", format!("{head}{good}edu100002;ВПР;Матем"));
    bench.refused(&["results", "add", &cut], "RECORD_CUT");
    let cut = bench.file("cut.parquet", b"PAR1\x15\x04");
    bench.refused(&["results", "add", &cut], "cut.parquet: не загружен");
    bench.refused(&["results", "add", "--format", "json", &cut], "FILE_UNREADABLE");
    bench.refused(&["results", "add", &bench.path("nowhere.csv")], "не найден");
    let mapping = bench.file("mapping.toml", "[columns]\n\"Логин\" = \"логин\"\n");
    let table = bench.file("good.csv", format!("{head}{good}"));
    bench.refused(&["results", "add", "--mapping", &mapping, &table], "mapping.toml");
    bench.good(&["results", "add", &table]);
}

#[test]
fn a_registry_that_contradicts_itself_is_refused() {
    let bench = Bench::new(None);
    let twice = format!("{REGISTRY}Заречная область;Тихоборск;edu100001;Школа № 11;СОШ\n");
    let run = bench.run(&["org", "import", &bench.file("registry.csv", twice)]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.out.contains("edu100001"), "{}", run.out);
    assert!(bench.good(&["org", "list"]).contains("Школ пока нет"));
}

#[test]
fn what_is_asked_wrongly_is_told_what_is_known() {
    let bench = Bench::new(None);
    bench.refused(&["packs", "--folder", &bench.path("nowhere")], "nowhere");
    bench.refused(
        &["identify", "--packs", &bench.path("nowhere"), "--pack", "omsk-2025", "--year", "2026"],
        "nowhere",
    );
    bench.refused(&["identify", "--pack", "nothing", "--year", "2026"], "omsk-2025");
    bench.refused(&["identify", "--pack", "omsk-2025", "--year", "2026", "--scope", "region:Нигде"], "Нигде");
    bench.refused(&["identify", "--pack", "omsk-2025", "--year", "2026", "--what-if", "x=1"], "low_share");
    bench.refused(&["identify", "--pack", "omsk-2025", "--year", "2026", "--what-if", "link=5"], "всего 2");
    bench.refused(&["identify", "--pack", "omsk-2025", "--year", "20225"], "от 1990 до 2100");
    bench.refused(&["explain", "Школа № 99", "--pack", "omsk-2025", "--year", "2026"], "нет в реестре");
    assert!(Path::new(&bench.path("data")).exists());
}
