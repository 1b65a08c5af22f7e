#!/usr/bin/env bash
# bench-browser.sh SYSTEMS FLOWS: builds the engine as WebAssembly as the islands are built, times it in Chromium, and
# prints one row of a table.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

systems="${1:-300}"
flows="${2:-3000}"
bindgen="$(wasm_bindgen)" || fail "wasm-bindgen is missing or has another version than Cargo.lock." "Run: scripts/setup.sh run"
chromium="$(chromium_path)" || fail "There is no Chromium." "Run: scripts/setup.sh test"
[ -d end2end/node_modules/playwright-core ] || fail "The npm packages of end2end are missing." "Run: scripts/setup.sh test"

folder="$(target_directory)/bench-browser"
{
    say "Building the engine for the browser"
    cargo build -p bench-browser --lib --target wasm32-unknown-unknown --profile wasm-release
    mkdir -p "$folder"
    "$bindgen" --target no-modules --no-typescript --out-name engine --out-dir "$folder" \
        "$(target_directory)/wasm32-unknown-unknown/wasm-release/bench_browser.wasm"
    say "Timing in $chromium"
} >&2
cd end2end
node support/bench.mjs "$chromium" "$folder" "$systems" "$flows"
