//! What does each rule of the checker say? The manual.

use axum::extract::Path;
use maud::{Markup, PreEscaped, html};
use opora_checks::{Family, Rule};
use pulldown_cmark::{Alignment, Event, Options, Parser, Tag, TagEnd, html::push_html};

use crate::web::assets::icon;
use crate::web::components::badge;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::ui::Ui;
use crate::web::words;

/// `GET /rules`.
pub async fn index(ui: Ui) -> Markup {
    let rules = opora_checks::rules();
    let mut families: Vec<Family> = rules.iter().map(|rule| rule.family).collect();
    families.dedup();
    let content = html! {
        div.page-head {
            div {
                h1 { "Правила проверки" }
                p {
                    "Что программа проверяет в плане. У каждого правила есть страница: почему это важно, \
                     как исправить и когда замечание можно снять."
                }
            }
        }
        nav.choices aria-label="Группы правил" {
            @for family in &families {
                a.choice href={ "#" (family.letter()) } { (family.russian()) }
            }
        }
        @for family in &families {
            @let own: Vec<&Rule> = rules.iter().filter(|rule| rule.family == *family).collect();
            section.rule-family aria-labelledby=(family.letter()) {
                h2 #(family.letter()) {
                    (family.russian()) " " span.count { (own.len()) span.visually-hidden { " " (words::plural(own.len(), RULES)) } }
                }
                ul.rule-list {
                    @for rule in own {
                        li {
                            a.rule-link href={ "/rules/" (rule.code) } {
                                span.rule-code { (rule.code) } span.rule-title { (rule.title) }
                            }
                            (badge::level(rule.level))
                        }
                    }
                }
            }
        }
    };
    page(&ui, "Правила проверки", Section::Rules, &content)
}

const RULES: [&str; 3] = ["правило", "правила", "правил"];

/// `GET /rules/{code}`.
pub async fn manual(ui: Ui, Path(code): Path<String>) -> Result<Markup, WebError> {
    let rule = opora_checks::rule(&code)
        .ok_or_else(|| WebError::not_found(&format!("Правила с кодом «{}» нет", short(&code))))?;
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/rules" { "Правила проверки" } }
        article.manual {
            header.manual-head {
                h1 { (rule.title) }
                p.meta {
                    span.rule-code { (rule.code) }
                    (badge::level(rule.level))
                    span.badge { (rule.family.russian()) }
                }
            }
            (markdown(rule.manual))
            footer.manual-foot {
                p.muted.small { "В командной строке: " code { "opora explain " (rule.code) } }
                (neighbours(rule))
            }
        }
    };
    Ok(page(&ui, &format!("{} {}", rule.code, rule.title), Section::Rules, &content))
}

fn neighbours(rule: &Rule) -> Markup {
    let rules = opora_checks::rules();
    let at = rules.iter().position(|other| other.code == rule.code).unwrap_or(0);
    let link = |rule: &Rule| html! { (rule.code) " " (rule.title) };
    html! {
        nav.neighbours aria-label="Соседние правила" {
            @if let Some(before) = at.checked_sub(1).and_then(|at| rules.get(at)) {
                a rel="prev" href={ "/rules/" (before.code) } { (icon("arrow-left")) span { (link(before)) } }
            }
            @if let Some(after) = rules.get(at + 1) {
                a.after rel="next" href={ "/rules/" (after.code) } { span { (link(after)) } (icon("arrow-right")) }
            }
        }
    }
}

/// A code as typed in the address, short enough to be shown.
fn short(code: &str) -> String {
    code.chars().take(20).collect()
}

/// Markdown of our own manual as HTML. Raw HTML inside it is shown as text; the first heading is dropped, as the page
/// has its own; what scrolls sideways can be reached by the keyboard.
fn markdown(text: &str) -> Markup {
    let mut title_open = false;
    let (mut tables, mut examples) = (0_u32, 0_u32);
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).flat_map(move |event| match event {
        Event::Start(Tag::Heading { level: pulldown_cmark::HeadingLevel::H1, .. }) => {
            title_open = true;
            vec![]
        }
        Event::End(TagEnd::Heading(pulldown_cmark::HeadingLevel::H1)) => {
            title_open = false;
            vec![]
        }
        _ if title_open => vec![],
        Event::Start(Tag::Table(alignments)) => {
            tables += 1;
            let open = format!(
                r#"<div class="table-scroll" tabindex="0" role="region" aria-label="Таблица {tables}">"#
            );
            // Alignment would become a `style` attribute, which the content policy forbids.
            let plain = vec![Alignment::None; alignments.len()];
            vec![Event::Html(open.into()), Event::Start(Tag::Table(plain))]
        }
        Event::End(TagEnd::Table) => vec![Event::End(TagEnd::Table), Event::Html("</div>".into())],
        Event::Start(Tag::CodeBlock(_)) => {
            examples += 1;
            let open = format!(r#"<pre tabindex="0" role="region" aria-label="Пример {examples}"><code>"#);
            vec![Event::Html(open.into())]
        }
        Event::End(TagEnd::CodeBlock) => vec![Event::Html("</code></pre>".into())],
        Event::Html(raw) | Event::InlineHtml(raw) => vec![Event::Text(raw)],
        other => vec![other],
    });
    let mut html = String::with_capacity(text.len() * 2);
    push_html(&mut html, events);
    PreEscaped(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(markdown(text).into_string().trim(), expected);
    }

    #[test]
    fn a_manual_page_becomes_safe_html() {
        check("# Имя\n\nСлово *важно*.", "<p>Слово <em>важно</em>.</p>");
        check("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;");
        check("## Как исправить", "<h2>Как исправить</h2>");
    }
}
