//! What becomes of other tools' files, for the documentation.

use crate::exchange::promptfoo::table::TABLE;

const HEAD: &str = "# Coming from promptfoo

```sh
palc import promptfoo promptfooconfig.yaml --dry-run    # what would be written, and what cannot be
palc import promptfoo promptfooconfig.yaml              # prompts/<name>/…, evals/<name>.eval.yaml
```

The configuration is read strictly. Whatever cannot be said in a suite is named with its line, and then nothing is written;
with `--partial` the rest is. An assertion that cannot be imported is never imported in part. Nothing is overwritten.

## What becomes of what

| promptfoo | palc |
|---|---|
| `prompts`: text, `.txt` with `---`, `.md`, `.j2`, chats in `.json` and `.yaml`, patterns of names | a prompt file each, with an id |
| `providers` | `models` of the suite as `service/model`; their common parameters become `params`, tools and forms of answers stand in the prompts. Keys, addresses and headers belong to your own configuration. Providers with different settings do not fit into one suite |
| `tests`, also in `.yaml`, `.json`, `.jsonl` | `cases`; a variable that is a list makes a case for each of its items |
| a table with columns of promptfoo's own (`__expected`, `__threshold`, `__metadata:…`) | `cases` |
| a table without such columns | stays where it is, as a dataset |
| `defaultTest` | `vars` and `checks` of the suite |
| `scenarios` | each configuration with each test |
| `threshold` of a test | a `set` with that threshold around all its checks |
| `assertionTemplates` | written out where they are used |
| `metadata` | tags, as `key:value` |
| `options.provider` | `judge` of the suite |
| `evaluateOptions.repeat` | `repeat` |
| programs (`.js`, `.py`, `exec:`), hooks, transforms, prefixes and suffixes, `env`, `derivedMetrics` | named, not imported |

## What differs

- A variable that is not given renders as nothing there, and is an error here, before anything is paid.
- A test without assertions passes there. Here it is refused, as nothing is checked.
- An error of a provider or of a judge counts as a failure there. Here it is undecided.
- Text is compared in Unicode form C and with line ends of one kind; there, code unit by code unit.
- Data is never filled in twice: `{{ … }}` in a variable stays as it is.
- Weights mean the same. A check with weight 0 only measures, there and here.
- `not-` turns every check round. There, some types say the same with and without it.
- Parameters that promptfoo sets by itself, such as a temperature of 0, are not written: say them in `params`.

## Assertions

| promptfoo | palc | |
|---|---|---|
";

/// `docs/promptfoo.md`.
pub fn reference() -> String {
    let row = |known: &crate::exchange::promptfoo::table::Known| match known.ours {
        Some(ours) => format!("| `{}` | [{ours}](checks.md#{ours}) | {} |\n", known.theirs, known.says),
        None => format!("| `{}` | not imported | {} |\n", known.theirs, known.says),
    };
    format!("{HEAD}{}", TABLE.iter().map(row).collect::<String>())
}
