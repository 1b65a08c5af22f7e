# Sourced by the other scripts: where things are, and how they speak.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
TOOLS="${PLUMBLINE_TOOLS:-$ROOT/.tools}"
SITE="$ROOT/target/site/pkg"
cd "$ROOT"

say() { if [ -t 1 ]; then printf '\033[1m==> %s\033[0m\n' "$*"; else printf '==> %s\n' "$*"; fi; }
fail() {
    printf '\nerror: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# The folder that cargo builds into: the environment and cargo's own settings may move it.
target_directory() {
    if [ -n "${CARGO_TARGET_DIR:-}" ]; then
        echo "$CARGO_TARGET_DIR"
    else
        cargo metadata --no-deps --format-version 1 --offline | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
    fi
}

# The version of a package in Cargo.lock.
locked_version() {
    awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock
}

# One hash for the content and the names of all files under the given paths.
hash_of() {
    find "$@" -type f -not -path '*/target/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64
}

# wasm-bindgen of exactly the version that the code was compiled against: ours, or one in PATH.
wasm_bindgen() {
    local wanted candidate
    wanted="wasm-bindgen $(locked_version wasm-bindgen)"
    for candidate in "$TOOLS/bin/wasm-bindgen" "$(command -v wasm-bindgen || true)"; do
        if [ -n "$candidate" ] && [ -x "$candidate" ] && [ "$("$candidate" --version)" = "$wanted" ]; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

# Compiles the library of a package for the browser: package, then further arguments. The names of this machine's folders
# stay out of what is built, so that every checkout gives the same bytes.
wasm_build() {
    local separator=$'\x1f' flags="${RUSTFLAGS:-}" package="$1"
    shift
    flags="${flags// /$separator}${flags:+$separator}--remap-path-prefix=$ROOT=."
    flags="$flags$separator--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
    CARGO_ENCODED_RUSTFLAGS="$flags" \
        cargo build -p "$package" --lib --target wasm32-unknown-unknown --profile wasm-release "$@"
}

# Makes a module smaller, in place. The features are named one by one: with all of them on, Chromium refuses the module.
wasm_shrink() {
    scripts/npm/node_modules/.bin/wasm-opt -Oz --enable-bulk-memory --enable-reference-types --enable-multivalue \
        --enable-mutable-globals --enable-nontrapping-float-to-int --enable-sign-ext -o "$1" "$1"
}

initdb_path() {
    command -v initdb || find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -1 | grep .
}

chromium_path() {
    local name
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" && return 0
    done
    return 1
}
