//! What of an XLSForm is taken over, and is everything else told?

#![allow(clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod shared;

use opora_diagnosis::{
    Audience, Condition, Kind, Literal, Questionnaire, SheetRows, Test, XlsformImport, import_xlsform,
    render, sheets_of,
};
use opora_neutral::{Block, Cell, Document, Format, Level, Paragraph, Place, Row, Source, Table};
use proptest::prelude::*;
use shared::read;

fn sheet(name: &str, rows: &[&[&str]]) -> SheetRows {
    (name.to_owned(), rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect())
}

const HEAD: [&str; 8] = [
    "type",
    "name",
    "label::English (en)",
    "label::Russian (ru)",
    "hint::Russian (ru)",
    "required",
    "relevant",
    "constraint",
];

fn import(survey: &[[&str; 8]]) -> XlsformImport {
    let rows: Vec<&[&str]> = std::iter::once(&HEAD[..]).chain(survey.iter().map(|row| &row[..])).collect();
    let choices: &[&[&str]] = &[
        &["list_name", "name", "label::Russian (ru)"],
        &["yn", "yes", "Да"],
        &["yn", "no", "Нет"],
        &["level", "1", "Плохо"],
        &["level", "2", "Средне"],
        &["level", "3", "Хорошо"],
    ];
    let settings: &[&[&str]] =
        &[&["form_title", "form_id", "version"], &["Школьная среда", "school_env", "3"]];
    import_xlsform(
        &[sheet("survey", &rows), sheet("choices", choices), sheet("settings", settings)],
        Audience::Head,
    )
}

fn findings(import: &XlsformImport) -> Vec<String> {
    let common = ["XLSFORM_COLUMN_SKIPPED", "XLSFORM_LIST_UNUSED"];
    let shown = import.findings.iter().filter(|finding| !common.contains(&finding.code));
    shown.map(|finding| format!("{} {}: {}", finding.code, finding.place, finding.what)).collect()
}

fn taken(import: XlsformImport) -> Questionnaire {
    import.questionnaire.unwrap_or_else(|| panic!("{:?}", import.findings))
}

#[test]
fn a_form_is_taken_over() {
    let found = import(&[
        ["start", "start", "", "", "", "", "", ""],
        ["note", "hello", "Hi", "Здравствуйте", "", "", "", ""],
        ["begin group", "people", "People", "Люди", "", "", "", ""],
        ["integer", "pupils", "Pupils", "Сколько учеников?", "На сегодня", "yes", "", ". >= 0 and . < 5000"],
        ["select_one yn", "club", "Club", "Есть кружки?", "", "true()", "", ""],
        ["begin_group", "clubs", "", "Кружки", "", "", "${club} = 'yes'", ""],
        ["select_multiple level", "how", "How", "Как?", "", "", "", "count-selected(.) <= 2"],
        [
            "text",
            "why",
            "Why",
            "Почему?",
            "",
            "",
            "selected(${how}, '1') and not(${pupils} > 10)",
            "string-length(.) <= 100",
        ],
        ["end_group", "", "", "", "", "", "", ""],
        ["end group", "", "", "", "", "", "", ""],
        ["date", "when", "When", "Когда?", "", "", "", ". <= today()"],
    ]);
    assert_eq!(
        findings(&found),
        ["XLSFORM_TYPE_SKIPPED лист «survey», A2: Строка типа «start» не перенесена."]
    );
    let form = taken(found);
    assert_eq!((form.id.as_str(), form.title.as_str(), form.version), ("school_env", "Школьная среда", 3));
    let sections: Vec<(&str, &str, usize)> =
        form.sections.iter().map(|s| (s.id.as_str(), s.title.as_str(), s.questions.len())).collect();
    assert_eq!(
        sections,
        [
            ("main", "Школьная среда", 1),
            ("people", "Люди", 2),
            ("clubs", "Люди – Кружки", 2),
            ("main-2", "Школьная среда", 1)
        ]
    );
    let pupils = form.question("pupils").expect("a question");
    assert_eq!(
        (pupils.text.as_str(), pupils.help.as_deref(), pupils.required),
        ("Сколько учеников?", Some("На сегодня"), true)
    );
    assert_eq!(
        pupils.kind,
        Kind::Number { min: Some(0.into()), max: Some(4999.into()), whole: true, unit: None }
    );
    assert!(matches!(
        form.question("how").expect("a question").kind,
        Kind::Multiple { at_most: Some(2), .. }
    ));
    assert!(matches!(form.question("why").expect("a question").kind, Kind::Text { max_length: 100, .. }));
    assert!(matches!(form.question("when").expect("a question").kind, Kind::Date { not_future: true, .. }));
    assert_eq!(read(&render(&form)), form, "what was taken over can be written and read");
}

#[test]
fn a_number_that_is_part_of_another_becomes_a_share_of_it() {
    let pupils = ["integer", "pupils", "", "Сколько учеников?", "", "yes", "", ". >= 1"];
    let part = |constraint| ["integer", "absent", "", "Сколько пропускает уроки?", "", "yes", "", constraint];
    for constraint in [". <= ${pupils}", "${pupils} >= .", ". >= 0 and . <= ${pupils}"] {
        let found =
            import(&[pupils, part(constraint), ["text", "why", "", "Почему?", "", "", "${absent} > 0", ""]]);
        assert_eq!(
            findings(&found),
            ["XLSFORM_SHARE_MADE лист «survey», H3: Вопрос «absent» стал долей от вопроса «pupils»."]
        );
        let form = taken(found);
        assert_eq!(
            form.question("absent").expect("a question").kind,
            Kind::Share {
                part: "Сколько пропускает уроки?".to_owned(),
                whole: "Сколько учеников?".to_owned(),
                whole_from: Some("pupils".to_owned())
            }
        );
        let asked =
            Condition::Is { question: "absent".to_owned(), test: Test::Greater(Literal::Number(0.into())) };
        assert_eq!(form.question("why").expect("a question").when, Some(asked));
        assert_eq!(read(&render(&form)), form, "what was taken over can be written and read");
    }
    // And a part of that part: «сколько из них».
    let of_them = ["integer", "asked", "", "Со сколькими говорили?", "", "", "", ". <= ${absent}"];
    let form = taken(import(&[pupils, part(". <= ${pupils}"), of_them]));
    assert_eq!(form.question("asked").expect("a question").kind.whole_from(), Some("absent"));
    // Nothing of what is there is less than zero: the bound is set where the form has left it out.
    let form = taken(import(&[
        ["integer", "pupils", "", "Сколько учеников?", "", "", "", ""],
        part(". <= ${pupils}"),
    ]));
    let whole = &form.question("pupils").expect("a question").kind;
    assert_eq!(*whole, Kind::Number { min: Some(0.into()), max: None, whole: true, unit: None });
}

#[test]
fn a_number_whose_whole_can_not_be_told_stays_a_number() {
    let pupils = ["integer", "pupils", "", "Сколько учеников?", "", "yes", "", ". >= 0"];
    let part = ["integer", "absent", "", "Сколько пропускает?", "", "", "", ". >= 0 and . <= ${pupils}"];
    let check = |survey: &[[&str; 8]], min: Option<i64>| {
        let found = import(survey);
        let told = findings(&found);
        assert!(
            told.iter().any(|own| own.starts_with("XLSFORM_CONSTRAINT_UNTRANSLATED")) && told.len() == 1,
            "{told:?}"
        );
        let form = taken(found);
        let kept = &form.question("absent").expect("a question").kind;
        assert_eq!(*kept, Kind::Number { min: min.map(Into::into), max: None, whole: true, unit: None });
    };
    let zero = Some(0);
    check(&[part, pupils], zero);
    check(&[part], zero);
    check(&[["decimal", "pupils", "", "Сколько?", "", "", "", ". >= 0"], part], zero);
    check(&[["integer", "pupils", "", "Сколько?", "", "", "", ". >= -5"], part], zero);
    let club = ["select_one yn", "club", "", "Есть?", "", "", "", ""];
    let some = ["integer", "pupils", "", "Сколько?", "", "", "${club} = 'yes'", ". >= 0"];
    check(&[club, some, part], zero);
    let [begin, end] = [
        ["begin group", "g", "", "Ещё", "", "", "${club} = 'yes'", ""],
        ["end group", "", "", "", "", "", "", ""],
    ];
    check(&[club, begin, pupils, end, part], zero);
    // Ten pupils are not ten per cent.
    check(&[pupils, part, ["text", "why", "", "Почему?", "", "", "${absent} > 10", ""]], zero);
    check(&[pupils, ["integer", "absent", "", "?", "", "", "", ". >= 1 and . <= ${pupils}"]], Some(1));
    check(&[pupils, ["integer", "absent", "", "?", "", "", "", ". <= ${pupils} + 1"]], None);
    // Inside the group that hides the whole, the part is hidden with it.
    let form = taken(import(&[club, begin, pupils, part, end]));
    assert_eq!(form.question("absent").expect("a question").kind.whole_from(), Some("pupils"));
}

/// One condition and what it becomes.
#[test]
fn conditions_of_common_forms_are_translated() {
    let check = |relevant: &str, expected: &str| {
        let found = import(&[
            ["select_one level", "q", "", "К?", "", "", "", ""],
            ["select_multiple yn", "m", "", "М?", "", "", "", ""],
            ["integer", "n", "", "Ч?", "", "", "", ""],
            ["text", "t", "", "Т?", "", "", "", ""],
            ["text", "last", "", "Последний?", "", "", relevant, ""],
        ]);
        assert_eq!(findings(&found), Vec::<String>::new(), "{relevant}");
        let written = render(&taken(found));
        let when = written.lines().rev().find_map(|line| line.strip_prefix("when = "));
        assert_eq!(when, Some(expected), "{relevant}");
    };
    check("${q} = '1'", r#"{ question = "q", equals = "1" }"#);
    check("${q}=1", r#"{ question = "q", equals = "1" }"#);
    check("'1' = ${ q }", r#"{ question = "q", equals = "1" }"#);
    check("${q} != '1'", r#"{ not = { question = "q", equals = "1" } }"#);
    check("${q} >= 2", r#"{ question = "q", one_of = ["2", "3"] }"#);
    check("selected(${q}, '3')", r#"{ question = "q", equals = "3" }"#);
    check("selected(${m}, “yes”)", r#"{ question = "m", includes = "yes" }"#);
    check("${t} != ''", r#"{ question = "t", answered = true }"#);
    check("${t} = ''", r#"{ not = { question = "t", answered = true } }"#);
    check("count-selected(${m}) > 0", r#"{ question = "m", answered = true }"#);
    check("5 < ${n}", r#"{ question = "n", greater = 5 }"#);
    check("${n} > -1.5", r#"{ question = "n", greater = -1.5 }"#);
    check(
        "(${q} = '1' or ${q} = '2') and not(${n} <= 3)",
        r#"{ all = [{ any = [{ question = "q", equals = "1" }, { question = "q", equals = "2" }] }, { not = { question = "n", at_most = 3 } }] }"#,
    );
}

#[test]
fn a_condition_that_can_not_be_said_is_told_with_its_cell() {
    let check = |relevant: &str, why: &str| {
        let found = import(&[
            ["select_one level", "q", "", "К?", "", "", "", ""],
            ["integer", "n", "", "Ч?", "", "", relevant, ""],
        ]);
        let expected = format!(
            "XLSFORM_RELEVANT_UNTRANSLATED лист «survey», G3: Условие «{relevant}» не перенесено: {why}."
        );
        assert_eq!(findings(&found), [expected]);
        assert_eq!(taken(found).question("n").expect("a question").when, None);
    };
    check("${q} + 1 > 2", "знак «+»");
    check("${gone} = 'a'", "вопроса «gone» нет или он не перенесён");
    check("${q} = '9'", "варианта «9» нет");
    check("regex(${q}, '^a')", "функция regex()");
    check("${q} = ${n}", "сравнение с другим вопросом, функцией или значением другого типа");
    check("(${q} = '1'", "скобка не закрыта");
    check("${q} = '1", "кавычка не закрыта");
    check("${q} = '1' 5", "лишнее в конце выражения или арифметика");
    check("true()", "функция true()");
}

#[test]
fn a_constraint_that_can_not_be_said_is_told_and_the_rest_is_kept() {
    let found = import(&[["decimal", "n", "", "Ч?", "", "", "", ". >= 0 and . < ${m} and regex(., '\\d+')"]]);
    assert_eq!(
        findings(&found),
        [
            "XLSFORM_CONSTRAINT_UNTRANSLATED лист «survey», H2: Ограничение «. >= 0 and . < ${m} and regex(., '\\d+')» перенесено не целиком: граница, которой у наших вопросов нет; условие, которое не сравнивает ответ с числом."
        ]
    );
    assert_eq!(
        taken(found).question("n").expect("a question").kind,
        Kind::Number { min: Some(0.into()), max: None, whole: false, unit: None }
    );
}

#[test]
fn what_can_not_be_asked_is_refused_with_a_mend() {
    let check = |survey: &[[&str; 8]], expected: &[&str], kept: bool| {
        let found = import(survey);
        assert_eq!(findings(&found), expected);
        assert_eq!(found.questionnaire.is_some(), kept);
        let complete = found.findings.iter().all(|f| !f.why.is_empty() && !f.mend.is_empty());
        assert!(complete, "every finding says why and what next");
    };
    let good = ["integer", "n", "", "Ч?", "", "", "", ""];
    check(
        &[
            ["begin repeat", "child", "", "Ребёнок", "", "", "", ""],
            good,
            ["end repeat", "", "", "", "", "", "", ""],
        ],
        &[
            "XLSFORM_REPEAT лист «survey», A2: Повторяющаяся группа (begin repeat) не переносится.",
            "XLSFORM_WRONG лист «survey», строка 1: В анкете нет ни одного вопроса.",
        ],
        false,
    );
    check(
        &[good, ["select_one gone", "q", "", "К?", "", "", "", ""]],
        &["XLSFORM_LIST_MISSING лист «survey», A3: Списка вариантов «gone» нет на листе choices."],
        false,
    );
    check(
        &[good, ["geopoint", "where", "", "Где?", "", "", "", ""]],
        &["XLSFORM_TYPE_SKIPPED лист «survey», A3: Строка типа «geopoint» не перенесена."],
        true,
    );
    check(
        &[good, ["select_one yn or_other", "q", "", "К?", "", "", "", ""]],
        &["XLSFORM_TYPE_SKIPPED лист «survey», A3: Дополнение «or_other» к типу не перенесено."],
        true,
    );
    check(&[good, good], &["XLSFORM_WRONG лист «survey», строка 3: Имя вопроса «n» уже занято."], false);
    check(
        &[
            good,
            ["begin group", "g", "", "Группа", "", "", "", ""],
            ["integer", "k", "", "К?", "", "if(1)", "", ""],
        ],
        &[
            "XLSFORM_REQUIRED_UNREAD лист «survey», F4: Обязательность «if(1)» не перенесена.",
            "XLSFORM_GROUP_UNPAIRED лист «survey», A3: Группа не закрыта.",
        ],
        true,
    );
    check(
        &[
            ["integer", "a", "", "А?", "", "", "${b} > 1", ""],
            ["integer", "b", "", "Б?", "", "", "${a} > 1", ""],
        ],
        &["XLSFORM_WRONG лист «survey», строка 2: Условия вопросов ходят по кругу: a, b."],
        false,
    );
}

#[test]
fn columns_that_are_not_carried_over_are_told() {
    let survey = sheet(
        "survey",
        &[
            &["type", "name", "label", "appearance", "calculation"],
            &["integer", "n", "Сколько?", "likert", ""],
        ],
    );
    let found = import_xlsform(&[survey], Audience::Staff);
    let told: Vec<String> = found.findings.iter().map(|f| format!("{} {}", f.place, f.what)).collect();
    assert_eq!(told, ["лист «survey», D2 Столбец «appearance» не перенесён."]);
    assert_eq!(
        found.questionnaire.map(|form| (form.id, form.audience)),
        Some(("imported".into(), Audience::Staff))
    );
    let found = import(&[["integer", "n", "", "Ч?", "", "", "", ""]]);
    let told: Vec<&str> = found.findings.iter().map(|f| f.what.as_str()).collect();
    assert_eq!(told, ["Список вариантов «level» не перенесён.", "Список вариантов «yn» не перенесён."]);
    let survey = sheet(
        "survey",
        &[
            &["type", "name", "label", "hint", "parameters"],
            &["begin group", "g", "Группа", "Отвечайте вместе", ""],
            &["range", "r", "Оценка", "", "start=1 end=7 step=1"],
            &["text", "t", "Почему?", "", "rows=5"],
            &["end group"],
        ],
    );
    let found = import_xlsform(&[survey, sheet("Заметки", &[&["Спросить у методиста"]])], Audience::Staff);
    let told: Vec<String> = found.findings.iter().map(|f| format!("{} {}", f.place, f.what)).collect();
    assert_eq!(
        told,
        [
            "лист «survey», E4 Параметры «rows=5» не перенесены.",
            "лист «Заметки» Лист «Заметки» не перенесён."
        ]
    );
    let form = taken(found);
    assert_eq!(form.sections[0].about.as_deref(), Some("Отвечайте вместе"));
    assert_eq!(
        form.question("r").map(|question| &question.kind),
        Some(&Kind::Scale { from: 1, to: 7, low: None, high: None })
    );
    let none = import_xlsform(&[sheet("Лист1", &[&["a"]])], Audience::Head);
    assert_eq!(findings(&none), ["XLSFORM_SHEET_MISSING документ в целом: В файле нет листа survey."]);
}

#[test]
fn a_workbook_keeps_its_cells_in_their_places() {
    let place = |row, column| Place {
        sheet: Some("survey".into()),
        row: Some(row),
        column: Some(column),
        ..Place::WHOLE
    };
    let cell = |text: &str, row, column: u32| Cell::new(text, column - 1, place(row, column));
    let source = Source { name: "a.xlsx".into(), sha256: String::new(), format: Format::Spreadsheet };
    let mut document = Document::new(source);
    document.blocks.push(Block::Table(Table {
        place: Place::WHOLE,
        width: 3,
        rows: vec![
            Row {
                place: Place::WHOLE,
                cells: vec![cell("type", 1, 1), cell("name", 1, 2), cell("label", 1, 3)],
            },
            Row {
                place: Place::WHOLE,
                cells: vec![cell("integer", 3, 1), cell("n", 3, 2), cell("Ч?", 3, 3)],
            },
        ],
    }));
    document.blocks.push(Block::Paragraph(Paragraph::new("end group", place(5, 1))));
    let sheets = sheets_of(&document);
    assert_eq!(sheets.len(), 1);
    assert_eq!(sheets[0].1.iter().map(Vec::len).collect::<Vec<_>>(), [3, 0, 3, 0, 1]);
    let found = import_xlsform(&sheets, Audience::Head);
    assert_eq!(
        findings(&found),
        ["XLSFORM_GROUP_UNPAIRED лист «survey», A5: Группа закрыта, хотя не открыта."]
    );
}

#[test]
fn groups_inside_one_another_must_all_hold() {
    let found = import(&[
        ["select_one yn", "a", "", "А?", "", "", "", ""],
        ["begin group", "g", "", "Г", "", "", "${a} = 'yes'", ""],
        ["select_one yn", "b", "", "Б?", "", "", "", ""],
        ["begin group", "h", "", "Х", "", "", "${b} = 'no'", ""],
        ["integer", "n", "", "Ч?", "", "", "", ""],
        ["end group", "", "", "", "", "", "", ""],
        ["end group", "", "", "", "", "", "", ""],
    ]);
    let form = taken(found);
    let is = |question: &str, word: &str| Condition::Is {
        question: question.into(),
        test: Test::Equals(Literal::Word(word.into())),
    };
    let section = form.sections.last().expect("a section");
    assert_eq!(section.when, Some(Condition::All(vec![is("a", "yes"), is("b", "no")])));
}

proptest! {
    /// Whatever stands in the cells: no panic, and every cell of a row that was taken is there or is told of.
    #[test]
    fn no_cell_makes_it_fall(
        rows in proptest::collection::vec(proptest::array::uniform8(
            "(begin group|end group|begin repeat|integer|text|select_one yn|range|note|q[0-3]|[.$(){}'<>=! a-zа-я0-9]{0,12})"
        ), 0..12)
    ) {
        let rows: Vec<[&str; 8]> = rows.iter().map(|row| std::array::from_fn(|at| row[at].as_str())).collect();
        let found = import(&rows);
        let errors = found.findings.iter().any(|finding| finding.level == Level::Error);
        prop_assert_eq!(found.questionnaire.is_none(), errors);
        if let Some(form) = found.questionnaire {
            prop_assert_eq!(read(&render(&form)), form);
        }
    }

    #[test]
    fn no_expression_makes_it_fall(text in "[.$(){}'\"<>=! a-z0-9,-]{0,60}", deep in 0..3000_usize) {
        import(&[["integer", "n", "", "Ч?", "", "", &text, &text]]);
        import(&[["integer", "n", "", "Ч?", "", "", &"(".repeat(deep), &"not(".repeat(deep)]]);
    }
}
