//! Does the command line say what is wrong in plain Russian, and end with the right code?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const PLAN: &str = "ОТДЕЛ ОБРАЗОВАНИЯ ЛЕСНОГО РАЙОНА\nПРИКАЗ\n10.01.2025 № 5\nОб утверждении плана на 2025 год\nВ целях поддержки школ\n\
    ПРИКАЗЫВАЮ:\n1. Утвердить план.\n2. Контроль за исполнением приказа оставляю за собой.\nНачальник отдела А.А. Первая\n\n\
    План мероприятий на 2025 год\n\n№\tМероприятие\tСрок\tОтветственные\tРезультат\n\
    1.1\tСоздание рабочей группы\tдо 01.02.2025\tКим В.Г., методист\tПриказ\n\
    1.2\tСеминар для школьных команд\tмарт 2025 – январь 2025\tКим В.Г., методист\tСправка\n";

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn opora(arguments: &[&str]) -> Run {
    opora_with_input(arguments, "")
}

fn opora_with_input(arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_opora"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut stdin, input.as_bytes()));
    let output = child.wait_with_output().expect("the program ends");
    // The program may end before it has read everything.
    let _ = writer.join();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("a file");
        path.display().to_string()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[track_caller]
fn refused(run: &Run, expected: &str) {
    assert_eq!(run.code, 2, "{}{}", run.out, run.err);
    let said = format!("{}{}", run.out, run.err);
    assert!(said.contains(expected), "«{expected}» in {said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_deadline_is_explained() {
    let run = opora(&["schedule", "не реже 1 раза в 3-4 недели", "--format", "json"]);
    let part = &json(&run.out)["parts"][0];
    assert_eq!(run.code, 0);
    assert_eq!(part["kind"], "recurrence");
    assert_eq!(
        (&part["every"], &part["every_max"], &part["times"]["min"]),
        (&"P3W".into(), &"P4W".into(), &1.into())
    );
    let run = opora(&["schedule", "апрель-май", "--year", "2021", "--format", "json"]);
    let part = &json(&run.out)["parts"][0];
    assert_eq!((&part["start"], &part["end"]), (&"2021-04-01".into(), &"2021-05-31".into()));
    assert_eq!(part["inferred"], serde_json::json!(["year"]));
    let run = opora(&["schedule", "ежегодно (август)", "--format", "json"]);
    let part = &json(&run.out)["parts"][0];
    assert_eq!(
        (&part["kind"], &part["start"], &part["annual"]),
        (&"interval".into(), &"--08-01".into(), &true.into())
    );
}

#[test]
fn deadlines_stream_line_by_line() {
    let run = opora_with_input(&["schedule", "--stdin", "--format", "jsonl"], "до 01.04.2021\n\nчто-то\n");
    let lines: Vec<Value> = run.out.lines().map(json).collect();
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line["parts"][0]["kind"].as_str()).collect();
    assert_eq!(kinds, ["deadline", "missing", "unrecognised"]);
    assert_eq!(lines[2]["parts"][0]["text"], "что-то");
}

#[test]
fn an_order_becomes_json_that_fits_the_schema() {
    let folder = Folder::new();
    let run = opora(&["import", &folder.file("приказ.txt", PLAN), "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let order = json(&run.out);
    // Tests run in the folder of their package.
    let schema = Path::new("../../docs/schema/order.schema.json");
    let schema = json(&std::fs::read_to_string(schema).expect("the schema"));
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let errors: Vec<String> = validator.iter_errors(&order).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let activities = &order["plans"][0]["sections"][0]["activities"];
    assert_eq!(activities[0]["number"], "1.1");
    assert_eq!(activities[0]["responsible"][0]["kind"], "person");
    assert_eq!(order["act"]["number"], "5");
}

#[test]
fn text_in_cp1251_is_read() {
    let folder = Folder::new();
    let (bytes, _, lossy) = encoding_rs::WINDOWS_1251.encode(PLAN);
    assert!(!lossy);
    let run = opora(&["import", &folder.file("приказ.txt", bytes), "--format", "json"]);
    assert_eq!(json(&run.out)["plans"][0]["sections"][0]["activities"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_check_finds_and_says_where() {
    let folder = Folder::new();
    let plan = folder.file("приказ.txt", PLAN);
    let run = opora(&["check", &plan]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("D101") && run.out.contains("строка файла 15"), "{}", run.out);
    let report = json(&opora(&["check", &plan, "--format", "json"]).out);
    assert_eq!(report["coverage"].as_array().map(Vec::len), Some(9));
    let sarif = json(&opora(&["check", &plan, "--format", "sarif"]).out);
    assert_eq!(sarif["version"], "2.1.0");
    assert!(sarif["runs"][0]["results"].as_array().is_some_and(|results| !results.is_empty()));
    let left = opora(&["check", &plan, "--format", "json", "--suppress", "D101=так и задумано"]);
    assert!(!json(&left.out)["findings"].to_string().contains("D101"));
    refused(&opora(&["check", &plan, "--suppress", "D101"]), "не указана причина");
    refused(&opora(&["check", &plan, "--suppress", "Z999=x"]), "правила «Z999» нет");
}

#[test]
fn an_order_in_json_can_be_checked_again() {
    let folder = Folder::new();
    let order = opora(&["import", &folder.file("приказ.txt", PLAN), "--format", "json"]).out;
    let run = opora(&["check", &folder.file("приказ.json", order)]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("D101"), "{}", run.out);
    refused(&opora(&["check", &folder.file("чужой.json", "{\"a\": 1}")]), "чужой.json");
}

#[test]
fn a_saved_plan_is_checked_by_its_number_and_saved_once() {
    let folder = Folder::new();
    let (plan, data) = (folder.file("приказ.txt", PLAN), folder.path("данные").display().to_string());
    let first = opora(&["import", &plan, "--save", "--data", &data]);
    assert!(first.code == 0 && first.err.contains("сохранено, план № 1"), "{}", first.err);
    let second = opora(&["import", &plan, "--save", "--data", &data]);
    assert!(second.err.contains("уже сохранён раньше"), "{}", second.err);
    let run = opora(&["check", "1", "--data", &data]);
    assert!(run.code == 1 && run.out.contains("D101"), "{}{}", run.out, run.err);
    let audit = opora(&["audit", "verify", "--data", &data]);
    assert!(audit.code == 0 && audit.out.contains("Журнал цел"), "{}", audit.out);
    refused(&opora(&["check", "77", "--data", &data]), "77");
}

#[test]
fn every_rule_has_its_page() {
    let rules = json(&opora(&["rules", "--format", "json"]).out);
    let rules = rules.as_array().expect("a list");
    assert!(rules.len() >= 30);
    for rule in rules {
        let page = opora(&["explain", rule["code"].as_str().expect("a code")]);
        assert!(page.code == 0 && page.out.contains("Как исправить"), "{rule}: {}", page.out);
    }
    refused(&opora(&["explain", "Z999"]), "Список правил");
}

#[test]
fn bad_files_are_refused_kindly_and_do_not_stop_the_rest() {
    let folder = Folder::new();
    let good = folder.file("приказ.txt", PLAN);
    let empty = folder.file("пустой.docx", "");
    let broken = folder.file("обрезанный.docx", b"PK\x03\x04\x14\x00\x06\x00");
    let missing = folder.path("нет.docx").display().to_string();
    let run = opora(&["import", &empty, &broken, &missing, &good]);
    assert_eq!(run.code, 2);
    assert!(run.out.contains("FILE_EMPTY") && run.err.contains("файл не найден"), "{}{}", run.out, run.err);
    assert!(run.out.contains("Мероприятий: 2"), "the good file is read all the same: {}", run.out);
    refused(&opora(&["import", &folder.0.path().display().to_string()]), "это папка");
}

#[test]
fn an_extension_that_lies_is_only_noted() {
    let folder = Folder::new();
    let run = opora(&["import", &folder.file("приказ.docx", PLAN)]);
    assert!(run.code == 0 && run.out.contains("Мероприятий: 2"), "{}{}", run.out, run.err);
}

#[test]
fn an_order_without_a_table_is_told_so() {
    let folder = Folder::new();
    let text: String =
        PLAN.lines().filter(|line| !line.contains('\t')).map(|line| format!("{line}\n")).collect();
    let run = opora(&["import", &folder.file("приказ.txt", text)]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("нет ни одной таблицы"), "{}", run.out);
}

#[test]
fn a_picture_without_text_is_no_order() {
    let folder = Folder::new();
    // Soft round shapes on a plain ground, as in a photo.
    let picture = image::GrayImage::from_fn(800, 600, |x, y| {
        let (dx, dy) = (f64::from(x) - 400.0, f64::from(y) - 300.0);
        image::Luma([if dx * dx + dy * dy < 40_000.0 { 90 } else { 200 }])
    });
    let path = folder.path("кот.png");
    picture.save(&path).expect("a picture");
    let run = opora(&["import", &path.display().to_string()]);
    refused(&run, "OCR_NO_TEXT");
}

#[test]
fn a_wrong_command_line_is_explained_in_russian() {
    refused(&opora(&["полетели"]), "Команды «полетели» нет");
    refused(&opora(&["check"]), "Не хватает");
    refused(&opora(&["schedule", "март", "--format", "xml"]), "Можно: text, json, jsonl");
    refused(&opora(&["schedule", "март", "--period", "2020"]), "не период");
    refused(&opora(&["rules", "--fromat", "json"]), "Параметра «--fromat» нет");
    let help = opora(&["--help"]);
    assert!(
        help.code == 0 && help.out.contains("Использование") && !help.out.contains("Usage"),
        "{}",
        help.out
    );
}

#[test]
fn a_backup_is_made_and_restored() {
    let folder = Folder::new();
    let file = folder.file("приказ.txt", PLAN);
    let place = |name: &str| folder.path(name).display().to_string();
    let (data, copy, other) = (place("данные"), place("копия"), place("другие"));
    assert_eq!(opora(&["import", &file, "--save", "--data", &data]).code, 0);
    let made = opora(&["backup", &copy, "--data", &data]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.contains("Копия сделана") && made.out.contains("Журнал цел"), "{}", made.out);
    let beside = folder.path("копия").join("opora.sqlite-wal");
    assert!(!beside.exists(), "the copy is one file, without what SQLite writes beside it");
    refused(&opora(&["backup", &copy, "--data", &data]), "уже что-то есть");
    let restored = opora(&["restore", &copy, "--data", &other]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert!(restored.out.contains("Файл ключа (secret.key) в копию не входит"), "{}", restored.out);
    let hash = |text: &str| text.split("последний хеш ").nth(1).map(str::to_owned);
    assert_eq!(hash(&made.out), hash(&restored.out));
    assert_eq!(opora(&["check", "1", "--data", &other]).out, opora(&["check", "1", "--data", &data]).out);
    refused(&opora(&["restore", &copy, "--data", &other]), "уже есть записи");
    refused(&opora(&["restore", &place("нет"), "--data", &place("ещё")]), "нет резервной копии");
}

#[test]
fn people_are_invited_from_the_command_line() {
    let folder = Folder::new();
    let data = folder.path("данные").display().to_string();
    let user = |words: &[&str]| opora(&[&["user"], words, &["--data", &data]].concat());
    assert!(user(&["list"]).out.contains("Учётных записей нет"));
    let added = user(&["add", "orlova", "--name", "Орлова Нина"]);
    assert_eq!(added.code, 0, "{}", added.err);
    assert!(added.out.contains("http://127.0.0.1:8080/link/"), "{}", added.out);
    refused(&user(&["add", "orlova", "--name", "Другая"]), "уже заняты");
    refused(&user(&["add", "x", "--name", "Другая"]), "не короче трёх");
    refused(&user(&["add", "kim", "--name", "Ким Вера", "--role", "curator"]), "Роль не подходит к месту");
    refused(&user(&["role", "nobody", "--role", "observer"]), "Учётной записи «nobody» нет");
    let reset = user(&["second-factor-off", "orlova", "--reason", "Копия восстановлена без файла ключа"]);
    assert_eq!((reset.code, reset.out.contains("второй шаг входа сброшен")), (0, true), "{}", reset.err);
    assert_ne!(user(&["second-factor-off", "orlova", "--reason", " "]).code, 0, "a reason is needed");
    assert_eq!(user(&["close", "orlova", "--reason", "перевод"]).code, 0);
    let list = user(&["list"]).out;
    assert!(
        list.contains("Орлова Нина (orlova) — закрыта") && list.contains("региональный оператор"),
        "{list}"
    );
}

#[test]
fn organisations_are_imported_listed_and_shown() {
    let folder = Folder::new();
    let data = folder.path("data").display().to_string();
    let registry = folder.file(
        "registry.csv",
        "Регион;Муниципалитет;Наименование;Логин\nОзёрный край;Верхнеозёрск;Школа № 5;edu300005\n",
    );
    let imported = opora(&["org", "import", &registry, "--data", &data]);
    assert_eq!((imported.code, imported.out.contains("новых школ: 1")), (0, true), "{}", imported.out);
    let list = opora(&["org", "list", "--data", &data]);
    assert!(list.out.contains("Верхнеозёрск") && list.out.contains("Школа № 5"), "{}", list.out);
    for named in ["школа № 5", "EDU300005", "1"] {
        let shown = opora(&["org", "show", named, "--data", &data]);
        assert_eq!(shown.code, 0, "{named}: {}", shown.err);
        assert!(shown.out.contains("Озёрный край, Верхнеозёрск"), "{named}: {}", shown.out);
    }
    let town = opora(&["org", "show", "Верхнеозёрск", "--data", &data]);
    assert!(town.out.contains("муниципалитет") && town.out.contains("школ: 1"), "{}", town.out);
    let missing = opora(&["org", "show", "Школа № 99", "--data", &data]);
    assert_eq!((missing.code, missing.err.contains("нет")), (2, true), "{}", missing.err);
    assert_eq!(opora(&["registry", "list", "--data", &data]).code, 2, "there is one name for it");
}

#[test]
fn a_database_that_is_behind_is_told_and_brought_up() {
    let folder = Folder::new();
    let data = folder.path("data").display().to_string();
    let behind = opora(&["migrate", "--check", "--data", &data]);
    assert_eq!((behind.code, behind.out.contains("m0001_facts")), (1, true), "{}", behind.out);
    assert!(!folder.path("data").exists(), "looking makes nothing");
    let done = opora(&["migrate", "--data", &data]);
    assert_eq!((done.code, done.out.contains("Готово")), (0, true), "{}", done.out);
    for arguments in [&["migrate", "--check", "--data", &data][..], &["migrate", "--data", &data]] {
        let good = opora(arguments);
        assert_eq!((good.code, good.out.contains("База в порядке")), (0, true), "{}", good.out);
    }
}

#[test]
fn a_token_is_made_listed_and_ended() {
    let folder = Folder::new();
    let data = folder.path("data").display().to_string();
    let made = opora(&["user", "add", "sokolova", "--name", "Соколова Анна", "--data", &data]);
    assert_eq!(made.code, 0, "{}", made.err);
    let make = |scope: &str, days: &str| {
        let with = [
            "token",
            "make",
            "sokolova",
            "--name",
            "Отчёт",
            "--scope",
            scope,
            "--days",
            days,
            "--data",
            &data,
        ];
        opora(&with)
    };
    assert_eq!(make("plans:read", "30").out.trim().len(), 64);
    assert_eq!((make("plans:eat", "30").code, make("plans:read", "900").code), (2, 2));
    let list = opora(&["token", "list", "sokolova", "--data", &data]);
    assert!(list.out.contains("Отчёт") && list.out.contains("plans:read"), "{}", list.out);
    assert_eq!(opora(&["token", "end", "sokolova", "1", "--data", &data]).code, 0);
    assert_eq!(opora(&["token", "end", "sokolova", "1", "--data", &data]).code, 2, "it is ended already");
    assert_eq!(opora(&["token", "list", "nobody", "--data", &data]).code, 2);
}
