//! Requests that are no calls: lists of models, vectors, counts of tokens. They are made once, as they are, and nothing of them is kept.

use tokio::runtime::Builder;

use super::live::unanswered;
use crate::app::{App, keys};
use crate::base::http::{Bounds, Client, Failure, Request, Response};
use crate::base::secret::{Secret, redact};
use crate::model::call::What;
use crate::model::{Call, Trouble};
use crate::provider::{Embeddings, Listed, Service};

/// The models that a service lists.
pub fn listed(app: &App, service: &Service) -> Result<Vec<Listed>, Trouble> {
    let wire = service.protocol.wire();
    let response = send(app, service, &wire.models(service))?;
    wire.parse_models(&response).map_err(clean)
}

/// The vectors of texts; none if the service makes none.
pub fn vectors(app: &App, service: &Service, model: &str, texts: &[String]) -> Result<Option<Embeddings>, Trouble> {
    let key = key(app, service)?;
    vectors_with(service, key.as_ref(), model, texts)
}

/// The same, for whoever has the key already.
pub fn vectors_with(
    service: &Service,
    key: Option<&Secret>,
    model: &str,
    texts: &[String],
) -> Result<Option<Embeddings>, Trouble> {
    let wire = service.protocol.wire();
    let Some(request) = wire.embed(model, texts, None, service) else { return Ok(None) };
    let response = sent(service, &request, key)?;
    wire.parse_embeddings(&response).map(Some).map_err(clean)
}

/// How many tokens a call has, as its service counts them; none if it does not count.
pub fn counted(app: &App, service: &Service, call: &Call) -> Result<Option<u64>, Trouble> {
    let wire = service.protocol.wire();
    let Some(built) = wire.count(call, service) else { return Ok(None) };
    let response = send(app, service, &built.request)?;
    wire.parse_count(&response).map(Some).map_err(clean)
}

/// Send a request with the service's key, and wait for the whole answer, of whatever status.
fn send(app: &App, service: &Service, request: &Request) -> Result<Response, Trouble> {
    sent(service, request, key(app, service)?.as_ref())
}

/// The key with which a service may be asked; none if it needs none.
pub fn key(app: &App, service: &Service) -> Result<Option<Secret>, Trouble> {
    if app.settings().is_ok_and(|settings| settings.models.offline) {
        return Err(refused("models.offline lets palc connect to nobody".into()));
    }
    let found = keys::key(app, service).map_err(|error| refused(error.message().to_owned()))?;
    let key = found.map(|found| found.secret);
    match key {
        None if service.key_variable.is_some() => Err(Trouble::new(What::Auth, "there is no key")),
        key => Ok(key),
    }
}

fn sent(service: &Service, request: &Request, key: Option<&Secret>) -> Result<Response, Trouble> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| refused(format!("the system gives no timers: {error}")))?;
    runtime.block_on(exchange(service, request, key)).map_err(|failure| unanswered(&failure)).map_err(clean)
}

fn refused(why: String) -> Trouble {
    Trouble::new(What::Refused, why)
}

async fn exchange(service: &Service, request: &Request, key: Option<&Secret>) -> Result<Response, Failure> {
    let client = Client::new(service.limits.connect, service.base_url.starts_with("https"))?;
    let (name, before) = service.protocol.wire().auth();
    let proof = key.map(|key| zeroize::Zeroizing::new(format!("{before}{}", key.expose())));
    let bounds = Bounds { idle: service.limits.embedding, bytes: service.limits.answer_bytes };
    let mut arrival = client.send(request, proof.as_deref().map(|proof| (name, proof.as_str())), bounds).await?;
    let mut response = arrival.head();
    while let Some(bytes) = arrival.chunk().await? {
        response.body.extend(bytes);
    }
    Ok(response)
}

/// Services hand keys back in what they complain of.
fn clean(trouble: Trouble) -> Trouble {
    Trouble { message: redact(&trouble.message).into_owned(), ..trouble }
}
