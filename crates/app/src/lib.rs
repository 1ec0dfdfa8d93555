//! How do people and programs use Opora? The command line and the web application over the same use cases.

pub mod cli;
pub mod clock;
pub mod mail;
pub mod usecases;
pub mod web;
