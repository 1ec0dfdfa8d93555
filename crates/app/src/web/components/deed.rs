//! How is shown what was recorded about something to be carried out, and what can be recorded next?

use maud::{Markup, html};
use opora_execution::{Account, Deed, DeedKind, Evidence, Fact, Party, Proof, permitted};

use crate::usecases::support::Known;
use crate::web::deeds::{self, Told};
use crate::web::words;

/// The name of an account.
pub type NameOf<'a> = &'a dyn Fn(i64) -> String;

/// How a person stands in a list: by name, and by number where two are called the same.
pub fn person_label(person: &Known, people: &[Known]) -> String {
    let twins = people.iter().filter(|other| other.name == person.name).count() > 1;
    if twins { format!("{} (№ {})", person.name, person.account) } else { person.name.clone() }
}

/// The list that fields of people on this page offer.
pub fn people_list(people: &[Known]) -> Markup {
    html! {
        @if !people.is_empty() {
            datalist #people {
                @for person in people { option value=(person_label(person, people)) { (person.role.russian()) } }
            }
        }
    }
}

/// What the person may do here, each with the side on which it is done. Nothing can be passed on where there is nobody.
pub fn possible(account: &Account<'_>, sides: &[Party], with_people: bool) -> Vec<(DeedKind, Party)> {
    let mut possible: Vec<(DeedKind, Party)> = Vec::new();
    for side in sides {
        for deed in permitted(account.phase, *side) {
            let offered = match deed {
                DeedKind::Delegate => with_people,
                DeedKind::WithdrawEvidence => account.valid_evidence().next().is_some(),
                _ => true,
            };
            if offered && !possible.iter().any(|(known, _)| *known == deed) {
                possible.push((deed, *side));
            }
        }
    }
    possible
}

/// One form for everything the person may do here; the choice tells what. `action` is where it is sent, `key` the
/// occurrence. What was `told` and refused stands in it again, with the reason.
pub fn form(
    action: &str,
    key: &str,
    account: &Account<'_>,
    possible: &[(DeedKind, Party)],
    people: bool,
    told: Option<(&Told, &str)>,
) -> Markup {
    let told = told.filter(|(told, _)| told.is_about(key));
    let (chosen, text, to, person) = told.map_or_else(Default::default, |(told, _)| told.typed());
    let id = key.replace(['/', '.'], "-");
    let has = |wanted: DeedKind| possible.iter().any(|(deed, _)| *deed == wanted);
    html! {
        @if !possible.is_empty() {
            details.deeds open[told.is_some()] {
                summary { "Записать" }
                @if let Some((_, wrong)) = told { p.why.error role="alert" { (wrong) } }
                form.stack action=(action) method="post" enctype="multipart/form-data" {
                    input type="hidden" name="occurrence" value=(key);
                    input type="hidden" name="known" value=(account.facts);
                    div.field-row {
                        div.field {
                            label for={ "deed-" (id) } { "Что" }
                            select id={ "deed-" (id) } name="deed" {
                                @for (deed, side) in possible {
                                    @let value = format!("{}/{}", deeds::word(*deed), side.slug());
                                    option value=(value) selected[value == chosen] { (deed.russian()) }
                                }
                            }
                        }
                        div.field.grow { label for={ "text-" (id) } { "Текст, причина или ссылка" } input id={ "text-" (id) } name="text" value=(text) autocomplete="off" autofocus[told.is_some()]; }
                    }
                    @if has(DeedKind::AddEvidence) {
                        div.field { label for={ "file-" (id) } { "Файл-подтверждение" } input id={ "file-" (id) } type="file" name="file"; }
                    }
                    div.field-row {
                        @if has(DeedKind::AskPostponement) {
                            div.field { label for={ "to-" (id) } { "Новый срок, если просите перенести" } input id={ "to-" (id) } type="date" name="to" value=(to); }
                        }
                        @if people {
                            div.field.grow {
                                label for={ "person-" (id) } { @if has(DeedKind::Delegate) { "Кому передать или кого позвать" } @else { "Кого позвать в комментарии" } }
                                input id={ "person-" (id) } name="person" value=(person) list="people" autocomplete="off";
                            }
                        }
                        @if has(DeedKind::WithdrawEvidence) {
                            div.field {
                                label for={ "number-" (id) } { "Какое подтверждение отозвать" }
                                select id={ "number-" (id) } name="number" {
                                    option value="" { "–" }
                                    @for proof in account.valid_evidence() { option value=(proof.number) { "№ " (proof.number) } }
                                }
                            }
                        }
                    }
                    div.actions { button.primary type="submit" { "Записать" } }
                }
            }
        }
    }
}

/// Proofs, those that do not count any more crossed out. `files` is the address below which files are.
pub fn proofs(files: &str, account: &Account<'_>, name: NameOf<'_>) -> Markup {
    html! {
        @if !account.evidence.is_empty() {
            ul.proofs { @for proof in &account.evidence { li class=[proof.withdrawn.map(|_| "withdrawn")] { (proof_line(files, proof, name)) } } }
        }
    }
}

fn proof_line(files: &str, proof: &Proof<'_>, name: NameOf<'_>) -> Markup {
    html! {
        span.small.muted { "№ " (proof.number) " " }
        @match proof.evidence {
            Evidence::File { sha256, name, .. } => a href={ (files) "/" (sha256) } { (name) },
            Evidence::Link(link) => a href=(link) rel="noreferrer noopener" { (link) },
            Evidence::Number { value, unit } => { (value) " " (unit) },
            Evidence::Minutes(text) => { "Протокол: " (text) },
        }
        span.small.muted { " — " (name(proof.by)) ", " (words::date_short(proof.at.date())) }
        @if let Some(why) = proof.withdrawn { span.small { " (отозвано: " (why) ")" } }
    }
}

/// What was said in comments, in order.
pub fn comments(facts: &[&Fact], name: NameOf<'_>) -> Markup {
    let said = facts.iter().filter_map(|fact| match &fact.deed {
        Deed::Comment { text, mentions } => Some((fact, text, mentions)),
        _ => None,
    });
    let said: Vec<_> = said.collect();
    html! {
        @if !said.is_empty() {
            ul.comments {
                @for (fact, text, mentions) in said {
                    li {
                        span.small.muted { (name(fact.by)) ", " (words::date_short(fact.at.date())) ": " }
                        (text)
                        @for person in mentions { " " span.badge.note { "@" (name(*person)) } }
                    }
                }
            }
        }
    }
}

/// To whom it was passed on, and who waits for which decision.
pub fn notes(account: &Account<'_>, name: NameOf<'_>) -> Markup {
    html! {
        @if let Some(to) = account.performer { p.small { "Передано: " (name(to)) } }
        @if let Some(reason) = account.reason { p.why { (reason) } }
        @if let Some((to, why)) = account.asked { p.why { "Просят перенести на " (words::date(to)) ": " (why) } }
    }
}
