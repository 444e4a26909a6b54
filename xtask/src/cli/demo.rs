use std::path::PathBuf;

use clap::Args;

use super::{Common, EngineArgs};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask demo ex08 --rehearse     before the lesson: run all steps, record, compare
  cargo xtask demo ex08                the lesson
  cargo xtask demo ex08 --notes        in a second terminal: the speaker's notes
  cargo xtask demo ex08 --replay       the lesson without an engine")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that a person types"
)]
pub struct DemoArgs {
    /// The lab's name, such as ex08
    #[arg(value_name = "LAB")]
    pub lab: String,
    /// A Compose file of any project [default: the compose.yaml of this repository]
    #[arg(long, value_name = "COMPOSE")]
    pub file: Option<PathBuf>,
    /// Run all steps unattended, record their results, and compare them with those recorded before
    #[arg(long, conflicts_with_all = ["replay", "notes", "record"])]
    pub rehearse: bool,
    /// Show recorded results only, without an engine
    #[arg(long, conflicts_with = "notes")]
    pub replay: bool,
    /// Show the speaker's notes for the lesson given in another terminal
    #[arg(long, conflicts_with = "record")]
    pub notes: bool,
    /// Record the terminal as asciicast v2, with a marker for each step
    #[arg(long, value_name = "FILE.cast")]
    pub record: Option<PathBuf>,
    /// Where recorded results are kept [default: in the kit's cache]
    #[arg(long, value_name = "FILE.json")]
    pub rehearsal: Option<PathBuf>,
    /// Install what is missing; each command is shown before it runs
    #[arg(long, conflicts_with = "offline")]
    pub provision: bool,
    /// Never pull or install; anything missing is an error
    #[arg(long)]
    pub offline: bool,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub common: Common,
}
