#!/usr/bin/env bash
# A throw-away PostgreSQL server for tests.
#
#   scripts/postgres.sh start DIR   starts a server, remembers it in DIR, prints its address on the last line
#   scripts/postgres.sh pause DIR   stops it and keeps what it has written; start starts it again
#   scripts/postgres.sh stop DIR    stops it and removes what it has written
#
# Works as an ordinary user and as root (PostgreSQL refuses to run as root, so the user «postgres» runs it then).
# It listens on a Unix socket in a folder of its own: no port can be taken, nobody outside can connect.
# Nothing is synced to the disk: never keep anything in it.
set -euo pipefail

fail() {
    echo "postgres.sh: $*" >&2
    exit 1
}

# The folder of PostgreSQL's programs: in PATH, or where distributions hide them, the newest first.
find_binaries() {
    local candidate
    if command -v initdb >/dev/null && command -v pg_ctl >/dev/null; then
        dirname "$(command -v initdb)"
        return
    fi
    for candidate in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -rV); do
        if [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ]; then
            echo "$candidate"
            return
        fi
    done
    fail "PostgreSQL is not installed: initdb and pg_ctl were not found. On Debian: apt-get install postgresql"
}

as_server_user() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    elif command -v runuser >/dev/null; then
        runuser -u postgres -- "$@"
    else
        su postgres -s /bin/sh -c "$(printf '%q ' "$@")"
    fi
}

address() {
    echo "postgres://postgres@localhost/postgres?host=$1"
}

start() {
    local dir=$1 bin home
    bin=$(find_binaries)
    mkdir -p "$dir"
    if [ -f "$dir/server" ]; then
        home=$(cat "$dir/server")
        if [ -d "$home/data" ] && as_server_user "$bin/pg_ctl" -D "$home/data" status >/dev/null 2>&1; then
            address "$home"
            return
        fi
        if [ -d "$home/data" ]; then
            run "$home"
            return
        fi
        rm -rf "$home"
    fi
    if [ "$(id -u)" -eq 0 ] && ! id postgres >/dev/null 2>&1; then
        fail "PostgreSQL does not run as root and there is no user «postgres» to run it"
    fi
    # Short, for a socket's path may have 107 bytes; and outside of root's home, which others may not enter.
    home=$(mktemp -d /tmp/opora-pg.XXXXXX)
    if [ "$(id -u)" -eq 0 ]; then
        chown postgres "$home"
    fi
    echo "$home" >"$dir/server"
    # From a folder that the server's user may enter.
    cd /
    if ! as_server_user "$bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --locale=C --no-sync \
        >"$dir/initdb.log" 2>&1; then
        cat "$dir/initdb.log" >&2
        stop "$dir"
        fail "initdb failed"
    fi
    run "$home"
}

# Runs the server of a folder that was made before.
run() {
    local home=$1
    cd /
    if ! as_server_user "$bin/pg_ctl" -D "$home/data" -l "$home/server.log" -w -t 60 start >/dev/null 2>&1 \
        -o "-c listen_addresses='' -c unix_socket_directories='$home' -c fsync=off -c synchronous_commit=off \
            -c full_page_writes=off -c max_connections=200 -c shared_buffers=32MB"; then
        cat "$home/server.log" >&2 || true
        stop "$dir"
        fail "the server did not start, its log is above"
    fi
    address "$home"
}

pause() {
    local dir=$1 home bin
    home=$(cat "$dir/server")
    bin=$(find_binaries)
    cd /
    as_server_user "$bin/pg_ctl" -D "$home/data" -m fast -w stop >/dev/null
}

stop() {
    local dir=$1 bin home
    [ -f "$dir/server" ] || return 0
    home=$(cat "$dir/server")
    # Never remove anything that this script has not made.
    case "$home" in
        /tmp/opora-pg.*) ;;
        *) fail "$dir/server does not name a folder of this script: $home" ;;
    esac
    bin=$(find_binaries)
    cd /
    if [ -d "$home/data" ]; then
        as_server_user "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1 || true
    fi
    rm -rf "$home" "$dir/server" "$dir/initdb.log"
    rmdir "$dir" 2>/dev/null || true
}

[ $# -eq 2 ] || fail "usage: scripts/postgres.sh start|pause|stop DIR"
case "$2" in
    /*) folder=$2 ;;
    *) folder=$PWD/$2 ;;
esac
case "$1" in
    start) start "$folder" ;;
    pause) pause "$folder" ;;
    stop) stop "$folder" ;;
    *) fail "usage: scripts/postgres.sh start|pause|stop DIR" ;;
esac
