#!/usr/bin/env bash
# Measures a project as a merge request changes it. The base is the head of the target branch,
# not the commit where the branches parted: that one is its author's choice.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
KIT_BASE=$("$here/base.sh")
export KIT_BASE
exec "$here/../measure.sh" "$@"
