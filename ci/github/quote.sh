# Prevents untrusted text in a log from being a workflow command; to be sourced.
# shellcheck shell=bash

# Runs a command with workflow commands turned off.
quoted() {
    local end code=0
    end=$(od --address-radix=n --format=x8 --read-bytes=16 /dev/urandom | tr -d ' \n')
    echo "::stop-commands::$end"
    "$@" || code=$?
    echo "::$end::"
    return "$code"
}
