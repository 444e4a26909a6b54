#!/usr/bin/env bash
# Runs the kit in the caller's directory with the caller's arguments: ci/kit.sh lab --file …
#
# The kit is built in its own directory, never in the caller's, where cargo would read an
# untrusted .cargo/config.toml or rust-toolchain.toml.
#
#   KIT_BIN    a kit that is already built; then nothing is built
#   KIT_KEEP   a directory that keeps the built kit between runs. Use a different directory
#              for each version of the kit.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=given.sh
. "$here/given.sh"
refuse_options KIT_BIN KIT_KEEP

if [ -z "${KIT_BIN:-}" ] && [ -n "${KIT_KEEP:-}" ] && [ -x "$KIT_KEEP/xtask" ]; then
    KIT_BIN=$KIT_KEEP/xtask
fi
kit=$(cd "$here/.." && pwd)
# The kit does not count its own clone as growth.
export KIT_ROOT=$kit
if [ -z "${KIT_BIN:-}" ]; then
    (cd "$kit" && cargo build --quiet --locked --package xtask --target-dir target) >&2
    KIT_BIN=$kit/target/debug/xtask
    if [ -n "${KIT_KEEP:-}" ]; then
        mkdir -p -- "$KIT_KEEP"
        # Copy, then rename: an interrupted run leaves no partial file.
        cp -- "$KIT_BIN" "$KIT_KEEP/xtask.$$"
        mv -- "$KIT_KEEP/xtask.$$" "$KIT_KEEP/xtask"
    fi
fi
exec -- "$KIT_BIN" "$@"
