#!/usr/bin/env bash
# The job with the right to write: judges the report that a pull request's job left, and
# comments on that pull request.
#
# All that the other job left is a stranger's word: which pull request it was is asked of
# GitHub, sizes are limited, no name from the archive becomes a path, and nothing of it is
# run. What it says reaches the comment through ci/judge.sh alone.
#
#   GH_TOKEN       may read actions, and write to pull requests
#   KIT_ARTIFACT   what the artifacts' names begin with                 [lab-report]
#   KIT_MARKER     tells this comment from others of the kit            [lab]
#   KIT_AUTHOR     who owns the token                                   [github-actions[bot]]
#   KIT_BASELINE, KIT_LANG   as for ci/measure.sh
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly ARCHIVE_KIB=$((16 << 10)) NAMES_KIB=64 REPORT_KIB=$((32 << 10)) REPORTS=32
readonly REPORT_NAME='[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.json'

artifact=${KIT_ARTIFACT:-lab-report}
marker=${KIT_MARKER:-lab}
author=${KIT_AUTHOR:-github-actions[bot]}
api=repos/$GITHUB_REPOSITORY
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

event() {
    jq --raw-output "$1" "$GITHUB_EVENT_PATH"
}

# There is nothing to comment on; that is not a failure.
nothing() {
    echo "nothing is commented: $1"
    exit 0
}

# The numbers of the pull requests whose head was measured, one a line. For a fork the event
# has none: then they are those that are open with this head.
numbers() {
    local known owner branch
    # shellcheck disable=SC2016 # jq's own variable
    known=$(event '.repository.id as $here | .workflow_run.pull_requests[]?
        | select(.base.repo.id == $here) | .number')
    if [ -n "$known" ]; then
        echo "$known"
        return
    fi
    owner=$(event .workflow_run.head_repository.owner.login)
    branch=$(event .workflow_run.head_branch)
    gh api --method GET "$api/pulls" --raw-field state=open \
        --raw-field head="$owner:$branch" --field per_page=100 |
        jq --raw-output --slurpfile event "$GITHUB_EVENT_PATH" \
            '$event[0].workflow_run as $run | .[]
             | select(.head.sha == $run.head_sha and .head.repo.id == $run.head_repository.id)
             | .number'
}

# Whether the head that was measured is still the pull request's.
is_current() {
    jq --exit-status --slurpfile event "$GITHUB_EVENT_PATH" \
        '$event[0].workflow_run as $run | .state == "open" and .head.sha == $run.head_sha
         and .head.repo.id == $run.head_repository.id' >/dev/null
}

# A program's output as a file of a limited size: limited KIB FILE COMMAND…
# What it says besides may hold a stranger's words, and a line of a log can be a command.
limited() (
    ulimit -f "$1"
    exec "${@:3}" >"$2" 2>"$work/said.txt" </dev/null
)

# The id, size and name of each of the run's artifacts, the newest of each name.
artifacts() {
    gh api --method GET "$api/actions/runs/$(event .workflow_run.id)/artifacts" --field per_page=100 |
        jq --raw-output --arg name "$artifact" \
            '[.artifacts[] | select((.expired | not) and (.name | startswith($name)))]
             | group_by(.name)[] | max_by(.created_at) | "\(.id) \(.size_in_bytes) \(.name | gsub("[^A-Za-z0-9._-]"; "-"))"'
}

# Fetches an artifact and adds its reports to those that are judged. Fails where it is too
# large, or is not what the kit's action makes.
take() {
    local id=$1 size=$2 place=$work/reports/$1/$3 archive=$work/$1.zip names=$work/$1.names name
    [ "$size" -le $((ARCHIVE_KIB * 1024)) ] || return
    limited "$ARCHIVE_KIB" "$archive" gh api --method GET "$api/actions/artifacts/$id/zip" || return
    limited "$NAMES_KIB" "$names" unzip -Z1 "$archive" || return
    # Each a plain name; of one that is there twice, unzip gives both.
    ! grep --text --line-regexp --invert-match --extended-regexp --quiet "$REPORT_NAME" "$names" || return
    # So that whoever reads why knows which job it was; its name can't begin with a dot.
    mkdir --parents "$place"
    while read -r name; do
        limited "$REPORT_KIB" "$place/$name" unzip -P '' -p "$archive" "$name" || return
        reports+=("$place/$name")
        [ "${#reports[@]}" -le "$REPORTS" ] || return
    done <"$names"
}

# Writes the comment, or changes the one that is there.
comment() {
    local number=$1 file=$2 id
    id=$(gh api --paginate --method GET "$api/issues/$number/comments" --field per_page=100 |
        jq --raw-output --arg author "$author" --arg marker "$(head --lines=1 "$file")" \
            '.[] | select(.user.login == $author and (.body | startswith($marker))) | .id' |
        sed --quiet 1p)
    jq --raw-input --slurp '{ body: . }' "$file" >"$work/body.json"
    if [ -n "$id" ]; then
        gh api --silent --method PATCH "$api/issues/comments/$id" --input "$work/body.json"
    else
        gh api --silent --method POST "$api/issues/$number/comments" --input "$work/body.json"
    fi
}

[ "$(event .workflow_run.event)" = pull_request ] || nothing "the run was not a pull request's"

numbers >"$work/numbers"
case $(wc --lines <"$work/numbers") in
1) number=$(cat "$work/numbers") ;;
0) nothing "no open pull request has this head" ;;
*) nothing "several open pull requests have this head" ;;
esac
gh api --method GET "$api/pulls/$number" >"$work/pull.json"
is_current <"$work/pull.json" || nothing "the pull request has moved on"

artifacts >"$work/artifacts"
[ -s "$work/artifacts" ] || nothing "the run left no report"
reports=()
while read -r id size name; do
    take "$id" "$size" "$name" || {
        echo "artifact $id is refused"
        reports=()
        break
    }
done <"$work/artifacts"

KIT_BASE=$(jq --raw-output .base.sha "$work/pull.json")
export KIT_BASE
"$here/../judge.sh" "$marker" "${reports[@]}" >"$work/comment.md"
comment "$number" "$work/comment.md"
