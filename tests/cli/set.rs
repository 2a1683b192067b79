use insta::assert_snapshot;

use crate::harness::Repo;

const TRIAGE: &str = "---\r\nid: k3v9q2mx # ours\r\ntags: ['support']\r\nparams: {temperature: 0.2} # low\r\n---\r\nHi";

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("prompts/support/triage.md", TRIAGE);
    repo
}

#[test]
fn changes_only_the_bytes_of_the_field() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["set", "support/triage", "params.temperature", "0.4"]), @"changed prompts/support/triage.md");
    assert_eq!(repo.read("prompts/support/triage.md"), TRIAGE.replace("0.2", "0.4"));
    assert_snapshot!(repo.palc(&["set", "support/triage", "params.temperature", "0.4"]), @"
    --- stderr
    nothing to change
    ");
    repo.palc(&["set", "k3v9q2mx", "params.temperature", "0.2"]).ok();
    repo.palc(&["set", "support/triage", "version", "1.10"]).ok();
    assert_eq!(
        repo.read("prompts/support/triage.md"),
        TRIAGE.replace("\r\n---\r\nHi", "\r\nversion: \"1.10\"\r\n---\r\nHi")
    );
    repo.palc(&["unset", "support/triage", "version"]).ok();
    assert_eq!(repo.read("prompts/support/triage.md"), TRIAGE);
}

#[test]
fn what_would_be_wrong_is_refused_with_its_place() {
    let repo = repo();
    assert_snapshot!(repo.palc(&["set", "support/triage", "params.temperature", "9"]), @"
    --- stderr
    error: nothing was changed, because this would be wrong afterwards
    prompts/support/triage.md:4:23: error: `params.temperature` must be 0 to 2, and is 9 [out-of-range]
       4 | params: {temperature: 9} # low
                                 ^
    --- exit 3
    ");
    assert_snapshot!(repo.palc(&["set", "support/triage", "id", "other"]), @"
    --- stderr
    error: an id stays what it is: results, labels and links refer to it
    hint: `palc edit` opens the file, if you must
    --- exit 2
    ");
    assert_snapshot!(repo.palc(&["set", "support/triage", "custom", "{a: *b}"]), @"
    --- stderr
    error: `{a: *b}` cannot be read: this is not valid YAML: while parsing node, found unknown anchor
    hint: --string takes it as text, whatever it holds
    --- exit 2
    ");
    assert_eq!(repo.read("prompts/support/triage.md"), TRIAGE);
}

#[test]
fn many_prompts_change_together_or_not_at_all() {
    let repo = repo();
    repo.write("prompts/support/other.md", "---\ntags: [support]\n---\n");
    assert_snapshot!(repo.palc(&["set", "--where", "tag=support", "status", "draft"]), @"
    changed prompts/support/other.md
    changed prompts/support/triage.md
    ");
    assert_eq!(repo.read("prompts/support/other.md"), "---\ntags: [support]\nstatus: draft\n---\n");
    repo.write("prompts/support/broken.md", "---\ntags: [support]\ntags: 1\n---\n");
    assert_snapshot!(repo.palc(&["set", "support/*", "status", "active"]), @"
    --- stderr
    error: prompts/support/broken.md cannot be edited before its front matter is mended
    prompts/support/broken.md:3:1: error: the key `tags` stands twice [duplicate-key]
       3 | tags: 1
           ^^^^
      hint: keep one of them
    --- exit 3
    ");
    assert_eq!(repo.read("prompts/support/other.md"), "---\ntags: [support]\nstatus: draft\n---\n");
    assert_snapshot!(repo.palc(&["unset", "status"]), @"
    --- stderr
    error: a name and a key are needed
    hint: palc unset NAME params.seed
    --- exit 2
    ");
}

#[test]
fn a_dry_run_shows_the_difference() {
    assert_snapshot!(repo().palc(&["set", "support/triage", "tags", "a", "no", "--dry-run"]), @"
    would change prompts/support/triage.md
    @@ -1,5 +1,5 @@
     ---
     id: k3v9q2mx # ours
    -tags: ['support']
    +tags: ['a', 'no']
     params: {temperature: 0.2} # low
     ---
    ");
}

#[test]
fn words_outside_the_vocabulary_are_warned_of() {
    let repo = repo();
    repo.write("palc.toml", "[vocabulary]\ntype = [\"coach\", \"sentinel\"]\n");
    assert_snapshot!(repo.palc(&["set", "support/triage", "type", "coahc"]), @"
    changed prompts/support/triage.md
    --- stderr
    prompts/support/triage.md:5:7: warning: `coahc` is not in the vocabulary `type` [unknown-word]
       5 | type: coahc
                 ^^^^^
      hint: did you mean `coach`?
    ");
}

#[test]
fn other_formats_are_changed_at_their_own_key_or_beside() {
    let repo = Repo::new();
    repo.write("prompts/a.prompt", "---\nconfig:\n  maxOutputTokens: 5\n---\n{{role \"user\"}}\n");
    repo.write("prompts/pdf/SKILL.md", "---\nname: pdf\ndescription: d\n---\nBody\n");
    repo.palc(&["set", "a", "params.max_tokens", "7"]).ok();
    assert_eq!(repo.read("prompts/a.prompt"), "---\nconfig:\n  maxOutputTokens: 7\n---\n{{role \"user\"}}\n");
    assert_snapshot!(repo.palc(&["tag", "add", "docs", "pdf"]), @"created prompts/pdf/SKILL.md.palc.yaml");
    assert_eq!(repo.read("prompts/pdf/SKILL.md"), "---\nname: pdf\ndescription: d\n---\nBody\n");
    assert_eq!(repo.palc(&["list", "--tag", "docs", "--format", "names"]).ok(), "pdf\n");
    repo.palc(&["tag", "remove", "docs", "pdf"]).ok();
    assert!(!repo.exists("prompts/pdf/SKILL.md.palc.yaml"));
}
