#!/usr/bin/env bash
# Bring the one comment of palc on a pull request up to date, or make it. `gh` takes the token from GH_TOKEN.
set -euo pipefail

: "${PROMPTS_REPOSITORY:?owner/name}" "${PROMPTS_NUMBER:?the number of the pull request}" "${PROMPTS_REPORT:?the report}"
mark='<!-- palc review -->'
body=$(mktemp)
trap 'rm -f "$body"' EXIT
{ echo "$mark"; cat "$PROMPTS_REPORT"; } >"$body"

comments="repos/$PROMPTS_REPOSITORY/issues/$PROMPTS_NUMBER/comments"
# Only a comment that begins with the mark and is by whoever comments now is ours: anybody may quote it. The token of a
# job does not say whose it is, and is a bot's.
me=$(gh api user --jq .login 2>/dev/null) || me=
if [ -n "$me" ]; then whose=".user.login == \"$me\""; else whose='.user.type == "Bot"'; fi
ours=".[] | select($whose and (.body | startswith(\"$mark\"))) | .id"
if ! found=$(gh api --paginate "$comments?per_page=100" --jq "$ours"); then
    echo "the comments of this request cannot be read; the report stands in the summary of the job" >&2
    exit 0
fi
id=${found%%$'\n'*}
if [ -n "$id" ]; then
    send=(--method PATCH "repos/$PROMPTS_REPOSITORY/issues/comments/$id")
else
    send=(--method POST "$comments")
fi
if ! gh api "${send[@]}" --field "body=@$body" --silent; then
    echo "this token may not comment; the report stands in the summary of the job" >&2
fi
