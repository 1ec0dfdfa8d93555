//! Which database is meant?

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::StoreError;

/// Address of a database: `sqlite:PATH` or `postgres://user:password@host:port/database`.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file; it is created where it does not exist yet, with its folder.
    Sqlite(PathBuf),
    /// A PostgreSQL server, with the address as given.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        // `sqlite://relative` and `sqlite:///absolute` are common spellings too.
        let path =
            text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or_default();
        if path.is_empty() {
            return Err(StoreError::Url { text: without_password(text) });
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for DatabaseUrl {
    /// Without the password: this is for messages and logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => f.write_str(&without_password(url)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// Hides what stands between the user's name and the host, and a `password` among the parameters.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (address, parameters) = rest.split_once('?').map_or((rest, None), |(a, p)| (a, Some(p)));
    let address = match address.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((name, _)) => format!("{name}:***@{host}"),
            None => format!("{user}@{host}"),
        },
        None => address.to_owned(),
    };
    let parameters = parameters.map_or_else(String::new, |parameters| {
        let kept: Vec<_> =
            parameters.split('&').filter(|p| !p.to_ascii_lowercase().starts_with("password")).collect();
        if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) }
    });
    format!("{scheme}://{address}{parameters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(text.parse::<DatabaseUrl>().map(|url| url.to_string()).unwrap_or_default(), expected);
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        check("postgres://opora:secret@db.example:5432/plans", "postgres://opora:***@db.example:5432/plans");
        check(
            "postgresql://opora:a@b@db/plans?password=x&host=/tmp",
            "postgresql://opora:***@db/plans?host=/tmp",
        );
        check("postgres:///plans?host=/run/pg", "postgres:///plans?host=/run/pg");
    }

    #[test]
    fn a_file_is_an_address() {
        check("sqlite:data/opora.db", "sqlite:data/opora.db");
        check("sqlite:///var/lib/opora/план 1.db", "sqlite:/var/lib/opora/план 1.db");
    }

    #[test]
    fn another_address_is_refused() {
        check("mysql://host/db", "");
        check("sqlite:", "");
        check("", "");
    }
}
