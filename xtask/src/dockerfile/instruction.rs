use std::collections::BTreeMap;

/// A Dockerfile as it is read by the builders (BuildKit's `frontend/dockerfile/parser`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dockerfile {
    /// Its first lines name what is to read it (`# syntax=…`), which BuildKit fetches; that may
    /// see in it what nobody else does.
    pub has_frontend: bool,
    /// The instructions before the first FROM: ARG, where nobody made a mistake.
    pub preamble: Vec<Instruction>,
    /// In the order of the file.
    pub stages: Vec<Stage>,
    /// The numbers of the stages that bear a name, in order.
    pub(super) named: BTreeMap<String, Vec<usize>>,
}

/// One FROM and what follows it up to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// From 0, as `--from=0` and `--target 0` count.
    pub index: usize,
    /// In lower case, as builders compare it.
    pub name: Option<String>,
    /// As written, variables not filled in; empty where FROM names nothing.
    pub base: String,
    pub from: Instruction,
    /// All after FROM, in order.
    pub instructions: Vec<Instruction>,
}

/// One instruction, from the first character of its keyword to the end of its last line:
/// continuation lines, the comments between them and heredocs included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// In upper case, whatever it is.
    pub keyword: String,
    /// On one line: continuation lines joined, runs of blanks made one, without heredoc
    /// bodies.
    pub text: String,
    /// Its lines as they are in the file, without the last line feed.
    pub raw: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, inclusive.
    pub end_line: u32,
    /// `--from=build`, `--mount=…`, in order.
    pub flags: Vec<BuildFlag>,
    /// What follows keyword and flags, joined as the builder joins it: blanks are kept.
    pub arguments: String,
    pub form: Form,
    /// In order of their bodies.
    pub heredocs: Vec<Heredoc>,
    /// What ONBUILD sets up, with the same lines.
    pub trigger: Option<Box<Instruction>>,
}

/// A flag of an instruction, such as `--from=build` or `--link`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildFlag {
    /// Without the dashes.
    pub name: String,
    pub value: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// `RUN make`: a text for a shell, or words.
    Shell,
    /// `RUN ["make"]`.
    Json(Vec<String>),
}

/// A document that follows its instruction's line, up to its name alone on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// Without quotes.
    pub name: String,
    /// The lines before the terminator; with `<<-` still with their leading tabs.
    pub body: String,
    /// `<<-`: leading tabs are to be cut.
    pub chomp: bool,
    /// Variables in it are filled in: its name has no quotes.
    pub expand: bool,
}

impl Instruction {
    /// The value of its first flag of this name.
    pub fn flag(&self, name: &str) -> Option<&str> {
        let mut named = self.flags.iter().filter(|flag| flag.name == name);
        named.next().and_then(|flag| flag.value.as_deref())
    }
}

impl Stage {
    /// Its name, or its number where it has none: what `--from` can say.
    pub fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.index.to_string())
    }
}
