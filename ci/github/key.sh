#!/usr/bin/env bash
# Names this kit for a cache: the system, the compiler, Cargo.lock and the kit's sources. A kit
# that was built from anything else has another name.
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
