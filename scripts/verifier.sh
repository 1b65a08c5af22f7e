#!/usr/bin/env bash
# Builds verify.html, which lies in every evidence pack, into target/site, where the server's build script finds it.
# Nothing is done while neither the code nor the tools have changed. The same source gives the same bytes.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

BUDGET=1600000 # bytes of the page as it lies in a pack
page="$ROOT/target/site/verify.html"
stamp_file="$ROOT/target/site/verify.stamp"
bindgen="$(wasm_bindgen)" || fail "wasm-bindgen is missing or has another version than Cargo.lock." "Run: scripts/setup.sh run"

stamp="$(
    {
        hash_of verifier domain style Cargo.toml Cargo.lock scripts/verifier.sh scripts/common.sh scripts/npm/package-lock.json
        rustc --version
        echo "${RUSTFLAGS:-}"
    } | sha256sum | cut -c1-64
)"
if [ "$(cat "$stamp_file" 2>/dev/null)" = "$stamp" ] && [ -f "$page" ]; then exit 0; fi

say "Building verify.html (WASM)"
wasm_build verifier
fresh="$(mktemp -d)"
trap 'rm -rf "$fresh"' EXIT
"$bindgen" --target no-modules --no-typescript --out-name verifier --out-dir "$fresh" \
    "$(target_directory)/wasm32-unknown-unknown/wasm-release/verifier.wasm"
wasm_shrink "$fresh/verifier_bg.wasm"
mkdir -p "$(dirname "$page")"
node verifier/page/build.mjs "$ROOT" "$fresh" "$page.new"
size="$(wc -c <"$page.new")"
[ "$size" -le "$BUDGET" ] || fail "verify.html has $size bytes, and its budget is $BUDGET."
mv "$page.new" "$page"
echo "$stamp" >"$stamp_file"
