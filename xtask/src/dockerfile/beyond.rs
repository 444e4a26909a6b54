use super::{Dockerfile, Instruction};

/// Flags that only BuildKit knows (Dockerfile reference), by instruction.
const FLAGS: [(&str, &[&str]); 3] = [
    ("RUN", &["mount", "network", "security", "device"]),
    ("COPY", &["chmod", "link", "parents", "exclude"]),
    (
        "ADD",
        &[
            "chmod",
            "link",
            "exclude",
            "checksum",
            "keep-git-dir",
            "unpack",
        ],
    ),
];

impl Dockerfile {
    /// The first instruction on the classic builder's way to the target that only BuildKit
    /// understands, and what it is in it, such as `RUN --mount`.
    pub fn beyond_classic(&self, target: Option<&str>) -> Option<(&Instruction, String)> {
        let last = self.target_stage(target)?.index;
        let stages = self.stages.iter().take(last + 1);
        let mut instructions = stages.flat_map(|stage| &stage.instructions);
        instructions.find_map(|it| Some((it, beyond(it)?)))
    }
}

fn beyond(instruction: &Instruction) -> Option<String> {
    let keyword = instruction.keyword.as_str();
    if let Some(heredoc) = instruction.heredocs.first() {
        return Some(format!("{keyword} <<{}", heredoc.name));
    }
    let (_, known) = FLAGS.iter().find(|(name, _)| *name == keyword)?;
    let mut flags = instruction.flags.iter().map(|flag| flag.name.as_str());
    let flag = flags.find(|flag| known.contains(flag))?;
    Some(format!("{keyword} --{flag}"))
}
