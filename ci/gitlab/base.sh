#!/usr/bin/env bash
# Prints the commit whose baseline and policy hold: the target branch's head in a merge
# request, else the commit itself.
set -euo pipefail

if [ -z "${CI_MERGE_REQUEST_IID:-}" ]; then
    echo "$CI_COMMIT_SHA"
    exit
fi
# A fork's clone has not the branch that the merge request is for.
remote=origin
if [ "$CI_MERGE_REQUEST_PROJECT_ID" != "$CI_PROJECT_ID" ]; then
    remote=$CI_MERGE_REQUEST_PROJECT_URL.git
fi
git fetch --quiet --no-tags --depth=1 "$remote" "refs/heads/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME" >&2
git rev-parse FETCH_HEAD
