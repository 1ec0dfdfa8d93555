//! What is read of registries, and how do they join the one that is there?

mod common;

use std::fmt::Write;

use common::workbook;
use opora_forms::{Heads, RegistryReading, read_registry, read_registry_csv};
use opora_registry::{EventKind, Registry};

fn told(reading: &RegistryReading) -> String {
    let mut text = format!("added {}, known {}", reading.added, reading.known);
    for node in &reading.nodes {
        let up = node.parent.map_or(String::new(), |up| format!(" in {}", up.0));
        let _ =
            write!(text, "\nnode {} {}{up} {}", node.id.0, node.name, node.code.as_deref().unwrap_or("-"));
    }
    for school in &reading.organisations {
        let codes: Vec<&str> = school.identifiers.iter().map(|code| code.value.as_str()).collect();
        let place = school.rural.map_or("?", |rural| if rural { "rural" } else { "urban" });
        let (id, at) = (school.id.0, school.municipality.0);
        let _ =
            write!(text, "\n{id} {} ({}, {place}) at {at}: {}", school.name, school.kind, codes.join(" "));
    }
    for event in &reading.events {
        let kind = match &event.kind {
            EventKind::Opened => "opened".to_owned(),
            EventKind::Closed => "closed".to_owned(),
            EventKind::MergedInto(into) => format!("merged into {}", into.0),
            EventKind::Renamed { former } => format!("was {former}"),
        };
        let _ = write!(text, "\nevent {} {} {kind}", event.organisation.0, event.date);
    }
    for finding in &reading.findings {
        let _ = write!(text, "\n{:?} {} {}: {}", finding.level, finding.code, finding.place, finding.what);
    }
    text
}

#[track_caller]
fn check(csv: &str, expected: &str) -> Registry {
    check_with(csv, None, expected)
}

#[track_caller]
fn check_with(csv: &str, present: Option<&Registry>, expected: &str) -> Registry {
    let reading = read_registry_csv(csv.as_bytes(), present, Heads::committed());
    assert_eq!(told(&reading), expected);
    let (registry, errors) = Registry::new(reading.nodes, reading.organisations, reading.events);
    assert_eq!(errors, [], "what is read contradicts nothing");
    registry
}

const FIRST: &str = "\
Наименование;Регион;Муниципалитет;ОКТМО;Логин ВПР;Код ОО;ИНН;Вид;Местность;Дата открытия;Дата закрытия;Присоединена к;\
Прежнее наименование;Дата переименования;Директор
Школа № 1;Приозёрный край;Светлинский район;91501000;edu910001, EDU910011;010101;9100000001;СОШ;село;01.09.1970;;;\
Школа имени Весны;01.09.2015;Кто-то
Лицей № 3;Приозёрный край;город Ясноград;91502000;edu910003;020103;;лицей;город;;;;;;Кто-то
Школа № 4;Приозёрный край;Светлинский район;91501000;edu910004;010104;;ООШ;село;;31.08.2023;edu910001;;;Кто-то
";

#[test]
fn schools_get_numbers_in_the_order_of_the_rows() {
    check(
        FIRST,
        "added 3, known 0\n\
         node 1 Приозёрный край -\n\
         node 2 Светлинский район in 1 91501000\n\
         node 3 город Ясноград in 1 91502000\n\
         1 Школа № 1 (СОШ, rural) at 2: edu910001 edu910011 010101 9100000001\n\
         2 Лицей № 3 (лицей, urban) at 3: edu910003 020103\n\
         3 Школа № 4 (ООШ, rural) at 2: edu910004 010104\n\
         event 1 1970-09-01 opened\n\
         event 1 2015-09-01 was Школа имени Весны\n\
         event 3 2023-08-31 merged into 1\n\
         Note PERSONAL_COLUMN_DROPPED строка файла 1, столбец 15: Столбец «Директор» отброшен.",
    );
}

#[test]
fn a_known_school_keeps_its_number_and_its_former_codes() {
    let reading = read_registry_csv(FIRST.as_bytes(), None, Heads::committed());
    let (registry, _) = Registry::new(reading.nodes, reading.organisations, reading.events);
    let second = "Логин,Наименование оо,Муниципалитет,Код ОО\n\
                  edu910777,Новая школа,Светлинский район,010107\n\
                  edu910103,Лицей имени Лета,город Ясноград,020103\n";
    let merged = check_with(
        second,
        Some(&registry),
        "added 1, known 1\n\
         node 1 Приозёрный край -\n\
         node 2 Светлинский район in 1 91501000\n\
         node 3 город Ясноград in 1 91502000\n\
         1 Школа № 1 (СОШ, rural) at 2: edu910001 edu910011 010101 9100000001\n\
         2 Лицей имени Лета (, ?) at 3: edu910103 020103 edu910003\n\
         3 Школа № 4 (ООШ, rural) at 2: edu910004 010104\n\
         4 Новая школа (, ?) at 2: edu910777 010107\n\
         event 1 1970-09-01 opened\n\
         event 1 2015-09-01 was Школа имени Весны\n\
         event 3 2023-08-31 merged into 1\n\
         Warning SCHOOL_RENAMED_UNDATED строка файла 3: Школа «Лицей № 3» теперь называется «Лицей имени Лета».",
    );
    let again = read_registry_csv(FIRST.as_bytes(), Some(&registry), Heads::committed());
    assert_eq!((again.added, again.known), (0, 3), "the same file twice adds nothing");
    assert_eq!(again.events, registry.events());
    assert_eq!(again.organisations, registry.organisations());
    assert_eq!(merged.organisations().len(), 4);
}

#[test]
fn all_that_is_wrong_is_told_at_once_and_nothing_is_loaded() {
    check(
        "Регион;Муниципалитет;Логин ВПР;Наименование;ИНН;Дата открытия;Дата закрытия;Присоединена к;Прежнее наименование\n\
         Край;Район;edu910001;Школа № 1;;;;;\n\
         Край;Район;edu910001;Школа № 2;;;;;\n\
         Край;Район;910003;Школа № 3;;;;;\n\
         Край;Район;edu910004;;;;;;\n\
         Край;;edu910005;Школа № 5;123;01.09.2020;01.09.2019;;\n\
         Край;Район;edu910006;Школа № 6;;2020;;edu910001;\n\
         Край;Район;edu910007;Школа № 7;;;01.09.2020;edu919999;\n\
         Край;Район;edu910008;Школа № 8;;;;;Старая школа\n\
         Край;Район;edu910001;Школа № 1;;;;;\n",
        "added 0, known 0\n\
         Error CODE_IMPOSSIBLE строка файла 4, столбец 3: Кода «910003» не бывает.\n\
         Error REGISTRY_VALUE_MISSING строка файла 4, столбец 3: У школы нет ни одного кода (логина ВПР, кода ОО, ИНН).\n\
         Error REGISTRY_VALUE_MISSING строка файла 5, столбец 4: У школы нет названия.\n\
         Error CODE_IMPOSSIBLE строка файла 6, столбец 5: Кода «123» не бывает.\n\
         Error DATES_REVERSED строка файла 6, столбец 7: Школа закрыта раньше, чем открыта.\n\
         Error REGISTRY_VALUE_MISSING строка файла 6, столбец 2: У школы нет муниципалитета.\n\
         Error DATE_IMPOSSIBLE строка файла 7, столбец 6: «2020» – не дата.\n\
         Error DATE_MISSING строка файла 7, столбец 8: Не указана дата присоединения.\n\
         Error DATE_MISSING строка файла 9, столбец 9: Не указана дата переименования.\n\
         Error CODE_SHARED строка файла 3: Код edu910001 указан и у школы «Школа № 1» (строка 2).\n\
         Error SCHOOL_REPEATED строка файла 10: Школа «Школа № 1» уже есть в строке 2.\n\
         Error SUCCESSOR_UNKNOWN строка файла 8: Школа «edu919999», к которой присоединена эта, не найдена.",
    );
}

#[test]
fn schools_can_not_be_merged_into_each_other() {
    check(
        "Наименование;Муниципалитет;Логин ВПР;Присоединена к;Дата присоединения\n\
         Школа № 1;Район;edu910001;edu910002;01.09.2020\n\
         Школа № 2;Район;edu910002;edu910003;01.09.2021\n\
         Школа № 3;Район;edu910003;edu910001;01.09.2022\n",
        "added 0, known 0\n\
         Note REGION_ASSUMED строка файла 2: Регион не указан.\n\
         Error MERGER_CIRCULAR строка файла 4: Школа «Школа № 3» присоединена к школе «edu910001», а та – к ней самой.",
    );
}

#[test]
fn a_branch_may_share_the_taxpayer_number_of_its_school() {
    check(
        "Наименование\tМуниципалитет\tЛогин ВПР\tИНН\n\
         Школа № 1\tРайон\tedu910001\t9100000001\n\
         Филиал школы № 1\tРайон\tedu910002\t9100000001\n",
        "added 2, known 0\n\
         node 1 Регион -\n\
         node 2 Район in 1 -\n\
         1 Школа № 1 (, ?) at 2: edu910001\n\
         2 Филиал школы № 1 (, ?) at 2: edu910002\n\
         Note REGION_ASSUMED строка файла 2: Регион не указан.\n\
         Warning TAX_NUMBER_SHARED строка файла 3: ИНН 9100000001 указан и у школы «Школа № 1» (строка 2).",
    );
}

#[test]
fn a_workbook_is_read_like_a_text_file() {
    let text = "Реестр организаций\nНаименование | Муниципалитет | Логин | Код ОО\nШкола № 1 | Район | edu910001 | \"0101\"";
    let document = workbook("реестр.xlsx", &[("Школы".to_owned(), text.to_owned())]);
    let reading = read_registry(&document, None, Heads::committed());
    assert_eq!((reading.added, reading.is_refused()), (1, false), "{:?}", reading.findings);
    let nothing = workbook("меню.xlsx", &[("Меню".to_owned(), "День | Обед\nПонедельник | Суп".to_owned())]);
    let reading = read_registry(&nothing, None, Heads::committed());
    let codes: Vec<&str> = reading.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["REGISTRY_UNKNOWN"]);
}
