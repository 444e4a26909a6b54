# Reads and checks the caller's environment variables; to be sourced.
# shellcheck shell=bash

# Stops with the exit code for "undecided".
undecided() {
    echo "error: $1" >&2
    exit 2
}

# Run at the end of a script: removes a directory. Exit codes above 2, such as those of jq,
# gh, curl and git, become 2, "undecided".
finish() {
    local code=$?
    rm -rf -- "$1"
    [ "$code" -le 2 ] || exit 2
}

# Rejects a value that a program could take for an option: refuse_option NAME VALUE
refuse_option() {
    case $2 in
    -*) undecided "$1 is $(printf %q "$2"): no value may start with \`-\`" ;;
    esac
}

# The same for variables: refuse_options NAME…
refuse_options() {
    local name
    for name; do
        refuse_option "$name" "${!name:-}"
    done
}

# Rejects a value that is not a number before it becomes part of a path or a URL:
# need_number NAME VALUE
need_number() {
    case $2 in
    '' | *[!0-9]*) undecided "$1 is $(printf %q "$2"), not a number" ;;
    esac
}

# Adds the limits in KIT_LIMITS, one per line, to the array `limits`: max_growth=1MB
read_limits() {
    local line key
    while IFS= read -r line; do
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        key=${line%%=*}
        case $key in
        '') ;;
        budget | counts | max_growth | max_base_drift | max_content_drift | allow_waste | accept)
            [ "$key" != "$line" ] || undecided "KIT_LIMITS: \`$key\` has no value; write $key=VALUE"
            limits+=("--${key//_/-}=${line#*=}")
            ;;
        *) undecided "KIT_LIMITS: there is no limit $(printf %q "$key")" ;;
        esac
    done <<<"${KIT_LIMITS:-}"
}

# Adds the options for KIT_FILE, KIT_ALL and KIT_VARIANTS to the array `options`.
read_selection() {
    local variants variant
    options+=("--file=${KIT_FILE:-compose.yaml}")
    case ${KIT_ALL:-false} in
    true) options+=(--all) ;;
    false) ;;
    *) undecided "KIT_ALL is $(printf %q "$KIT_ALL"): use true or false" ;;
    esac
    read -r -d '' -a variants <<<"${KIT_VARIANTS:-}" || true
    for variant in ${variants[@]+"${variants[@]}"}; do
        refuse_option KIT_VARIANTS "$variant"
        options+=("--variant=$variant")
    done
}
