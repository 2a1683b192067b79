use insta::assert_snapshot;

use crate::harness::Repo;
use crate::harness::model_server::{Answer, ModelServer, error};

#[test]
fn a_list_is_kept_with_its_age() {
    for protocol in ["openai", "anthropic", "google", "ollama"] {
        let (mut repo, server) = (Repo::new(), ModelServer::echoing());
        server.serve(&repo, protocol);
        let live = repo.palc(&["models", "local"]);
        assert!(live.stdout.contains("local/tiny"), "{protocol}: {live}");
        repo.set("PALC_NOW", "2026-01-31T15:00:00Z");
        let kept = repo.palc(&["models", "local", "--offline"]);
        assert_eq!(kept.stdout, live.stdout, "{protocol}");
        assert_eq!(kept.stderr, "local: asked 3 hours ago\n");
        assert_eq!(server.count(), 1);
        let json = repo.palc(&["models", "local", "--offline", "--json"]).json();
        assert_eq!(json["data"][0]["age_seconds"], 3 * 3600);
    }
}

#[test]
fn what_cannot_be_listed_is_said() {
    let (repo, server) = (Repo::new(), ModelServer::start(|asked| error(asked, 401, "invalid_api_key", "no such key")));
    server.serve(&repo, "openai");
    assert_snapshot!(repo.palc(&["models", "local"]), @"
    --- stderr
    error: local/models: no such key (status 401, invalid_api_key)
    hint: the service does not know the key: `palc auth set local` keeps a key
    --- exit 4
    ");
    assert_snapshot!(repo.palc(&["models", "local", "--offline"]), @"
    --- stderr
    error: local was never asked for its models, and palc is offline
    --- exit 4
    ");
    assert_snapshot!(repo.palc(&["models", "locla"]), @"
    --- stderr
    error: there is no provider `locla`
    hint: did you mean `local`?
    hint: any other needs its address: palc config set providers.locla.base_url https://…
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["models"]), @"
    --- stderr
    error: local/models: no such key (status 401, invalid_api_key)
    hint: the service does not know the key: `palc auth set local` keeps a key
    --- exit 4
    ");
    let (repo, html) = (Repo::new(), ModelServer::start(|_| Answer::new(200, "text/html", "<h1>Hello</h1>")));
    html.serve(&repo, "openai");
    assert_eq!(repo.palc(&["models", "local"]).code, Some(4));
}
