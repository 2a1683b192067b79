#!/usr/bin/env bash
# Bring the one note of palc on a merge request up to date, or make it. It needs curl and jq.
set -euo pipefail

if [ -z "${PROMPTS_GITLAB_TOKEN:-}" ] || [ -z "${CI_MERGE_REQUEST_IID:-}" ]; then
    echo "without PROMPTS_GITLAB_TOKEN or a merge request there is nothing to comment on" >&2
    exit 0
fi
: "${CI_API_V4_URL:?}" "${CI_PROJECT_ID:?}" "${PROMPTS_REPORT:?the report}"
mark='<!-- palc review -->'
body=$(mktemp)
trap 'rm -f "$body"' EXIT
{ echo "$mark"; cat "$PROMPTS_REPORT"; } >"$body"

# The token comes in by a file descriptor: command lines can be seen by others.
call() {
    curl --silent --show-error --fail --config <(printf 'header = "PRIVATE-TOKEN: %s"\n' "$PROMPTS_GITLAB_TOKEN") "$@"
}

notes="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"
me=$(call "$CI_API_V4_URL/user" | jq -r .id)
id=
page=1
while [ -z "$id" ]; do
    found=$(call "$notes?per_page=100&page=$page")
    id=$(jq -r --arg mark "$mark" --argjson me "$me" \
        'map(select(.author.id == $me and (.body | startswith($mark)))) | first | .id // empty' <<<"$found")
    if [ "$(jq length <<<"$found")" -lt 100 ]; then
        break
    fi
    page=$((page + 1))
done
if [ -n "$id" ]; then
    call --request PUT --output /dev/null --data-urlencode "body@$body" "$notes/$id"
else
    call --request POST --output /dev/null --data-urlencode "body@$body" "$notes"
fi
