//! Where can one get small files to try? `cargo run -p opora-forms --example samples -- FOLDER` writes them.

#![allow(clippy::print_stderr, reason = "an example talks to the terminal")]

#[path = "../tests/common/samples.rs"]
mod samples;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("Укажите папку, в которую записать образцы.");
        return Ok(());
    };
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in samples::samples() {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
