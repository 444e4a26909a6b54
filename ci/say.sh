# What the scripts say to people by themselves, in the report's language; to be sourced.
# shellcheck shell=bash

say_no_baseline() {
    case ${KIT_LANG:-en} in
    fr) echo "La branche de base n’a pas encore d’état de référence : la croissance n’est pas jugée." ;;
    *) echo "The base branch has no baseline yet: growth is not judged." ;;
    esac
}

say_undecided() {
    case ${KIT_LANG:-en} in
    fr) echo "⚠️ Le rapport des images n’a pas pu être jugé" ;;
    *) echo "⚠️ The report of the images could not be judged" ;;
    esac
}
