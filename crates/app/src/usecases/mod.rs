//! What can be done with Opora? One verb a file, the same for the command line and the web.

pub mod agreement;
pub mod assignments;
pub mod boards;
pub mod demo;
pub mod diagnosis;
pub mod edit;
pub mod edit_changes;
pub mod edit_save;
pub mod execution;
pub mod import;
pub mod in_force;
pub mod joining;
pub mod notices;
pub mod outside;
pub mod people;
pub mod registry;
pub mod remarks;
pub mod results;
pub mod roadmap;
pub mod scanner;
pub mod standings;
pub mod support;
pub mod suppress;
pub mod tokens;
pub mod upstream;
pub mod work;
