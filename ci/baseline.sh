#!/usr/bin/env bash
# Prints the baseline as a commit has it: ci/baseline.sh COMMIT PATH
#
# Exit code 1 where the commit has none yet; 2 where that can't be known, which is never
# taken for "none".
set -euo pipefail

commit=$1 path=$2

undecided() {
    echo "error: $1" >&2
    exit 2
}

known() {
    git rev-parse --quiet --verify --end-of-options "$commit^{commit}" >/dev/null
}

if ! known; then
    # A shallow clone lacks it.
    git fetch --quiet --no-tags --depth=1 origin "$commit" ||
        undecided "commit \`$commit\` can't be fetched: check out with fetch-depth: 0"
    known || undecided "there is no commit \`$commit\`"
fi
entry=$(git ls-tree --full-tree "$commit" -- "$path") || undecided "git can't read \`$commit\`"
case $entry in
'') exit 1 ;;
100*) git cat-file blob "$(cut -d ' ' -f 3 <<<"${entry%%$'\t'*}")" || undecided "git can't read \`$path\`" ;;
*) undecided "\`$path\` is not a file in \`$commit\`" ;;
esac
