//! How does the front end get into the binary? npm installs what the lock file names into the build folder,
//! esbuild bundles `web/src` beside it, and a generated list of hashed names is compiled in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    match bundle() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Cargo shows the output of a failed build script: the cause and the mend have to stand in it.
            for line in message.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn bundle() -> Result<(), String> {
    let variable = |name: &str| {
        std::env::var(name).map(PathBuf::from).map_err(|_| format!("cargo did not set the variable {name}"))
    };
    let web = variable("CARGO_MANIFEST_DIR")?.join("../../web");
    let out = variable("OUT_DIR")?;
    for watched in ["src", "icons.json", "build.mjs", "package.json", "package-lock.json"] {
        println!("cargo::rerun-if-changed={}", web.join(watched).display());
    }
    let modules = install(&web, &out.join("npm"))?;
    let assets = out.join("assets");
    run(Command::new("node").arg(web.join("build.mjs")).arg(&modules).arg(&assets))?;
    write_names(&out.join("assets.json"), &out.join("asset_names.rs"))
}

/// Installs the locked packages into a folder of the build, once for each state of the lock file, so that the
/// source tree stays clean and two builds at once do not disturb each other.
fn install(web: &Path, folder: &Path) -> Result<PathBuf, String> {
    let lock = read(&web.join("package-lock.json"))?;
    let modules = folder.join("node_modules");
    let done = folder.join("installed-lock.json");
    if fs::read_to_string(&done).is_ok_and(|installed| installed == lock) {
        return Ok(modules);
    }
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    write(&folder.join("package.json"), &read(&web.join("package.json"))?)?;
    write(&folder.join("package-lock.json"), &lock)?;
    run(Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"])
        .current_dir(folder))?;
    write(&done, &lock)?;
    Ok(modules)
}

/// Writes `pub const APP_JS: &str = "app-XXXX.js";` for each file the bundler names.
fn write_names(names: &Path, target: &Path) -> Result<(), String> {
    let list = read(names)?;
    let names: std::collections::BTreeMap<String, String> =
        serde_json::from_str(&list).map_err(|error| format!("{}: {error}", names.display()))?;
    let mut code = String::new();
    for (name, file) in names {
        let constant = name.replace('.', "_").to_uppercase();
        code.push_str(&format!("/// Hashed name of `{name}`.\npub const {constant}: &str = {file:?};\n"));
    }
    write(target, &code)
}

fn run(command: &mut Command) -> Result<(), String> {
    let shown = format!("{command:?}");
    let output = command.output().map_err(|error| {
        format!(
            "the front end can't be bundled: `{shown}` does not start ({error}).\n\
             Node.js 20 or newer with npm is needed to build Opora, not to run it.\n\
             Install it (Debian: `apt-get install nodejs npm`) and build again."
        )
    })?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "the front end can't be bundled: `{shown}` failed ({}).\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
