#!/usr/bin/env bash
# Passes all tests: format, lints, unit, literate, snapshot and property tests, SQLite and PostgreSQL, S3, the browser,
# and the acceptance over real orders where they are at hand. Installs what it needs on Debian as root; elsewhere it
# says what is missing. One command, no arguments: bash scripts/test.sh
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }
fail() { printf '\n!! %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- Tools ---------------------------------------------------------------------------------------------------------
find_postgres() { have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
find_chromium() { have chromium || have chromium-browser || have google-chrome; }
find_russian() { have tesseract && tesseract --list-langs 2>/dev/null | grep -qx rus; }

find_venv() { python3 -c "import ensurepip, venv" 2>/dev/null; }

packages=()
find_postgres || packages+=(postgresql)
find_chromium || packages+=(chromium)
find_russian || packages+=(tesseract-ocr tesseract-ocr-rus)
have pdftoppm || packages+=(poppler-utils)
find_venv || packages+=(python3-venv)
have soffice || packages+=(libreoffice-writer-nogui)
if [ ${#packages[@]} -gt 0 ]; then
  say "Installing: ${packages[*]}"
  if have apt-get && [ "$(id -u)" = 0 ]; then
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
  else
    fail "Install these packages and run again: ${packages[*]}"
  fi
fi
have cargo || fail "Rust is missing: install it from https://rustup.rs"
have node || fail "Node.js 20 or newer is missing: install it from https://nodejs.org"
cargo nextest --version >/dev/null 2>&1 || { say "Installing cargo-nextest"; cargo install cargo-nextest --locked; }

# --- Shape ---------------------------------------------------------------------------------------------------------
say "Format"
cargo fmt --all --check
say "Lints"
cargo clippy --workspace --all-targets -- -D warnings

# --- Tests ---------------------------------------------------------------------------------------------------------
work=$(mktemp -d)
stop() { bash scripts/postgres.sh stop "$work/postgres" >/dev/null 2>&1 || true; rm -rf "$work"; }
trap stop EXIT
say "Starting PostgreSQL in a temporary folder"
chmod 755 "$work"
OPORA_TEST_POSTGRES_URL=$(bash scripts/postgres.sh start "$work/postgres" | tail -n 1)
export OPORA_TEST_POSTGRES_URL

say "Unit, literate, snapshot and property tests, on SQLite and PostgreSQL"
cargo nextest run --workspace -E 'not binary(acceptance)' --no-fail-fast
say "Documentation tests"
cargo test --workspace --doc --quiet

say "Results in an S3-compatible store"
s3=${XDG_CACHE_HOME:-$HOME/.cache}/opora/s3-venv
[ -x "$s3/bin/python" ] || python3 -m venv "$s3"
"$s3/bin/python" -m pip install --quiet --disable-pip-version-check -r tests/s3/requirements.txt
"$s3/bin/python" tests/s3/serve.py cargo nextest run -p opora-results --features s3 -E 'binary(s3)' --no-fail-fast

orders=${OPORA_ORDERS:-$PWD/../shared/orders}
if [ -d "$orders" ]; then
  say "Acceptance over the real orders in $orders"
  OPORA_ORDERS=$(cd "$orders" && pwd) cargo nextest run -p opora --no-fail-fast -E 'binary(acceptance)'
else
  printf '\n!! ACCEPTANCE NOT RUN: there is no folder of real orders at %s\n!! Set OPORA_ORDERS to run it.\n' "$orders" >&2
fi

say "Browser tests"
(cd tests/browser && npm ci --no-audit --no-fund --loglevel=error)
# Not `npm ci`: the lock knows the packages of the platforms that a mirror of the registry offers, not of all.
(cd tests/engines && npm install --no-save --no-audit --no-fund --loglevel=error)
cargo build -p opora
node --test --test-concurrency=1 tests/browser/*.test.mjs

say "The interface for programs, asked by Schemathesis"
bash tests/api/run.sh

say "Faults: no power, no room, no database, two nodes"
node --test --test-concurrency=1 tests/faults/*.test.mjs

say "The main rule in SQL, against the program"
node --test tests/engines/*.test.mjs

say "All tests passed"
