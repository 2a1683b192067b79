//! What tantivy keeps of a document: its words with their places, the pieces of its words, its number. No text: that is
//! read from where it is.

use std::path::Path;

use tantivy::directory::MmapDirectory;
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexSettings};

use crate::search::{grams, words};

pub const ROW: &str = "row";
const WORDS: &str = "words";
const GRAMS: &str = "grams";

#[derive(Debug, Clone, Copy)]
pub struct Fields {
    pub row: Field,
    pub words: Field,
    pub grams: Field,
}

impl Fields {
    pub fn of(schema: &Schema) -> tantivy::Result<Fields> {
        Ok(Fields { row: schema.get_field(ROW)?, words: schema.get_field(WORDS)?, grams: schema.get_field(GRAMS)? })
    }
}

pub fn create(folder: &Path) -> tantivy::Result<Index> {
    let mut schema = Schema::builder();
    let text = |tokenizer, record| {
        let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
        TextOptions::default().set_indexing_options(indexing)
    };
    schema.add_u64_field(ROW, FAST);
    schema.add_text_field(WORDS, text(WORDS, IndexRecordOption::WithFreqsAndPositions));
    schema.add_text_field(GRAMS, text(GRAMS, IndexRecordOption::WithFreqs));
    Ok(equipped(Index::create(MmapDirectory::open(folder)?, schema.build(), IndexSettings::default())?))
}

pub fn open(folder: &Path) -> tantivy::Result<Index> {
    Ok(equipped(Index::open(MmapDirectory::open(folder)?)?))
}

fn equipped(index: Index) -> Index {
    index.tokenizers().register(WORDS, words::analyzer());
    index.tokenizers().register(GRAMS, grams::analyzer());
    index
}
