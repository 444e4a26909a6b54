#!/usr/bin/env bash
# Judges the report of the measuring job, and writes the result as a note on the merge request.
# It updates the note if there is one.
#
#   KIT_NOTE_TOKEN   a project access token with scope api, to write notes
#   KIT_MARKER       distinguishes this note from others of the kit      [lab]
#   KIT_REPORTS      the directory with the report                       [lab-report]
#   KIT_BASELINE, KIT_LANG, KIT_LIMITS   as for ci/measure.sh
set -euo pipefail
# Otherwise a call that fails inside $(…) looks like one that found nothing.
shopt -s inherit_errexit

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../given.sh
. "$here/../given.sh"
readonly REPORT_BYTES=$((32 << 20)) PAGES=100

refuse_options CI_API_V4_URL KIT_MARKER KIT_REPORTS
for name in CI_MERGE_REQUEST_PROJECT_ID CI_MERGE_REQUEST_IID; do
    need_number "$name" "${!name}"
done
api=$CI_API_V4_URL
notes=$api/projects/$CI_MERGE_REQUEST_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes
work=$(mktemp -d)
trap 'finish "$work"' EXIT

# Pass the token in a file: other users can see command lines.
call() {
    curl --silent --show-error --fail --globoff --max-time 60 \
        --header @<(printf 'PRIVATE-TOKEN: %s\n' "$KIT_NOTE_TOKEN") "$@"
}

# Prints the id of this account's note with this first line, if there is one.
existing() {
    local author page=1 count
    call --url "$api/user" >"$work/user.json"
    author=$(jq --exit-status .id "$work/user.json")
    while [ "$page" -le "$PAGES" ]; do
        call --url "$notes?sort=asc&order_by=created_at&per_page=100&page=$page" >"$work/page.json"
        count=$(jq --exit-status length "$work/page.json")
        jq --arg marker "$1" --argjson author "$author" \
            'first(.[] | select(.author.id == $author and ((.body // "") | startswith($marker))) | .id)' \
            "$work/page.json" >"$work/id"
        if [ -s "$work/id" ]; then
            cat "$work/id"
            return
        fi
        [ "$count" -eq 100 ] || return 0
        page=$((page + 1))
    done
    undecided "the merge request has more than $((PAGES * 100)) notes"
}

report=${KIT_REPORTS:-lab-report}/report.json
if [ ! -e "$report" ] && [ ! -L "$report" ]; then
    echo "no note is written: the job left no report"
    exit 0
fi
# The report is untrusted input: a symbolic link could point to any file.
reports=()
if [ -f "$report" ] && [ ! -L "$report" ] && [ ! -L "${report%/*}" ] &&
    [ "$(wc --bytes <"$report")" -le "$REPORT_BYTES" ]; then
    reports=("$report")
else
    echo "the report is refused: it is not a file, or larger than 32 MiB"
fi
KIT_BASE=$("$here/base.sh")
KIT_HEAD=${CI_COMMIT_SHA:-}
export KIT_BASE KIT_HEAD
"$here/../judge.sh" "${KIT_MARKER:-lab}" ${reports[@]+"${reports[@]}"} >"$work/note.md"
jq --raw-input --slurp '{ body: . }' "$work/note.md" >"$work/body.json"
id=$(existing "$(head --lines=1 "$work/note.md")")
method=POST target=$notes
if [ -n "$id" ]; then
    need_number "the note's id" "$id"
    method=PUT target=$notes/$id
fi
call --request "$method" --header 'Content-Type: application/json' \
    --data-binary "@$work/body.json" --output /dev/null --url "$target"
