#!/usr/bin/env bash
# Writes the sizes of this change to the baseline, to commit with the change: ci/accept.sh
# Run it in the root of the project. It reads the same variables as ci/measure.sh:
#
#   KIT_FILE, KIT_LAB, KIT_ALL, KIT_VARIANTS, KIT_BASELINE, KIT_LANG, KIT_BIN, KIT_KEEP
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=given.sh
. "$here/given.sh"

refuse_options KIT_FILE KIT_LAB KIT_BASELINE KIT_LANG
options=("--lang=${KIT_LANG:-en}")
read_selection
root=$(git rev-parse --show-toplevel) || undecided "this is not a git repository"
options+=("--baseline=$root/${KIT_BASELINE:-lab-baseline.json}" --update-baseline)
if [ -n "${KIT_LAB:-}" ]; then
    options+=(-- "$KIT_LAB")
fi
code=0
"$here/kit.sh" lab "${options[@]}" || code=$?
# A variant over its budget (exit code 1) was measured too.
[ "$code" -le 1 ] || exit "$code"
printf 'commit this file: %s\n' "$root/${KIT_BASELINE:-lab-baseline.json}" >&2
