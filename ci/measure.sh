#!/usr/bin/env bash
# Builds, runs, measures and judges the images of a Compose project, and leaves every report
# in a directory. Its exit code is the kit's: 0 accepted, 1 rejected, 2 not decided.
#
#   KIT_FILE      the Compose file                                      [compose.yaml]
#   KIT_LAB       the lab in it, where it holds several
#   KIT_BASE      the commit whose baseline and policy hold             [growth is not judged]
#   KIT_BASELINE  where that commit has its baseline, from its root     [lab-baseline.json]
#   KIT_REPORTS   where the reports go                                  [lab-report]
#   KIT_LANG      en or fr                                              [en]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=say.sh
. "$here/say.sh"

reports=${KIT_REPORTS:-lab-report}
baseline=$reports/baseline.json
mkdir -p "$reports"
rm -f "$reports"/{report.json,baseline.json,comment.md,page.html,junit.xml,lab.sarif,annotations.txt}

options=(--file "${KIT_FILE:-compose.yaml}" --lang "${KIT_LANG:-en}")
if [ -n "${KIT_LAB:-}" ]; then
    options+=("$KIT_LAB")
fi
for output in json=report.json markdown=comment.md html=page.html junit=junit.xml \
    sarif=lab.sarif annotations=annotations.txt; do
    options+=(--output "${output%%=*}=$reports/${output#*=}")
done

judged=no
if [ -n "${KIT_BASE:-}" ]; then
    found=0
    "$here/baseline.sh" "$KIT_BASE" "${KIT_BASELINE:-lab-baseline.json}" >"$baseline" || found=$?
    case $found in
    0) judged=yes options+=(--baseline "$baseline" --baseline-name "${KIT_BASELINE:-lab-baseline.json}" --policy baseline) ;;
    1) rm "$baseline" ;;
    *) exit 2 ;;
    esac
fi

code=0
"$here/kit.sh" lab "${options[@]}" || code=$?
if [ "$judged" = no ]; then
    say_no_baseline >&2
    if [ -e "$reports/comment.md" ]; then
        without_baseline "$reports/comment.md" >"$reports/comment.new"
        mv "$reports/comment.new" "$reports/comment.md"
    fi
fi
exit "$code"
