#!/usr/bin/env bash
# Times the engine, in the browser and natively, and writes docs/performance.md. A quiet machine gives figures that mean
# something; the ratios to the bare search hold on a busy one too.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rows="$(mktemp)"
trap 'rm -f "$rows" "$rows.page"' EXIT
if chromium_path >/dev/null && [ -d end2end/node_modules/playwright-core ] && wasm_bindgen >/dev/null; then
    scripts/bench-browser.sh 300 3000 >"$rows"
else
    say "Without the browser: Chromium, wasm-bindgen or the npm packages of end2end are missing (scripts/setup.sh test)"
fi

say "Building and timing"
cargo build --profile bench -p bench --bin performance
"$(target_directory)/release/performance" "$rows" >"$rows.page"
scripts/assets.sh
cargo build --profile bench -p server -p bench-saving
{ echo && "$(target_directory)/release/saving" pack; } >>"$rows.page"
mv "$rows.page" docs/performance.md
cat docs/performance.md

say "The same timings with their spread"
cargo bench -p bench --bench engine --bench map
