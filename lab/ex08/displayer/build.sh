#!/bin/sh
# Compiles the displayer: sh build.sh PROGRAM
# For another processor: CC=aarch64-linux-gnu-gcc sh build.sh PROGRAM
set -eu
program=$1
here=$(dirname "$0")

# shellcheck disable=SC2046 # one word a flag is what is wanted
"${CC:-gcc}" $(sed 's/#.*//' "$here/flags") -T "$here/display.ld" \
    -o "$program" "$here/display.c"

# The linker ends the file with a table of contents that only linkers and debuggers read
# (300 bytes). Keep what the kernel loads, from the start of the file, and say in its
# header that there is no such table.
set -- $(readelf --segments --wide "$program" | grep LOAD)
truncate -s $(($2 + $5)) "$program"
zero() { # zero OFFSET COUNT
    head -c "$2" /dev/zero | dd of="$program" bs=1 seek="$1" conv=notrunc status=none
}
zero 40 8 # where the table begins (e_shoff in elf(5))
zero 60 4 # how many entries it has, and which one holds the names (e_shnum, e_shstrndx)
