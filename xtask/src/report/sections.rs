//! Tables of a lab's report that several formats show: described once, laid out by `listing`.

use super::listing::{Column, Part};
use super::view::From;
use super::{Compared, LabReport};
use crate::lang::{Phrases, Word, one_line};
use crate::model::{Bytes, Delta, Place};

/// What a report was made on: the engine, and the bases.
pub(super) fn made_on(report: &LabReport, say: Phrases) -> Vec<String> {
    let engine = &report.engine;
    let name = std::iter::once(say.engine_named(engine));
    let facts = name.chain(engine.storage.clone()).chain([
        say.word(engine.builder).to_owned(),
        engine.platform.to_string(),
    ]);
    let bases = report.bases().into_iter().map(|base| say.base(base));
    facts.chain(bases).collect()
}

/// Where the bytes of the variant come from that is explained, most first.
pub(super) fn sources(report: &LabReport, say: Phrases, shown: usize) -> Option<Part> {
    let (variant, measured) = report.explained()?;
    let sources = measured.sources();
    let places = Places::of(sources.iter().map(|source| source.place.as_ref()));
    let rows = sources.iter().take(shown).map(|source| {
        let share = source.bytes.share_of(measured.size.unpacked);
        let what = match &source.from {
            From::Base => say.base_of(measured),
            From::Instruction(instruction) => instruction.clone(),
            From::Layer(id) => id.map(|id| id.short()).unwrap_or_default(),
        };
        vec![
            say.size(source.bytes),
            say.percent(share),
            what,
            places.cell(source.place.as_ref()),
        ]
    });
    let hidden = sources.get(shown..).unwrap_or_default();
    let bytes = hidden.iter().map(|source| source.bytes).sum();
    Some(Part {
        heading: places.headed(&say.comes_from(&variant.name)),
        columns: vec![
            (Word::Bytes, Column::Number),
            (Word::Share, Column::Number),
            (Word::Instruction, Column::Text),
            (Word::Place, Column::Place),
        ],
        rows: rows.collect(),
        rest: (!hidden.is_empty()).then(|| say.more(hidden.len(), bytes)),
    })
}

/// What a variant does without, beside the reference.
pub(super) fn left_behind(compared: &Compared, say: Phrases, shown: usize) -> Part {
    let parts = &compared.left_behind;
    let steps = parts.iter().filter_map(|part| part.step.as_ref());
    let places = Places::of(steps.map(|step| step.place.as_ref()));
    let rows = parts.iter().take(shown).map(|part| {
        let step = part.step.as_ref();
        vec![
            say.left(part.bytes),
            say.word(part.cause).to_owned(),
            step.map_or_else(String::new, |step| one_line(&step.instruction)),
            places.cell(step.and_then(|step| step.place.as_ref())),
        ]
    });
    let hidden = parts.get(shown..).unwrap_or_default();
    let bytes: Delta = hidden.iter().map(|part| part.bytes).sum();
    let bytes = Bytes(bytes.0.unsigned_abs());
    Part {
        heading: places.headed(&say.left_behind(&compared.name)),
        columns: vec![
            (Word::Bytes, Column::Number),
            (Word::WhatItIs, Column::Word),
            (Word::Instruction, Column::Text),
            (Word::Place, Column::Place),
        ],
        rows: rows.collect(),
        rest: (!hidden.is_empty()).then(|| say.more(hidden.len(), bytes)),
    }
}

/// The places of a table. A file that all of them are in is named once, in the heading.
pub(super) struct Places<'a> {
    common: Option<&'a str>,
}

impl<'a> Places<'a> {
    pub(super) fn of(places: impl Iterator<Item = Option<&'a Place>>) -> Self {
        let mut files = places.flatten().map(|place| place.dockerfile.as_str());
        let first = files.next();
        let common = first.filter(|first| files.all(|file| file == *first));
        Self { common }
    }

    pub(super) fn headed(&self, title: &str) -> String {
        match self.common {
            Some(file) => format!("{title} ({file})"),
            None => title.to_owned(),
        }
    }

    pub(super) fn cell(&self, place: Option<&Place>) -> String {
        match (place, self.common) {
            (None, _) => String::new(),
            (Some(place), None) => place.to_string(),
            (Some(place), Some(_)) => {
                let line = place.line;
                line.map_or_else(String::new, |line| format!(":{line}"))
            }
        }
    }
}
