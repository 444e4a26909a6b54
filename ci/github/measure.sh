#!/usr/bin/env bash
# The job without write access: measures a project with the changes of a pull request.
#
# The event names the base. The kit's output goes to the log, with workflow commands turned off;
# then come the findings as annotations. The comment goes to the job summary. The exit code is an
# output, so that the reports are uploaded in any case.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=quote.sh
. "$here/quote.sh"

event() {
    jq --raw-output "$1" "$GITHUB_EVENT_PATH"
}

case $GITHUB_EVENT_NAME in
pull_request) KIT_BASE=$(event .pull_request.base.sha) ;;
merge_group) KIT_BASE=$(event .merge_group.base_sha) ;;
pull_request_target | workflow_run)
    echo "::error::$GITHUB_EVENT_NAME would build untrusted code with this repository's rights: use pull_request"
    exit 2
    ;;
*) KIT_BASE=$GITHUB_SHA ;;
esac
export KIT_BASE

code=0
quoted "$here/../measure.sh" || code=$?
for copied in "$KIT_REPORTS/annotations.txt:/dev/stdout" "$KIT_REPORTS/comment.md:$GITHUB_STEP_SUMMARY"; do
    if [ -e "${copied%%:*}" ]; then
        cat "${copied%%:*}" >>"${copied#*:}"
    fi
done
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
