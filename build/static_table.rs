//! Unpacks the table of word vectors that palc carries, and lays out its vocabulary so that pieces are found in it
//! without preparing anything when palc starts.

#[path = "../src/search/meaning/builtin/hash.rs"]
mod hash;

use std::fs;
use std::io::Read as _;
use std::path::Path;

use hash::{Hash, SLOTS};

const FOLDER: &str = "assets/static-256";

/// Write `static-256.rows`, `.starts` and `.slots` into the folder for what a build makes.
pub fn build(out: &Path) {
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/search/meaning/builtin/hash.rs");
    let write = |name: &str, bytes: &[u8]| {
        fs::write(out.join(name), bytes).expect("the folder for what a build makes can be written");
    };
    let packed = fs::read(Path::new(FOLDER).join("rows.zlib")).expect("the table is part of the sources");
    let mut rows = Vec::new();
    flate2::read::ZlibDecoder::new(&packed[..]).read_to_end(&mut rows).expect("the table is a zlib stream");
    write("static-256.rows", &rows);

    let vocabulary = fs::read_to_string(Path::new(FOLDER).join("vocab.txt")).expect("the vocabulary is there");
    let pieces: Vec<&str> = vocabulary.split('\n').collect();
    write("static-256.starts", &starts(&pieces));
    write("static-256.slots", &slots(&pieces));
}

/// Where each piece begins in the vocabulary's text, and where one after the last would.
fn starts(pieces: &[&str]) -> Vec<u8> {
    let ends = pieces.iter().scan(0, |end, piece| {
        *end += piece.len() as u32 + 1;
        Some(*end)
    });
    std::iter::once(0).chain(ends).flat_map(u32::to_le_bytes).collect()
}

/// The table of rows by hash: whoever finds a slot taken goes on to the next. Zero is an empty slot, and the row of
/// `[PAD]`, which is no text.
fn slots(pieces: &[&str]) -> Vec<u8> {
    let mut slots = vec![0_u16; SLOTS];
    for (row, piece) in pieces.iter().enumerate().filter(|(_, piece)| !matches!(**piece, "[PAD]" | "[UNK]")) {
        let (piece, continues) = piece.strip_prefix("##").map_or((*piece, false), |rest| (rest, true));
        let hash = piece.bytes().fold(Hash::new(continues), Hash::add);
        let free = (hash.slot()..).map(|slot| slot % SLOTS).find(|&slot| slots[slot] == 0);
        slots[free.expect("there are more slots than pieces")] = u16::try_from(row).expect("fewer than 65536 pieces");
    }
    slots.into_iter().flat_map(u16::to_le_bytes).collect()
}
