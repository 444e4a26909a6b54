#!/usr/bin/env bash
# Writes the cache key of the kit, from the system, the compiler, Cargo.lock and the kit's
# sources.
set -euo pipefail

kit=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$kit"
digest() {
    sha256sum | cut -c 1-16
}
compiler=$(rustc --version --verbose | digest)
lock=$(digest <Cargo.lock)
sources=$(find Cargo.toml xtask -type f -not -path '*/target/*' -print0 | sort --zero-terminated |
    xargs -0 sha256sum | digest)
echo "key=lab-kit-$(uname -sm | tr ' ' -)-$compiler-$lock-$sources" >>"$GITHUB_OUTPUT"
