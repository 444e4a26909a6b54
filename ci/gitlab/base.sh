#!/usr/bin/env bash
# Prints the commit that has the baseline and the policy: for a merge request, the head of the
# target branch, otherwise the commit itself.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../given.sh
. "$here/../given.sh"
refuse_options CI_COMMIT_SHA CI_MERGE_REQUEST_PROJECT_URL CI_MERGE_REQUEST_TARGET_BRANCH_NAME

if [ -z "${CI_MERGE_REQUEST_IID:-}" ]; then
    printf '%s\n' "$CI_COMMIT_SHA"
    exit
fi
# A fork's clone doesn't have the target branch.
remote=origin
if [ "$CI_MERGE_REQUEST_PROJECT_ID" != "$CI_PROJECT_ID" ]; then
    remote=$CI_MERGE_REQUEST_PROJECT_URL.git
fi
branch=$CI_MERGE_REQUEST_TARGET_BRANCH_NAME
git check-ref-format "refs/heads/$branch" || undecided "$(printf %q "$branch") is not a branch"
git fetch --quiet --no-tags --depth=1 --end-of-options "$remote" "refs/heads/$branch" >&2
git rev-parse FETCH_HEAD
