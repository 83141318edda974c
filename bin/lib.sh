# Shared by the scripts beside it: where the project is, and what a machine must have. Not to be run by itself.
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Says in one line what is missing, and where to get it.
need() {
  command -v cargo >/dev/null || { echo "Rust is missing: install it with rustup (rustup.rs), then try again." >&2; exit 1; }
  command -v npm >/dev/null || { echo "Node.js is missing: install version 20.19 or newer (nodejs.org), then try again." >&2; exit 1; }
}

# Installs a folder's npm packages if they are not the ones of its lock file.
packages() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] || npm ci --prefix "$1" --no-audit --no-fund --loglevel=error
}

# Builds the web client if anything it is made of is newer than it.
client() {
  packages web
  if [ ! -f web/dist/index.html ] || [ -n "$(find web/src web/public web/build web/*.json web/*.ts web/index.html -newer web/dist/index.html -print -quit)" ]; then
    npm --prefix web run --silent build
  fi
}

# Installs the tools of contract/ into a Python environment of their own if they are not the ones of its lock file.
python() {
  local tools=target/contract
  if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    else
      echo "Python 3.10 or newer with venv is missing (Debian: apt-get install python3-venv)." >&2
      exit 1
    fi
  fi
  if [ ! -f "$tools/installed" ] || [ contract/requirements.txt -nt "$tools/installed" ]; then
    python3 -m venv --clear "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement contract/requirements.txt
    touch "$tools/installed"
  fi
}
