#!/usr/bin/env bash
# Judges saved reports again with the base branch's baseline and policy, and prints the comment:
# ci/judge.sh MARKER REPORT.json…
# Without a report, the comment says that no report could be judged.
#
# The reports are untrusted input: their verdict is ignored, and the kit escapes their text.
# The first line of the comment is a marker, by which a later run finds the comment; the
# caller chooses it, not the report.
#
#   KIT_BASE, KIT_BASELINE, KIT_LANG, KIT_LIMITS   as for ci/measure.sh
#   KIT_HEAD   the commit that is judged: its baseline can accept growth, if the base's policy
#              allows that                                             [no baseline is accepted]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=given.sh
. "$here/given.sh"
# shellcheck source=say.sh
. "$here/say.sh"

marker=$1
shift
refuse_options KIT_BASE KIT_HEAD KIT_BASELINE KIT_LANG
for report; do
    refuse_option REPORT "$report"
done
# The marker is written into an HTML comment, so it must not contain `-->`.
case $marker in
'' | -* | *[!A-Za-z0-9._-]*) undecided "the marker is $(printf %q "$marker"): use letters, digits, \`.\`, \`_\` and \`-\`, and no \`-\` at the start" ;;
esac
limits=()
read_limits
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

options=(--format=markdown "--lang=${KIT_LANG:-en}" ${limits[@]+"${limits[@]}"})
found=0
"$here/baseline.sh" "$KIT_BASE" "${KIT_BASELINE:-lab-baseline.json}" >"$work/baseline.json" || found=$?
case $found in
0)
    options+=("--baseline=$work/baseline.json" "--baseline-name=${KIT_BASELINE:-lab-baseline.json}" --policy=baseline)
    if [ -n "${KIT_HEAD:-}" ] &&
        "$here/baseline.sh" "$KIT_HEAD" "${KIT_BASELINE:-lab-baseline.json}" >"$work/proposed.json" 2>"$work/why.txt"; then
        options+=("--proposed-baseline=$work/proposed.json")
    fi
    ;;
1) options+=(--rejudge) ;;
*) exit 2 ;;
esac

printf '<!-- lab-kit-ci:%s -->\n' "$marker"
code=2
if [ $# -gt 0 ]; then
    code=0
    "$here/kit.sh" report "${options[@]}" -- "$@" >"$work/comment.md" 2>"$work/why.txt" || code=$?
fi
if [ "$code" -gt 1 ]; then
    printf '### %s\n' "$(say_undecided)"
fi
if [ "$code" -gt 1 ] && [ -s "$work/why.txt" ]; then
    # The reason may contain untrusted text too. Markdown is off inside <pre>. A line that
    # starts with `/` would be a GitLab command.
    why=$(head --bytes=4000 "$work/why.txt")
    # Keep the name of the artifact that has the report.
    for directory in "$work" "${@%/*/*}"; do
        why=${why//"$directory/"/}
    done
    why=$(jq --raw-input --raw-output '@html | sub("^(?<blank>\\s*)/"; "\(.blank)&#47;")' <<<"$why")
    printf '\n<pre>\n%s\n</pre>\n' "$why"
fi
if [ "$code" -le 1 ]; then
    if [ "$found" != 0 ]; then
        without_baseline "$work/comment.md" >"$work/told.md"
        mv "$work/told.md" "$work/comment.md"
    fi
    # The first line is the report's own marker.
    tail --lines=+2 "$work/comment.md"
fi
