#!/usr/bin/env bash
# Judges the report that the measuring job left, and writes it as a note on the merge request:
# a new one, or the one that is there.
#
#   KIT_NOTE_TOKEN   may write notes: a project access token, scope api
#   KIT_MARKER       tells this note from others of the kit              [lab]
#   KIT_REPORTS, KIT_BASELINE, KIT_LANG   as for ci/measure.sh
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
api=$CI_API_V4_URL
notes=$api/projects/$CI_MERGE_REQUEST_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The token goes by a file: a command line is for all to see.
call() {
    curl --silent --show-error --fail --max-time 60 \
        --header @<(printf 'PRIVATE-TOKEN: %s\n' "$KIT_NOTE_TOKEN") "$@"
}

# The id of our own note with this first line.
existing() {
    local author page=1 count
    author=$(call "$api/user" | jq .id)
    while :; do
        call "$notes?sort=asc&order_by=created_at&per_page=100&page=$page" >"$work/page.json"
        jq --arg marker "$1" --argjson author "$author" \
            '.[] | select(.author.id == $author and (.body | startswith($marker))) | .id' "$work/page.json"
        count=$(jq length "$work/page.json")
        [ "$count" -eq 100 ] || return 0
        page=$((page + 1))
    done
}

report=${KIT_REPORTS:-lab-report}/report.json
if [ ! -e "$report" ]; then
    echo "nothing is noted: the job left no report"
    exit 0
fi
KIT_BASE=$("$here/base.sh")
export KIT_BASE
"$here/../judge.sh" "${KIT_MARKER:-lab}" "$report" >"$work/note.md"
jq --raw-input --slurp '{ body: . }' "$work/note.md" >"$work/body.json"
id=$(existing "$(head --lines=1 "$work/note.md")" | sed --quiet 1p)
method=POST target=$notes
if [ -n "$id" ]; then
    method=PUT target=$notes/$id
fi
call --request "$method" --header 'Content-Type: application/json' \
    --data-binary "@$work/body.json" --output /dev/null "$target"
