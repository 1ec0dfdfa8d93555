//! What can be done with Opora? One verb a file, the same for the command line and the web.

pub mod agreement;
pub mod boards;
pub mod demo;
pub mod diagnosis;
pub mod edit;
pub mod edit_changes;
pub mod edit_save;
pub mod execution;
pub mod import;
pub mod people;
pub mod results;
pub mod roadmap;
pub mod standings;
pub mod suppress;
