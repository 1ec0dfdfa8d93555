//! Are orders of the genre read whole, whatever their columns and their habits?
//!
//! Each page of `tests/orders` holds an invented order and what is read of it. `OPORA_UPDATE=1` writes the pages
//! anew: look at the difference before it is committed.

mod support;

use opora_cycle::intake;

#[test]
fn orders_are_read_as_their_pages_say() {
    let folder = std::path::Path::new("tests/orders");
    let mut pages: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    assert!(pages.len() >= 9, "pages are missing in {}", folder.display());
    let mut wrong = Vec::new();
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        let (head, rest) = text.split_once("```order\n").expect("an order");
        let (order, rest) = rest.split_once("\n```\n").expect("the end of the order");
        let (_, expected) = rest.split_once("```read\n").expect("what is read");
        let read = support::show(&intake::read(&support::document(order)));
        if expected.trim_end().trim_end_matches("```").trim_end() != read.trim_end() {
            if std::env::var_os("OPORA_UPDATE").is_some() {
                std::fs::write(&page, format!("{head}```order\n{order}\n```\n\n```read\n{read}```\n"))
                    .unwrap();
            }
            wrong.push(format!("{}:\n{read}", page.display()));
        }
    }
    assert!(wrong.is_empty(), "read otherwise than the pages say:\n{}", wrong.join("\n"));
}
