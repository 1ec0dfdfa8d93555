//! How long does the command line take to read a thousand orders, and how much memory? `cargo bench -p opora --bench import`.
//!
//! Asked for: at most 10 s and 300 MB. The orders are invented, each with its own texts, 40 activities of 5 columns.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints its figures and may fail")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ORDERS: usize = 1_000;
const ACTIVITIES: usize = 40;
const RUNS: usize = 5;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let files: Vec<PathBuf> = (1..=ORDERS).map(|number| write_order(folder.path(), number)).collect();
    let mut runs: Vec<(Duration, u64)> = (0..RUNS).map(|_| run(&files)).collect();
    runs.sort();
    let memory = runs.iter().map(|(_, kib)| kib / 1024).max().unwrap_or(0);
    let seconds = |at: usize| runs.get(at).map_or(0.0, |(time, _)| time.as_secs_f64());
    println!(
        "{ORDERS} orders, {} activities: min {:.2} s, median {:.2} s, max {:.2} s, peak {memory} MB",
        ORDERS * ACTIVITIES,
        seconds(0),
        seconds(RUNS / 2),
        seconds(RUNS - 1),
    );
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

fn write_order(folder: &Path, number: usize) -> PathBuf {
    let deadlines =
        ["до 01.04.2024", "март – май", "ежеквартально", "не реже 1 раза в месяц", "сентябрь, декабрь 2024"];
    let parties =
        ["Управление образования, ОО", "Ким В.Г., методист ЦДО", "Руководители МОУ №№ 2, 7, 14, кураторы"];
    let mut text = format!(
        "УПРАВЛЕНИЕ ОБРАЗОВАНИЯ ГОРОДА № {number}\nПРИКАЗ\n12.02.2024 № {number}-о\nОб утверждении дорожной карты на 2024 год\n\
         В соответствии с приказом Министерства образования Лесного края от 15.01.2024 № 17\nПРИКАЗЫВАЮ:\n\
         1. Утвердить дорожную карту.\n2. Контроль исполнения оставляю за собой.\nНачальник управления И.И. Лесная\n\n\
         Дорожная карта на 2024 год\n\n№\tМероприятие\tСроки\tОтветственные\tРезультат\n"
    );
    for activity in 1..=ACTIVITIES {
        let _ = writeln!(
            text,
            "{}.{}\tПроведение обучающего семинара № {activity} для школьных команд города {number}\t{}\t{}\tСправка",
            activity / 10 + 1,
            activity % 10 + 1,
            deadlines[(number + activity) % deadlines.len()],
            parties[(number + activity) % parties.len()],
        );
    }
    let path = folder.join(format!("приказ-{number:04}.txt"));
    std::fs::write(&path, text).expect("a file");
    path
}
