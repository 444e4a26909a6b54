use super::reader::{Logical, Reader};
use super::words::{as_shown, form, openings, split_flags, split_keyword};
use super::{Dockerfile, Form, Heredoc, Instruction, Stage};

/// Reads a Dockerfile. What is no instruction at all still becomes one, with whatever its
/// first word is as keyword: the builder says what is wrong with it.
pub fn parse(text: &str) -> Dockerfile {
    let mut reader = Reader::new(text);
    let mut file = Dockerfile {
        has_frontend: reader.has_frontend(),
        ..Dockerfile::default()
    };
    while let Some(logical) = reader.next_instruction() {
        let instruction = complete(&logical, &mut reader);
        if instruction.keyword == "FROM" {
            let stage = stage(file.stages.len(), instruction);
            if let Some(name) = stage.name.clone() {
                file.named.entry(name).or_default().push(stage.index);
            }
            file.stages.push(stage);
        } else if let Some(stage) = file.stages.last_mut() {
            stage.instructions.push(instruction);
        } else {
            file.preamble.push(instruction);
        }
    }
    file
}

/// The instruction with its heredocs, which are read from the lines that follow.
fn complete(logical: &Logical, reader: &mut Reader<'_>) -> Instruction {
    let mut instruction = shaped(&logical.text);
    if takes_heredocs(&instruction) {
        instruction.heredocs = openings(&logical.text)
            .into_iter()
            .map(|opening| Heredoc {
                body: reader.heredoc_body(&opening.name, opening.chomp),
                name: opening.name,
                chomp: opening.chomp,
                expand: opening.expand,
            })
            .collect();
    }
    instruction.line = number(logical.line);
    instruction.end_line = number(reader.line());
    instruction.raw = reader.raw_from(logical.line);
    instruction.trigger = trigger(&instruction).map(Box::new);
    instruction
}

/// What the one line says, without place and heredocs.
fn shaped(line: &str) -> Instruction {
    let (keyword, rest) = split_keyword(line);
    let (flags, arguments) = split_flags(rest);
    Instruction {
        text: as_shown(line),
        form: form(arguments),
        arguments: arguments.to_owned(),
        flags,
        keyword,
        raw: String::new(),
        line: 0,
        end_line: 0,
        heredocs: Vec::new(),
        trigger: None,
    }
}

fn trigger(onbuild: &Instruction) -> Option<Instruction> {
    (onbuild.keyword == "ONBUILD").then(|| Instruction {
        raw: onbuild.raw.clone(),
        line: onbuild.line,
        end_line: onbuild.end_line,
        heredocs: onbuild.heredocs.clone(),
        ..shaped(&onbuild.arguments)
    })
}

fn takes_heredocs(instruction: &Instruction) -> bool {
    match instruction.keyword.as_str() {
        "RUN" | "COPY" | "ADD" => instruction.form == Form::Shell,
        "ONBUILD" => {
            let inner = shaped(&instruction.arguments);
            inner.keyword != "ONBUILD" && takes_heredocs(&inner)
        }
        _ => false,
    }
}

fn stage(index: usize, from: Instruction) -> Stage {
    let mut words = from.arguments.split_whitespace();
    let base = words.next().unwrap_or_default().to_owned();
    let name = words
        .next()
        .filter(|word| word.eq_ignore_ascii_case("as"))
        .and_then(|_| words.next())
        .map(str::to_ascii_lowercase);
    Stage {
        index,
        name,
        base,
        from,
        instructions: Vec::new(),
    }
}

fn number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}
