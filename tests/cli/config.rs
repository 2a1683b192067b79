use std::fs;

use insta::assert_snapshot;

use crate::harness::Repo;

#[test]
fn shows_settings_with_their_origins() {
    let mut repo = Repo::new();
    repo.write("palc.toml", "[render]\n  on_missing = \"warn\"\n\n[profile.prod.render]\nfuel = 50_000\n");
    repo.set("PALC_RENDER__INCLUDE_DEPTH", "4");
    let answer =
        repo.palc(&["config", "show", "render", "--origin", "--profile", "prod", "--config", "render.recursion=9"]);
    assert_snapshot!(answer, @r#"
    render.engine = "jinja"           # default
    render.first_role = "user"        # default
    render.fuel = 50000               # palc.toml:5:1 (profile prod)
    render.include_depth = 4          # PALC_RENDER__INCLUDE_DEPTH
    render.lstrip_blocks = false      # default
    render.on_missing = "warn"        # palc.toml:2:3
    render.output_bytes = "8 MiB"     # default
    render.recursion = 9              # --config render.recursion
    render.trim_blocks = false        # default
    render.undefined = "semi-strict"  # default
    "#);
}

#[test]
fn each_layer_peels_off() {
    let mut repo = Repo::new();
    let get = |repo: &Repo, flags: &[&str]| {
        let shown = repo.palc(&[&["config", "show", "model", "--json"], flags].concat()).json();
        format!("{} {}", shown["data"][0]["value"], shown["data"][0]["origin"]["layer"])
    };
    let user = repo.home().join(".config/palc/config.toml");
    fs::create_dir_all(user.parent().unwrap()).unwrap();
    fs::write(&user, "model = 'from/user'\n").unwrap();
    repo.write("palc.toml", "model = 'from/repository'\n");
    repo.set("PALC_MODEL", "from/environment");
    assert_eq!(get(&repo, &["--config", "model=from/flag"]), r#""from/flag" "flag""#);
    assert_eq!(get(&repo, &[]), r#""from/environment" "environment""#);
    repo.set("PALC_MODEL", "");
    assert_eq!(get(&repo, &[]), r#""from/repository" "repository""#);
    fs::remove_file(repo.path("palc.toml")).unwrap();
    assert_eq!(get(&repo, &[]), r#""from/user" "user""#);
}

#[test]
fn sets_a_key_and_keeps_the_rest() {
    let repo = Repo::new();
    repo.write("palc.toml", "# ours\r\n[render]\r\non_missing = \"warn\" # for now\r\n");
    assert_snapshot!(repo.palc(&["config", "set", "render.on_missing", "error"]), @r"
    --- stderr
    set render.on_missing in $TMP/repo/palc.toml
    ");
    assert_snapshot!(repo.palc(&["config", "set", "render.on_missing", "error"]), @r"
    --- stderr
    render.on_missing already is that in $TMP/repo/palc.toml
    ");
    assert_snapshot!(repo.palc(&["config", "set", "prompts.roots", "prompts,agents", "--dry-run"]), @r"
    --- stderr
    would set prompts.roots in $TMP/repo/palc.toml
    ");
    repo.palc(&["config", "set", "profile.prod.model", "openai/gpt-4o"]).ok();
    assert_eq!(
        repo.read("palc.toml"),
        "# ours\r\n[render]\r\non_missing = \"error\" # for now\r\n\r\n[profile.prod]\r\nmodel = \"openai/gpt-4o\"\r\n"
    );
    repo.palc(&["config", "unset", "render.on_missing"]).ok();
    assert_snapshot!(repo.palc(&["config", "get", "render.on_missing"]), @"error");
}

#[test]
fn a_setting_that_would_be_wrong_is_not_written() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc(&["config", "set", "render.on_mising", "warn"]), @r"
    --- stderr
    error: there is no key `render.on_mising`
    hint: did you mean `on_missing`?
    hint: `palc config show --all` lists every key
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["config", "set", "render.on_missing", "warm"]), @r"
    --- stderr
    error: `render.on_missing`: `warm` is not one of error, warn, empty
    hint: did you mean `warn`?
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["config", "set", "render.output_bytes", "16 MiB", "--repo"]), @r#"
    --- stderr
    error: the configuration would not be valid, so it is left as it is
    palc.toml:2:1: error: a repository's palc.toml may lower `render.output_bytes` but not raise it above 8 MiB [config-refused]
       2 | output_bytes = "16 MiB"
           ^^^^^^^^^^^^
      hint: raise it in your own configuration: palc config set --user render.output_bytes …
    --- exit 3
    "#);
    assert_snapshot!(repo.palc(&["config", "set", "ui.editor", "less", "--repo"]), @r"
    --- stderr
    error: a repository's palc.toml may not set this key
    hint: use --user: it concerns your machine, and a clone is not to be trusted with it
    --- exit 3
    ");
    assert!(!repo.exists("palc.toml"));
}

/// Each step of writing fails once, and the file is then the old one or the new one.
#[test]
fn a_failing_disk_leaves_a_whole_file() {
    let (old, new) = ("model = \"x/old\" # ours\n", "model = \"x/new\" # ours\n");
    let mut failures = 0;
    for step in 1..20 {
        let mut repo = Repo::new();
        repo.write("palc.toml", old);
        repo.set("PALC_FAULT", &format!("{step}:ENOSPC"));
        let answer = repo.palc(&["config", "set", "model", "x/new"]);
        let there = repo.read("palc.toml");
        match answer.code {
            Some(0) => assert_eq!(there, new, "step {step}"),
            Some(5) => assert!(there == old || there == new, "step {step}: {there}"),
            _ => panic!("step {step}: {answer}"),
        }
        failures += u32::from(answer.code == Some(5));
        repo.set("PALC_FAULT", "");
        repo.palc(&["config", "set", "model", "x/new"]).ok();
        assert_eq!(fs::read_dir(repo.root()).unwrap().count(), 2, "step {step}: something is left over");
    }
    assert!(failures >= 3, "{failures}");
}

#[test]
fn what_concerns_the_machine_goes_to_the_users_file() {
    let mut repo = Repo::new();
    assert_snapshot!(repo.palc(&["config", "set", "ui.editor", "less -R"]), @r"
    --- stderr
    set ui.editor in $TMP/home/.config/palc/config.toml
    ");
    repo.set("PALC_UI__EDITOR", "more");
    assert_snapshot!(repo.palc(&["config", "set", "ui.editor", "most"]), @r#"
    --- stderr
    set ui.editor in $TMP/home/.config/palc/config.toml
    warning: ui.editor still is "more" here
    hint: PALC_UI__EDITOR is stronger
    "#);
}

#[test]
fn a_broken_file_stops_commands_but_not_its_repair() {
    let repo = Repo::new();
    repo.write("palc.toml", "modle = 'x'\n[render]\nfuel = 'much'\n[ui]\neditor = 'rm'\n");
    assert_snapshot!(repo.palc(&["list"]), @"
    --- stderr
    error: the configuration is not valid
    palc.toml:1:1: error: unknown key `modle` [config-unknown-key]
       1 | modle = 'x'
           ^^^^^
      hint: did you mean `model`?
    palc.toml:3:8: error: `render.fuel`: expected a whole number, found a text [config-type]
       3 | fuel = 'much'
                  ^^^^^^
    palc.toml:5:1: error: a repository's palc.toml may not set `ui.editor` [config-refused]
       5 | editor = 'rm'
           ^^^^^^
      hint: set it in your own configuration: palc config set --user ui.editor …
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["config", "set", "render.fuel", "9"]), @r"
    --- stderr
    set render.fuel in $TMP/repo/palc.toml
    ");
    assert_snapshot!(repo.palc(&["config", "show", "render.fuel", "--origin"]), @"
    render.fuel = 9  # palc.toml:3:1
    --- stderr
    palc.toml:1:1: error: unknown key `modle` [config-unknown-key]
       1 | modle = 'x'
           ^^^^^
      hint: did you mean `model`?
    palc.toml:5:1: error: a repository's palc.toml may not set `ui.editor` [config-refused]
       5 | editor = 'rm'
           ^^^^^^
      hint: set it in your own configuration: palc config set --user ui.editor …
    ");
    assert_snapshot!(repo.palc(&["config", "path"]), @r"
    system      not there  /etc/palc/config.toml
    user        not there  $TMP/home/.config/palc/config.toml
    repository  2 errors   $TMP/repo/palc.toml
    ");
}

#[test]
fn unknown_variables_are_named_and_unknown_keys_are_helped() {
    let mut repo = Repo::new();
    repo.set("PALC_UNRELATED", "1");
    assert_snapshot!(repo.palc(&["config", "get", "on_missing"]), @r"
    --- stderr
    error: there is no key `on_missing`
    hint: did you mean `render.on_missing`?
    hint: `palc config show --all` lists every key
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["config", "get", "tokens.model"]), @r"
    openai/gpt-4o
    --- stderr
    PALC_UNRELATED: warning: the variable PALC_UNRELATED sets no known key [config-unknown-key]
    ");
    assert_snapshot!(repo.palc(&["config", "show", "rendr"]), @r"
    --- stderr
    PALC_UNRELATED: warning: the variable PALC_UNRELATED sets no known key [config-unknown-key]
    error: there is no key `rendr`
    hint: did you mean `render`?
    hint: `palc config show --all` lists every key
    --- exit 2
    ");
    repo.set("PALC_RENDER__ON_MISING", "warn");
    assert_snapshot!(repo.palc(&["list"]), @r"
    --- stderr
    PALC_UNRELATED: warning: the variable PALC_UNRELATED sets no known key [config-unknown-key]
    error: the configuration is not valid
    PALC_RENDER__ON_MISING: error: the variable PALC_RENDER__ON_MISING sets no known key [config-unknown-key]
      hint: did you mean `PALC_RENDER__ON_MISSING`?
    --- exit 3
    ");
}

#[test]
fn a_profile_that_nobody_wrote_is_refused() {
    assert_snapshot!(Repo::new().palc(&["list", "--profile", "prod"]), @r"
    --- stderr
    error: the configuration is not valid
    --profile: error: no configuration file has a profile `prod` [config-profile]
    --- exit 3
    ");
}

#[test]
fn init_writes_comments_and_never_twice() {
    let repo = Repo::new();
    assert_snapshot!(repo.palc(&["config", "init"]), @r"
    --- stderr
    wrote $TMP/repo/palc.toml
    ");
    assert_snapshot!(repo.palc(&["config", "init"]), @r"
    --- stderr
    error: $TMP/repo/palc.toml exists already; it is left as it is
    hint: `palc config show --all` lists what it can hold
    --- exit 1
    ");
    assert_snapshot!(repo.read("palc.toml"), @r#"
    # How palc treats the prompts of this repository. `palc config show --all` lists every key.

    # The model, as `provider/model`.
    # model = "openai/gpt-4o-mini"

    [params]
    # How freely the model chooses its words.
    # temperature = 0.2

    [prompts]
    # Folders that hold prompts. A prompt's name is its path below one of them, without the suffix.
    # roots = ["prompts"]
    # Which files below the roots are not prompts, although they look like it.
    # exclude = ["**/README.md"]

    [render]
    # What to do about a variable that is required and not given.
    # on_missing = "error"

    [tokens]
    # The model whose tokens are counted when a prompt names none.
    # model = "openai/gpt-4o"

    [vocabulary]
    # The prompt types, as a list of words or a table of words; without words, any is good.
    # type = []
    # The tags, with description and colour.
    # tags = []
    # The context keys that prompts may require.
    # context_keys = []
    # The actions that prompts may allow. `offered = false` keeps one from the model.
    # actions = []

    [checks]
    # The least severity that makes `palc check` answer no.
    # fail_on = "error"

    [custom]
    # The JSON Schema file for `custom` in front matter.
    # schema = "schemas/custom.json"
    "#);
}

#[test]
fn a_bare_repository_is_configured_by_what_was_committed() {
    let repo = Repo::new();
    repo.write("palc.toml", "model = 'x/committed'\n").commit("first");
    repo.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    assert_snapshot!(repo.palc_in("bare.git", &["config", "show", "model", "--origin"]), @r#"model = "x/committed"  # palc.toml:1:1"#);
    assert_snapshot!(repo.palc_in("bare.git", &["config", "set", "model", "x/y", "--repo"]), @r"
    --- stderr
    error: a bare repository has no files to change
    hint: use --user, or change the file in a clone
    --- exit 3
    ");
}

#[test]
fn prompt_roots_come_from_the_settings() {
    let repo = Repo::new();
    repo.write("palc.toml", "prompts.roots = ['agents/', './more']\n");
    repo.write("agents/a.md", "x\n").write("more/b.md", "y\n").write("prompts/c.md", "z\n");
    assert_snapshot!(repo.palc(&["list"]), @r"
    a
    b
    ");
}

/// `UPDATE=1 cargo test published_schema` writes the file; otherwise it must be in step.
#[test]
fn the_published_schema_is_in_step() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/config.v1.json");
    let printed = Repo::without_git().palc(&["config", "schema"]).ok();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &printed).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == printed, "schemas/config.v1.json is out of step; run `UPDATE=1 cargo test schema`");
}

#[test]
fn an_old_file_is_brought_up_to_date() {
    let repo = Repo::new();
    repo.write(
        "palc.toml",
        "# ours\r\n[prompts]\r\nmax_bytes = \"2 MiB\" # small ones\r\nroots = [\"prompts\"]\r\n\r\n[files]\r\n\
         evals = \"evals\"\r\n\r\n[profile.ci.prompts]\r\nmax_depth = 9\r\n\r\n[ours]\r\nx = 1\r\n",
    );
    assert_snapshot!(repo.palc(&["list"]), @r#"
    --- stderr
    error: the configuration is not valid
    palc.toml:3:1: error: unknown key `prompts.max_bytes` [config-unknown-key]
       3 | max_bytes = "2 MiB" # small ones
           ^^^^^^^^^
      hint: since 0.1.0 there is no such key: the largest prompt file is 4 MiB for everyone
      hint: `palc config upgrade` brings the file up to date
    palc.toml:7:1: error: unknown key `files.evals` [config-unknown-key]
       7 | evals = "evals"
           ^^^^^
      hint: since 0.1.0 there is no such key: nothing reads it
      hint: `palc config upgrade` brings the file up to date
    palc.toml:10:1: error: unknown key `prompts.max_depth` [config-unknown-key]
      10 | max_depth = 9
           ^^^^^^^^^
      hint: since 0.1.0 there is no such key: front matter nests 32 levels deep for everyone
      hint: `palc config upgrade` brings the file up to date
    palc.toml:12:2: error: unknown key `ours` [config-unknown-key]
      12 | [ours]
            ^^^^
      hint: known here: model, provider, params, prompts, files, ranking, eval, generation, render, search, models, providers, prices, tokens, vocabulary, checks, fmt, custom, projects, ui, log, features
    --- exit 3
    "#);
    let before = repo.read("palc.toml");
    assert_snapshot!(repo.palc(&["config", "upgrade", "--dry-run"]), @r#"
    would remove prompts.max_bytes: since 0.1.0 there is no such key: the largest prompt file is 4 MiB for everyone
    would remove files.evals: since 0.1.0 there is no such key: nothing reads it
    would remove profile.ci.prompts.max_depth: since 0.1.0 there is no such key: front matter nests 32 levels deep for everyone
    @@ -1,12 +1,10 @@
     # ours
     [prompts]
    -max_bytes = "2 MiB" # small ones
    +# small ones
     roots = ["prompts"]
     
     [files]
    -evals = "evals"
     
     [profile.ci.prompts]
    -max_depth = 9
     
     [ours]
    --- stderr
    palc.toml:10:2: error: unknown key `ours` [config-unknown-key]
      10 | [ours]
            ^^^^
      hint: known here: model, provider, params, prompts, files, ranking, eval, generation, render, search, models, providers, prices, tokens, vocabulary, checks, fmt, custom, projects, ui, log, features
    --- exit 1
    "#);
    assert_eq!(repo.read("palc.toml"), before);
    let json = repo.palc(&["config", "upgrade", "--dry-run", "--json"]).json();
    assert_eq!((&json["data"]["changes"][0]["line"], &json["data"]["written"]), (&3.into(), &false.into()));
    assert_snapshot!(repo.palc(&["config", "upgrade"]), @"
    removed prompts.max_bytes: since 0.1.0 there is no such key: the largest prompt file is 4 MiB for everyone
    removed files.evals: since 0.1.0 there is no such key: nothing reads it
    removed profile.ci.prompts.max_depth: since 0.1.0 there is no such key: front matter nests 32 levels deep for everyone
    --- stderr
    palc.toml:10:2: error: unknown key `ours` [config-unknown-key]
      10 | [ours]
            ^^^^
      hint: known here: model, provider, params, prompts, files, ranking, eval, generation, render, search, models, providers, prices, tokens, vocabulary, checks, fmt, custom, projects, ui, log, features
    --- exit 1
    ");
    assert_eq!(
        repo.read("palc.toml"),
        "# ours\r\n[prompts]\r\n# small ones\r\nroots = [\"prompts\"]\r\n\r\n[files]\r\n\r\n[profile.ci.prompts]\r\n\r\n\
         [ours]\r\nx = 1\r\n"
    );
    repo.write("palc.toml", "[files]\nlabels = 'labels.yaml'\n");
    assert_snapshot!(repo.palc(&["config", "upgrade"]), @"
    --- stderr
    $TMP/repo/palc.toml has no keys of earlier versions
    ");
    assert_snapshot!(repo.palc(&["config", "upgrade", "--user"]), @"
    --- stderr
    error: there is no $TMP/home/.config/palc/config.toml
    hint: `palc config init` makes one
    --- exit 1
    ");
}
