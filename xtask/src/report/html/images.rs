use maud::{Markup, html};

use super::map::colours;
use super::sizes::{SLIVER, part};
use super::{Page, capital, left_out, named, place, stranger};
use crate::lang::{Word, one_line};
use crate::model::{Bytes, LayerSize, Measured, Role, SizedPath};
use crate::report::listing::html::table;
use crate::report::{Compared, VariantReport, sections};

/// Rows of the lists of files, and of paths of an advice.
const MOST_FILES: usize = 12;
const MOST_PATHS: usize = 4;
/// With more images than this, only those of reference and solution are open.
const MOST_OPEN: usize = 3;

impl Page<'_> {
    /// Each image: its sizes, drawing, layers, advice, and what is large or wasted in it.
    pub(super) fn images(self) -> Markup {
        let variants = &self.report.variants;
        html! {
            section.long id=(self.id("images")) aria-labelledby=(self.id("images-title")) {
                h2 id=(self.id("images-title")) { (self.say.word(Word::Inside)) }
                @for (at, variant) in variants.iter().enumerate() {
                    @let is_open = self.shares <= MOST_OPEN || matches!(variant.role, Some(Role::Reference | Role::Solution));
                    details.image open[is_open] {
                        summary {
                            (named(&variant.name))
                            @match &variant.measured {
                                Some(measured) => { " · " (self.say.size(measured.size.unpacked)) }
                                None => { " · " span.soft { (self.say.word(Word::NoImage)) } }
                            }
                        }
                        @if let Some(measured) = &variant.measured { (self.image(at, variant, measured)) }
                    }
                }
            }
        }
    }

    fn image(self, at: usize, variant: &VariantReport, measured: &Measured) -> Markup {
        let compared = self.report.comparison.iter().flat_map(|it| &it.variants);
        let compared = compared
            .filter(|it| it.name == variant.name)
            .find(|it| !it.left_behind.is_empty());
        html! {
            p.facts { (stranger(&self.say.base_of(measured))) @if let Some(platform) = &measured.platform { " · " (stranger(&platform.to_string())) } @if let Some(id) = measured.image_id { " · " code { (id.short()) } } }
            (self.tiles(variant, measured))
            (self.map(at, &variant.name, measured))
            (self.layers(measured))
            (self.advice(measured))
            @if let Some(compared) = compared { (self.left_behind(compared)) }
            (self.files(measured))
        }
    }

    fn tiles(self, variant: &VariantReport, measured: &Measured) -> Markup {
        let size = &measured.size;
        let say = self.say;
        let wasted = size.wasted.total();
        let mut tiles = vec![
            (say.word(Word::Base), say.size(size.base)),
            (say.word(Word::Own), say.size(size.own)),
            (say.word(Word::Live), say.size(size.live)),
            (say.word(Word::Wasted), say.size(wasted)),
        ];
        let mut add = |word, bytes: Option<Bytes>| {
            tiles.extend(bytes.map(|bytes| (say.word(word), say.size(bytes))));
        };
        add(
            Word::Duplicate,
            Some(size.duplicate).filter(|it| *it > Bytes::ZERO),
        );
        add(Word::Packed, size.packed);
        add(Word::EngineReported, size.engine_reported);
        let budget = variant.policy.budget.map(|budget| say.limit(budget));
        tiles.extend(budget.map(|budget| (say.word(Word::Budget), budget)));
        html! {
            dl.tiles { @for (word, value) in tiles { div { dt { (word) } dd { (value) } } } }
        }
    }

    fn layers(self, measured: &Measured) -> Markup {
        let largest = measured.layers.iter().map(|layer| layer.unpacked).max();
        let largest = largest.unwrap_or(Bytes::ZERO);
        let colours = colours(&measured.layers);
        html! {
            h3 { (self.say.word(Word::LayersFromLowest)) }
            div.scroll { table.layers {
                thead { tr {
                    th.n scope="col" { (self.say.word(Word::Size)) }
                    td {}
                    th scope="col" { (self.say.word(Word::Instruction)) }
                    th scope="col" { (self.say.word(Word::Place)) }
                    th.n scope="col" { (self.say.word(Word::Wasted)) }
                    th.n scope="col" { (self.say.word(Word::Files)) }
                } }
                tbody { @for (layer, colour) in measured.layers.iter().zip(colours) {
                    (self.layer(layer, colour, largest))
                } }
            } }
        }
    }

    fn layer(self, layer: &LayerSize, colour: &'static str, largest: Bytes) -> Markup {
        let width = |bytes: Bytes| 100.0 * bytes.share_of(largest);
        let at = layer.step.as_ref().and_then(|step| step.place.as_ref());
        html! {
            tr {
                td.n { (self.say.size(layer.unpacked)) }
                td.bar {
                    svg.bar aria-hidden="true" focusable="false" {
                        @if layer.unpacked > Bytes::ZERO { (part(colour, 0.0, width(layer.unpacked).max(SLIVER))) }
                        @if width(layer.wasted) >= 0.1 { (part("wasted", 0.0, width(layer.wasted))) }
                    }
                }
                td.instruction {
                    svg.swatch viewBox="0 0 10 10" aria-hidden="true" { rect class=(colour) width="10" height="10" {} }
                    @match &layer.step {
                        Some(step) => { code { (stranger(&one_line(&step.instruction))) } }
                        None => { (self.say.word(layer.origin)) }
                    }
                }
                td { @if let Some(at) = at { (place(at)) } }
                td.n { @if layer.wasted > Bytes::ZERO { span.fail { (self.say.size(layer.wasted)) } } @else { "–" } }
                td.n { (self.say.number(layer.files)) }
            }
        }
    }

    fn advice(self, measured: &Measured) -> Markup {
        if measured.advice.is_empty() {
            return html! {};
        }
        html! {
            h3 { (self.say.word(Word::Savings)) }
            ol.advice { @for advice in &measured.advice {
                li {
                    strong { (self.say.saved(advice.saves)) }
                    " · " (capital(self.say.word(advice.kind)))
                    @if let Some(at) = &advice.place { " — " (place(at)) }
                    div.soft.mono { @for file in advice.paths.iter().take(MOST_PATHS) { (stranger(&format!("/{}", file.path))) " " } }
                }
            } }
        }
    }

    fn left_behind(self, compared: &Compared) -> Markup {
        let part = sections::left_behind(compared, self.say, usize::MAX);
        html! {
            h3 { (stranger(&part.heading)) }
            (table(&part, self.say))
        }
    }

    fn files(self, measured: &Measured) -> Markup {
        let wasted: Vec<_> = measured.waste.iter().map(|it| it.bytes).collect();
        let largest: Vec<_> = measured.largest.iter().map(|it| it.bytes).collect();
        html! {
            @if !wasted.is_empty() {
                details {
                    summary { (self.say.word(Word::WastedPaths)) }
                    div.scroll { table.short {
                        thead { tr { th.n scope="col" { (self.say.word(Word::Bytes)) } th scope="col" { (self.say.word(Word::Path)) } th scope="col" { (self.say.word(Word::Fate)) } } }
                        tbody { @for path in measured.waste.iter().take(MOST_FILES) {
                            tr { td.n { (self.say.size(path.bytes)) } td.mono { (stranger(&format!("/{}", path.path))) } td { (self.say.word(path.fate)) } }
                        } }
                    } }
                    (self.rest(&wasted))
                }
            }
            @if !largest.is_empty() {
                details {
                    summary { (self.say.word(Word::LargestFiles)) }
                    div.scroll { table.short {
                        thead { tr { th.n scope="col" { (self.say.word(Word::Bytes)) } th scope="col" { (self.say.word(Word::Path)) } } }
                        tbody { @for file in measured.largest.iter().take(MOST_FILES) { (self.large(file)) } }
                    } }
                    (self.rest(&largest))
                }
            }
        }
    }

    fn large(self, file: &SizedPath) -> Markup {
        html! { tr { td.n { (self.say.size(file.bytes)) } td.mono { (stranger(&format!("/{}", file.path))) } } }
    }

    fn rest(self, files: &[Bytes]) -> Markup {
        left_out(files.len(), MOST_FILES, |shown| {
            let cut = &files[shown..];
            self.say.more(cut.len(), cut.iter().copied().sum())
        })
    }
}
