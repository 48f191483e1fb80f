#!/bin/sh
# An independent checker of SCIM 2.0, scim2-cli, against a relay of its own. Needs python3 and the package index.
#
#   tests/scim/check.sh PROGRAM
set -eu
PROGRAM=$(realpath "$1")
FOLDER=$(mktemp -d)
RELAY=
trap 'test -z "$RELAY" || kill "$RELAY"; rm -rf "$FOLDER"' EXIT

python3 -m venv "$FOLDER/venv"
"$FOLDER/venv/bin/pip" install --quiet "scim2-cli==0.6.0" "scim2-tester==0.5.2" "scim2-client==0.13.2" "scim2-models==0.12.3"

free() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
PORT=$(free)
# There is no sign-in service at this address; SCIM needs none. The doctor says so.
"$PROGRAM" init --self-signed --address "https://localhost:$PORT" --listen "127.0.0.1:$PORT" --issuer https://localhost:9 \
    --domain example.com --config "$FOLDER/relay.toml" --data "$FOLDER/data" >/dev/null
sed -i "s/^listen/metrics = \"127.0.0.1:$(free)\"\nlisten/" "$FOLDER/relay.toml"
"$PROGRAM" serve --config "$FOLDER/relay.toml" 2>"$FOLDER/log" &
RELAY=$!
for _ in $(seq 100); do
    ! grep -q "the relay listens" "$FOLDER/log" || break
    sleep 0.1
done
SCIM_CLI_HEADERS="Authorization: Bearer $("$PROGRAM" token create --config "$FOLDER/relay.toml" --kind scim --name checker)"
export SCIM_CLI_HEADERS
"$FOLDER/venv/bin/scim2" --no-verify --url "https://localhost:$PORT/scim/v2" test >"$FOLDER/said" || true
cat "$FOLDER/said"

# What the checker wants otherwise, and is meant: no search by POST (RFC 7644 3.4.3 leaves it open); an address has the type `work` and a member the
# type `User` whether or not that was sent; `externalId` names somebody for good; everybody has a name, and is active or not.
MEANT="there is nothing at this address|unexpected value for '(emails|members)'|externalId stays|did not remove attribute '(displayName|active)'"
grep -A1 '^ERROR' "$FOLDER/said" | grep -vE '^(ERROR|SUCCESS|--)' >"$FOLDER/wrong" || true
OTHERS=$(grep -vE "$MEANT" "$FOLDER/wrong" || true)
echo "$(grep -c '^SUCCESS' "$FOLDER/said") ok, $(grep -cE "$MEANT" "$FOLDER/wrong" || true) otherwise as meant"
test "$(grep -c '^SUCCESS' "$FOLDER/said")" -gt 50
if [ -n "$OTHERS" ]; then
    echo "not meant:" >&2
    echo "$OTHERS" >&2
    exit 1
fi
