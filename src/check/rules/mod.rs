//! The rules, one a file. `reading` lists what reading a file reports by itself,
//! `branches` what only several branches together show.

pub mod broken_include;
pub mod broken_reference;
pub mod custom_field;
pub mod cyclic_include;
pub mod duplicate_body;
pub mod duplicate_id;
pub mod dynamic_include;
pub mod empty_actions;
pub mod empty_message;
pub mod hidden_text;
pub mod inactive_label;
pub mod literal_secret;
pub mod lost_label;
pub mod lost_parent;
pub mod lost_version;
pub mod name_clash;
pub mod near_marker;
pub mod renumbered_version;
pub mod retyped_scalar;
pub mod template_syntax;
pub mod twice_inactive;
pub mod undeclared_variable;
pub mod unknown_filter;
pub mod unknown_function;
pub mod unknown_rule;
pub mod unknown_test;
pub mod unknown_word;
pub mod unused_allow;
pub mod unused_variable;
pub mod variant_conflict;
pub mod wrong_allow;
pub mod wrong_label;
pub mod wrong_schema;
pub mod zero_width;

pub mod branches;
pub mod reading;
