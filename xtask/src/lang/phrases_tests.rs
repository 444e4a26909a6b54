use super::{abridged, phrases};
use crate::lang::BuildEnded;
use crate::model::{
    BuildCause, Bytes, Change, Changed, Difference, Fact, Fate, Finding, Language, Level, Measure,
};
use std::time::Duration;

fn both(fact: Fact) -> [String; 2] {
    let finding = Finding {
        level: Level::Error,
        variant: "multi".to_owned(),
        place: None,
        fact,
    };
    [Language::English, Language::French].map(|language| phrases(language).finding(&finding))
}

#[test]
fn in_french_zero_and_one_are_singular() {
    let french = phrases(Language::French);
    assert_eq!(french.layers(0), "0\u{a0}couche");
    assert_eq!(french.layers(1), "1\u{a0}couche");
    assert_eq!(french.layers(2), "2\u{a0}couches");
    let english = phrases(Language::English);
    assert_eq!(english.layers(0), "0 layers");
    assert_eq!(english.layers(1), "1 layer");
}

#[test]
fn a_budget_finding_names_the_limit_and_the_actual() {
    let [english, french] = both(Fact::Budget {
        counts: Measure::Unpacked,
        actual: Bytes(1_025),
        limit: Bytes(1_024),
    });
    assert_eq!(english, "multi weighs 1.0 kB, 1 B over its budget of 1 KiB");
    assert_eq!(
        french,
        "multi pèse 1,0\u{a0}ko, soit 1\u{a0}o de plus que son budget de 1\u{a0}Kio"
    );
    let [english, french] = both(Fact::Budget {
        counts: Measure::Layers,
        actual: Bytes(9),
        limit: Bytes(1),
    });
    assert_eq!(english, "multi has 9 layers, 8 over its budget of 1");
    assert_eq!(
        french,
        "multi a 9\u{a0}couches, soit 8 de plus que son budget de 1"
    );
}

fn parted(expected: &str, actual: &str) -> [String; 2] {
    both(Fact::OutputsDiffer {
        reference: "single".to_owned(),
        difference: Difference {
            offset: 7,
            line: 1,
            expected: Some(expected.to_owned()),
            actual: Some(actual.to_owned()),
        },
    })
}

#[test]
fn a_difference_that_does_not_show_is_said_to_be_one() {
    let [english, french] = parted("bonjour", "bonjour");
    assert!(english.ends_with(
        "they first differ at line 1, byte 8 of the output, in characters that can't be displayed"
    ));
    assert!(
        french
            .ends_with("octet 8 de la sortie, par des caractères qui ne peuvent pas être affichés")
    );
}

#[test]
fn a_line_feed_that_one_output_lacks_at_its_end_is_named() {
    let [english, french] = parted("bonjour\n", "bonjour");
    assert!(english.ends_with("line 1, “bonjour”, has no line feed at its end"));
    assert!(
        french
            .ends_with("il manque le saut de ligne à la fin de la ligne 1, «\u{a0}bonjour\u{a0}»")
    );
    let [english, french] = parted("bonjour", "bonjour\n");
    assert!(english.contains("has a line feed at its end; in single it has none"));
    assert!(french.contains("finit par un saut de ligne, absent de single"));
}

#[test]
fn an_empty_line_is_said_to_be_one() {
    let [english, french] = both(Fact::OutputsDiffer {
        reference: "single".to_owned(),
        difference: Difference {
            offset: 7,
            line: 2,
            expected: Some(String::new()),
            actual: Some("b".to_owned()),
        },
    });
    assert!(
        english.ends_with("line 2 is “b” instead of an empty line"),
        "{english}"
    );
    assert!(
        french.ends_with("la ligne 2 est «\u{a0}b\u{a0}», et non une ligne vide"),
        "{french}"
    );
}

#[test]
fn a_smaller_image_is_praised_unless_by_a_few_bytes() {
    let shrank = |before, after| {
        both(Fact::Changed(Changed::Shrank {
            counts: Measure::Unpacked,
            counted: Change {
                before: Bytes(before),
                after: Bytes(after),
            },
        }))
    };
    let [english, french] = shrank(30_000, 21_000);
    assert_eq!(english, "multi shrank by 9.0 kB to 21.0 kB: well done");
    assert_eq!(
        french,
        "multi a maigri de 9,0\u{a0}ko et passe à 21,0\u{a0}ko\u{a0}: bravo"
    );
    let [english, french] = shrank(30_000, 29_000);
    assert!(!english.contains("well") && !french.contains("bravo"));
}

#[test]
fn a_builder_that_stops_need_not_have_met_an_instruction() {
    let [english, french] = [Language::English, Language::French]
        .map(|language| phrases(language).build_cause(&BuildCause::Refused));
    assert_eq!(english, "the builder stopped");
    assert_eq!(french, "le constructeur s’est arrêté");
}

#[test]
fn in_french_bytes_agree_with_what_became_of_them() {
    let [english, french] = [Language::English, Language::French]
        .map(|language| phrases(language).bytes_that(Bytes(7), Fate::Overwritten));
    assert_eq!(english, "7 B overwritten");
    assert_eq!(french, "7\u{a0}o remplacés");
}

#[test]
fn a_ratio_below_one_is_heavier() {
    let [english, french] = [Language::English, Language::French].map(phrases);
    assert_eq!(english.lighter(1_191_213.2), "1,191,213 times smaller");
    assert_eq!(
        french.lighter(1_191_213.2),
        "1\u{202f}191\u{202f}213 fois plus légère"
    );
    assert_eq!(english.lighter(0.5), "2.0 times larger");
    assert_eq!(french.lighter(1.01), "à peu près la même taille");
    assert_eq!(english.lighter(0.0), "about the same size");
}

#[test]
fn a_name_that_begins_with_a_vowel_is_elided_in_french() {
    let french = phrases(Language::French);
    assert_eq!(
        french.comes_from("single"),
        "D’où viennent les octets de single"
    );
    assert_eq!(
        french.comes_from("essai"),
        "D’où viennent les octets d’essai"
    );
    assert_eq!(french.left_behind("essai"), "Ce qu’essai n’embarque pas");
}

#[test]
fn a_build_says_how_much_of_it_was_cached() {
    let ended = |cached| BuildEnded {
        variant: "multi",
        success: true,
        took: Duration::from_millis(310),
        steps: 7,
        cached,
    };
    let english = phrases(Language::English);
    assert_eq!(
        english.build_ended(&ended(0)),
        "multi built in 0.31 s, 7 instructions"
    );
    assert_eq!(
        english.build_ended(&ended(7)),
        "multi built in 0.31 s, 7 instructions, all cached"
    );
    assert_eq!(
        english.build_ended(&ended(3)),
        "multi built in 0.31 s, 7 instructions, 3 cached"
    );
}

#[test]
fn a_long_instruction_is_cut_to_its_beginning() {
    assert_eq!(abridged("RUN true"), "RUN true");
    assert_eq!(abridged("RUN a \\\n  # why\n  && b"), "RUN a && b");
    assert_eq!(abridged(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
}

#[test]
fn only_where_all_that_ran_printed_alike_are_they_all() {
    let printed = |language, variants: &[&str]| phrases(language).printed(variants, 5, Bytes(3));
    for (variants, english, french) in [
        (
            &["a", "b", "c", "d", "e"][..],
            "What all 5 variants printed",
            "Ce qu’affichent les 5 variantes",
        ),
        (
            &["a", "b", "c", "d"],
            "What a, b and 2 others printed",
            "Ce qu’affichent a, b et 2 autres",
        ),
        (
            &["a", "b", "c"],
            "What a, b and c printed",
            "Ce qu’affichent a, b et c",
        ),
    ] {
        let expected = [format!("{english} (3 B)"), format!("{french} (3\u{a0}o)")];
        let languages = [Language::English, Language::French];
        assert_eq!(
            languages.map(|language| printed(language, variants)),
            expected
        );
    }
}
