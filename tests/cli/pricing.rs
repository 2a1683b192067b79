use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn prices_are_shown_with_their_table() {
    let repo = Repo::new();
    let text = repo.palc(&["pricing", "gpt-4o-mini", "google/gemini-2.5-pro"]).to_string();
    // The table changes; that it is named does not.
    assert!(text.contains("the table is litellm "), "{text}");
    let row = |name: &str| text.lines().find(|line| line.trim_start().starts_with(name)).unwrap().to_owned();
    assert!(row("openai/gpt-4o-mini").contains("0.15"));
    assert!(row("above 200k tokens").contains("2.5"));
    let json = repo.palc(&["pricing", "gpt-4o-mini", "--json"]).json();
    assert_eq!(json["data"]["models"][0]["price"]["from"], "table");
    assert_eq!(json["data"]["models"][0]["price"]["rates"]["input"], "0.15");
    assert!(repo.palc(&["pricing"]).to_string().lines().count() > 200);
}

#[test]
fn what_nobody_knows_is_unknown_and_what_is_near_is_named() {
    let repo = Repo::new();
    let answer = repo.palc(&["pricing", "gpt-4o-mnii"]);
    assert_eq!(answer.code, Some(1));
    assert_snapshot!(answer, @r#"
    --- stderr
    error: no price is known for gpt-4o-mnii
    hint: known are openai/gpt-4o-mini
    hint: if you know it: palc config set 'prices."gpt-4o-mnii".input' 0.15
    --- exit 1
    "#);
    let json = repo.palc(&["pricing", "no-such-model", "gpt-4o", "--json"]);
    assert_eq!(json.code, Some(1));
    let json = json.json();
    assert_eq!(json["data"]["unknown"][0]["name"], "no-such-model");
    assert_eq!(json["data"]["models"][0]["model"], "openai/gpt-4o");
}

#[test]
fn a_users_price_wins_and_is_marked() {
    let mut repo = Repo::new();
    repo.write(
        "palc.toml",
        "[prices.\"openai/gpt-4o-mini\"]\ninput = 0.5\n[prices.\"acme/large\"]\ninput = 1\noutput = 2.25\n",
    );
    let json = repo.palc(&["pricing", "gpt-4o-mini", "acme/large", "--json"]).json();
    let rates = |index: usize| json["data"]["models"][index]["price"]["rates"].clone();
    assert_eq!((rates(0)["input"].clone(), rates(0)["output"].clone()), ("1".into(), "2.25".into()));
    assert_eq!((rates(1)["input"].clone(), rates(1)["output"].clone()), ("0.5".into(), "0.6".into()));
    assert!(repo.palc(&["pricing", "gpt-4o-mini"]).to_string().contains("your price"));
    repo.set("PALC_NOW", "2029-01-01T00:00:00Z");
    let text = repo.palc(&["pricing", "gpt-4o-mini"]).to_string();
    assert!(text.contains("warning: the table of prices is "), "{text}");
}
