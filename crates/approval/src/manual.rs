//! How does the table of a life cycle read as a page of the documentation?

use crate::{Action, Kind, Party, State, step};

/// The table as a Markdown document in Russian: every state with every act, who may do it, where it leads, or why it
/// can't be done.
pub fn markdown(kind: Kind) -> String {
    let mut page = format!("# {}: что и когда можно сделать\n", kind.russian());
    for state in State::ALL {
        page.push_str(&format!("\n## {}\n\n| Действие | Кто | Станет |\n|---|---|---|\n", state.russian()));
        let mut refused = String::new();
        for action in Action::ALL {
            let outcomes = [false, true].map(|in_force| row(kind, state, action, in_force));
            match outcomes {
                [Ok((who, first)), Ok((_, second))] if first == second => {
                    page.push_str(&format!("| {} | {who} | {first} |\n", action.russian()));
                }
                [Ok((who, first)), Ok((_, second))] => {
                    let to = format!("{first}; {second}, если действует прежняя версия");
                    page.push_str(&format!("| {} | {who} | {to} |\n", action.russian()));
                }
                [Err(first), Err(_)] => refused.push_str(&format!("- {}: {first}\n", action.russian())),
                [Err(reason), Ok((who, to))] => {
                    let to = format!("{to}, если есть действующая версия");
                    page.push_str(&format!("| {} | {who} | {to} |\n", action.russian()));
                    refused.push_str(&format!("- {} без действующей версии: {reason}\n", action.russian()));
                }
                [Ok((who, to)), Err(reason)] => {
                    let to = format!("{to}, если действующей версии нет");
                    page.push_str(&format!("| {} | {who} | {to} |\n", action.russian()));
                    refused.push_str(&format!("- {} при действующей версии: {reason}\n", action.russian()));
                }
            }
        }
        if !refused.is_empty() {
            page.push_str(&format!("\nНельзя:\n\n{refused}"));
        }
    }
    page
}

fn row(
    kind: Kind,
    state: State,
    action: Action,
    in_force: bool,
) -> Result<(String, &'static str), &'static str> {
    step(kind, state, action, in_force).map(|step| {
        let who: Vec<&str> = step.by.iter().copied().map(Party::russian).collect();
        (who.join(", "), step.to.russian())
    })
}
