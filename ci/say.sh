# What the scripts say to people by themselves, in the report's language; to be sourced.
# shellcheck shell=bash

say_no_baseline() {
    case ${KIT_LANG:-en} in
    fr) echo "La branche de base n’a pas encore d’état de référence : les budgets sont jugés, pas la croissance. Pour qu’elle le soit, validez-y le fichier qu’écrit \`$(making)\`." ;;
    *) echo "The base branch has no baseline yet: budgets are judged, and growth is not. To have it judged, commit there the file that \`$(making)\` writes." ;;
    esac
}

# The command that makes a baseline.
making() {
    local file=${KIT_FILE:-compose.yaml}
    printf 'cargo xtask lab --file %s --baseline %s --update-baseline' "$file" "${KIT_BASELINE:-lab-baseline.json}"
}

# A comment, with that there is no baseline said below its headline.
without_baseline() {
    sed --quiet '1,/^### /p' "$1"
    printf '\n> %s\n' "$(say_no_baseline)"
    sed '1,/^### /d' "$1"
}

say_undecided() {
    case ${KIT_LANG:-en} in
    fr) echo "⚠️ Le rapport des images n’a pas pu être jugé" ;;
    *) echo "⚠️ The report of the images could not be judged" ;;
    esac
}
