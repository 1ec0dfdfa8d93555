//! To which schools are the activities of a municipal plan addressed?

mod support;

use opora_cycle::vocabulary::SchoolKind;
use opora_roadmap::{School, addressed};
use support::plan;

fn school(number: u32) -> School {
    School {
        number: Some(number),
        kind: SchoolKind::Secondary,
        name: format!("МБОУ «Средняя школа № {number}»"),
        is_supported: true,
        is_curator: false,
    }
}

/// Who is responsible and for whom it is, in a row of a plan; the sentences told to a school.
#[track_caller]
fn check_of(school: &School, responsible: &str, group: &str, expected: &[&str]) {
    let plan = plan(&format!("1 | 1 | Мероприятие | {responsible} | | | {group}"));
    let told: Vec<String> = addressed(&plan, school)
        .into_iter()
        .flat_map(|addressed| addressed.reasons)
        .map(|reason| reason.sentence)
        .collect();
    assert_eq!(told, expected, "{responsible} | {group}");
}

/// As a supported secondary school № 7 sees it.
#[track_caller]
fn check(responsible: &str, group: &str, expected: &[&str]) {
    check_of(&school(7), responsible, group, expected);
}

#[test]
fn schools_are_named_by_numbers() {
    check("руководители МОУ №№ 2, 7", "", &["В ответственных – «руководители МОУ №№ 2, 7»: школа названа."]);
    check("руководители МОУ №№ 2, 17", "", &[]);
    check("Управление образования", "СОШ № 7", &["В целевой группе – «СОШ № 7»: школа названа."]);
    check("Управление образования, МОУ №№ 5–8", "", &["В ответственных – «МОУ №№ 5–8»: школа названа."]);
    // A gymnasium of the same number is another school.
    check("Гимназия № 7", "", &[]);
    check(
        "Орлова А.Б., директор школы № 7",
        "",
        &["В ответственных – «Орлова А.Б., директор школы № 7»: школа названа."],
    );
}

#[test]
fn schools_are_named_by_names() {
    let mut lesnaya = School {
        number: None, name: "МБОУ «Лесная средняя школа»".to_owned(), ..school(1)
    };
    check_of(&lesnaya, "МБОУ «Лесная СОШ»", "", &["В ответственных – «МБОУ «Лесная СОШ»»: школа названа."]);
    check_of(&lesnaya, "МБОУ «Озёрная СОШ»", "", &[]);
    check_of(&lesnaya, "школа № 3", "", &[]);
    lesnaya.name = "СОШ с. Речное".to_owned();
    check_of(
        &lesnaya,
        "директор СОШ с. Речное",
        "",
        &["В ответственных – «директор СОШ с. Речное»: школа названа."],
    );
}

#[test]
fn all_schools_are_meant_by_many_words() {
    for words in [
        "ОО",
        "все школы",
        "руководители ОО",
        "директора школ",
        "общеобразовательные организации",
        "заместители директоров школ",
    ] {
        check(words, "", &[&format!("В ответственных – «{words}»: это все школы.")]);
    }
    check("школьные команды", "", &["В ответственных – «школьные команды»: это все школы."]);
    check(
        "учителя-предметники",
        "",
        &["В ответственных – «учителя-предметники»: такая должность есть в каждой школе."],
    );
    check(
        "методисты ЦДО",
        "обучающиеся 9 классов",
        &["В целевой группе – «обучающиеся 9 классов»: такая должность есть в каждой школе."],
    );
    check(
        "руководители школ муниципального района",
        "",
        &["В ответственных – «руководители школ муниципального района»: это все школы."],
    );
    check(
        "руководители муниципальных общеобразовательных организаций",
        "",
        &["В ответственных – «руководители муниципальных общеобразовательных организаций»: это все школы."],
    );
    check(
        "заместители руководителей по воспитательной работе",
        "",
        &[
            "В ответственных – «заместители руководителей по воспитательной работе»: такая должность есть в каждой школе.",
        ],
    );
    // A comma was lost.
    check(
        "руководители МОУ председатель родительского комитета",
        "",
        &["В ответственных – «руководители МОУ председатель родительского комитета»: это все школы."],
    );
    // A slip of recognition.
    check("руковoдители школ", "", &["В ответственных – «руковoдители школ»: это все школы."]);
}

#[test]
fn the_supported_schools_are_meant_only_where_a_school_is_one() {
    let other = School { is_supported: false, ..school(7) };
    for words in [
        "школы-участницы",
        "руководители школ-участниц",
        "ШНОР",
        "школы с низкими образовательными результатами",
        "участники проекта",
    ] {
        check(words, "", &[&format!("В ответственных – «{words}»: это школы, получающие поддержку.")]);
        check_of(&other, words, "", &[]);
    }
}

#[test]
fn curators_and_authorities_are_no_supported_schools() {
    for words in [
        "кураторы школ",
        "школы-кураторы",
        "Управление образования",
        "методисты ЦДО",
        "координационная группа",
        "отдел общего образования",
        "начальник управления",
        "",
    ] {
        check(words, "", &[]);
    }
    let curator = School { is_curator: true, is_supported: false, ..school(34) };
    check_of(&curator, "школы-кураторы", "", &["В ответственных – «школы-кураторы»: это школы-кураторы."]);
}

#[test]
fn an_exception_takes_a_school_out() {
    check("все школы, кроме школы № 7", "", &[]);
    check("все школы", "школы за исключением СОШ № 7", &[]);
    check_of(
        &school(8),
        "Управление образования",
        "все школы, кроме школы № 7",
        &["В целевой группе – «все школы»: это все школы."],
    );
}

#[test]
fn a_target_group_of_other_schools_limits_who_is_meant() {
    check("руководители ОО", "СОШ № 2", &[]);
    check(
        "руководители ОО",
        "СОШ № 2, СОШ № 7",
        &[
            "В целевой группе – «СОШ № 7»: школа названа.",
            "В ответственных – «руководители ОО»: это все школы.",
        ],
    );
}
