#!/usr/bin/env bash
# A code host for the tests: what it holds are files in $FORGE, and every call is logged.
set -euo pipefail

[ "$1" = api ]
shift
method=GET path='' input='' fields=()
while [ $# -gt 0 ]; do
    case $1 in
    --paginate | --silent) shift ;;
    --method) method=$2 && shift 2 ;;
    --input) input=$2 && shift 2 ;;
    --field | --raw-field) fields+=("$2") && shift 2 ;;
    -*) echo "gh: no flag $1" >&2 && exit 1 ;;
    *) path=$1 && shift ;;
    esac
done
[ "$GH_TOKEN" = a-token ] || { echo "gh: 401" >&2 && exit 1; }
echo "$method $path ${fields[*]-}" >>"$FORGE/calls.log"

field() {
    local one
    for one in "${fields[@]}"; do
        [ "${one%%=*}" != "$1" ] || echo "${one#*=}"
    done
}

# Changes the comments by a jq filter.
change() {
    jq "$@" --slurpfile new "$input" "$FORGE/comments.json" >"$FORGE/comments.new"
    mv "$FORGE/comments.new" "$FORGE/comments.json"
}

id=${path##*/}
case "$method ${path#repos/upstream/app/}" in
"GET pulls")
    jq --arg head "$(field head)" '[.[] | select(.state == "open" and .head.label == $head)]' "$FORGE/pulls.json"
    ;;
"GET pulls/"*) jq --exit-status --argjson id "$id" '.[] | select(.number == $id)' "$FORGE/pulls.json" ;;
"GET actions/runs/77/artifacts") jq '{artifacts: .}' "$FORGE/artifacts.json" ;;
"GET actions/artifacts/"*"/zip") cat "$FORGE/$(basename "${path%/zip}").zip" ;;
"GET issues/"*"/comments")
    number=${path%/comments}
    jq --argjson number "${number##*/}" '[.[] | select(.issue == $number)]' "$FORGE/comments.json"
    ;;
"POST issues/"*"/comments")
    number=${path%/comments}
    # shellcheck disable=SC2016 # jq's own variables
    change --argjson number "${number##*/}" \
        '. + [{id: (1000 + length), issue: $number, user: {login: "github-actions[bot]"}, body: $new[0].body}]'
    ;;
"PATCH issues/comments/"*)
    # shellcheck disable=SC2016 # jq's own variables
    change --argjson id "$id" 'map(if .id == $id then .body = $new[0].body else . end)'
    ;;
*) echo "gh: 404 $method $path" >&2 && exit 1 ;;
esac
