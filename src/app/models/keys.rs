//! The key of a service, for the one header that carries it.

use crate::base::env::Env;
use crate::model::Trouble;
use crate::model::call::What;
use crate::provider::Service;

/// None for services that need none.
pub fn of(env: &Env, service: &Service) -> Result<Option<String>, Trouble> {
    let Some(variable) = &service.key_variable else { return Ok(None) };
    match env.get(variable) {
        Some(key) => Ok(Some(key.to_owned())),
        None => Err(Trouble::new(What::Auth, format!("there is no key for {}", service.name))),
    }
}
