#!/usr/bin/env bash
# Runs the kit in the caller's directory, with the caller's words: ci/kit.sh lab --file …
#
# It is built in its own directory, never in the caller's: there cargo would obey a
# .cargo/config.toml or rust-toolchain.toml that may be a stranger's. KIT_BIN names a kit
# that is built already.
set -euo pipefail

if [ -z "${KIT_BIN:-}" ]; then
    kit=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
    (cd "$kit" && cargo build --quiet --locked --package xtask --target-dir target) >&2
    KIT_BIN=$kit/target/debug/xtask
fi
exec "$KIT_BIN" "$@"
