use super::{Dockerfile, Instruction, Stage};

/// What builders say of an instruction without naming it: what stands before and after the
/// piece of it that they repeat, and which instructions they say it of; none is any.
const SENTENCES: [(&str, &str, &[&str]); 8] = [
    ("failed to process \"", "\": ", &[]),
    ("can't find = in \"", "\". ", &["ENV", "LABEL"]),
    ("nvalid containerPort: ", "", &["EXPOSE"]),
    ("nvalid proto: ", "", &["EXPOSE"]),
    ("nvalid signal: ", "", &["STOPSIGNAL"]),
    ("failed to parse stage name \"", "\": ", &["FROM"]),
    ("failed to parse platform ", ": ", &["FROM"]),
    ("base name (", ") should not be blank", &["FROM"]),
];

impl Dockerfile {
    /// The one instruction that a builder's sentence can mean; `None` where it can be another.
    pub fn blamed<'f>(&'f self, sentence: &str) -> Option<&'f Instruction> {
        if sentence.starts_with("no build stage in current context") {
            return self.preamble.iter().find(|it| it.keyword != "ARG");
        }
        let of_stage = |it: &'f Stage| std::iter::once(&it.from).chain(&it.instructions);
        let all = self.stages.iter().flat_map(of_stage);
        let mut meant = all.filter(|it| can_be_meant(it, sentence));
        let one = meant.next()?;
        meant.next().is_none().then_some(one)
    }
}

fn can_be_meant(instruction: &Instruction, sentence: &str) -> bool {
    if let Some(keyword) = sentence.strip_suffix(" must have two arguments") {
        let is_name = |text: &str| !text.contains(|it: char| it == '=' || it.is_whitespace());
        return instruction.keyword == keyword && is_name(&instruction.arguments);
    }
    if let Some(index) = sentence.strip_prefix("invalid stage index ") {
        return has(&instruction.text, &format!("from={index}"));
    }
    SENTENCES.iter().any(|(before, after, keywords)| {
        let is_of = keywords.is_empty() || keywords.contains(&instruction.keyword.as_str());
        let rest = sentence.split_once(before).map(|(_, rest)| rest);
        let piece = rest.map(|rest| match rest.split_once(after) {
            Some((piece, _)) if !after.is_empty() => piece,
            _ => rest,
        });
        let piece = piece.filter(|piece| !piece.is_empty());
        is_of && piece.is_some_and(|piece| has(&instruction.text, &unescaped(piece)))
    })
}

/// Whether it has the piece as a word, a part of a path or a value, not as a part of a word.
fn has(text: &str, piece: &str) -> bool {
    let of_word = |it: char| it.is_alphanumeric() || "_${}".contains(it);
    let goes_on = |it: char| of_word(it) || "-.".contains(it);
    let mut found = text.match_indices(piece);
    found.any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + piece.len()..]);
        !before.ends_with(of_word) && !after.starts_with(goes_on)
    })
}

/// Of a text as Go quotes it.
fn unescaped(text: &str) -> String {
    text.replace("\\\"", "\"").replace("\\\\", "\\")
}

#[cfg(test)]
mod tests {
    use crate::dockerfile::parse;

    fn line(text: &str, sentence: &str) -> Option<u32> {
        Some(parse(text).blamed(sentence)?.line)
    }

    /// Sentences of Docker 20.10's BuildKit, which names no line with them.
    #[test]
    fn the_instruction_is_found_by_what_the_builder_repeats_of_it() {
        for (faulty, sentence) in [
            ("ENV A", "ENV must have two arguments"),
            ("LABEL A", "LABEL must have two arguments"),
            (
                "LABEL a=b c",
                "Syntax error - can't find = in \"c\". Must be of the form: name=value",
            ),
            (
                "ENV A=\"unclosed",
                "failed to process \"\\\"unclosed\": unexpected end of statement while looking for matching double-quote",
            ),
            (
                "ENV B=${A",
                "failed to process \"${A\": missing ':' in substitution",
            ),
            ("EXPOSE 80 abc", "Invalid containerPort: abc"),
            ("expose 80/foo", "Invalid proto: foo"),
            ("STOPSIGNAL NOPE", "Invalid signal: NOPE"),
            ("COPY --from=5 /a /b", "invalid stage index 5"),
            (
                "FROM LAB/Python:offline",
                "failed to parse stage name \"LAB/Python:offline\": invalid reference format: repository name must be lowercase",
            ),
            (
                "FROM --platform=a/b/c/d x",
                "failed to parse platform a/b/c/d: \"a/b/c/d\": cannot parse platform specifier: invalid argument",
            ),
            ("FROM $NO", "base name ($NO) should not be blank"),
        ] {
            let others = "ENV B=${A} C=\"d unclosed\"\nENV A x\nEXPOSE 81\nCOPY 5 /c\nRUN NOPE=c";
            let file = format!("FROM x\n{others}\n\n{faulty}\n{others}\n");
            assert_eq!(line(&file, sentence), Some(8), "{sentence}");
            let twice = format!("FROM x\n{faulty}\n{faulty}\n");
            assert_eq!(line(&twice, sentence), None, "{sentence}");
        }
    }

    #[test]
    fn what_stands_before_the_first_stage_is_meant_unless_it_may_be_there() {
        let sentence = "no build stage in current context";
        assert_eq!(line("ARG A\nRUN x\nFROM y\n", sentence), Some(2));
        assert_eq!(line("ARG A\n", sentence), None);
    }

    #[test]
    fn a_sentence_that_repeats_nothing_blames_nobody() {
        for sentence in ["", "Invalid signal: ", "unable to find user x", "x"] {
            assert_eq!(line("FROM x\nSTOPSIGNAL x\n", sentence), None, "{sentence}");
        }
    }
}
