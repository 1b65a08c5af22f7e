#!/usr/bin/env bash
# Installs what is missing. `setup.sh run` is what a build needs; `setup.sh test` also a browser and PostgreSQL.
# Running it again costs a fraction of a second. On Debian as root it installs system packages; elsewhere it names them.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

purpose="${1:-run}"
case "$purpose" in
run | test) ;;
*) fail "setup.sh takes 'run' or 'test', not '$purpose'." ;;
esac

system_packages() {
    local missing=()
    have cc || missing+=(build-essential)
    have node && have npm || missing+=(nodejs npm)
    if [ "$purpose" = test ]; then
        chromium_path >/dev/null || missing+=(chromium)
        initdb_path >/dev/null || missing+=(postgresql)
        # Evidence packs are verified with what everybody has.
        have ssh-keygen || missing+=(openssh-client)
    fi
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] && have apt-get; then
        say "Installing Debian packages: ${missing[*]}"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -q
        apt-get install -q -y --no-install-recommends ca-certificates "${missing[@]}"
        return 0
    fi
    # Elsewhere the browser comes with the test runner, further down.
    local needed=() package
    for package in "${missing[@]}"; do [ "$package" = chromium ] || needed+=("$package"); done
    [ ${#needed[@]} -eq 0 ] && return 0
    fail "Some programs are missing, and this script installs system packages only on Debian as root." \
        "Please install, under the names your system gives them: ${needed[*]}" \
        "build-essential stands for a C compiler and linker; nodejs must be 20 or later." \
        "postgresql stands for the server programs; initdb must be in PATH or under /usr/lib/postgresql." \
        "openssh-client stands for ssh-keygen."
}

node_version() {
    local major
    major="$(node --version | sed 's/^v\([0-9]*\).*/\1/')"
    [ "$major" -ge 20 ] || fail "Node.js $(node --version) is too old." "Install Node.js 20 or later; the WASM optimiser and the browser tests need it."
}

rust() {
    have cargo || fail "There is no Rust toolchain." "Install Rust 1.95 or later with rustup (https://rustup.rs), then run this again."
    local found wanted
    found="$(rustc --version | awk '{ sub(/-.*/, "", $2); print $2 }')"
    wanted="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)"
    if [ "$(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -1)" != "$wanted" ]; then
        fail "Rust $found is too old; Plumbline needs $wanted." "Run: rustup update stable"
    fi
    if [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
        have rustup || fail "The Rust target wasm32-unknown-unknown is missing." "Install it the way your Rust toolchain was installed; with rustup: rustup target add wasm32-unknown-unknown"
        say "Adding the Rust target wasm32-unknown-unknown"
        rustup target add wasm32-unknown-unknown
    fi
}

# Not --locked: the lock file that wasm-bindgen-cli ships asks for a crate version that was withdrawn.
wasm_tools() {
    wasm_bindgen >/dev/null && return 0
    local version
    version="$(locked_version wasm-bindgen)"
    say "Building wasm-bindgen-cli $version, the version in Cargo.lock (once, about 4 minutes on two cores)"
    cargo install wasm-bindgen-cli --version "$version" --root "$TOOLS" --target-dir "$TOOLS/build"
    rm -rf "$TOOLS/build"
    wasm_bindgen >/dev/null || fail "wasm-bindgen $version was installed, but does not start from $TOOLS/bin."
}

# npm_packages FOLDER [FLAG..]: installs exactly what the lock file says, when it has changed.
npm_packages() {
    local folder="$1" stamp
    shift
    stamp="$(sha256sum "$folder/package-lock.json" | cut -c1-64) $*"
    [ "$(cat "$folder/node_modules/.plumbline" 2>/dev/null)" = "$stamp" ] && return 0
    say "Installing the npm packages of $folder"
    (cd "$folder" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-fund --no-audit --loglevel=error "$@")
    echo "$stamp" >"$folder/node_modules/.plumbline"
}

browser() {
    chromium_path >/dev/null && return 0
    say "Fetching the browser of the test runner"
    (cd end2end && npx playwright install chromium) ||
        fail "No browser for the tests." "Install Chromium so that 'chromium' is in PATH, then run this again."
}

system_packages
node_version
rust
wasm_tools
npm_packages scripts/npm --omit=dev
if [ "$purpose" = test ]; then
    npm_packages end2end
    browser
fi
