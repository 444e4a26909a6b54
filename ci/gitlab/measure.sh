#!/usr/bin/env bash
# Measures what a merge request made of a project. The base is the head of the target branch,
# not the commit where the branches parted: that one is its author's choice.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
KIT_BASE=$("$here/base.sh")
export KIT_BASE
exec "$here/../measure.sh"
