#!/usr/bin/env bash
# GitLab's API for the tests: what it holds are files in $FORGE, and every call is logged.
set -euo pipefail

method=GET url='' data='' output=/dev/stdout token=''
while [ $# -gt 0 ]; do
    case $1 in
    --silent | --show-error | --fail | --globoff) shift ;;
    --max-time) shift 2 ;;
    --header) case $2 in @*) token=$(cat "${2#@}") ;; esac && shift 2 ;;
    --request) method=$2 && shift 2 ;;
    --data-binary) data=${2#@} && shift 2 ;;
    --output) output=$2 && shift 2 ;;
    --url) url=$2 && shift 2 ;;
    -*) echo "curl: no flag $1" >&2 && exit 1 ;;
    *) url=$1 && shift ;;
    esac
done
[ "$token" = "PRIVATE-TOKEN: a-token" ] || { echo "curl: 401" >&2 && exit 22; }
echo "$method $url" >>"$FORGE/calls.log"

change() {
    jq "$@" --slurpfile new "$data" "$FORGE/comments.json" >"$FORGE/comments.new"
    mv "$FORGE/comments.new" "$FORGE/comments.json"
}

case "$method $url" in
"GET "*/user) [ ! -e "$FORGE/fail-user" ] || { echo "curl: 500" >&2 && exit 22; } ;;
"GET "*/notes\?*) [ ! -e "$FORGE/fail-notes" ] || { echo "curl: 500" >&2 && exit 22; } ;;
esac

path=${url#https://gitlab.example/api/v4/}
case "$method $path" in
"GET user") echo '{"id": 7}' ;;
"GET projects/1/merge_requests/12/notes?"*)
    page=${path##*page=}
    jq --argjson page "$page" '.[($page - 1) * 100:$page * 100]' "$FORGE/comments.json"
    ;;
"POST projects/1/merge_requests/12/notes")
    # shellcheck disable=SC2016 # jq's own variables
    change '. + [{id: (1000 + length), issue: 12, author: {id: 7}, body: $new[0].body}]'
    ;;
"PUT projects/1/merge_requests/12/notes/"*)
    # shellcheck disable=SC2016 # jq's own variables
    change --argjson id "${path##*/}" 'map(if .id == $id then .body = $new[0].body else . end)'
    ;;
*) echo "curl: 404 $method $url" >&2 && exit 22 ;;
esac >"$output"
