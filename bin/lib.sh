# shellcheck shell=bash
# Shared by the scripts in this directory, which source it: changes to the project's root, prints the calling script's header for
# --help, and checks for tools.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

case ${1:-} in
  -h | --help)
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "bin/$(basename "$0")"
    exit
    ;;
esac

fail() {
  echo "$*" >&2
  exit 1
}

# Stops if Rust or Node.js is missing.
need() {
  command -v cargo >/dev/null || fail "Rust is missing: install it with rustup (https://rustup.rs), then try again."
  command -v npm >/dev/null || fail "Node.js is missing: install version 20.19 or newer (https://nodejs.org), then try again."
}

# Prints the path of Chromium or Chrome; fails if there is none.
browser() {
  command -v "${CHROMIUM:-chromium}" && return
  [ -z "${CHROMIUM:-}" ] && { command -v chromium-browser || command -v google-chrome; }
}

# Whether Debian packages can be installed.
can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Whether the virtual environment of contract/ exists and matches the lock file.
has_contract_tools() {
  [ -f target/contract/installed ] && [ ! contract/requirements.txt -nt target/contract/installed ]
}

# Installs the npm packages of a directory unless they match its lock file.
packages() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] ||
    npm ci --prefix "$1" --no-audit --no-fund --loglevel=error
}

# Builds the web client if one of its sources is newer than the last build.
client() {
  packages web
  if [ ! -f web/dist/index.html ] ||
    [ -n "$(find web/src web/public web/build web/*.json web/*.ts web/index.html -newer web/dist/index.html -print -quit)" ]; then
    npm --prefix web run --silent build
  fi
}
