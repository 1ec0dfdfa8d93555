//! What can be done with Opora? One verb a file, the same for the command line and the web.

pub mod demo;
pub mod edit;
pub mod edit_changes;
pub mod edit_save;
pub mod import;
pub mod results;
pub mod suppress;
