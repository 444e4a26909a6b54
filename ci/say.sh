# Messages of the scripts, in the report's language; to be sourced.
# shellcheck shell=bash

say_no_baseline() {
    case ${KIT_LANG:-en} in
    fr) echo "La branche de base n’a pas encore de mesure précédente : les budgets sont jugés, pas la croissance. Pour que la croissance le soit aussi, validez sur cette branche le fichier qu’écrit \`$(baseline_command)\`, où \`KIT\` est un clone du kit." ;;
    *) echo "The base branch has no baseline yet: budgets are judged, growth is not. To judge growth too, commit to that branch the file that \`$(baseline_command)\` writes; \`KIT\` is a clone of the kit." ;;
    esac
}

# The command that writes a baseline.
baseline_command() {
    printf 'KIT_FILE=%s KIT_BASELINE=%s KIT/ci/accept.sh' \
        "${KIT_FILE:-compose.yaml}" "${KIT_BASELINE:-lab-baseline.json}"
}

# Prints a comment with a note about the missing baseline below its heading.
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
