#!/usr/bin/env bash
# Runs the kit in the caller's directory with the caller's arguments: ci/kit.sh lab --file …
#
# The kit is built in its own directory, never in the caller's: there cargo would obey a
# .cargo/config.toml or rust-toolchain.toml that may be untrusted.
#
#   KIT_BIN    a kit that is already built; nothing is built then
#   KIT_KEEP   a directory that keeps the kit between runs: the kit in it is used, and one
#              that was built is put there. Give one directory for each version of the kit.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=given.sh
. "$here/given.sh"
refuse_options KIT_BIN KIT_KEEP

if [ -z "${KIT_BIN:-}" ] && [ -n "${KIT_KEEP:-}" ] && [ -x "$KIT_KEEP/xtask" ]; then
    KIT_BIN=$KIT_KEEP/xtask
fi
kit=$(cd "$here/.." && pwd)
# The kit leaves its own clone out of what it judges.
export KIT_ROOT=$kit
if [ -z "${KIT_BIN:-}" ]; then
    (cd "$kit" && cargo build --quiet --locked --package xtask --target-dir target) >&2
    KIT_BIN=$kit/target/debug/xtask
    if [ -n "${KIT_KEEP:-}" ]; then
        mkdir -p -- "$KIT_KEEP"
        # Under another name first: a run that is stopped here leaves no half of a program.
        cp -- "$KIT_BIN" "$KIT_KEEP/xtask.$$"
        mv -- "$KIT_KEEP/xtask.$$" "$KIT_KEEP/xtask"
    fi
fi
exec -- "$KIT_BIN" "$@"
