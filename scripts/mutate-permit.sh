#!/usr/bin/env bash
# Shows that the walk over all routes notices a check that is gone: takes one out of the gate, runs the walk, fails when
# the walk still passes, and puts the check back, whatever happens.
#
#   scripts/mutate-permit.sh [ROLE] [MEMBER] [ADMIN]    all of them where none is named
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

GATE=server/store/src/gate.rs
PEOPLE=server/store/src/gate/people.rs

kept="$(mktemp -d)"
cp -p "$GATE" "$kept/gate.rs"
cp -p "$PEOPLE" "$kept/people.rs"
restore() {
    cp -p "$kept/gate.rs" "$GATE"
    cp -p "$kept/people.rs" "$PEOPLE"
}
trap 'restore; touch "$GATE" "$PEOPLE"; rm -rf "$kept"' EXIT

# Replaces a text of a file, and fails when it is not there exactly once.
mutate() {
    [ "$(grep -cF -- "$2" "$1")" = 1 ] || fail "$1 has not exactly one line with: $2"
    FROM="$2" TO="$3" perl -0pi -e 's/\Q$ENV{FROM}\E/$ENV{TO}/' "$1"
}

mutation() {
    case "$1" in
        # The role is not asked for.
        ROLE) mutate "$GATE" 'if !(covered && permit.entry.role.may(needs)) {' 'if !covered {' ;;
        # Whoever is signed in finds the workspace, as its owner.
        MEMBER) mutate "$GATE" 'WHERE workspace.key = $1 AND member.account_id = $2 AND workspace.deleted_at IS NULL' \
            "WHERE workspace.key = \$1 AND (member.account_id = \$2 OR member.role = 'owner') AND workspace.deleted_at IS NULL" ;;
        # Everybody administers the instance.
        ADMIN) mutate "$PEOPLE" 'if account.instance_admin { Ok(account) }' 'if !account.key.is_empty() { Ok(account) }' ;;
        *) fail "No such check: $1. Choose ROLE, MEMBER or ADMIN." ;;
    esac
}

[ "$#" -gt 0 ] || set -- ROLE MEMBER ADMIN
for check in "$@"; do
    restore
    mutation "$check"
    if output="$(cargo test -p tests --test it authz::routes 2>&1)"; then
        fail "The walk passes without the check $check."
    fi
    if ! grep -q '^test result: FAILED' <<<"$output"; then
        tail -40 <<<"$output" >&2
        fail "The walk did not run without the check $check."
    fi
    say "Without the check $check the walk fails:"
    grep -E '^test .* FAILED$' <<<"$output" | sed 's/^/    /'
done
