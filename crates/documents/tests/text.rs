//! Are tables and paragraphs of plain texts found, however they are set?
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
use common::{check, codes, draw, load};

#[test]
fn rows_with_tabs_are_one_table_over_page_breaks() {
    check(
        "plan.txt",
        "Дорожная карта\n\n№\tМероприятие\tСрок\n1\tСеминар\tмай\n\n\t для учителей\t\n\n9\n\n2\tОтчёт\tиюнь\n\nПодпись\n"
            .as_bytes(),
        "
        ¶ Дорожная карта
        ▦ 3
          № │ Мероприятие │ Срок
          1 │ Семинар │ май
           │ для учителей │
          2 │ Отчёт │ июнь
        ¶ Подпись",
    );
}

#[test]
fn a_section_title_between_rows_spans_the_table() {
    check(
        "plan.txt",
        "№\tДело\tСрок\n1.1\tСеминар\tмай\n---\t---\t---\n\n2. Контроль\n\n2.1\tОтчёт\t30.06.2022\n\n4. Механизмы\n\nТекст.\n"
            .as_bytes(),
        "
        ▦ 3
          № │ Дело │ Срок
          1.1 │ Семинар │ май
          ⟨3×1⟩2. Контроль
          2.1 │ Отчёт │ 30.06.2022
        ¶ 4. Механизмы
        ¶ Текст.",
    );
}

#[test]
fn a_new_head_begins_a_new_table() {
    check(
        "two.txt",
        "Критерии\tПоказатели\n1. Качество\tдоля\n\nПлан на 2022 год\n\nДело\tСрок\nСеминар 1\tмай\n"
            .as_bytes(),
        "
        ▦ 2
          Критерии │ Показатели
          1. Качество │ доля
        ¶ План на 2022 год
        ▦ 2
          Дело │ Срок
          Семинар 1 │ май",
    );
}

#[test]
fn short_rows_are_filled_and_a_wrapped_cell_goes_on() {
    check(
        "plan.txt",
        "№\tДело\tСрок\tКто\n1\tСеминар\tмай\n2\tОтчёт\tиюнь\tдиректор\nшколы № 3\n3\tСовет\tиюль\tзавуч\n"
            .as_bytes(),
        "
        ▦ 4
          № │ Дело │ Срок │ Кто
          1 │ Семинар │ май │
          2 │ Отчёт │ июнь │ директор школы № 3
          3 │ Совет │ июль │ завуч",
    );
}

#[test]
fn the_rest_of_a_torn_row_stays_and_an_indented_paragraph_goes() {
    check(
        "plan.txt",
        "№\tДело\tСрок\n1\tСеминар\tмай\n\n\tдля учителей\n2\tОтчёт\tиюнь\n\n\tКонтроль оставляю за собой.\n"
            .as_bytes(),
        "
        ▦ 3
          № │ Дело │ Срок
          1 │ Семинар │ май
           │ для учителей │
          2 │ Отчёт │ июнь
        ¶ Контроль оставляю за собой.",
    );
}

#[test]
fn a_lone_line_with_tabs_is_no_table() {
    check(
        "act.txt",
        "от 05.03.2022\t\t№ 17\n\n\tВ целях поддержки школ\n\nНачальник\t\t\tН.Н. Примерова\n".as_bytes(),
        "
        ¶ от 05.03.2022  № 17
        ¶ В целях поддержки школ
        ¶ Начальник   Н.Н. Примерова",
    );
}

#[test]
fn pipes_and_frames_are_tables() {
    check(
        "plan.txt",
        "| № | Дело |\n|---|------|\n| 1 | Семинар |\n".as_bytes(),
        "
        ▦ 2
          № │ Дело
          1 │ Семинар",
    );
    check(
        "plan.txt",
        "┌───┬─────────┐\n│ № │ Дело    │\n├───┼─────────┤\n│ 1 │ Семинар │\n│   │ учителей│\n├───┼─────────┤\n│ 2 │ Отчёт   │\n└───┴─────────┘\n"
            .as_bytes(),
        "
        ▦ 2
          № │ Дело
          1 │ Семинар учителей
          2 │ Отчёт",
    );
}

#[test]
fn columns_aligned_by_blanks_are_a_table() {
    check(
        "plan.txt",
        "План работы\n\n№   Мероприятие          Срок\n1   Семинар учителей     май 2022\n2   Сбор данных          июнь 2022\n    по школам\n3   Отчёт                до 1 июля\n\nПримечание. Срок может быть изменён.\n"
            .as_bytes(),
        "
        ¶ План работы
        ▦ 3
          № │ Мероприятие │ Срок
          1 │ Семинар учителей │ май 2022
          2 │ Сбор данных │ июнь 2022
           │ по школам │
          3 │ Отчёт │ до 1 июля
        ¶ Примечание. Срок может быть изменён.",
    );
}

#[test]
fn signatures_and_justified_prose_are_no_table() {
    let text = "Начальник  управления                 П.П. Примеров\n\nВ целях  обеспечения работы\nсо  школами города Заречного\nприказываю  утвердить  план\n";
    assert_eq!(load("a.txt", text.as_bytes()).tables().count(), 0);
}

#[test]
fn emphasis_and_leftovers_go() {
    check(
        "act.txt",
        "**План мероприятий\nпо поддержке школ**\n\n* первое\n- второе\n\nЦели\t<ul><li>✓ рост</li><li>✓ помощь</li></ul>\nСрок\t**2022** год\n"
            .as_bytes(),
        "
        ¶ bold План мероприятий по поддержке школ
        ¶ li - первое
        ¶ li - второе
        ▦ 2
          Цели │ ✓ рост⏎✓ помощь
          Срок │ 2022 год",
    );
}

#[test]
fn lines_broken_by_width_are_joined() {
    check(
        "act.txt",
        "В целях оказания адресной методической помощи школам\nгорода Заречного приказываю:\n\nУТВЕРЖДЕН\nприказом отдела\n"
            .as_bytes(),
        "
        ¶ В целях оказания адресной методической помощи школам города Заречного приказываю:
        ¶ УТВЕРЖДЕН
        ¶ приказом отдела",
    );
}

#[test]
fn form_feeds_count_pages() {
    let document = load("a.txt", "Один\n\u{C}Два\n".as_bytes());
    let places: Vec<_> = document.paragraphs().map(|p| (p.place.page, p.place.line)).collect();
    assert_eq!(places, [(Some(1), Some(1)), (Some(2), Some(2))]);
    assert_eq!(document.page_count, Some(2));
}

#[test]
fn windows_1251_is_read_and_said() {
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode("№\tМероприятие\r\n1\tСеминар для учителей\r\n");
    let document = load("план.txt", &bytes);
    assert_eq!(draw(&document), "▦ 2\n  № │ Мероприятие\n  1 │ Семинар для учителей");
    assert_eq!(codes(&document), ["FILE_ENCODING"]);
}

#[test]
fn markdown_has_headings_lists_and_tables() {
    check(
        "plan.md",
        "# План\n\n**Цель:** рост\nкачества\n\n3. третий\n4. четвёртый\n   - внутри\n\n| № | Срок |\n|---|:-:|\n| 1 | **май**<br>2022 |\n"
            .as_bytes(),
        "
        ¶ h1 План
        ¶ Цель: рост⏎качества
        ¶ li 3. третий
        ¶ li 4. четвёртый
        ¶ li - внутри
        ▦ 2
          № │ Срок
          1 │ май⏎2022",
    );
}
