//! Are questionnaires and factors read as they are written, and is every mistake told with its place and a mend?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod shared;

use opora_diagnosis::{Audience, Kind, read_factors, read_questionnaire, render};
use shared::{FACTORS, PACKS, factors, pack, read};

#[test]
fn the_questionnaires_of_the_pack_are_whole_and_written_back() {
    for (file, text) in PACKS {
        let questionnaire = read(text);
        let written = render(&questionnaire);
        assert_eq!(read(&written), questionnaire, "{file}: there and back");
        assert_eq!(render(&read(&written)), written, "{file}: the same every time");
    }
    let asked = |name: &str| {
        let questionnaire = pack(name);
        let count = questionnaire.questions().filter(|(_, question)| question.kind != Kind::Note).count();
        (questionnaire.audience, count)
    };
    assert_eq!(asked("school-head"), (Audience::Head, 47));
    assert_eq!(asked("parents"), (Audience::Parents, 12));
    assert_eq!(asked("pupils"), (Audience::Pupils, 12));
    assert_eq!(asked("staff"), (Audience::Staff, 14));
}

#[test]
fn anonymous_questionnaires_ask_for_no_words_dates_or_numbers() {
    for (file, text) in PACKS.iter().filter(|(file, _)| *file != "school-head.toml") {
        for (_, question) in read(text).questions() {
            let open = matches!(question.kind.word(), "text" | "date" | "number" | "share");
            assert!(!open, "{file}, {}: an answer of one person could be recognised", question.id);
        }
    }
}

#[test]
fn the_factors_look_at_questions_that_exist() {
    let questionnaires: Vec<_> = PACKS.iter().map(|(_, text)| read(text)).collect();
    let dictionary = factors();
    assert_eq!(dictionary.factors.len(), 11);
    assert_eq!(dictionary.wrong_references(&questionnaires.iter().collect::<Vec<_>>()), Vec::<String>::new());
    let head = pack("school-head");
    for factor in &dictionary.factors {
        let section = head.sections.iter().find(|section| section.id == factor.id);
        assert!(section.is_some_and(|section| !section.questions.is_empty()), "{} is asked about", factor.id);
    }
}

/// A questionnaire with one section, and the first error it gives.
#[track_caller]
fn check(questions: &str, expected: &str) {
    let text = format!(
        "id = \"q\"\nversion = 1\ntitle = \"Анкета\"\naudience = \"head\"\n[[section]]\nid = \"s\"\ntitle = \"Раздел\"\n{questions}"
    );
    match read_questionnaire("анкета.toml", &text) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(errors) => {
            let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
            assert!(
                told.iter().any(|error| error == expected),
                "expected {expected}\ntold:\n{}",
                told.join("\n")
            );
        }
    }
}

const YES: &str = "[[section.question]]\nid = \"a\"\ntype = \"yes_no\"\ntext = \"А?\"\n";

#[test]
fn every_mistake_is_told_with_its_place_and_a_mend() {
    check(
        "[[section.question]]\nid = \"a\"\ntype = \"yes_no\"\ntext = \"А?\"\ncolour = \"red\"\n",
        "анкета.toml, строка 12, вопрос a: Поле «colour» неизвестно. Допустимы: id, was, text, type, help, required, when, yes, no. Проверьте написание.",
    );
    check(
        "[[section.question]]\nid = \"a b\"\ntype = \"yes_no\"\ntext = \"А?\"\n",
        "анкета.toml, строка 9, вопрос a b: Значение поля «id» не подходит. Имя – буквы, цифры и знаки «_», «-», «.», без пробелов, не длиннее 64 знаков.",
    );
    check(
        "[[section.question]]\nid = \"a\"\ntype = \"essay\"\ntext = \"А?\"\n",
        "анкета.toml, строка 10, вопрос a: Значение поля «type» не подходит. Допустимы: single, multiple, scale, number, share, text, date, yes_no, matrix, note.",
    );
    check(
        &format!("{YES}{YES}"),
        "анкета.toml, строка 12, вопрос a: Имя вопроса «a» уже занято. Дайте вопросу другой id; прежние имена (was) тоже не повторяются.",
    );
    check("", "анкета.toml, строка 1, анкета: В анкете нет ни одного вопроса. Добавьте раздел с вопросами.");
    check(
        "[[section.question]]\nid = \"a\"\ntype = \"scale\"\ntext = \"А?\"\nfrom = 5\nto = 1\n",
        "анкета.toml, строка 8, вопрос a: Такой шкалы не бывает. Напишите from меньше to и не больше 20 делений.",
    );
    check(
        "[[section.question]]\nid = \"a\"\ntype = \"single\"\ntext = \"А?\"\nchoices = [\"да\", \"нет\"]\n",
        "анкета.toml, строка 12, вопрос a, choices: Вариант записан не таблицей. Опишите вариант таблицей: { id = \"a\", text = \"…\" }.",
    );
    check(
        "[[section.question]]\nid = \"a\"\ntype = \"number\"\ntext = \"А?\"\nmin = 5\nmax = 1\n",
        "анкета.toml, строка 8, вопрос a: Нижняя граница больше верхней (min, max). Поменяйте их местами.",
    );
    check(
        "[[section.question]]\nid = \"a\"\ntype = \"yes_no\"\ntext = А?\n",
        "анкета.toml, строка 11, файл: Запись TOML не читается (подробность: string values must be quoted, expected literal string). Проверьте кавычки, скобки и знак «=» в этой строке и в строке перед ней.",
    );
}

fn asked(id: &str, when: &str) -> String {
    format!("[[section.question]]\nid = \"{id}\"\ntype = \"yes_no\"\ntext = \"?\"\nwhen = {when}\n")
}

#[test]
fn conditions_are_a_closed_set() {
    check(
        &asked("b", "{ question = \"z\", equals = true }"),
        "анкета.toml, строка 8, вопрос b: Условие смотрит на вопрос «z», которого нет. Проверьте имя вопроса; пояснения ответа не имеют.",
    );
    check(
        &format!("{YES}{}", asked("b", "{ question = \"a\", equals = \"да\" }")),
        "анкета.toml, строка 12, вопрос b: Ответ на вопрос «a» (да или нет) так сравнить нельзя. Напишите equals = true или equals = false.",
    );
    check(
        &format!("{YES}{}", asked("b", "{ question = \"a\", matches = \".*\" }")),
        "анкета.toml, строка 16, вопрос b, when: Поле «matches» неизвестно. Допустимы: question, answered, equals, one_of, includes, greater, at_least, less, at_most, all, any, not. Проверьте написание.",
    );
    check(
        &format!("{YES}{}", asked("b", "{ question = \"a\", equals = true, less = 3 }")),
        "анкета.toml, строка 16, вопрос b, when: Условие говорит о нескольких вещах сразу. Оставьте одно сравнение, остальные соедините через all или any.",
    );
    let deep = format!("{}{{ question = \"a\", equals = true }}{}", "{ not = ".repeat(20), " }".repeat(20));
    check(
        &format!("{YES}{}", asked("b", &deep)),
        "анкета.toml, строка 16, вопрос b, when: Условия вложены слишком глубоко. Разбейте условие на несколько вопросов.",
    );
}

#[test]
fn a_circle_of_conditions_is_refused() {
    check(
        &format!(
            "{YES}{}{}",
            asked("b", "{ question = \"c\", equals = true }"),
            asked(
                "c",
                "{ any = [{ question = \"b\", equals = true }, { question = \"a\", equals = true }] }"
            )
        ),
        "анкета.toml, строка 12, вопрос b: Условия вопросов ходят по кругу: b, c. Вопрос не может ждать того, что само ждёт его. Уберите одно из условий.",
    );
    check(
        &asked("b", "{ question = \"b\", answered = true }"),
        "анкета.toml, строка 8, вопрос b: Условия вопросов ходят по кругу: b. Вопрос не может ждать того, что само ждёт его. Уберите одно из условий.",
    );
    // A section that waits for a question of its own.
    check(
        &format!("when = {{ question = \"a\", equals = true }}\n{YES}"),
        "анкета.toml, строка 9, вопрос a: Условия вопросов ходят по кругу: a. Вопрос не может ждать того, что само ждёт его. Уберите одно из условий.",
    );
}

/// The dictionary with one change, and an error it gives.
#[track_caller]
fn check_factors(from: &str, to: &str, expected: &str) {
    assert!(FACTORS.contains(from), "«{from}» stands in the dictionary");
    let errors = read_factors("factors.toml", &FACTORS.replacen(from, to, 1)).expect_err("an error");
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|error| error.contains(expected)),
        "expected {expected}\ntold:\n{}",
        told.join("\n")
    );
}

#[test]
fn mistakes_of_the_dictionary_are_told() {
    check_factors("high = \"50 %\"", "high = \"5 %\"", "правило computers_old: Пороги идут не по порядку.");
    check_factors("high = \"50 %\"", "high = \"много\"", "Значение поля «high» не подходит.");
    check_factors(
        "evidence = \"staff_vacancies\"",
        "evidence = \"vacancies\"",
        "Вида данных «vacancies» в словаре нет.",
    );
    check_factors("high = 3\n", "high = \"3 %\"\n", "Пороги");
    check_factors(
        "levels = {",
        "levels = { other = \"hgih\",",
        "Значение поля «other» не подходит. Допустимы: high, medium, low, none, unknown.",
    );
    check_factors("options = [\"rather_no\", \"no\"]\n", "", "По опросу правило не посчитать.");
    check_factors("id = \"staff_shortage\"", "id = \"low_equipment\"", "Фактор «low_equipment» уже есть.");
    check_factors("question = \"computers_old\"\n", "", "Правило ни на что не смотрит.");
    check_factors("clause = ", "claus = ", "Нет поля «clause».");
}

#[test]
fn rules_that_look_nowhere_are_found() {
    #[track_caller]
    fn check(from: &str, to: &str, expected: &str) {
        let dictionary = read_factors("factors.toml", &FACTORS.replacen(from, to, 1)).expect("a dictionary");
        let (head, parents) = (pack("school-head"), pack("parents"));
        assert_eq!(dictionary.wrong_references(&[&head, &parents]), [expected]);
    }
    check(
        "question = \"computers_old\"",
        "question = \"computers\"",
        "Фактор «low_equipment», правило «computers_old»: вопроса «computers» нет в анкете «school-head». Проверьте имя вопроса.",
    );
    check(
        "question = \"rooms/informatics\"",
        "question = \"rooms\"",
        "Фактор «low_equipment», правило «informatics»: назовите строку таблицы: «rooms/…». Есть: physics, chemistry, informatics, library, gym.",
    );
    check(
        "question = \"computers_old\"",
        "question = \"internet\"",
        "Фактор «low_equipment», правило «computers_old»: пороги не подходят к вопросу «internet»: доле нужны пороги в процентах, числу и шкале – числа, остальным – levels.",
    );
    check(
        "options = [\"rather_no\", \"no\"]",
        "options = [\"never\"]",
        "Фактор «low_equipment», правило «parents_equipment»: у вопроса «p_equipment» нет варианта «never». Есть: yes, rather_yes, rather_no, no, hard.",
    );
}
