#!/usr/bin/env bash
# Runs schemathesis against the interface for programs of a server on throw-away data.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

port="${PORT:-8399}"
base="http://127.0.0.1:$port"
binary="$(target_directory)/debug/plumbline"
work="$(mktemp -d)"
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

if [ ! -x "$TOOLS/schemathesis/bin/schemathesis" ]; then
    have python3 || fail "Python 3 is missing." "Install python3 with its venv module, then run this again."
    say "Installing schemathesis"
    python3 -m venv "$TOOLS/schemathesis"
    "$TOOLS/schemathesis/bin/pip" -q install "schemathesis>=4,<5"
fi

"$binary" serve --data "$work/data" --listen "127.0.0.1:$port" --admin-listen 127.0.0.1:0 >"$work/log" 2>&1 &
server=$!
for _ in $(seq 50); do grep -q '#token=' "$work/log" && break || sleep 0.2; done
link="$(sed -n 's/.*#token=\([0-9a-f]*\).*/\1/p' "$work/log")"
[ -n "$link" ] || fail "The server printed no set-up link." "Look at its log:" "$(cat "$work/log")"

form() {
    local path="$1"
    shift
    curl -sS -b "$work/jar" -c "$work/jar" -H 'Sec-Fetch-Site: same-origin' "$base$path" "$@"
}
form /setup --data-urlencode "token=$link" -d organisation=Shop --data-urlencode 'name=Security lead' -d mail=lead@shop.example \
    --data-urlencode 'password=a long sentence nobody guesses' -d start=sample >/dev/null
workspace=storefront-payments-sample
token="$(form "/w/$workspace/tokens" -d name=conformance -d scope=write -d days=7 | grep -o 'plb_[0-9a-f]*_[0-9a-f]*' | head -1)"
[ -n "$token" ] || fail "No token was made." "Look at the log:" "$(cat "$work/log")"

cat >"$work/schemathesis.toml" <<SETTINGS
[parameters]
"path.ws" = "$workspace"
"path.key" = ["crm", "checkout", "nothing"]
"query.start" = ["system:crm", "field:pan", "nonsense"]
SETTINGS
checks=not_a_server_error,response_schema_conformance,content_type_conformance,response_headers_conformance,status_code_conformance
cd "$work"
"$TOOLS/schemathesis/bin/schemathesis" --config-file "$work/schemathesis.toml" run "$base/api/v1/openapi.json" \
    -H "Authorization: Bearer $token" -n "${EXAMPLES:-40}" --checks "$checks"
