//! How are outside programs run without hanging, leaking or being fooled?
//!
//! The only place of this room that starts a process. There is no shell: arguments are passed as they are.
//! A program that does not finish in time is killed with all its children.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// More output than this is not kept, bytes.
const OUTPUT_MAX: u64 = 256 << 20;
/// Of what a program complains about, this much is kept, bytes.
const COMPLAINT_MAX: u64 = 16 << 10;

/// An outside program with its arguments, ready to run.
#[derive(Clone, Debug)]
pub struct Program {
    name: String,
    arguments: Vec<OsString>,
    variables: Vec<(String, OsString)>,
    timeout: Duration,
}

/// Why an outside program gave no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It is not installed, or not on the search path.
    Missing,
    /// It did not finish in time and was killed.
    TimedOut,
    /// It finished and said no; its complaint, as much as there was.
    Refused(String),
    /// The system could not run it.
    System(String),
}

impl Program {
    /// A program found on the search path, to be killed after `timeout`.
    pub fn new(name: &str, timeout: Duration) -> Self {
        Self { name: name.to_owned(), arguments: Vec::new(), variables: Vec::new(), timeout }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds several arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    /// Sets an environment variable for the program.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Runs to the end and gives the standard output of a successful run.
    pub fn run(self) -> Result<Vec<u8>, Failure> {
        let mut child = self.start()?;
        let output = drain(child.stdout.take(), OUTPUT_MAX);
        let complaint = drain(child.stderr.take(), COMPLAINT_MAX);
        let status = wait(&mut child, self.timeout);
        // The pipes close with the last process of the group, so these end soon after it.
        let output = output.join().unwrap_or_default();
        let complaint = complaint.join().unwrap_or_default();
        match status? {
            status if status.success() => Ok(output),
            status => Err(Failure::Refused(explain(status, &complaint))),
        }
    }

    fn start(&self) -> Result<Child, Failure> {
        let mut command = Command::new(&self.name);
        command
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        lead_own_group(&mut command);
        command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::Missing,
            _ => Failure::System(error.to_string()),
        })
    }
}

fn explain(status: ExitStatus, complaint: &[u8]) -> String {
    let complaint = String::from_utf8_lossy(complaint);
    format!("{status}: {}", complaint.trim())
}

fn drain<R: Read + Send + 'static>(source: Option<R>, max: u64) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut kept = Vec::new();
        if let Some(mut source) = source {
            let _ = source.by_ref().take(max).read_to_end(&mut kept);
            // Reading on lets the program finish instead of blocking on a full pipe.
            let _ = std::io::copy(&mut source, &mut std::io::sink());
        }
        kept
    })
}

fn wait(child: &mut Child, timeout: Duration) -> Result<ExitStatus, Failure> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                kill_group(child);
                return Ok(status);
            }
            Ok(None) if started.elapsed() >= timeout => {
                kill_group(child);
                let _ = child.kill();
                let _ = child.wait();
                return Err(Failure::TimedOut);
            }
            Ok(None) => thread::sleep(pause),
            Err(error) => return Err(Failure::System(error.to_string())),
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// A process group of its own lets us kill the program together with whatever it started:
/// `soffice` is a small launcher of the program that does the work.
#[cfg(unix)]
fn lead_own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn lead_own_group(_: &mut Command) {}

#[cfg(unix)]
fn kill_group(child: &Child) {
    let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // An error means that no process of the group is left, which is what is wanted.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_: &Child) {}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn check(program: Program, expected: Result<&str, Failure>) {
        let output = program.run().map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(output, expected.map(str::to_owned));
    }

    const SOON: Duration = Duration::from_secs(10);

    #[test]
    fn output_arguments_and_variables_pass() {
        check(Program::new("echo", SOON).arg("два слова; и точка"), Ok("два слова; и точка\n"));
        check(Program::new("cat", SOON), Ok(""));
        check(Program::new("printenv", SOON).arg("LIMIT").env("LIMIT", "1"), Ok("1\n"));
    }

    #[test]
    fn a_missing_program_is_told_from_a_failing_one() {
        check(Program::new("opora-no-such-program", SOON), Err(Failure::Missing));
        let refused = Program::new("ls", SOON).arg("/no/such/folder").run();
        assert!(matches!(refused, Err(Failure::Refused(text)) if text.contains("/no/such/folder")));
    }

    #[test]
    fn a_slow_program_is_killed_with_its_children() {
        let started = Instant::now();
        let slow = Program::new("sh", Duration::from_millis(200)).args(["-c", "sleep 60 | cat"]);
        assert_eq!(slow.run(), Err(Failure::TimedOut));
        assert!(started.elapsed() < SOON, "the pipe of the grandchild was waited for");
    }
}
