#!/usr/bin/env bash
# The job with write access: judges the reports of a pull request's job, and comments on that
# pull request.
#
# Everything from that job is untrusted input: the pull request is identified by GitHub, sizes
# are limited, only plain file names are extracted, and nothing is run. Its text gets into the
# comment only through ci/judge.sh.
#
#   GH_TOKEN       needs read access to actions and write access to pull requests
#   KIT_ARTIFACT   the prefix of the artifacts' names                   [lab-report]
#   KIT_MARKER     distinguishes this comment from others of the kit    [lab]
#   KIT_AUTHOR     the account of the token                             [github-actions[bot]]
#   KIT_BASELINE, KIT_LANG, KIT_LIMITS   as for ci/measure.sh
set -euo pipefail
shopt -s inherit_errexit

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../given.sh
. "$here/../given.sh"
readonly ARCHIVE_KIB=$((16 << 10)) NAMES_KIB=64 REPORT_KIB=$((32 << 10)) REPORTS=32
readonly REPORT_NAME='[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.json'

refuse_options KIT_ARTIFACT KIT_MARKER KIT_AUTHOR
artifact=${KIT_ARTIFACT:-lab-report}
marker=${KIT_MARKER:-lab}
author=${KIT_AUTHOR:-github-actions[bot]}
api=repos/$GITHUB_REPOSITORY
work=$(mktemp -d)
trap 'finish "$work"' EXIT

# Ends without a comment; this is not a failure.
nothing() {
    echo "nothing is commented: $1"
    exit 0
}

# Fields of the event, one per line: what started the run, its id, its commit, the owner and the
# branch of the head; then the numbers of the pull requests, if it has any.
# shellcheck disable=SC2016 # jq's own variable
jq --raw-output '.repository.id as $here | .workflow_run
    | .event, .id, .head_sha, .head_repository.owner.login, .head_branch,
      (.pull_requests[]? | select(.base.repo.id == $here) | .number)
    | tostring | gsub("\n"; " ")' "$GITHUB_EVENT_PATH" >"$work/event"
mapfile -t event <"$work/event"
need_number "the run's id" "${event[1]}"
run=${event[1]} owner=${event[3]} branch=${event[4]}
export KIT_HEAD=${event[2]}

# The numbers of the pull requests whose head was measured, one per line. For a fork the event
# has none: then it is the open pull requests with this head.
numbers() {
    if [ "${#event[@]}" -gt 5 ]; then
        printf '%s\n' "${event[@]:5}"
        return
    fi
    gh api --method GET "$api/pulls" --raw-field state=open \
        --raw-field head="$owner:$branch" --field per_page=100 |
        jq --raw-output --slurpfile event "$GITHUB_EVENT_PATH" \
            '$event[0].workflow_run as $run | .[]
             | select(.head.sha == $run.head_sha and .head.repo.id == $run.head_repository.id)
             | .number'
}

# The base of a pull request, if the measured head is still its head.
base() {
    jq --raw-output --slurpfile event "$GITHUB_EVENT_PATH" \
        '$event[0].workflow_run as $run | select(.state == "open" and .head.sha == $run.head_sha
         and .head.repo.id == $run.head_repository.id) | .base.sha' "$1"
}

# Writes a program's output to a file of a limited size: limited KIB FILE COMMAND…
# Its messages may contain untrusted text, and a log line can be a workflow command.
limited() (
    ulimit -f "$1"
    exec "${@:3}" >"$2" 2>"$work/said.txt" </dev/null
)

# The id, size and name of the run's artifacts; the newest for each name.
artifacts() {
    gh api --method GET "$api/actions/runs/$run/artifacts" --field per_page=100 |
        jq --raw-output --arg name "$artifact" \
            '[.artifacts[] | select((.expired | not) and (.name | startswith($name)))]
             | group_by(.name)[] | max_by(.created_at) | "\(.id) \(.size_in_bytes) \(.name | gsub("[^A-Za-z0-9._-]"; "-"))"'
}

# Downloads an artifact and adds its reports to those that are judged. Fails if it is too
# large, or was not made by the kit's action.
take() {
    local id=$1 size=$2 place=$work/reports/$1/$3 archive=$work/$1.zip names=$work/$1.names name
    [ "$size" -le $((ARCHIVE_KIB * 1024)) ] || return
    limited "$ARCHIVE_KIB" "$archive" gh api --method GET "$api/actions/artifacts/$id/zip" || return
    limited "$NAMES_KIB" "$names" unzip -Z1 "$archive" || return
    # Only plain names are allowed. If a name occurs twice, unzip prints both files.
    ! grep --text --line-regexp --invert-match --extended-regexp --quiet "$REPORT_NAME" "$names" || return
    # Messages show this path, so it has the artifact's name. The name of a report can't start
    # with a dot.
    mkdir --parents "$place"
    while read -r name; do
        limited "$REPORT_KIB" "$place/$name" unzip -P '' -p "$archive" "$name" || return
        reports+=("$place/$name")
        [ "${#reports[@]}" -le "$REPORTS" ] || return
    done <"$names"
}

# Creates the comment, or updates an existing one.
comment() {
    local number=$1 file=$2 id
    id=$(gh api --paginate --method GET "$api/issues/$number/comments" --field per_page=100 |
        jq --raw-output --arg author "$author" --arg marker "$(head --lines=1 "$file")" \
            '.[] | select(.user.login == $author and (.body | startswith($marker))) | .id' |
        sed --quiet 1p)
    jq --raw-input --slurp '{ body: . }' "$file" >"$work/body.json"
    if [ -n "$id" ]; then
        need_number "the comment's id" "$id"
        gh api --silent --method PATCH "$api/issues/comments/$id" --input "$work/body.json"
    else
        gh api --silent --method POST "$api/issues/$number/comments" --input "$work/body.json"
    fi
}

[ "${event[0]}" = pull_request ] || nothing "the run was not a pull request's"

numbers >"$work/numbers"
case $(wc --lines <"$work/numbers") in
1) number=$(cat "$work/numbers") ;;
0) nothing "no open pull request has this head" ;;
*) nothing "several open pull requests have this head" ;;
esac
need_number "the pull request" "$number"
gh api --method GET "$api/pulls/$number" >"$work/pull.json"
KIT_BASE=$(base "$work/pull.json")
[ -n "$KIT_BASE" ] || nothing "the pull request has moved on"

artifacts >"$work/artifacts"
[ -s "$work/artifacts" ] || nothing "the run left no report"
reports=()
while read -r id size name; do
    need_number "an artifact's id" "$id"
    need_number "an artifact's size" "$size"
    take "$id" "$size" "$name" || {
        echo "artifact $id is refused"
        reports=()
        break
    }
done <"$work/artifacts"

export KIT_BASE
"$here/../judge.sh" "$marker" "${reports[@]}" >"$work/comment.md"
comment "$number" "$work/comment.md"
