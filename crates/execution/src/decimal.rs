//! Which number did a person type?

/// A decimal number in thousandths: «12,5» and «12.5» are 12500. At most twelve digits before the comma and three
/// behind it, so that two equal texts are equal numbers and nothing is rounded. `None` for anything else.
#[must_use]
pub fn thousandths(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once([',', '.']).map_or((digits, None), |(w, f)| (w, Some(f)));
    let all_digits =
        |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole, 12) || fraction.is_some_and(|part| !all_digits(part, 3)) {
        return None;
    }
    let fraction = format!("{:0<3}", fraction.unwrap_or_default());
    Some(sign * (whole.parse::<i64>().ok()? * 1_000 + fraction.parse::<i64>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::thousandths;

    #[test]
    fn decimals_are_exact_or_refused() {
        let cases = [
            ("12", Some(12_000)),
            (" 12,5 ", Some(12_500)),
            ("0.001", Some(1)),
            ("-3", Some(-3_000)),
            ("1,2345", None),
            ("", None),
            ("12 чел.", None),
            (",5", None),
            ("9999999999999", None),
        ];
        for (text, expected) in cases {
            assert_eq!(thousandths(text), expected, "{text}");
        }
    }
}
