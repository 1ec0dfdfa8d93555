//! Which pages are there? One folder a page: its handler with its template.

pub mod activity;
pub mod calendar;
pub mod data;
pub mod export;
pub mod feed;
pub mod files;
pub mod findings;
pub mod health;
pub mod history;
pub mod home;
pub mod journal;
pub mod methods;
pub mod plan;
pub mod plans;
pub mod review;
pub mod rules;
pub mod runs;
pub mod schools;
pub mod search;
pub mod theme;
pub mod timeline;
pub mod upload;
