use insta::assert_snapshot;

use crate::harness::Repo;

/// The report without what differs from machine to machine.
fn report(repo: &Repo) -> String {
    let text = repo.palc(&["doctor"]).to_string();
    let stable = |line: &&str| {
        !["palc 0", "git version", "derived data", "logs and state"].iter().any(|word| line.contains(word))
    };
    text.lines().filter(stable).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_healthy_repository_is_fine() {
    let repo = Repo::new();
    repo.write("palc.toml", "model = 'x/y'\n").write("prompts/a.md", "Hi\n").commit("first");
    assert_snapshot!(report(&repo), @"
    programs
    repository
      ok    $TMP/repo is a repository
      ok    on branch main
    prompts
      ok    prompts are in prompts
      ok    1 prompt
    configuration
      ok    $TMP/repo/palc.toml (repository)
      ok    set in the environment: PALC_NOW, PALC_SEED
    search
      ok    search by meaning uses the vectors of static-256, 256 numbers each
    models
      ok    no provider has a key, so models are out of reach but those that need none
    palc's own files
      ok    no palc is at work here
    terminal
      ok    output does not go to a terminal
      ok    colour is off
      ok    the locale is UTF-8 (LC_ALL)
    ");
    let object = repo.palc(&["doctor", "--json"]).json();
    assert_eq!(object["data"]["state"], "ok");
}

#[test]
fn says_what_is_wrong_and_how_to_mend_it() {
    let mut repo = Repo::new();
    repo.write(
        "palc.toml",
        "modle = 'x'\ncustom.schema = 'schemas/gone.json'\nprompts.roots = ['prompts', 'agents']\n",
    );
    repo.write("prompts/a.md", "Hi\n").write("prompts/.palc-tmp-0123456789ab-0", "half");
    repo.set("PALC_RENDER__FUEL", "secret-value");
    repo.set("LC_ALL", "C");
    assert_snapshot!(report(&repo), @"
    programs
    repository
      ok    $TMP/repo is a repository
      ok    on branch main, with no commit yet
    prompts
      ok    prompts are in prompts
      odd   agents is not there
            hint: make it, or say where prompts are: palc config set prompts.roots …
      ok    1 prompt
      wrong custom.schema names schemas/gone.json, which is not there
            hint: write it, or unset the key
      odd   1 temporary file left by a palc that was stopped
            hint: they are called .palc-tmp-…; remove them when no palc is at work
    configuration
      wrong $TMP/repo/palc.toml has 1 error
            hint: run `palc config show` to see them
      wrong PALC_RENDER__FUEL does not fit its key
            hint: run `palc config show` to see why
      ok    set in the environment: PALC_NOW, PALC_RENDER__FUEL, PALC_SEED
    search
      ok    search by meaning uses the vectors of static-256, 256 numbers each
    palc's own files
      ok    no palc is at work here
    terminal
      ok    output does not go to a terminal
      ok    colour is off
      odd   the locale is not UTF-8, so a terminal may show some letters wrongly
            hint: set LANG to one that ends in .UTF-8
    --- exit 1
    ");
    assert!(!repo.palc(&["doctor", "--json"]).stdout.contains("secret-value"));
}

#[test]
fn works_without_git() {
    assert_snapshot!(report(&Repo::without_git()), @"
    programs
    repository
      odd   $TMP/repo is not in a git repository
            hint: run `palc init` to make one; without it there are no versions and nothing is cached
    prompts
      odd   prompts is not there
            hint: make it, or say where prompts are: palc config set prompts.roots …
      odd   there is no prompt
            hint: write one: palc new NAME, or put a .md file into the folder
    configuration
      ok    set in the environment: PALC_NOW, PALC_SEED
    search
      ok    search by meaning uses the vectors of static-256, 256 numbers each
    models
      ok    no provider has a key, so models are out of reach but those that need none
    palc's own files
      ok    no palc is at work here
    terminal
      ok    output does not go to a terminal
      ok    colour is off
      ok    the locale is UTF-8 (LC_ALL)
    ");
}

#[test]
fn tells_of_a_merge_under_way_and_a_detached_head() {
    let repo = Repo::new();
    repo.write("prompts/a.md", "Hi\n").commit("first");
    repo.git(&["checkout", "--quiet", "--detach"]);
    repo.write(".git/MERGE_HEAD", repo.git(&["rev-parse", "HEAD"]));
    assert_snapshot!(report(&repo), @"
    programs
    repository
      ok    $TMP/repo is a repository
      odd   HEAD is detached
            hint: commits made now belong to no branch; `git switch BRANCH` ends that
      odd   a merge is under way
            hint: palc works meanwhile; `git status` says how to end it
    prompts
      ok    prompts are in prompts
      ok    1 prompt
    configuration
      ok    set in the environment: PALC_NOW, PALC_SEED
    search
      ok    search by meaning uses the vectors of static-256, 256 numbers each
    models
      ok    no provider has a key, so models are out of reach but those that need none
    palc's own files
      ok    no palc is at work here
    terminal
      ok    output does not go to a terminal
      ok    colour is off
      ok    the locale is UTF-8 (LC_ALL)
    ");
}

/// Search goes on with the built-in vectors, and the doctor says what to do about the model.
#[test]
fn tells_what_a_model_lacks() {
    let mut repo = Repo::new();
    repo.set("PALC_SEARCH__EMBEDDER", "fastembed:~/models/minilm");
    let search = |repo: &Repo| {
        let report = report(repo);
        let lines = report.lines().skip_while(|line| *line != "search").skip(1);
        lines.take_while(|line| line.starts_with("  ")).map(|line| format!("{line}\n")).collect::<String>()
    };
    repo.set("PALC_SEARCH__ONNXRUNTIME", "~/lib/onnxruntime.so");
    assert_snapshot!(search(&repo), @"
    wrong search.onnxruntime names $TMP/home/lib/onnxruntime.so, which is not there
          hint: get it with `pip install --no-deps --target $TMP/home/.local/share/palc/onnxruntime onnxruntime`, or set search.onnxruntime
    ok    search by meaning uses the vectors of static-256, 256 numbers each
    ");
    repo.set("PALC_SEARCH__ONNXRUNTIME", repo.path("onnxruntime.so").to_str().unwrap());
    repo.write("onnxruntime.so", "no library");
    assert_snapshot!(search(&repo), @"
    wrong the model's folder $TMP/home/models/minilm is not there
          hint: for example: hf download sentence-transformers/all-MiniLM-L6-v2 --local-dir ~/models/minilm
    ok    search by meaning uses the vectors of static-256, 256 numbers each
    ");
    let model = repo.path("model").display().to_string();
    repo.write("model/tokenizer.json", "{}");
    repo.set("PALC_SEARCH__EMBEDDER", &format!("fastembed:{model}"));
    assert_snapshot!(search(&repo), @"
    wrong the model's folder $TMP/repo/model lacks an .onnx file, config.json, tokenizer_config.json
          hint: for example: hf download sentence-transformers/all-MiniLM-L6-v2 --local-dir ~/models/minilm
    ok    search by meaning uses the vectors of static-256, 256 numbers each
    ");
    let tiny = concat!("fastembed:", env!("CARGO_MANIFEST_DIR"), "/fixtures/encoder");
    repo.set("PALC_SEARCH__EMBEDDER", tiny);
    let refused = search(&repo);
    assert!(refused.contains("$TMP/repo/onnxruntime.so cannot be loaded as ONNX Runtime: "), "{refused}");
    assert!(refused.contains("hint: palc needs version 1.24 or later"), "{refused}");
    repo.set("PALC_SEARCH__EMBEDDER", "none");
    assert_snapshot!(search(&repo), @"  ok    search goes by words alone, as search.embedder says");
}
