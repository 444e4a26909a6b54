#!/usr/bin/env bash
# Prints the baseline of a commit: ci/baseline.sh COMMIT PATH
#
# Exit code 1: the commit has no baseline. Exit code 2: the baseline can't be read.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=given.sh
. "$here/given.sh"

commit=$1 path=$2
refuse_option COMMIT "$commit"
refuse_option PATH "$path"
# Git would read these as a refspec, which could change a branch of this clone.
case $commit in
*:* | +*) undecided "$(printf %q "$commit") is not a commit" ;;
esac

id_of() {
    git rev-parse --quiet --verify --end-of-options "$commit^{commit}"
}

if ! id=$(id_of); then
    # A shallow clone may not have it.
    git fetch --quiet --no-tags --depth=1 --end-of-options origin "$commit" ||
        undecided "commit \`$commit\` can't be fetched: check out with fetch-depth: 0"
    id=$(id_of) || undecided "there is no commit \`$commit\`"
fi
entry=$(git ls-tree --full-tree "$id" -- "$path") || undecided "git can't read \`$commit\`"
case $entry in
'') exit 1 ;;
100*) git cat-file blob "$(cut -d ' ' -f 3 <<<"${entry%%$'\t'*}")" || undecided "git can't read \`$path\`" ;;
*) undecided "\`$path\` is not a file in \`$commit\`" ;;
esac
