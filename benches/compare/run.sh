#!/bin/sh
# How fast are the questions of the field, beside general engines on the same file?
#
#   benches/compare/run.sh FILE.parquet [REGISTRY.csv]     a file of rows, as `opora simulate` or the store writes it
#   benches/compare/run.sh                                 50 million invented rows are made first
#
# REGISTRY.csv is the registry of `opora simulate`; without one, organisations are divided by their numbers.
# WORK is where data and answers go, VENV where the Python environment is or shall be; THREADS and PASSES may be set, too.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
work=${WORK:-$root/target/compare}
mkdir -p "$work"

cd "$root"
cargo build --release -p opora-results --example compare --example generate
examples=${CARGO_TARGET_DIR:-$root/target}/release/examples

rows=${1:-}
if [ -z "$rows" ]; then
    rows=$work/rows-50m.parquet
    [ -f "$rows" ] || "$examples/generate" 50000000 "$rows"
fi

venv=${VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/opora/venv}
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"

exec "$venv/bin/python" "$here/compare.py" --rows "$rows" --registry "${2:-}" --ours "$examples/compare" \
    --work "$work" --threads "${THREADS:-2}" --passes "${PASSES:-5}"
