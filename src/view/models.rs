//! Models as services list them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::app::models::list::Listing;
use crate::provider::Listed;

use super::amount::span;
use super::paint::{Paint, printable};
use super::table::columns;

#[derive(Debug, Serialize, JsonSchema)]
pub struct ListingV1<'a> {
    provider: &'a str,
    /// When the provider was asked.
    at: String,
    /// Seconds since then; none if it was now.
    age_seconds: Option<u64>,
    models: Vec<ModelV1<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ModelV1<'a> {
    /// As `palc run --model` takes it.
    name: String,
    title: Option<&'a str>,
    /// How many tokens it can read, if the provider says so.
    context: Option<u64>,
}

pub fn objects(listings: &[Listing]) -> Vec<ListingV1<'_>> {
    listings.iter().map(object).collect()
}

fn object(listing: &Listing) -> ListingV1<'_> {
    let service = listing.service.as_str();
    let model = |model| -> ModelV1<'_> { named(service, model) };
    ListingV1 {
        provider: service,
        at: listing.at.to_string(),
        age_seconds: listing.age.map(|age| age.as_secs()),
        models: listing.models.iter().map(model).collect(),
    }
}

fn named<'a>(service: &str, model: &'a Listed) -> ModelV1<'a> {
    ModelV1 { name: full(service, model), title: model.title.as_deref(), context: model.context }
}

fn full(service: &str, model: &Listed) -> String {
    format!("{service}/{}", model.name)
}

pub fn table(listings: &[Listing], paint: Paint) -> String {
    let row = |service: &str, model: &Listed| {
        let context = model.context.map(|tokens| format!("{tokens} tokens")).unwrap_or_default();
        let title = model.title.as_deref().unwrap_or_default();
        vec![printable(&full(service, model)), context, paint.dim(&printable(title))]
    };
    let rows = listings.iter().flat_map(|listing| listing.models.iter().map(|model| row(&listing.service, model)));
    columns(&rows.collect::<Vec<_>>(), None)
}

/// How old a list is, if it was kept: `local: asked 3 hours ago`.
pub fn age(listing: &Listing) -> Option<String> {
    Some(format!("{}: asked {} ago", listing.service, span(listing.age?)))
}
