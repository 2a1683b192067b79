//! How near the question's meaning is to each document's.

use crate::app::App;
use crate::base::{Error, Result};
use crate::search::index::{Bits, Committed};
use crate::search::meaning::passages::{Lines, Recipe};
use crate::search::meaning::{Best, Embedder, Rows, Vector};
use crate::search::query::Query;

use super::embedders::{Embedders, table};
use super::place::Place;
use super::{How, Request};

#[derive(Debug, Default)]
pub struct Meaning {
    /// By document; empty if meanings are not compared.
    pub cosines: Vec<f32>,
    /// The passage of each document that is nearest, in the order of documents.
    best: Vec<Best>,
    /// How much it counts beside the words.
    pub weight: f32,
    pub note: Option<String>,
}

impl Meaning {
    pub fn of(app: &App, request: &Request, place: &Place<'_>, query: &Query) -> Result<Meaning> {
        if request.how == How::Text {
            if request.min_similarity.is_some() {
                return Err(Error::usage("words alone have no similarity that could be at least so much"));
            }
            return Ok(Meaning::default());
        }
        let embedders = Embedders::open(app)?;
        let committed = place.current.index.committed();
        let Some(Question { embedder, vector: question, failed }) = Question::of(&embedders, committed, &query.text)?
        else {
            if request.how == How::Meaning || request.min_similarity.is_some() {
                let error = Error::no("meanings cannot be compared: the setting `search.embedder` is `none`");
                return Err(error.hint("palc config set --user search.embedder builtin"));
            }
            return Ok(Meaning { note: Some("only words were compared".into()), ..Meaning::default() });
        };
        let model = embedder.model();
        let waiting = embedders.all.first().filter(|first| first.model() != model);
        let waiting = waiting.map(|first| {
            let name = &first.model().name;
            format!("meanings are compared by the built-in vectors until `palc index update` has made those of {name}")
        });
        let bytes = committed.vectors.get(&table(model)).map_or(0, |reach| reach.bytes);
        let bytes = place.current.index.table(&table(model), bytes)?;
        let rows = Rows::new(&bytes, bytes.len(), model.dimensions);
        let view = &place.current.view.rows;
        let found = rows.best(&question, |row| view.contains(row));
        let mut cosines = vec![0.0; place.current.index.rows.len() as usize];
        for Best { prompt, cosine, .. } in &found {
            cosines[*prompt as usize] = *cosine;
        }
        Ok(Meaning {
            cosines,
            best: found,
            weight: weight(model.recipe),
            note: failed.or(embedders.instead.clone()).or(waiting),
        })
    }

    /// The lines of a document that are nearest.
    pub fn lines(&self, row: u32) -> Option<Lines> {
        let at = self.best.binary_search_by_key(&row, |best| best.prompt).ok()?;
        Some(self.best[at].lines)
    }

    /// The documents whose meaning is at least so near.
    pub fn nearer(&self, least: f32) -> Result<Bits> {
        if !(-1.0..=1.0).contains(&least) {
            return Err(Error::usage(format!("a similarity is between 0 and 1, and {least} is not")));
        }
        let all = self.cosines.iter().enumerate();
        Ok(all.filter(|(_, cosine)| **cosine >= least).map(|(row, _)| row as u32).collect())
    }
}

/// What is asked, as a vector.
struct Question<'a> {
    embedder: &'a dyn Embedder,
    vector: Vector,
    /// Why it is not that of the embedder which comes first.
    failed: Option<String>,
}

impl<'a> Question<'a> {
    /// By the first embedder that knows all documents and answers; none if there is no such embedder.
    fn of(embedders: &'a Embedders, committed: &Committed, text: &str) -> Result<Option<Question<'a>>> {
        let mut failed = None;
        for embedder in embedders.whole(committed) {
            match embedder.embed(&[text]) {
                Ok(mut vectors) => return Ok(Some(Question { embedder, vector: vectors.remove(0), failed })),
                Err(error) if embedder.is_remote() => {
                    failed = Some(format!("meanings are compared by the built-in vectors: {error}"));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

/// Vectors that add words up must not outvote the words; those of encoders know more than words.
fn weight(recipe: Recipe) -> f32 {
    match recipe {
        Recipe::Parts => 0.5,
        Recipe::Beginning => 2.0,
    }
}
