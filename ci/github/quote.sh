# Keeps a stranger's words in a log from being workflow commands; to be sourced.
# shellcheck shell=bash

# Runs a command; what it prints are words and no more.
quoted() {
    local end code=0
    end=$(od --address-radix=n --format=x8 --read-bytes=16 /dev/urandom | tr -d ' \n')
    echo "::stop-commands::$end"
    "$@" || code=$?
    echo "::$end::"
    return "$code"
}
