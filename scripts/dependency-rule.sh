#!/usr/bin/env bash
# Fails when a crate depends on something that the architecture keeps away from it:
#
#   domain  <-  app    <-  server      sqlx: store only     petgraph: domain only     axum: server only
#   domain  <-  store  <-  server      app and store never see each other
#   picture, document  <-  server      resvg: picture only     typst: document only
#   domain  <-  verifier               nothing else of ours, and nothing that reaches a network
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

broken=0
complain() {
    echo "dependency rule: $*" >&2
    broken=1
}

# The names of all packages that the arguments of `cargo tree` lead to.
tree() {
    cargo tree --locked --prefix none --format '{p}' "$@" | awk 'NF { print $1 }' | LC_ALL=C sort -u
}

# The direct normal dependencies of a package, with all features.
direct() {
    cargo tree --locked -p "$1" --depth 1 -e normal --all-features --prefix none --format '{p}' |
        awk 'NR > 1 && NF { print $1 }' | LC_ALL=C sort -u
}

# must_not WHO "WHY" LIST NAME..: none of the names is in the list.
must_not() {
    local who="$1" list="$2" name
    shift 2
    for name in "$@"; do
        if grep -qx -- "$name" <<<"$list"; then complain "$who must not depend on $name"; fi
    done
}

browser="$(tree -p app --target wasm32-unknown-unknown -e normal --features hydrate)"
grep -qx leptos <<<"$browser" || fail "cargo tree did not list leptos under app: this check would see nothing."
must_not "app in the browser" "$browser" tokio axum hyper sqlx rusqlite libsqlite3-sys mio store server

verifier="$(tree -p verifier --target wasm32-unknown-unknown -e normal)"
must_not "verifier in the browser" "$verifier" app store server leptos web-sys tokio axum hyper sqlx mio getrandom ring

domain="$(tree -p domain -e normal)"
must_not domain "$domain" app store server leptos axum tokio sqlx mio getrandom rand uuid

must_not app "$(tree -p app -e normal --all-features)" store server sqlx
must_not store "$(tree -p store -e normal --all-features)" app server leptos axum

for package in domain app store server; do
    names="$(direct "$package")"
    [ "$package" = domain ] || must_not "$package (directly)" "$names" petgraph
    [ "$package" = store ] || must_not "$package (directly)" "$names" sqlx libsqlite3-sys
    [ "$package" = server ] || must_not "$package (directly)" "$names" axum hyper
    must_not "$package (directly)" "$names" resvg typst typst-layout typst-pdf
    [ "$package" = server ] || must_not "$package (directly)" "$names" document picture
done

[ "$broken" = 0 ] || exit 1
say "Dependency rule: holds"
