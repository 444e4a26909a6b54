#!/usr/bin/env bash
# Prints the commit that holds the baseline and the policy: the target branch's head for a
# merge request, else the commit itself.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../given.sh
. "$here/../given.sh"
refuse_options CI_COMMIT_SHA CI_MERGE_REQUEST_PROJECT_URL CI_MERGE_REQUEST_TARGET_BRANCH_NAME

if [ -z "${CI_MERGE_REQUEST_IID:-}" ]; then
    printf '%s\n' "$CI_COMMIT_SHA"
    exit
fi
# A fork's clone doesn't have the branch that the merge request is for.
remote=origin
if [ "$CI_MERGE_REQUEST_PROJECT_ID" != "$CI_PROJECT_ID" ]; then
    remote=$CI_MERGE_REQUEST_PROJECT_URL.git
fi
branch=$CI_MERGE_REQUEST_TARGET_BRANCH_NAME
git check-ref-format "refs/heads/$branch" || undecided "$(printf %q "$branch") is not a branch"
git fetch --quiet --no-tags --depth=1 --end-of-options "$remote" "refs/heads/$branch" >&2
git rev-parse FETCH_HEAD
