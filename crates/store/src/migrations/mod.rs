//! How did the tables come to be as they are?
//!
//! A migration that has been released is never edited: the next one corrects it.

mod m0001_facts;
mod m0002_results;
mod m0003_suppression_place;
mod m0004_column_mapping;
mod m0005_people;
mod m0006_programme;
mod m0008_api_tokens;
mod m0009_notices;
mod m0010_outside_login;
mod m0011_search_by_activity;

use sea_orm_migration::prelude::*;

pub(crate) struct Migrations;

#[async_trait::async_trait]
impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_facts::Migration),
            Box::new(m0002_results::Migration),
            Box::new(m0003_suppression_place::Migration),
            Box::new(m0004_column_mapping::Migration),
            Box::new(m0005_people::Migration),
            Box::new(m0006_programme::Migration),
            Box::new(m0008_api_tokens::Migration),
            Box::new(m0009_notices::Migration),
            Box::new(m0010_outside_login::Migration),
            Box::new(m0011_search_by_activity::Migration),
        ]
    }
}
