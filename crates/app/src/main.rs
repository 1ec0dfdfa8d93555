//! The program `opora`.

/// A page is made of many small texts that live for milliseconds: with the allocator of the system library they took two
/// fifths of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    opora::cli::run()
}
