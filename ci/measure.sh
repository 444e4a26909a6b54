#!/usr/bin/env bash
# Builds, runs, measures and judges the images of a Compose project, and writes all reports
# to a directory: ci/measure.sh [OPTION OF lab]…
# The exit code is the kit's: 0 accepted, 1 rejected, 2 undecided.
#
#   KIT_FILE      the Compose file                                      [compose.yaml]
#   KIT_LAB       the lab to measure, if the file holds several
#   KIT_ALL       true: measure every service, including those with a profile
#   KIT_VARIANTS  measure only these services, separated by spaces
#   KIT_LIMITS    limits that override those of the file or the baseline, one per line:
#                 max_growth=1MB, or max_growth=web=1MB for one service; also budget, counts,
#                 max_base_drift, max_content_drift, allow_waste and accept
#   KIT_BASE      the commit that holds the baseline and the policy     [growth is not judged]
#   KIT_BASELINE  the baseline's path in that commit, from its root     [lab-baseline.json]
#   KIT_REPORTS   the directory for the reports; keep it outside the project, so that no
#                 build context contains it              [a new temporary directory]
#   KIT_LANG      en or fr                                              [en]
#   KIT_BIN, KIT_KEEP   as for ci/kit.sh
#
# During the builds, reports and baseline are in a temporary directory, outside any build
# context.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=given.sh
. "$here/given.sh"
# shellcheck source=say.sh
. "$here/say.sh"

refuse_options KIT_FILE KIT_LAB KIT_BASE KIT_BASELINE KIT_REPORTS KIT_LANG
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/reports"
if [ -n "${KIT_REPORTS:-}" ]; then
    # Reports of an earlier run could get into a build context, or be mistaken for new ones.
    for name in report.json baseline.json comment.md page.html junit.xml lab.sarif annotations.txt; do
        rm -f -- "$KIT_REPORTS/$name"
    done
fi

options=("--lang=${KIT_LANG:-en}")
read_selection
limits=()
read_limits
options+=(${limits[@]+"${limits[@]}"})
for output in json=report.json markdown=comment.md html=page.html junit=junit.xml \
    sarif=lab.sarif annotations=annotations.txt; do
    options+=("--output=${output%%=*}=$work/reports/${output#*=}")
done

judged=no
if [ -n "${KIT_BASE:-}" ]; then
    found=0
    "$here/baseline.sh" "$KIT_BASE" "${KIT_BASELINE:-lab-baseline.json}" >"$work/baseline.json" || found=$?
    case $found in
    0)
        judged=yes
        options+=("--baseline=$work/baseline.json" "--baseline-name=${KIT_BASELINE:-lab-baseline.json}" --policy=baseline)
        # The change's own baseline can accept growth, if the base branch allows it.
        proposed=$(git rev-parse --show-toplevel)/${KIT_BASELINE:-lab-baseline.json}
        if [ -f "$proposed" ] && [ ! -L "$proposed" ]; then
            cp -- "$proposed" "$work/proposed.json"
            options+=("--proposed-baseline=$work/proposed.json")
        fi
        ;;
    1) ;;
    *) exit 2 ;;
    esac
fi
options+=("$@")
if [ -n "${KIT_LAB:-}" ]; then
    options+=(-- "$KIT_LAB")
fi

code=0
"$here/kit.sh" lab "${options[@]}" || code=$?
comment=$work/reports/comment.md
if [ "$judged" = no ]; then
    say_no_baseline >&2
    if [ -e "$comment" ]; then
        without_baseline "$comment" >"$work/comment.md"
        mv "$work/comment.md" "$comment"
    fi
fi
if [ -n "${KIT_REPORTS:-}" ]; then
    mkdir -p -- "$KIT_REPORTS"
    cp -R -- "$work/reports/." "$KIT_REPORTS/"
else
    reports=$(mktemp -d)
    cp -R -- "$work/reports/." "$reports/"
    printf 'reports: %s\n' "$reports" >&2
fi
exit "$code"
