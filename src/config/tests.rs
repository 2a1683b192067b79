//! The layers together, and the small files under `fixtures/configs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::base::Finding;
use crate::base::env::Env;

fn env(variables: &[(&str, &str)]) -> Env {
    Env::new("/nowhere", variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())))
}

fn source(layer: Layer, text: &str) -> Source {
    let name = match layer {
        Layer::Repository => FILE.to_owned(),
        _ => format!("{}.toml", layer.word()),
    };
    Source { layer, name, text: text.to_owned() }
}

struct Given<'a> {
    files: &'a [Source],
    env: &'a [(&'a str, &'a str)],
    flags: &'a [&'a str],
    profile: Option<&'a str>,
}

const NOTHING: Given<'static> = Given { files: &[], env: &[], flags: &[], profile: None };

fn config(given: &Given<'_>) -> Config {
    let flags: Vec<String> = given.flags.iter().map(|&flag| flag.to_owned()).collect();
    let sources = Sources { env: &env(given.env), profile: given.profile, flags: &flags, trust: None };
    Config::merge(given.files, &sources, Vec::new())
}

fn origin(config: &Config, key: &str) -> String {
    config.entry(&Key::parse(key).expect("a key")).expect("it is set").origin.to_string()
}

fn shown(findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
        let place = &finding.place;
        out.push_str(&format!(
            "{}:{}:{}: {}[{}]: {}\n",
            place.path,
            place.line,
            place.column,
            finding.severity.word(),
            finding.rule,
            finding.message
        ));
        out.push_str(&format!("  | {}\n", place.source));
        finding.hints.iter().for_each(|hint| out.push_str(&format!("  = {hint}\n")));
    }
    out
}

#[test]
fn each_layer_hides_the_ones_below_and_peels_off() {
    let files = [
        source(Layer::System, "tokens.model = 'system'"),
        source(Layer::User, "tokens.model = 'user'\n[profile.p.tokens]\nmodel = 'user profile'"),
        source(Layer::Repository, "[tokens]\n  model = 'repository'\n[profile.p.tokens]\nmodel = 'profile'"),
    ];
    let variable = [("PALC_TOKENS__MODEL", "variable")];
    let all = Given { files: &files, env: &variable, flags: &["tokens.model=flag"], profile: Some("p") };
    let steps = [
        ("flag", "--config tokens.model", &all),
        ("variable", "PALC_TOKENS__MODEL", &Given { flags: &[], ..all }),
        ("profile", "palc.toml:4:1 (profile p)", &Given { flags: &[], env: &[], ..all }),
        ("user profile", "user.toml:3:1 (profile p)", &Given { files: &files[..2], profile: Some("p"), ..NOTHING }),
        ("repository", "palc.toml:2:3", &Given { files: &files, ..NOTHING }),
        ("user", "user.toml:1:8", &Given { files: &files[..2], ..NOTHING }),
        ("system", "system.toml:1:8", &Given { files: &files[..1], ..NOTHING }),
        ("openai/gpt-4o", "default", &NOTHING),
    ];
    for (value, from, given) in steps {
        let config = config(given);
        assert_eq!(config.findings, []);
        assert_eq!(config.settings.tokens_model, value);
        assert_eq!(origin(&config, "tokens.model"), from);
    }
    let stack = config(&all);
    let stack = stack.all(&Key::new(["tokens", "model"]));
    assert_eq!(stack.len(), 8, "what is hidden can be shown too");
}

#[test]
fn a_profile_changes_only_what_it_names() {
    let files = [source(Layer::Repository, "model = 'a'\nrender.fuel = 7\n[profile.prod.render]\non_missing = 'warn'")];
    let plain = config(&Given { files: &files, ..NOTHING });
    let prod = config(&Given { files: &files, env: &[("PALC_PROFILE", "prod")], ..NOTHING });
    let differs = |entry: &&Entry| plain.entry(&entry.key).map(|plain| &plain.value) != Some(&entry.value);
    let everything = Key::default();
    let changed: Vec<String> = prod.entries(&everything).filter(differs).map(|entry| entry.key.to_string()).collect();
    assert_eq!(changed, ["render.on_missing"]);
    assert_eq!(prod.settings.render.on_missing, OnMissing::Warn);
}

#[test]
fn an_unknown_profile_is_refused_with_the_near_one() {
    let files = [source(Layer::User, "profile.prod.model = 'x'")];
    let config = config(&Given { files: &files, profile: Some("pord"), ..NOTHING });
    insta::assert_snapshot!(shown(&config.findings), @r"
    --profile:0:0: error[config-profile]: no configuration file has a profile `pord`
      | 
      = did you mean `prod`?
    ");
}

#[test]
fn variables_and_flags_say_what_is_wrong_with_them() {
    let env = [
        ("PALC_RENDER__ON_MISING", "warn"),
        ("PALC_RENDER__FUEL", "much"),
        ("PALC_CHECKS__SEVERITY__UNUSED_VARIABLE", "off"),
        ("PALC_RENDER__TRIM_BLOCKS", "on"),
        ("PALC_UNRELATED", "1"),
        ("PALC_NOW", "2026-01-01T00:00:00Z"),
        ("PALC_MODEL", ""),
    ];
    let config = config(&Given { env: &env, flags: &["render.fule=3", "model", "prompts.roots=a,../b"], ..NOTHING });
    insta::assert_snapshot!(shown(&config.findings), @r"
    --config model:0:0: error[config-flag]: `model` sets nothing
      | 
      = write it as key=value
    --config prompts.roots:0:0: error[config-path]: `prompts.roots`: `../b` leads out of the repository
      | 
    --config render.fule:0:0: error[config-unknown-key]: unknown key `render.fule`
      | 
      = did you mean `fuel`?
    PALC_RENDER__FUEL:0:0: error[config-type]: `render.fuel`: expected a whole number, found a text
      | 
    PALC_RENDER__ON_MISING:0:0: error[config-unknown-key]: the variable PALC_RENDER__ON_MISING sets no known key
      | 
      = did you mean `PALC_RENDER__ON_MISSING`?
    PALC_UNRELATED:0:0: warning[config-unknown-key]: the variable PALC_UNRELATED sets no known key
      | 
    ");
    assert_eq!(config.settings.checks.severity.get("unused-variable"), Some(&None));
    assert!(config.settings.render.trim_blocks);
    assert_eq!(config.settings.defaults.model, None);
}

#[test]
fn only_the_user_may_raise_a_limit() {
    let raise = "render.output_bytes = '16 MiB'";
    let both = [source(Layer::User, raise), source(Layer::Repository, raise)];
    assert_eq!(config(&Given { files: &both, ..NOTHING }).findings, []);
    let repository = config(&Given { files: &both[1..], ..NOTHING });
    assert_eq!(repository.findings.len(), 1);
    assert_eq!(repository.settings.render.output_bytes, 8 << 20);
}

#[test]
fn projects_inherit_downwards() {
    let text = "[projects.support]\ntitle = 'S'\nmodel = 'openai/a'\nparams.seed = 1\nparams.top_k = 2\ntags = ['s']\n\
                [projects.'support/mail']\ntags = ['m']\nparams.seed = 9";
    let text = format!("model = 'x/all'\nparams.seed = 0\nparams.top_p = 1.0\n{text}");
    let settings = config(&Given { files: &[source(Layer::Repository, &text)], ..NOTHING }).settings;
    let defaults = settings.defaults_for("support/mail/triage");
    assert_eq!(defaults.model.as_deref(), Some("openai/a"));
    assert_eq!(serde_json::Value::from(defaults.params).to_string(), r#"{"seed":9,"top_p":1.0,"top_k":2}"#);
    let projects = settings.projects;
    let mail = projects.around("support/mail/triage").expect("a project");
    assert_eq!((mail.folder.as_str(), mail.title.as_deref()), ("support/mail", Some("S")));
    assert_eq!(mail.tags, Some(vec!["m".to_owned()]));
    assert_eq!(serde_json::Value::from(mail.defaults.params).to_string(), r#"{"seed":9,"top_k":2}"#);
    assert_eq!(projects.around("supporters/x"), None);
}

#[test]
fn files_are_found_where_they_are_said_to_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).and_then(|()| fs::write(&path, text)).expect("written");
    };
    write("config/palc/config.toml", b"\xef\xbb\xbfmodel = 'user'");
    write("other.toml", b"model = 'other'");
    write("broken.toml", b"model = '\xff'");
    write("repo/palc.toml", b"provider = 'repo'");
    let load = |variables: &[(&str, &str)]| {
        let home = folder.path().join("config").display().to_string();
        let all = variables.iter().copied().chain([("XDG_CONFIG_HOME", home.as_str())]);
        let all = all.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let root = folder.path().join("repo");
        let env = Env::new(folder.path(), all);
        Config::load(Repository::Folder(&root), &Sources { env: &env, profile: None, flags: &[], trust: None })
    };
    let config = load(&[]);
    assert_eq!(config.findings, []);
    assert_eq!(config.settings.defaults.model.as_deref(), Some("user"));
    assert_eq!(origin(&config, "provider"), "palc.toml:1:1");
    assert_eq!(load(&[("PALC_CONFIG", "other.toml")]).settings.defaults.model.as_deref(), Some("other"));
    for (file, message) in [("broken.toml", "not UTF-8"), ("absent.toml", "cannot read")] {
        let findings = load(&[("PALC_CONFIG", file)]).findings;
        assert!(findings.len() == 1 && findings[0].message.contains(message), "{findings:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_repository_is_not_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("repo");
    fs::create_dir(&root).expect("made");
    fs::write(folder.path().join("secret"), "hunter2 is a secret").expect("written");
    std::os::unix::fs::symlink("../secret", root.join(FILE)).expect("linked");
    let (env, flags) = (env(&[]), []);
    let sources = Sources { env: &env, profile: None, flags: &flags, trust: None };
    let findings = Config::load(Repository::Folder(&root), &sources).findings;
    assert_eq!(findings.len(), 1);
    assert!(!shown(&findings).contains("hunter2"), "{}", shown(&findings));
}

fn fixtures(kind: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/configs").join(kind);
    let paths = fs::read_dir(folder).expect("the folder of fixtures").map(|entry| entry.expect("an entry").path());
    let paths: BTreeSet<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|suffix| suffix == "toml")).collect();
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).expect("text"))).collect()
}

fn findings_of(text: &str) -> Vec<Finding> {
    config(&Given { files: &[source(Layer::Repository, text)], ..NOTHING }).findings
}

#[test]
fn valid_fixtures_have_no_findings_and_fit_the_schema() {
    let schema = jsonschema::validator_for(&schema()).expect("a schema");
    for (path, text) in fixtures("valid") {
        assert_eq!(shown(&findings_of(&text)), "", "{}", path.display());
        let value: serde_json::Value = toml::from_str(&text).expect("TOML");
        let errors: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0], "{}", path.display());
    }
}

/// Each invalid file stands beside a file of the findings that are expected. A missing one is written, to be read.
#[test]
fn invalid_fixtures_have_the_findings_beside_them() {
    for (path, text) in fixtures("invalid") {
        let found = shown(&findings_of(&text));
        let beside = path.with_extension("findings");
        match fs::read_to_string(&beside) {
            Ok(expected) => assert_eq!(found, expected, "{}", path.display()),
            Err(_) => fs::write(&beside, &found).expect("written"),
        }
    }
}

proptest::proptest! {
    /// Whatever stands in the file, reading it ends well.
    #[test]
    fn any_text_is_read(text in "[a-z\\[\\]{}=.,\"'#\n 0-9]{0,60}") {
        findings_of(&text);
    }

    /// Setting any key to any value in any of the valid files changes that key and nothing else.
    #[test]
    fn an_edit_changes_one_thing(file in 0usize..10, row in 0usize..1000, word in "[a-z./ ]{1,6}", twice in 0i64..9) {
        let (_, text) = fixtures("valid").swap_remove(file);
        let row = &keys::rows()[row % keys::rows().len()];
        let name = |part: &str| if part.starts_with('<') { word.clone() } else { part.to_owned() };
        let key = Key::new(row.name.split('.').map(name));
        let edited = edit::set(&text, &key, &twice.into()).expect("it can be set");
        proptest::prop_assert_eq!(edit::get(&edited, &key), Some(twice.into()));
        proptest::prop_assert_eq!(&edit::set(&edited, &key, &twice.into()).expect("again"), &edited);
        if edit::get(&text, &key).is_none() {
            let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
            let kept = lines.iter().filter(|line| edited.lines().any(|new| new == **line)).count();
            proptest::prop_assert_eq!(kept, lines.len());
        }
        edit::unset(&edited, &key).expect("it can be removed");
    }
}
