#!/usr/bin/env bash
# Checks the dependency tree against deny.toml: banned packages, licences, sources. The check itself works offline; advisories need a
# database that is not part of this repository.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

VERSION=0.20.2
deny="$TOOLS/bin/cargo-deny"
if [ "$("$deny" --version 2>/dev/null)" != "cargo-deny $VERSION" ]; then
    if [ "$(cargo deny --version 2>/dev/null)" = "cargo-deny $VERSION" ]; then
        deny="cargo-deny"
    else
        say "Building cargo-deny $VERSION (once, about a minute on two cores)"
        # It runs for some seconds: optimising it would take longer than all that it ever saves.
        cargo install cargo-deny --version "$VERSION" --debug --locked --no-default-features --root "$TOOLS" --target-dir "$TOOLS/build"
        rm -rf "$TOOLS/build"
    fi
fi
# The tree of all platforms, of which a build on this one has fetched a part only.
cargo fetch --locked
"$deny" --offline --all-features check bans licenses sources
