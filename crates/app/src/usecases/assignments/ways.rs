//! How far is it between the schools of a curator, as far as it was noted?

use jiff::civil::Date;
use opora_cells::OrganisationId;
use opora_execution::visits::Distances;
use opora_registry::Registry;
use opora_store::{AccountId, Store, StoreError};

use super::{Support, own_school};

/// The ways of a route, and what is to be told of them.
#[derive(Default)]
pub struct Ways {
    /// Between the curator's own school and those whose way from it is noted.
    pub distances: Option<Distances>,
    /// In Russian, a sentence a line.
    pub how: Vec<String>,
}

impl Ways {
    /// The ways of a curator to these schools; there are none for several curators together.
    pub async fn of(
        store: &Store,
        registry: &Registry,
        curator: Option<i64>,
        schools: &[OrganisationId],
        today: Date,
    ) -> Result<Self, StoreError> {
        let Some(curator) = curator.map(AccountId) else { return Ok(Self::default()) };
        let support = Support::read(store).await?;
        let grants = store.grants(Some(curator)).await?;
        let home = own_school(&support, curator, &grants, today);
        Ok(home.map_or_else(Self::unknown, |home| Self::from(home, schools, &support, registry)))
    }

    fn unknown() -> Self {
        let how = "Расстояний в расчёте нет: не указано, где работает куратор. Это пишет координатор на странице «Кураторы школ».";
        Self { distances: None, how: vec![how.to_owned()] }
    }

    fn from(
        home: OrganisationId,
        schools: &[OrganisationId],
        support: &Support,
        registry: &Registry,
    ) -> Self {
        let known = schools.iter().filter_map(|school| Some((*school, support.kilometres(home, *school)?)));
        let known: Vec<(OrganisationId, u32)> = known.collect();
        let (numbers, ways) = table(&known, |one, other| support.kilometres(one, other));
        if known.is_empty() {
            return Self::unknown_ways();
        }
        let name = |school: OrganisationId| {
            registry.get(school).map_or_else(|| format!("школа {}", school.0), |school| school.name.clone())
        };
        let mut how = vec![format!(
            "Путь – в километрах, по дням: от школы, где работает куратор ({}), и обратно. Если путь между двумя школами не записан, он считается через неё.",
            name(home)
        )];
        let lacking: Vec<String> = schools
            .iter()
            .filter(|school| known.iter().all(|(own, _)| own != *school))
            .map(|own| name(*own))
            .collect();
        if !lacking.is_empty() {
            how.push(format!("Расстояние не записано, в расчёте пути нет: {}.", lacking.join(", ")));
        }
        Self { distances: Distances::new(&numbers, ways), how }
    }

    fn unknown_ways() -> Self {
        let how =
            "Расстояний в расчёте нет: они не записаны. Их вносит координатор на странице «Кураторы школ».";
        Self { distances: None, how: vec![how.to_owned()] }
    }
}

/// The table of a route: home first, then the schools. A way that is not known leads over home.
fn table(
    known: &[(OrganisationId, u32)],
    between: impl Fn(OrganisationId, OrganisationId) -> Option<u32>,
) -> (Vec<i64>, Vec<u32>) {
    let mut ways = Vec::with_capacity((known.len() + 1) * (known.len() + 1));
    ways.push(0);
    ways.extend(known.iter().map(|(_, way)| *way));
    for (from, out) in known {
        ways.push(*out);
        ways.extend(known.iter().map(|(to, back)| match from == to {
            true => 0,
            false => between(*from, *to).unwrap_or_else(|| out.saturating_add(*back)),
        }));
    }
    (known.iter().map(|(school, _)| i64::from(school.0)).collect(), ways)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_that_is_not_known_leads_over_home() {
        let [one, two, three] = [1, 2, 3].map(OrganisationId);
        let between = |from: OrganisationId, to: OrganisationId| {
            (from.0.min(to.0) == 1 && from.0.max(to.0) == 2).then_some(3)
        };
        let (schools, ways) = table(&[(one, 10), (two, 12), (three, 20)], between);
        assert_eq!(schools, [1, 2, 3]);
        assert_eq!(ways, [0, 10, 12, 20, 10, 0, 3, 30, 12, 3, 0, 32, 20, 30, 32, 0]);
        assert!(Distances::new(&schools, ways).is_some());
        assert_eq!(table(&[], between), (vec![], vec![0]));
    }
}
