#!/usr/bin/env bash
# Measures a project with the changes of a merge request. The base is the head of the target
# branch, not the merge base, because the author can choose the merge base.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
KIT_BASE=$("$here/base.sh")
export KIT_BASE
exec "$here/../measure.sh" "$@"
