//! How long does the command line take to read orders, and how much memory? `cargo bench -p opora --bench import`.
//!
//! Asked for: a thousand orders in at most 10 s and 300 MB. The orders are invented, each with its own texts, in
//! several shapes: short and long tables of 5 columns, and orders with much running text around their plan.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints its figures and may fail")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One kind of orders.
struct Shape {
    name: &'static str,
    orders: usize,
    activities: usize,
    /// Paragraphs of running text before and behind the table.
    paragraphs: usize,
}

const SHAPES: [Shape; 5] = [
    Shape { name: "short tables", orders: 1_000, activities: 15, paragraphs: 0 },
    Shape { name: "tables", orders: 1_000, activities: 40, paragraphs: 0 },
    Shape { name: "long tables", orders: 1_000, activities: 74, paragraphs: 0 },
    Shape { name: "long tables and much text", orders: 200, activities: 74, paragraphs: 120 },
    Shape { name: "a plan in paragraphs", orders: 200, activities: 0, paragraphs: 40 },
];
const RUNS: usize = 3;

fn main() {
    for shape in &SHAPES {
        let folder = tempfile::tempdir().expect("a folder");
        let files: Vec<PathBuf> =
            (1..=shape.orders).map(|number| write_order(folder.path(), shape, number)).collect();
        let mut runs: Vec<(Duration, u64)> = (0..RUNS).map(|_| run(&files)).collect();
        runs.sort();
        let memory = runs.iter().map(|(_, kib)| kib / 1024).max().unwrap_or(0);
        let seconds = |at: usize| runs.get(at).map_or(0.0, |(time, _)| time.as_secs_f64());
        println!(
            "{}: {} orders, {} activities and {} paragraphs each: min {:.2} s, median {:.2} s, max {:.2} s, peak {memory} MB",
            shape.name,
            shape.orders,
            shape.activities,
            shape.paragraphs,
            seconds(0),
            seconds(RUNS / 2),
            seconds(RUNS - 1),
        );
    }
}

/// One run of the program over all files: wall time and the peak of its memory in KiB.
fn run(files: &[PathBuf]) -> (Duration, u64) {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_opora"))
        .args(["import", "--format", "json"])
        .args(files)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("the program is watched").is_none() {
        peak = peak.max(peak_memory(&status));
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(child.wait().expect("the program ends").success(), "the orders are read without findings");
    (started.elapsed(), peak)
}

fn peak_memory(status: &str) -> u64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn write_order(folder: &Path, shape: &Shape, number: usize) -> PathBuf {
    let mut text = format!(
        "УПРАВЛЕНИЕ ОБРАЗОВАНИЯ ГОРОДА № {number}\nПРИКАЗ\n12.02.2024 № {number}-о\nОб утверждении дорожной карты на 2024 год\n\
         В соответствии с приказом Министерства образования Лесного края от 15.01.2024 № 17, в целях методической поддержки \
         школ с низкими результатами обучения и школ, работающих в неблагоприятных социальных условиях,\nПРИКАЗЫВАЮ:\n\
         1. Утвердить дорожную карту.\n2. Муниципальному координатору Ким В.Г. в срок до 01.03.2024 довести её до школ № 2, 7, 14.\n\
         3. Контроль исполнения оставляю за собой.\nНачальник управления И.И. Лесная\n\nПриложение 1\n\n"
    );
    if shape.activities > 0 {
        for paragraph in 0..shape.paragraphs {
            write_paragraph(&mut text, number, paragraph);
        }
        write_table(&mut text, number, shape.activities);
    } else {
        write_prose(&mut text, number, shape.paragraphs);
    }
    let path = folder.join(format!("приказ-{number:04}.txt"));
    std::fs::write(&path, text).expect("a file");
    path
}

fn write_paragraph(text: &mut String, number: usize, paragraph: usize) {
    let _ = writeln!(
        text,
        "По итогам {} учебного года в {} школах города {number} доля участников, не преодолевших нижнюю границу, составила \
         {},{} % (справка управления от {:02}.09.2023 № {number}/{paragraph}); результаты рассмотрены на совете руководителей, \
         где выступили директора школ № {}, {} и методист центра развития образования Орлова А.Б. По каждой школе определены \
         факторы риска: недостаточная предметная и методическая компетентность педагогов, низкая учебная мотивация.",
        2022 + paragraph % 2,
        paragraph + 3,
        paragraph % 30 + 4,
        paragraph % 10,
        paragraph % 28 + 1,
        paragraph % 9 + 1,
        paragraph % 9 + 11,
    );
}

fn write_table(text: &mut String, number: usize, activities: usize) {
    let deadlines =
        ["до 01.04.2024", "март – май", "ежеквартально", "не реже 1 раза в месяц", "сентябрь, декабрь 2024"];
    let parties =
        ["Управление образования, ОО", "Ким В.Г., методист ЦДО", "Руководители МОУ №№ 2, 7, 14, кураторы"];
    text.push_str("Дорожная карта на 2024 год\n\n№\tМероприятие\tСроки\tОтветственные\tРезультат\n");
    for activity in 1..=activities {
        let _ = writeln!(
            text,
            "{}.{}\tПроведение обучающего семинара № {activity} для школьных команд города {number}\t{}\t{}\tСправка",
            activity / 10 + 1,
            activity % 10 + 1,
            deadlines[(number + activity) % deadlines.len()],
            parties[(number + activity) % parties.len()],
        );
    }
}

fn write_prose(text: &mut String, number: usize, paragraphs: usize) {
    text.push_str("Дорожная карта на 2024 год\n\n");
    for paragraph in 1..=paragraphs {
        let _ = writeln!(
            text,
            "{paragraph}. Провести для школьных команд города {number} семинар № {paragraph} по работе с результатами оценки \
             качества образования. Срок: до {:02}.{:02}.2024. Ответственный: Ким В.Г., методист центра. Результат: справка.",
            paragraph % 28 + 1,
            paragraph % 9 + 3,
        );
    }
}
