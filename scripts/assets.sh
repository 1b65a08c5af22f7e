#!/usr/bin/env bash
# Builds the islands into target/site/pkg, where the server's build script finds them, and holds them to their budget;
# before them verify.html. Nothing is done while neither the code nor the tools have changed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

scripts/verifier.sh

BUDGET=400000 # bytes after brotli, script and module together
stamp_file="$ROOT/target/site/stamp"
bindgen="$(wasm_bindgen)" || fail "wasm-bindgen is missing or has another version than Cargo.lock." "Run: scripts/setup.sh run"

stamp="$(
    {
        hash_of app domain Cargo.toml Cargo.lock scripts/assets.sh scripts/common.sh scripts/npm/package-lock.json
        rustc --version
        echo "${RUSTFLAGS:-}"
    } | sha256sum | cut -c1-64
)"

sizes() {
    node --input-type=module - "$SITE" "$BUDGET" <<'JS'
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
const [site, budget] = [process.argv[2], Number(process.argv[3])];
let total = 0;
for (const name of ["plumbline_bg.wasm", "plumbline.js"]) {
  const bytes = readFileSync(join(site, name));
  const small = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } });
  total += small.length;
  console.log(`    ${name.padEnd(18)} ${(bytes.length / 1000).toFixed(1).padStart(8)} kB raw ${(small.length / 1000).toFixed(1).padStart(8)} kB brotli`);
}
console.log(`    together ${(total / 1000).toFixed(1)} kB brotli of ${budget / 1000} kB`);
if (total > budget) {
  console.error("error: the islands are larger than their budget");
  process.exit(1);
}
JS
}

if [ "$(cat "$stamp_file" 2>/dev/null)" = "$stamp" ] && [ -f "$SITE/plumbline_bg.wasm" ]; then
    [ "${1:-}" = --sizes ] && sizes
    exit 0
fi

say "Building the islands (WASM)"
wasm_build app --features hydrate
fresh="$ROOT/target/site/pkg.new"
rm -rf "$fresh"
mkdir -p "$fresh"
"$bindgen" --target web --no-typescript --out-name plumbline --out-dir "$fresh" \
    "$(target_directory)/wasm32-unknown-unknown/wasm-release/app.wasm"
wasm_shrink "$fresh/plumbline_bg.wasm"
rm -rf "$SITE"
mv "$fresh" "$SITE"
sizes
echo "$stamp" >"$stamp_file"
