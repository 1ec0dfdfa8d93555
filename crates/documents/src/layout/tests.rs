//! Layout cases on words and rulings made by hand: what stands where, and what it must be read as.

use super::*;
use opora_neutral::Role;
use proptest::prelude::*;

const SIZE: f64 = 10.0;

/// Words of a line that starts at a place; every character is half a font size wide.
fn text(x: f64, y: f64, line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut left = x;
    for word in line.split(' ') {
        let right = left + word.chars().count() as f64 * SIZE / 2.0;
        if !word.is_empty() {
            let area = Area { left, top: y, right, bottom: y + SIZE };
            words.push(Word { text: word.into(), area, size: SIZE, bold: false, confidence: None });
        }
        left = right + SIZE / 4.0;
    }
    words
}

fn page(number: u32, lines: &[(f64, f64, &str)], rules: Vec<Rule>) -> Page {
    let words = lines.iter().flat_map(|&(x, y, line)| text(x, y, line)).collect();
    Page { number, width: 600.0, height: 800.0, words, rules }
}

/// All rulings of a grid.
fn grid(xs: &[f64], ys: &[f64]) -> Vec<Rule> {
    let (left, right) = (xs[0], xs[xs.len() - 1]);
    let (top, bottom) = (ys[0], ys[ys.len() - 1]);
    let across = ys.iter().map(|&y| Rule::horizontal(y, left, right));
    across.chain(xs.iter().map(|&x| Rule::vertical(x, top, bottom))).collect()
}

/// Blocks as text: a paragraph is a line, a table is `[cell | cell / …]` with spans as `<columns x rows>`.
fn draw(layout: &Layout) -> String {
    let cell = |cell: &opora_neutral::Cell| match (cell.column_span, cell.row_span) {
        (1, 1) => cell.text.replace('\n', "⏎"),
        (columns, rows) => format!("<{columns}x{rows}>{}", cell.text.replace('\n', "⏎")),
    };
    let block = |block: &Block| match block {
        Block::Paragraph(paragraph) => paragraph.text.clone(),
        Block::Table(table) => {
            let rows =
                table.rows.iter().map(|row| row.cells.iter().map(cell).collect::<Vec<_>>().join(" | "));
            format!("[{}]", rows.collect::<Vec<_>>().join(" / "))
        }
    };
    layout.blocks.iter().map(block).collect::<Vec<_>>().join("\n")
}

fn check(pages: Vec<Page>, expected: &str) {
    assert_eq!(draw(&lay_out(pages)), expected);
}

const XS: [f64; 4] = [50.0, 100.0, 300.0, 550.0];

#[test]
fn crossing_rulings_make_a_table() {
    let lines = [(55.0, 105.0, "№"), (105.0, 105.0, "Мероприятие"), (305.0, 105.0, "Срок")];
    let rows = [(55.0, 125.0, "1."), (105.0, 125.0, "Создать группу"), (305.0, 125.0, "до 1 мая")];
    let page = page(1, &[&lines[..], &rows[..]].concat(), grid(&XS, &[100.0, 120.0, 140.0]));
    check(vec![page], "[№ | Мероприятие | Срок / 1. | Создать группу | до 1 мая]");
}

#[test]
fn outer_borders_may_be_missing_and_inner_ones_worn() {
    let mut rules = vec![Rule::vertical(100.0, 100.0, 140.0), Rule::vertical(300.4, 100.0, 118.0)];
    rules.extend([Rule::vertical(299.8, 121.0, 140.0)]);
    rules.extend([100.0, 120.0, 140.0].map(|y| Rule::horizontal(y, 50.0, 320.0)));
    rules.extend([100.3, 119.8, 140.2].map(|y| Rule::horizontal(y, 323.0, 550.0)));
    let lines = [(55.0, 105.0, "а"), (105.0, 105.0, "б"), (305.0, 105.0, "в")];
    let rows = [(55.0, 125.0, "г"), (105.0, 125.0, "д"), (305.0, 125.0, "е")];
    check(vec![page(1, &[&lines[..], &rows[..]].concat(), rules)], "[а | б | в / г | д | е]");
}

#[test]
fn a_missing_ruling_merges_cells() {
    let mut rules = grid(&XS, &[100.0, 120.0, 140.0, 160.0]);
    // No rulings inside the first row; none under the last cell of the second.
    rules.retain(|rule| {
        rule.direction == Direction::Horizontal && rule.at != 140.0 || [50.0, 550.0].contains(&rule.at)
    });
    rules.extend([100.0, 300.0].map(|x| Rule::vertical(x, 120.0, 160.0)));
    rules.push(Rule::horizontal(140.0, 50.0, 300.0));
    let lines = [(55.0, 105.0, "Раздел"), (55.0, 125.0, "1"), (105.0, 125.0, "а"), (305.0, 135.0, "общее")];
    let rest = [(55.0, 145.0, "2"), (105.0, 145.0, "б")];
    check(
        vec![page(1, &[&lines[..], &rest[..]].concat(), rules)],
        "[<3x1>Раздел / 1 | а | <1x2>общее / 2 | б]",
    );
}

#[test]
fn a_frame_is_no_table() {
    check(vec![page(1, &[(60.0, 110.0, "Внимание")], grid(&[50.0, 550.0], &[100.0, 130.0]))], "Внимание");
}

#[test]
fn a_table_over_pages_is_one_without_its_repeated_head() {
    let head = [(55.0, 105.0, "№"), (105.0, 105.0, "Дело"), (305.0, 105.0, "Срок")];
    let first = [(55.0, 125.0, "1."), (105.0, 125.0, "Первое"), (305.0, 125.0, "май"), (298.0, 760.0, "1")];
    let second = [(55.0, 125.0, "2."), (105.0, 125.0, "Второе"), (305.0, 125.0, "июнь"), (298.0, 760.0, "2")];
    let ys = [100.0, 120.0, 140.0];
    let shifted: Vec<f64> = XS.iter().map(|x| x + 8.0).collect();
    let one = page(1, &[&head[..], &first[..]].concat(), grid(&XS, &ys));
    let move_right = |(x, y, line): &(f64, f64, &'static str)| (x + 8.0, *y, *line);
    let lines: Vec<_> = head.iter().chain(&second).map(move_right).collect();
    let two = page(2, &lines, grid(&shifted, &ys));
    let layout = lay_out(vec![one, two]);
    assert_eq!(draw(&layout), "[№ | Дело | Срок / 1. | Первое | май / 2. | Второе | июнь]");
    assert_eq!(layout.furniture.len(), 2, "both page numbers are set aside");
}

#[test]
fn a_row_cut_by_the_page_is_joined_only_when_certain() {
    let ys = [100.0, 120.0];
    let parts = |rest: &'static str| {
        let one = page(
            1,
            &[(55.0, 105.0, "1."), (105.0, 105.0, "Провести совещание"), (305.0, 105.0, "май")],
            grid(&XS, &ys),
        );
        let two = page(2, &[(105.0, 105.0, rest)], grid(&XS, &ys));
        vec![one, two]
    };
    check(parts("с кураторами"), "[1. | Провести совещание с кураторами | май]");
    check(parts("Отчёт"), "[1. | Провести совещание | май /  | Отчёт | ]");
}

#[test]
fn a_section_title_between_parts_of_a_table_is_a_row() {
    let ys = [100.0, 120.0];
    let mut rules = grid(&XS, &ys);
    rules.extend(grid(&XS, &[150.0, 170.0]));
    let one =
        [(55.0, 105.0, "1.1."), (105.0, 105.0, "Дело"), (305.0, 105.0, "май"), (55.0, 130.0, "2. Анализ")];
    let two = [(55.0, 155.0, "2.1."), (105.0, 155.0, "Ещё"), (305.0, 155.0, "июнь")];
    check(
        vec![page(1, &[&one[..], &two[..]].concat(), rules)],
        "[1.1. | Дело | май / <3x1>2. Анализ / 2.1. | Ещё | июнь]",
    );
}

#[test]
fn aligned_text_is_a_table_without_rulings() {
    let mut lines = Vec::new();
    let rows = [
        ("1.", "Создать рабочую группу", "май"),
        ("2.", "Провести семинар", "июнь"),
        ("3.", "Отчёт", "июль"),
    ];
    for (y, (number, title, date)) in (0..).map(|i| 100.0 + f64::from(i) * 30.0).zip(rows) {
        lines.extend([(50.0, y, number), (100.0, y, title), (100.0, y + 12.0, "школ"), (400.0, y, date)]);
    }
    let expected = "[1. | Создать рабочую группу⏎школ | май / 2. | Провести семинар⏎школ | июнь / 3. | Отчёт⏎школ | июль]";
    check(vec![page(1, &lines, Vec::new())], expected);
}

#[test]
fn a_signature_and_a_list_are_no_tables() {
    let lines = [
        (50.0, 100.0, "Начальник управления"),
        (450.0, 100.0, "А. Б. Примеров"),
        (50.0, 112.0, "Об утверждении плана"),
        (50.0, 140.0, "1."),
        (80.0, 140.0, "Утвердить план."),
        (50.0, 155.0, "2."),
        (80.0, 155.0, "Опубликовать его."),
        (50.0, 170.0, "3."),
        (80.0, 170.0, "Контроль за собой."),
    ];
    let expected = "Начальник управления        А. Б. Примеров\nОб утверждении плана\n1. Утвердить план.\n2. Опубликовать его.\n3. Контроль за собой.";
    check(vec![page(1, &lines, Vec::new())], expected);
}

#[test]
fn lines_join_into_paragraphs_where_the_next_word_would_not_fit() {
    let lines = [
        (50.0, 100.0, "В целях повышения качества образования и в соответствии с нормативно-"),
        (50.0, 112.0, "правовой базой городского округа приказываю утвердить план работы по"),
        (50.0, 124.0, "поддержке школ."),
        (50.0, 136.0, "Контроль оставляю за собой."),
    ];
    let expected = "В целях повышения качества образования и в соответствии с нормативно-правовой базой городского \
                    округа приказываю утвердить план работы по поддержке школ.\nКонтроль оставляю за собой.";
    check(vec![page(1, &lines, Vec::new())], expected);
}

#[test]
fn the_document_tells_which_hyphens_are_its_own() {
    let lines = [
        (50.0, 100.0, "Список школьников и перечень мероприятий для школь-"),
        (50.0, 112.0, "ников города и района, всех школ-"),
        (50.0, 124.0, "участниц."),
    ];
    let expected =
        "Список школьников и перечень мероприятий для школьников города и района, всех школ-участниц.";
    check(vec![page(1, &lines, Vec::new())], expected);
}

#[test]
fn a_running_head_is_furniture_and_a_year_is_text() {
    let pages = (1..=4).map(|number| {
        page(
            number,
            &[(200.0, 30.0, "Приложение к приказу"), (50.0, 200.0, "Текст страницы."), (50.0, 760.0, "2023")],
            Vec::new(),
        )
    });
    let layout = lay_out(pages.collect());
    assert_eq!(draw(&layout), ["Текст страницы.\n2023"; 4].join("\n"));
    assert_eq!(layout.furniture.len(), 4);
}

#[test]
fn places_lists_and_centring_are_known() {
    let lines = [
        (250.0, 100.0, "ПРИКАЗ"),
        (50.0, 140.0, "– первое дело и ещё много слов до самого правого края листа;"),
        (50.0, 152.0, "– второе."),
    ];
    let layout = lay_out(vec![page(7, &lines, Vec::new())]);
    let paragraphs: Vec<_> = layout
        .blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(p) => (p.centred, p.role, p.place.page),
            Block::Table(_) => panic!("no table here"),
        })
        .collect();
    let item = (false, Role::ListItem, Some(7));
    assert_eq!(paragraphs[1..], [item, item]);
    assert_eq!((paragraphs[0].1, paragraphs[0].2), (Role::Body, Some(7)));
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![8 => -50.0..900.0f64, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => Just(-1e300), 1 => Just(0.0)]
}

fn any_word() -> impl Strategy<Value = Word> {
    let area = (any_number(), any_number(), any_number(), any_number());
    (area, any_number(), 0..200u32, any::<bool>(), proptest::option::of(0..=100u8)).prop_map(
        |((left, top, right, bottom), size, id, bold, confidence)| Word {
            text: format!("w{id}x"),
            area: Area { left, top, right, bottom },
            size,
            bold,
            confidence,
        },
    )
}

/// Words as on a real page, in columns and lines.
fn set_word() -> impl Strategy<Value = Word> {
    (0..6u32, 0..40u32, 1..30u32, 0..200u32).prop_map(|(column, line, width, id)| {
        let (left, top) = (f64::from(column) * 90.0 + 40.0, f64::from(line) * 13.0 + 60.0);
        let area = Area { left, top, right: left + f64::from(width) * 3.0, bottom: top + 10.0 };
        Word { text: format!("w{id}x"), area, size: 10.0, bold: false, confidence: None }
    })
}

fn any_rule() -> impl Strategy<Value = Rule> {
    (any::<bool>(), any_number(), any_number(), any_number()).prop_map(|(across, at, from, to)| {
        if across { Rule::horizontal(at, from, to) } else { Rule::vertical(at, from, to) }
    })
}

fn any_page() -> impl Strategy<Value = Page> {
    let words = prop_oneof![
        proptest::collection::vec(any_word(), 0..40),
        proptest::collection::vec(set_word(), 0..120)
    ];
    (words, proptest::collection::vec(any_rule(), 0..30), any_number()).prop_map(
        |(words, mut rules, width)| {
            rules.extend(grid(&XS, &[100.0, 150.0, 400.0]));
            Page { number: 1, width, height: 800.0, words, rules }
        },
    )
}

proptest! {
    #[test]
    fn no_word_is_lost_and_nothing_panics(pages in proptest::collection::vec(any_page(), 1..4)) {
        let mut expected: Vec<String> = pages.iter().flat_map(|p| &p.words).map(|word| word.text.clone()).collect();
        let layout = lay_out(pages);
        let mut all = draw(&layout);
        for paragraph in &layout.furniture {
            all.push('\n');
            all.push_str(&paragraph.text);
        }
        // A repeated head of a table is said once for twice; each word of it is still there.
        expected.retain(|word| !all.contains(word.as_str()));
        prop_assert!(expected.is_empty(), "lost {expected:?}");
    }

    #[test]
    fn tables_are_regular(pages in proptest::collection::vec(any_page(), 1..4)) {
        for block in lay_out(pages).blocks {
            let Block::Table(table) = block else { continue };
            for row in &table.rows {
                for pair in row.cells.windows(2) {
                    prop_assert!(pair[0].column + pair[0].column_span <= pair[1].column);
                }
                for cell in &row.cells {
                    prop_assert!(cell.column + cell.column_span <= table.width);
                    prop_assert!(cell.place.page.is_some() && cell.place.table.is_some());
                }
            }
        }
    }
}
