//! Do letters go out over SMTP, and is nothing lost or doubled when the program is killed in the middle?

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of a test may fail as the test may"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use jiff::SignedDuration;
use opora::clock;
use opora::mail::Mailer;
use opora::usecases::notices::send_due;
use opora_store::{DatabaseUrl, Queue, Store};
use tempfile::TempDir;

const ORDER: &str = include_str!("../src/web/pages/upload/sample.txt");
const REGISTRY: &str = "регион;муниципалитет;название;вид;логин\n\
    Озёрный край;Верхнеозёрск;Школа № 4;СОШ;edu000004\n";

/// A folder with an installation: one order whose first deadlines are over, one coordinator with an address.
fn installation() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    run(folder.path(), &["org", "import", &file("реестр.csv", REGISTRY)]);
    run(folder.path(), &["import", "--save", &file("приказ.txt", ORDER)]);
    let place = ["--role", "coordinator", "--place", "municipality:Верхнеозёрск"];
    let who = ["user", "add", "mironova", "--name", "Миронова Ольга", "--mail", "mironova@example.ru"];
    run(folder.path(), &[&who[..], &place[..]].concat());
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_opora"));
    command.args(arguments).args(["--data", &folder.join("data").display().to_string()]);
    // At noon, wherever the test runs: at night nothing is sent.
    let hour = clock::now().to_zoned(jiff::tz::TimeZone::UTC).hour();
    command.env("TZ", format!("XXX{}", i32::from(hour) - 12));
    command.env("OPORA_TODAY", "2026-10-15").env("OPORA_PUBLIC_URL", "https://opora.test");
    command.env("OPORA_MAIL_FROM", "opora@example.ru").env_remove("OPORA_DATABASE").env_remove("OPORA_MAIL");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = command(folder, arguments).output().expect("the program ends");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let code = output.status.code().unwrap_or(-1);
    assert!(code < 2, "{arguments:?}: {code} {said} {}", String::from_utf8_lossy(&output.stderr));
    (code, said)
}

/// A mail server that takes letters, and answers the text of a letter only if told so.
fn mail_server(answers: bool) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("a port").port();
    let (told, letters) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let told = told.clone();
            std::thread::spawn(move || talk(stream, answers, |letter| told.send(letter).is_ok()));
        }
    });
    (port, letters)
}

fn talk(stream: TcpStream, answers: bool, told: impl Fn(String) -> bool) {
    let mut out = stream.try_clone().expect("a stream");
    let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).is_ok();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    say("220 mail.test");
    while let Some(line) = lines.next() {
        let answer = match line.split(' ').next().unwrap_or_default() {
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        say(answer);
        if answer.starts_with("354") {
            let letter: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
            told(letter.join("\n"));
            if !answers {
                // The letter is taken, and the sender never learns of it.
                std::thread::sleep(Duration::from_secs(60));
                return;
            }
            say("250 taken");
        }
    }
}

fn header<'a>(letter: &'a str, name: &str) -> &'a str {
    letter
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .unwrap_or_else(|| panic!("no {name} in {letter}"))
        .trim()
}

async fn store(folder: &Path) -> Store {
    Store::open(&DatabaseUrl::Sqlite(folder.join("data/opora.sqlite"))).await.expect("a store")
}

#[test]
fn a_letter_goes_over_smtp_once() {
    let folder = installation();
    let (port, letters) = mail_server(true);
    let mail = format!("smtp://127.0.0.1:{port}");
    let (code, said) = run(folder.path(), &["notices", "send", "--mail", &mail]);
    assert_eq!(code, 0, "{said}");
    let letter = letters.recv_timeout(Duration::from_secs(10)).expect("a letter");
    assert_eq!(header(&letter, "To:"), "mironova@example.ru");
    assert_eq!(header(&letter, "From:"), "opora@example.ru");
    assert_eq!(header(&letter, "Auto-Submitted:"), "auto-generated");
    assert!(header(&letter, "Message-ID:").ends_with("@example.ru>"), "{letter}");
    let sent = letters.try_iter().count() + 1;
    assert!(said.contains(&format!("Писем отправлено: {sent}")), "{said}");
    let (_, said) = run(folder.path(), &["notices", "send", "--mail", &mail]);
    assert!(
        said.contains("Новых уведомлений: 0, новых писем: 0.") && said.contains("отправлено: 0"),
        "{said}"
    );
    assert_eq!(letters.try_iter().count(), 0);
}

#[test]
fn a_mail_server_that_is_away_is_told_by_the_exit_code() {
    let folder = installation();
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port").port();
    let mail = format!("smtp://127.0.0.1:{closed}");
    let (code, said) = run(folder.path(), &["notices", "send", "--mail", &mail]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("отложено до следующей попытки: 1"), "{said}");
}

#[tokio::test]
async fn killed_in_the_middle_of_a_letter_nothing_is_lost_or_doubled() {
    let folder = installation();
    let (port, letters) = mail_server(false);
    let mail = format!("smtp://127.0.0.1:{port}");
    let arguments = ["serve", "--address", "127.0.0.1:0", "--notices-every", "1", "--mail", &mail];
    let mut server = command(folder.path(), &arguments).spawn().expect("the server starts");
    let taken = letters.recv_timeout(Duration::from_secs(30)).expect("a letter");
    server.kill().expect("killed");
    server.wait().expect("ended");
    let store = store(folder.path()).await;
    let queue = store.letter_queue().await.expect("a queue");
    assert!(queue.waiting >= 1, "{queue:?}");
    assert!(matches!(store.verify_audit().await, Ok(opora_store::AuditVerdict::Whole { .. })));
    // The letter is in the hand of the dead until its lease is over; nobody writes it anew.
    let out = folder.path().join("письма");
    let mailer = Mailer::parse(&format!("folder:{}", out.display()), "opora@example.ru").expect("a mailer");
    let before = send_due(&store, &mailer, clock::now, || false).await.expect("a round");
    let (_, said) = run(folder.path(), &["notices", "send"]);
    assert!(said.contains("новых писем: 0."), "{said}");
    let later = || clock::now() + SignedDuration::from_mins(6);
    let after = send_due(&store, &mailer, later, || false).await.expect("a round");
    assert_eq!(after.sent, 1, "{before:?} {after:?}");
    assert_eq!(store.letter_queue().await.expect("a queue"), Queue::default());
    let id = header(&taken, "Message-ID:").trim_matches(['<', '>']).to_owned();
    assert!(out.join(format!("{id}.eml")).exists(), "the same letter by its Message-ID: {id}");
}

#[test]
fn the_server_ends_at_once_when_asked() {
    let folder = installation();
    let arguments = ["serve", "--address", "127.0.0.1:0", "--notices-every", "1"];
    let mut server = command(folder.path(), &arguments).spawn().expect("the server starts");
    let mut greeting = String::new();
    BufReader::new(server.stdout.as_mut().expect("an output")).read_line(&mut greeting).expect("a greeting");
    std::thread::sleep(Duration::from_millis(1500));
    let killed = Command::new("kill").args(["-INT", &server.id().to_string()]).status().expect("a signal");
    assert!(killed.success());
    for _ in 0..100 {
        if let Some(status) = server.try_wait().expect("a status") {
            assert!(status.success(), "{status:?}");
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    server.kill().expect("killed");
    panic!("the server did not end");
}
