use std::cmp::Reverse;

use crate::lang::Word;
use crate::lang::listing as say;
use crate::lang::one_line;
use crate::model::{Bytes, Fate, FileFate, ImagePath, Kind, LayerSize, Order};
use crate::report::LayersReport;
use crate::report::listing::{Column, Maker, Part, Sheet, folded, place, shown, sums};

/// How many levels of directories are told apart where nobody asked.
const DEPTH: u16 = 2;
/// How many items of a list are named where nobody asked.
const SHOWN: usize = 10;

pub(super) fn of(report: &LayersReport, make: Maker) -> Sheet {
    let measured = &report.measured;
    let language = make.look.language;
    let mut facts = vec![
        say::platform(measured.platform.as_ref(), language),
        make.say.layers(measured.layers.len() as u64),
        make.say.word(measured.verified).to_owned(),
    ];
    facts.extend(measured.base.iter().map(|base| make.say.base(base)));
    let mut notes = vec![say::weight(&measured.size, language)];
    let further = say::further_weights(&measured.size, language);
    if !further.is_empty() {
        notes.push(further.join(", "));
    }
    notes.extend(say::base_told(measured.base_told(), language));
    let parts = [
        layers(report, make),
        directories(report, make),
        largest(report, make),
        waste(report, make),
        advice(report, make),
    ];
    let files = report.files.iter().flat_map(|all| files(report, all, make));
    let parts = parts.into_iter().chain(files);
    Sheet {
        title: report.source.clone(),
        facts,
        notes,
        parts: parts.filter(|part| !part.is_empty()).collect(),
    }
}

impl Part {
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.rest.is_none()
    }
}

fn layers(report: &LayersReport, make: Maker) -> Part {
    let row = |(index, layer): (usize, &LayerSize)| {
        let step = layer.step.as_ref();
        vec![
            index.to_string(),
            make.say.word(layer.origin).to_owned(),
            make.say.size(layer.unpacked),
            make.say.size(layer.wasted),
            make.say.number(layer.files),
            name(layer),
            place(step.and_then(|step| step.place.as_ref())),
        ]
    };
    Part {
        heading: make.say.word(Word::LayersFromLowest).to_owned(),
        columns: vec![
            (Word::Layer, Column::Number),
            (Word::Origin, Column::Word),
            (Word::Size, Column::Number),
            (Word::Wasted, Column::Number),
            (Word::Files, Column::Number),
            (Word::Instruction, Column::Text),
            (Word::Place, Column::Place),
        ],
        rows: report.measured.layers.iter().enumerate().map(row).collect(),
        rest: None,
    }
}

/// The instruction that made a layer, on one line; its id where no history tells.
fn name(layer: &LayerSize) -> String {
    let step = layer.step.as_ref();
    let id = || layer.diff_id.map(|id| id.short()).unwrap_or_default();
    step.map_or_else(id, |step| one_line(&step.instruction))
}

fn directories(report: &LayersReport, make: Maker) -> Part {
    let depth = make.view.depth.unwrap_or(DEPTH);
    let entries = report.measured.tree.entries.iter();
    let sums = sums(
        entries.map(|entry| (folded(&entry.path, depth), entry.bytes)),
        |sum: &mut Bytes, bytes| *sum += bytes,
    );
    let mut all: Vec<(ImagePath, Bytes)> = sums.into_iter().collect();
    all.retain(|(_, bytes)| bytes.0 > 0);
    all.sort_by_key(|(_, bytes)| Reverse(*bytes));
    let (named, rest) = make.named(all, SHOWN, |it| it.1.0, |it| it.0.clone());
    let whole = report.measured.size.unpacked;
    let row = |(path, bytes): &(ImagePath, Bytes)| {
        vec![
            make.say.size(*bytes),
            make.say.percent(bytes.share_of(whole)),
            shown(path),
        ]
    };
    Part {
        heading: make.say.word(Word::Directories).to_owned(),
        columns: vec![
            (Word::Size, Column::Number),
            (Word::Share, Column::Number),
            (Word::Path, Column::Path),
        ],
        rows: named.iter().map(row).collect(),
        rest: left_out(make, rest.len(), rest.iter().map(|(_, bytes)| *bytes).sum()),
    }
}

fn left_out(make: Maker, count: usize, bytes: Bytes) -> Option<String> {
    (count > 0).then(|| make.say.more(count, bytes))
}

fn rest(make: Maker, bytes: u64) -> Option<String> {
    let size = make.say.size(Bytes(bytes));
    (bytes > 0).then(|| say::rest(&size, make.look.language))
}

fn largest(report: &LayersReport, make: Maker) -> Part {
    let all = report.measured.largest.clone();
    let (named, _) = make.named(all, SHOWN, |it| it.bytes.0, |it| it.path.clone());
    let told: Bytes = named.iter().map(|file| file.bytes).sum();
    let rows = named.iter().map(|file| {
        vec![
            make.say.size(file.bytes),
            file.layer.to_string(),
            shown(&file.path),
        ]
    });
    Part {
        heading: make.say.word(Word::LargestInUse).to_owned(),
        columns: vec![
            (Word::Size, Column::Number),
            (Word::Layer, Column::Number),
            (Word::Path, Column::Path),
        ],
        rows: rows.collect(),
        rest: rest(make, report.measured.size.live.0.saturating_sub(told.0)),
    }
}

fn waste(report: &LayersReport, make: Maker) -> Part {
    let wasted = report.measured.size.wasted;
    let all = report.measured.waste.clone();
    let (named, _) = make.named(all, SHOWN, |it| it.bytes.0, |it| it.path.clone());
    let told: Bytes = named.iter().map(|path| path.bytes).sum();
    let causes = [
        (Fate::Overwritten, wasted.overwritten),
        (Fate::Deleted, wasted.deleted),
        (Fate::MetadataOnly, wasted.metadata_only),
    ];
    let causes = causes.iter().filter(|(_, bytes)| bytes.0 > 0);
    let causes: Vec<String> = causes
        .map(|(fate, bytes)| make.say.bytes_that(*bytes, *fate))
        .collect();
    let heading = make.say.word(Word::WastedPaths);
    let rows = named.iter().map(|path| {
        vec![
            make.say.size(path.bytes),
            path.layer.to_string(),
            make.say.word(path.fate).to_owned(),
            shown(&path.path),
        ]
    });
    Part {
        heading: format!("{heading} ({})", causes.join(", ")),
        columns: vec![
            (Word::Size, Column::Number),
            (Word::Layer, Column::Number),
            (Word::Fate, Column::Word),
            (Word::Path, Column::Path),
        ],
        rows: rows.collect(),
        rest: rest(make, wasted.total().0.saturating_sub(told.0)),
    }
}

fn advice(report: &LayersReport, make: Maker) -> Part {
    let advice = report.measured.advice.iter();
    let rows = advice.map(|advice| {
        vec![
            make.say.size(advice.saves),
            make.say.word(advice.kind).to_owned(),
            place(advice.place.as_ref()),
        ]
    });
    Part {
        heading: make.say.word(Word::MakeLighter).to_owned(),
        columns: vec![
            (Word::Saves, Column::Number),
            (Word::Advice, Column::Text),
            (Word::Place, Column::Place),
        ],
        rows: rows.collect(),
        rest: None,
    }
}

/// One part for each layer.
fn files<'a>(
    report: &'a LayersReport,
    all: &'a [FileFate],
    make: Maker,
) -> impl Iterator<Item = Part> + 'a {
    let layers = report.measured.layers.iter().enumerate();
    layers.map(move |(index, layer)| {
        let mut held: Vec<&FileFate> = all.iter().filter(|file| file.layer == index).collect();
        match make.view.order {
            Order::Size => {
                held.sort_by(|one, other| (other.bytes, &one.path).cmp(&(one.bytes, &other.path)));
            }
            Order::Path => held.sort_by(|one, other| one.path.cmp(&other.path)),
        }
        let min = make.view.min.unwrap_or_default();
        let (named, rest): (Vec<_>, Vec<_>) = held.into_iter().partition(|file| file.bytes >= min);
        let number = say::layer_number(index, make.look.language);
        Part {
            heading: format!("{number} · {}", name(layer)),
            columns: vec![
                (Word::Size, Column::Number),
                (Word::Fate, Column::Word),
                (Word::Kind, Column::Word),
                (Word::Path, Column::Path),
            ],
            rows: named.into_iter().map(|file| entry(file, make)).collect(),
            rest: left_out(make, rest.len(), rest.iter().map(|file| file.bytes).sum()),
        }
    })
}

fn entry(file: &FileFate, make: Maker) -> Vec<String> {
    let path = shown(&file.path);
    let path = match &file.kind {
        Kind::HardLink { target } => format!("{path} → {target}"),
        Kind::Symlink { target } => format!("{path} → {}", String::from_utf8_lossy(target)),
        _ => path,
    };
    vec![
        make.say.size(file.bytes),
        make.say.word(file.fate).to_owned(),
        make.say.word(&file.kind).to_owned(),
        path,
    ]
}
