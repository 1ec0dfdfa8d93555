//! The program `opora`.

fn main() -> std::process::ExitCode {
    opora::cli::run()
}
