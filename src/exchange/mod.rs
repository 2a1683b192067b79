//! Other tools' files, as palc's own. Bytes in, a plan of files out.

pub mod promptfoo;
