#!/usr/bin/env bash
# Judges saved reports again, by the baseline and the policy of the base, and prints the
# comment that says so: ci/judge.sh MARKER REPORT.json…
# Without a report it says that there is none to judge.
#
# The reports are a stranger's: their own verdict is not believed, and what they say reaches
# the comment through the kit alone. The comment's first line is the marker by which it is
# found again; which one is the caller's choice, not the report's.
#
#   KIT_BASE, KIT_BASELINE, KIT_LANG   as for ci/measure.sh
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=say.sh
. "$here/say.sh"

marker=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

options=(--format markdown --lang "${KIT_LANG:-en}")
found=0
"$here/baseline.sh" "$KIT_BASE" "${KIT_BASELINE:-lab-baseline.json}" >"$work/baseline.json" || found=$?
case $found in
0) options+=(--baseline "$work/baseline.json" --baseline-name "${KIT_BASELINE:-lab-baseline.json}" --policy baseline) ;;
1) options+=(--rejudge) ;;
*) exit 2 ;;
esac

printf '<!-- lab-kit-ci:%s -->\n' "$marker"
code=2
if [ $# -gt 0 ]; then
    code=0
    "$here/kit.sh" report "$@" "${options[@]}" >"$work/comment.md" 2>"$work/why.txt" || code=$?
fi
if [ "$code" -gt 1 ]; then
    printf '### %s\n' "$(say_undecided)"
fi
if [ "$code" -gt 1 ] && [ -s "$work/why.txt" ]; then
    # Why may hold a stranger's words too. In <pre> no Markdown is read.
    why=$(head --bytes=4000 "$work/why.txt")
    # Which artifact a report is of stays.
    for directory in "$work" "${@%/*/*}"; do
        why=${why//"$directory/"/}
    done
    printf '\n<pre>\n%s\n</pre>\n' "$(jq --raw-input --raw-output '@html' <<<"$why")"
fi
if [ "$code" -le 1 ]; then
    if [ "$found" != 0 ]; then
        without_baseline "$work/comment.md" >"$work/told.md"
        mv "$work/told.md" "$work/comment.md"
    fi
    # The first line is the report's own marker.
    tail --lines=+2 "$work/comment.md"
fi
