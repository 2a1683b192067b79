#!/usr/bin/env bash
# Compare the base and the head of a request, and write the report. It ends as `palc review` and `palc eval` say.
set -euo pipefail

: "${PROMPTS_BASE:?the revision that the request goes into}"
out=${PROMPTS_OUT:-palc-report}
report=$out/report.md
mkdir -p "$out"

# A prompt may hold anything; no line of a report is a command for the runner.
code=0
palc review "$PROMPTS_BASE..HEAD" --format markdown >"$report" || code=$?
if [ "$code" -gt 1 ]; then
    exit "$code"
fi
palc review "$PROMPTS_BASE..HEAD" --format gitlab >"$out/codequality.json" || true
if [ -n "${GITHUB_ACTIONS:-}" ]; then
    palc review "$PROMPTS_BASE..HEAD" --format github || true
fi

if [ "${PROMPTS_EVALUATE:-false}" = true ]; then
    ran=0
    palc eval --all --yes --max-cost "${PROMPTS_MAX_COST:-1.00}" --json >"$out/eval.jsonl" || ran=$?
    while read -r run suite; do
        page=$out/${suite//\//-}.html
        { echo; palc report run "$run" --format markdown; } >>"$report"
        # What was never kept at the base cannot stand beside it.
        palc report run "$run" --against "$PROMPTS_BASE" --html "$page" 2>"$out/page.log" ||
            palc report run "$run" --html "$page"
    done < <(jq -r 'select(.data.run) | "\(.data.run) \(.data.results.suite)"' "$out/eval.jsonl")
    if [ "$ran" -gt "$code" ]; then
        code=$ran
    fi
fi

if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    cat "$report" >>"$GITHUB_STEP_SUMMARY"
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    echo "report=$report" >>"$GITHUB_OUTPUT"
    echo "pages=$out" >>"$GITHUB_OUTPUT"
fi
exit "$code"
