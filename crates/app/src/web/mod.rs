//! How does Opora look in a browser?
//!
//! Server-rendered pages that work without JavaScript; a page's template lives beside its handler in `pages/`.
//! The route table is one screen in [`routes`]. Nothing here decides anything about plans: pages show values of
//! the core and call the use cases.

pub mod access;
pub mod actor;
pub mod api;
pub mod assets;
pub mod carried;
pub mod chain;
pub mod components;
pub mod deeds;
pub mod digest;
pub mod download;
pub mod errors;
pub mod loading;
pub mod origin;
pub mod pages;
pub mod patience;
pub mod results;
pub mod routes;
pub mod security;
pub mod shown;
pub mod state;
#[cfg(test)]
mod tests;
pub mod typed;
pub mod ui;
pub mod unread;
pub mod views;
pub mod words;

pub use routes::router;
pub use state::AppState;
