//! Which small files show the forms that can be read? All towns and schools in them are invented.

#![allow(clippy::expect_used, reason = "a sample that can't be made is a mistake of this file")]

use rust_xlsxwriter::Workbook;

/// Name and bytes of each sample. The registry comes first: the others are read against it.
pub fn samples() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("Реестр организаций.csv", REGISTRY.as_bytes().to_vec()),
        ("ВПР 2024 русский язык 5 класс.xlsx", workbook("Форма 1", FORM_1)),
        ("Статистика по отметкам.xlsx", workbook("Отметки", STATISTICS)),
        ("ОГЭ 2026 математика.xlsx", workbook("Протокол", PROTOCOL)),
        ("Социальный паспорт.xlsx", workbook("Паспорт", PASSPORT)),
    ]
}

const REGISTRY: &str = "\
Регион;Муниципалитет;ОКТМО;Логин ВПР;Код ОО;Наименование;Вид;Местность;Дата открытия;Дата закрытия;Присоединена к
Приозёрный край;Светлинский район;91501000;edu910001;010101;Светлинская школа № 1;СОШ;село;01.09.1975;;
Приозёрный край;Светлинский район;91501000;edu910002, edu910022;010102;Светлинская школа № 2;СОШ;село;;;
Приозёрный край;город Ясноград;91502000;edu910003;020103;Лицей № 3;лицей;город;;;
Приозёрный край;Светлинский район;91501000;edu910004;010104;Школа села Дальнее;ООШ;село;;31.08.2025;edu910001
";

const FORM_1: &str = "\
ВПР 2024 Русский язык 5 класс
Предмет | Русский язык
Максимальный первичный балл | 8
ОО | Муниципалитет | Код участника | Класс | Вариант | 1К1 (3б) | 1К2 (3б) | 2 (2б) | Первичный балл | Отметка | Отметка по журналу
Светлинская школа № 1 (edu910001) Кол-во участников: 4
edu910001 | Светлинский район | 1 | 5А | 1 | 1 | 0 | 1 | 2 | 2 | 3
edu910001 | Светлинский район | 2 | 5А | 2 | 2 | 2 | 1 | 5 | 4 | 4
edu910001 | Светлинский район | 3 | 5А | 1 | 3 | 3 | 2 | 8 | 5 | 5
edu910001 | Светлинский район | 4 | 5А | 2 | X | 1 | Х | 1 | 2 | 3
Лицей № 3 (edu910003) Кол-во участников: 2
edu910003 | город Ясноград | 1 | 5Б | 1 | 3 | 2 | 2 | 7 | 5 | 5
edu910003 | город Ясноград | 2 | 5Б | 2 | 2 | 1 | 1 | 4 | 3 | 4
";

const STATISTICS: &str = "\
Статистика по отметкам
Год | Класс | Предмет | Муниципалитет | Логин | ОО | Кол-во участников | 2 | 3 | 4 | 5
2024 | 6 | Математика | Светлинский район | edu910001 | Светлинская школа № 1 | 10 | 50 | 30 | 20 | 0
2024 | 6 | Математика | Светлинский район | edu910022 | Светлинская школа № 2 | 90 | 10 | 40 | 40 | 10
2024 | 6 | Математика | город Ясноград | edu910003 | Лицей № 3 | 7 | 14,29 | 28,57 | 42,86 | 14,29
";

const PROTOCOL: &str = "\
ОГЭ 2026 Математика
Код ОО | Наименование ОО | Класс | Геометрия | Первичный балл
\"010101\" | Светлинская школа № 1 | 9А | 1 | 9
\"010101\" | Светлинская школа № 1 | 9А | 2 | 12
\"020103\" | Лицей № 3 | 9А | 5 | 24
";

const PASSPORT: &str = "\
Социальный паспорт, 2025 год
Логин | Школа | Всего обучающихся | Всего семей | Количество неполных семей | Оба родителя с высшим образованием | Состоят на учёте | Русский язык не является родным
edu910001 | Светлинская школа № 1 | 210 | 170 | 61 | 22 | 9 | 14
edu910002 | Светлинская школа № 2 | 340 | 280 | 70 | 90 | 4 | 6
edu910003 | Лицей № 3 | 620 | 540 | 96 | 310 | 2 | 11
";

/// A workbook of one sheet: a row a line, cells between «|», a blank cell for nothing. Numbers are numbers; what stands
/// between «"» is text.
pub fn workbook(name: &str, text: &str) -> Vec<u8> {
    workbook_of(&[(name.to_owned(), text.to_owned())])
}

/// A workbook of several sheets.
pub fn workbook_of(sheets: &[(String, String)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, text) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(name).expect("a name of a sheet");
        for (row, line) in (0_u32..).zip(text.lines()) {
            for (column, cell) in (0_u16..).zip(line.split('|')) {
                let cell = cell.trim();
                let quoted = cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"'));
                let wrote = match (quoted, cell.parse::<f64>()) {
                    (None, Ok(number)) => sheet.write_number(row, column, number),
                    _ if cell.is_empty() => continue,
                    _ => sheet.write_string(row, column, quoted.unwrap_or(cell)),
                };
                wrote.expect("a cell is written");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}
