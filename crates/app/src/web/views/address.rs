//! How are the parameters of a page written in its address?

/// A parameter of an address.
pub type Parameter = (&'static str, String);

/// An address with parameters; without a question mark where there are none.
pub fn address(path: &str, pairs: &[(&str, String)]) -> String {
    if pairs.is_empty() {
        return path.to_owned();
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    format!("{path}?{}", query.finish())
}

/// The parameters of a query string, decoded; nothing where it is absent.
pub fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

/// The last value of a parameter.
pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.trim())
}

/// An address of this site, or else the start page: a form must not send anybody elsewhere.
pub fn local(address: &str) -> &str {
    let ours = address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\");
    if ours && address.chars().all(|c| c.is_ascii_graphic()) { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let written = address("/plans/1", &[("q", "отчёт & план".into()), ("month", "2021-04".into())]);
        assert!(written.is_ascii(), "{written}");
        let read = pairs(written.split_once('?').map(|(_, query)| query));
        assert_eq!(read, [("q".into(), "отчёт & план".into()), ("month".into(), "2021-04".into())]);
        assert_eq!(value(&read, "month"), Some("2021-04"));
        assert_eq!(address("/plans", &[]), "/plans");
    }

    #[test]
    fn a_broken_query_does_no_harm() {
        assert_eq!(pairs(Some("q=%F0%28%8C&&=&month")).len(), 3);
        assert_eq!(pairs(None), []);
    }

    #[test]
    fn the_way_back_stays_on_this_site() {
        fn check(address: &str, expected: &str) {
            assert_eq!(local(address), expected);
        }
        check("/plans?q=%D1%88", "/plans?q=%D1%88");
        check("//evil.test", "/");
        check("/\\evil.test", "/");
        check("https://evil.test", "/");
        check("/a\r\nSet-Cookie: b", "/");
    }
}
