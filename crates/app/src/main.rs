//! The program `opora`.

/// A page is drawn of many small texts, and the allocator of the system library spends up to a third of its time on them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    opora::cli::run()
}
