//! Lines in their order, however many there are: parts that fit into memory are sorted and put aside, and merged at the
//! end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::base::{Error, Result, disk};

/// The text that is held before a part is put aside.
const PART: usize = 16 << 20;

/// Takes lines with what they are sorted by.
pub struct Sorter {
    folder: PathBuf,
    lines: Vec<(String, String)>,
    held: usize,
    parts: Vec<PathBuf>,
}

impl Sorter {
    /// Parts are put aside in this folder.
    pub fn new(folder: &Path) -> Sorter {
        Sorter { folder: folder.to_owned(), lines: Vec::new(), held: 0, parts: Vec::new() }
    }

    /// A line with its end; the key holds no line end and no tab.
    pub fn add(&mut self, key: String, line: String) -> Result<()> {
        self.held += key.len() + line.len();
        self.lines.push((key, line));
        if self.held >= PART { self.put_aside() } else { Ok(()) }
    }

    fn put_aside(&mut self) -> Result<()> {
        let path = self.folder.join(format!("part-{}", self.parts.len()));
        self.lines.sort();
        let mut text = String::with_capacity(self.held);
        for (key, line) in self.lines.drain(..) {
            text += &key;
            text.push('\t');
            text += &line;
        }
        self.held = 0;
        disk::write_derived(&path, text.as_bytes())?;
        self.parts.push(path);
        Ok(())
    }

    /// Hand over all lines in their order.
    pub fn end(mut self, each: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
        self.lines.sort();
        if self.parts.is_empty() {
            return self.lines.iter().try_for_each(|(_, line)| each(line));
        }
        if !self.lines.is_empty() {
            self.put_aside()?;
        }
        let merged = self.merge(each);
        self.parts.iter().for_each(|part| drop(disk::remove_derived(part)));
        merged
    }

    fn merge(&self, each: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
        let open = |path: &PathBuf| File::open(path).map(BufReader::new).map_err(|error| unreadable(path, error));
        let mut readers = self.parts.iter().map(open).collect::<Result<Vec<_>>>()?;
        let mut heap = BinaryHeap::new();
        for (at, (reader, part)) in readers.iter_mut().zip(&self.parts).enumerate() {
            heap.extend(next(reader, part)?.map(|line| Reverse((line, at))));
        }
        while let Some(Reverse((line, at))) = heap.pop() {
            each(line.split_once('\t').map_or(&*line, |(_, line)| line))?;
            heap.extend(next(&mut readers[at], &self.parts[at])?.map(|line| Reverse((line, at))));
        }
        Ok(())
    }
}

fn next(reader: &mut BufReader<File>, path: &Path) -> Result<Option<String>> {
    let mut line = String::new();
    let length = reader.read_line(&mut line).map_err(|error| unreadable(path, error))?;
    Ok((length > 0).then_some(line))
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::storage(format!("cannot read {}", path.display())).because(error)
}

/// Write a new file of derived data line by line. It counts only with what is written after it, such as a summary.
pub fn write(path: &Path, sorter: Sorter) -> Result<()> {
    const CHUNK: usize = 1 << 20;
    disk::remove_derived(path)?;
    let mut chunk = String::new();
    sorter.end(&mut |line| {
        chunk += line;
        if chunk.len() >= CHUNK {
            disk::extend(path, chunk.as_bytes())?;
            chunk.clear();
        }
        Ok(())
    })?;
    disk::extend(path, chunk.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_together_in_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut sorter = Sorter::new(folder.path());
        let numbers: Vec<u32> = (0..1000).map(|at| at * 7919 % 1000).collect();
        for (at, number) in numbers.iter().enumerate() {
            sorter.add(format!("{number:04}"), format!("line {number}\n")).expect("added");
            if at % 300 == 299 {
                sorter.put_aside().expect("put aside");
            }
        }
        let mut seen = Vec::new();
        let mut each = |line: &str| {
            seen.push(line.to_owned());
            Ok(())
        };
        sorter.end(&mut each).expect("merged");
        let wanted: Vec<String> = (0..1000).map(|number| format!("line {number}\n")).collect();
        assert_eq!(seen, wanted);
        assert_eq!(std::fs::read_dir(folder.path()).expect("there").count(), 0);
    }
}
