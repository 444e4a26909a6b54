//! The boxes of one image, drawn as SVG and told as a table.

use maud::{Markup, html};

use super::grown::arrow;
use super::marks::{Mark, Marks};
use super::sizes::{fitted, short};
use super::tree::{Folded, Label, Node, by_directory, by_layer};
use super::treemap::{Area, squarify};
use super::{Page, left_out, stranger};

use crate::lang::{Word, one_line, visible};
use crate::model::{Bytes, Delta, LayerSize, Measured, Origin};

const WIDTH: f64 = 1_200.0;
const HEIGHT: f64 = 430.0;
/// Of a drawing with one box that matters.
const LOW: f64 = 110.0;
/// Room for a directory's name above what is in it.
const HEAD: f64 = 22.0;
/// Of a letter, in text that is 7 points high on paper (`page.css`).
const LETTER: f64 = 9.7;
/// A box of less area than this shows nothing.
const LEAST_AREA: f64 = 40.0;
/// Boxes on the whole page, shared among its drawings.
const MOST_BOXES: usize = 4_000;
const MOST_BOXES_A_DRAWING: usize = 350;
/// Rows of the tables that tell the drawings, likewise.
const MOST_ROWS: usize = 1_000;
const MOST_ROWS_A_DRAWING: usize = 40;
const COLOURS: [&str; 8] = ["k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7"];

/// The colour of each layer, the same wherever it is drawn.
pub(super) fn colours(layers: &[LayerSize]) -> Vec<&'static str> {
    let mut own: Vec<usize> = (0..layers.len())
        .filter(|at| layers[*at].origin == Origin::Own)
        .collect();
    own.sort_by_key(|at| std::cmp::Reverse(layers[*at].unpacked));
    let mut colours = vec!["base"; layers.len()];
    for (rank, at) in own.into_iter().enumerate() {
        colours[at] = COLOURS[rank % COLOURS.len()];
    }
    colours
}

/// A drawing under way.
struct Drawing<'a> {
    page: Page<'a>,
    measured: &'a Measured,
    colours: Vec<&'static str>,
    most_rows: usize,
    marks: Marks,
    height: f64,
}

impl Page<'_> {
    /// Both drawings of an image, the choice between them, the search and the table.
    pub(super) fn map(self, at: usize, name: &str, measured: &Measured) -> Markup {
        let marks = Marks::of(measured, self.evolution(name));
        // A box with a mark takes as much of the page as one and a half.
        let drawings = if marks.is_empty() { 2 } else { 3 };
        let drawings = drawings * self.shares.max(1);
        let most = (MOST_BOXES / drawings).min(MOST_BOXES_A_DRAWING);
        let total = measured.size.unpacked;
        let least = least(total);
        let (by_directory, folded) = by_directory(measured).fold(most, least);
        let (by_layer, folded_layers) = by_layer(measured).fold(most, least);
        let plain = is_plain(&by_directory) && is_plain(&by_layer);
        if marks.is_empty() && plain {
            return html! {};
        }
        let drawing = Drawing {
            page: self,
            measured,
            colours: colours(&measured.layers),
            most_rows: (MOST_ROWS / drawings).min(MOST_ROWS_A_DRAWING),
            marks,
            height: if plain { LOW } else { HEIGHT },
        };
        let label = self.say.drawing(name, total);
        let switch = self.id(&format!("drawn-{at}"));
        html! {
            div.map {
                div.tools {
                    fieldset {
                        legend.vh { (self.say.word(Word::DrawnBy)) }
                        label { input type="radio" name=(switch) value="directory" checked; " " (self.say.word(Word::ByDirectory)) }
                        label { input type="radio" name=(switch) value="layer"; " " (self.say.word(Word::ByInstruction)) }
                    }
                    label { (self.say.word(Word::Search)) " "
                        input type="search" autocomplete="off" spellcheck="false" data-matches=(self.say.matches()); }
                }
                (drawing.key())
                p.status role="status" data-hint=(self.say.word(Word::Keys)) { (self.say.word(Word::Keys)) }
                div.directory {
                    (drawing.svg(&by_directory, &label))
                    (drawing.folds(folded))
                    (drawing.table(&by_directory))
                }
                div.layer {
                    (drawing.svg(&by_layer, &label))
                    (drawing.folds(folded_layers))
                    (drawing.table(&by_layer))
                }
            }
        }
    }
}

fn style(mark: Mark) -> &'static str {
    match mark {
        Mark::Grew => "more",
        Mark::New => "new",
    }
}

/// What tells a mark without its colour.
fn sign(mark: Mark) -> &'static str {
    match mark {
        Mark::Grew => arrow(Delta(1)),
        Mark::New => "✚",
    }
}

fn word(mark: Mark) -> Word {
    match mark {
        Mark::Grew => Word::GrewSince,
        Mark::New => Word::NewSince,
    }
}

/// Nothing to look at: one box takes all the room.
fn is_plain(root: &Node) -> bool {
    match &root.children[..] {
        [] => true,
        [first, ..] => first.children.is_empty() && first.bytes.share_of(root.bytes) > 0.97,
    }
}

/// The size of the smallest box that shows.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a threshold of a drawing"
)]
fn least(total: Bytes) -> Bytes {
    Bytes((total.0 as f64 * LEAST_AREA / (WIDTH * HEIGHT)) as u64 + 1)
}

impl Drawing<'_> {
    fn svg(&self, root: &Node, label: &str) -> Markup {
        let whole = Area {
            x: 0.0,
            y: 0.0,
            width: WIDTH,
            height: self.height,
        };
        html! {
            svg.drawing viewBox={ "0 0 " (WIDTH) " " (self.height) } role="img" aria-label=(visible(label)) {
                (self.inside(root, whole))
            }
        }
    }

    fn inside(&self, node: &Node, area: Area) -> Markup {
        let weights: Vec<f64> = node
            .children
            .iter()
            .map(|it| it.bytes.share_of(node.bytes))
            .collect();
        let places = squarify(&weights, area);
        html! { @for (child, area) in node.children.iter().zip(places) { (self.node(child, area)) } }
    }

    fn node(&self, node: &Node, area: Area) -> Markup {
        let mark = self.marks.on(self.measured, node);
        let name = match mark {
            Some((mark, _)) => format!("{} {}", sign(mark), self.name(node)),
            None => self.name(node),
        };
        let has_room = area.width > 60.0 && area.height > HEAD + 12.0;
        let has_text = area.width > 40.0 && area.height > 20.0;
        let colour = node
            .layer
            .and_then(|layer| self.colours.get(layer).copied());
        html! {
            g {
                title { (self.told(node, mark)) }
                rect class=(colour.unwrap_or("km")) x=(short(area.x)) y=(short(area.y)) width=(short(area.width)) height=(short(area.height)) {}
                @if let Some((mark, _)) = mark {
                    rect class={ "mark " (style(mark)) } x=(short(area.x + 1.0)) y=(short(area.y + 1.0)) width=(short((area.width - 2.0).max(1.0))) height=(short((area.height - 2.0).max(1.0))) {}
                }
                @if has_text {
                    text.head[!node.children.is_empty()] x=(short(area.x + 5.0)) y=(short(area.y + 16.5)) { (fitted(&name, area.width - 8.0, LETTER)) }
                    @if node.children.is_empty() && area.height > 40.0 && area.width > 85.0 {
                        text x=(short(area.x + 5.0)) y=(short(area.y + 35.0)) { (self.page.say.size(node.bytes)) }
                    }
                }
            }
            @if has_room && !node.children.is_empty() {
                (self.inside(node, area.inset([3.0, HEAD, 3.0, 3.0])))
            }
        }
    }

    fn name(&self, node: &Node) -> String {
        let say = self.page.say;
        match &node.label {
            Label::Directory(name) if name.is_empty() => say.word(Word::Root).to_owned(),
            Label::Directory(name) => name.clone(),
            Label::Layer(layer) => self.instruction(*layer),
            Label::Files => say.word(Word::FilesHere).to_owned(),
            Label::Rest { directories } => say.rest(*directories),
        }
    }

    /// What made a layer, on one line.
    fn instruction(&self, layer: usize) -> String {
        let step = self
            .measured
            .layers
            .get(layer)
            .and_then(|it| it.step.as_ref());
        step.map_or_else(
            || self.page.say.word(Word::Base).to_owned(),
            |step| one_line(&step.instruction),
        )
    }

    /// All that is known of a box: what the pointer, the arrow keys and the search show.
    fn told(&self, node: &Node, mark: Option<(Mark, Delta)>) -> String {
        let say = self.page.say;
        let name = self.name(node);
        let path = match node.label {
            Label::Directory(_) => format!("/{}", node.path),
            Label::Layer(_) => name,
            Label::Files | Label::Rest { .. } => format!("/{} ({name})", node.path),
        };
        let by = match (node.layer, &node.label) {
            (_, Label::Layer(_)) => String::new(),
            (Some(layer), _) => format!(" · {}", fitted(&self.instruction(layer), 72.0, 1.0)),
            (None, _) => format!(" · {}", say.word(Word::SeveralLayers)),
        };
        let share = say.percent(node.bytes.share_of(self.measured.size.unpacked));
        let size = say.size(node.bytes);
        let since = mark.map(|(mark, delta)| {
            let word = say.word(word(mark));
            format!(" · {} {} ({word})", sign(mark), say.delta(delta))
        });
        let since = since.unwrap_or_default();
        format!(
            "{} · {size} · {share}{since}{}",
            visible(&path),
            visible(&by)
        )
    }

    /// Which boxes grew, and which are new.
    fn key(&self) -> Markup {
        if self.marks.is_empty() {
            return html! {};
        }
        html! {
            p.soft.key {
                @for mark in [Mark::Grew, Mark::New] {
                    svg.swatch viewBox="0 0 14 14" aria-hidden="true" { rect class={ "mark " (style(mark)) } x="1" y="1" width="12" height="12" {} }
                    (sign(mark)) " " (self.page.say.word(word(mark))) " "
                }
            }
        }
    }

    fn folds(&self, folded: Folded) -> Markup {
        let say = self.page.say;
        html! {
            p.soft {
                @if folded.directories > 0 {
                    (say.folded(folded.directories, folded.bytes, folded.below)) " "
                }
                (say.folded_in_report(self.measured.tree.folded_below))
            }
        }
    }

    fn table(&self, root: &Node) -> Markup {
        let mut rows = Vec::new();
        flatten(root, &mut rows);
        if rows.is_empty() {
            return html! {};
        }
        rows.sort_by_key(|node| std::cmp::Reverse(node.bytes));
        let say = self.page.say;
        html! {
            details {
                summary { (say.word(Word::AsTable)) }
                div.scroll { table.short {
                    thead { tr {
                        th scope="col" { (say.word(Word::Path)) }
                        th.n scope="col" { (say.word(Word::Size)) }
                        th.n scope="col" { (say.word(Word::Share)) }
                        th scope="col" { (say.word(Word::Instruction)) }
                    } }
                    tbody { @for node in rows.iter().take(self.most_rows) { (self.row(node)) } }
                } }
                (left_out(rows.len(), self.most_rows, |shown| say.more_lines(rows.len() - shown)))
            }
        }
    }

    fn row(&self, node: &Node) -> Markup {
        let say = self.page.say;
        let by = match node.layer {
            Some(layer) => fitted(&self.instruction(layer), 60.0, 1.0),
            None => say.word(Word::SeveralLayers).to_owned(),
        };
        html! {
            tr {
                td.mono { (stranger(&format!("/{}", node.path))) }
                td.n { (say.size(node.bytes)) }
                td.n { (say.percent(node.bytes.share_of(self.measured.size.unpacked))) }
                td.instruction { (stranger(&by)) }
            }
        }
    }
}

fn flatten<'a>(node: &'a Node, rows: &mut Vec<&'a Node>) {
    for child in &node.children {
        if matches!(child.label, Label::Directory(_)) {
            rows.push(child);
        }
        flatten(child, rows);
    }
}
