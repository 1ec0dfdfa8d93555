//! What is kept of somebody who may support schools, as a form: strengths, capacity, distances?

use std::collections::BTreeSet;

use maud::{Markup, html};
use opora_cells::OrganisationId;

use super::desk::{Desk, asked};
use crate::usecases::assignments::{CAPACITY_MAX, KILOMETRES_MAX, Profile, Way};

/// Capacity, strengths and distances.
pub(super) fn fields(
    desk: &Desk,
    profile: &Profile,
    home: Option<OrganisationId>,
    schools: &[OrganisationId],
) -> Markup {
    html! {
        div.field {
            label for="capacity" { "Сколько школ может взять" }
            input #capacity name="capacity" type="number" min="0" max=(CAPACITY_MAX) value=(profile.capacity) required;
        }
        fieldset {
            legend { "Сильные стороны" }
            p.hint { "Предметы и трудности школ, с которыми помогает лучше всего." }
            ul.checks { @for (word, name) in desk.all_fields() {
                li { label { input type="checkbox" name="strength" value=(word) checked[profile.strengths.contains(&word)]; " " (name) } }
            } }
        }
        @match home {
            None => { p.hint { "Когда указана школа, здесь появятся расстояния до школ программы." } }
            Some(home) => {
                fieldset {
                    legend { "Сколько километров до школ программы" }
                    p.hint { "Пусто – не известно: такая школа считается дальней, но не слишком." }
                    @for school in schools.iter().filter(|school| **school != home) {
                        @let id = format!("km-{}", school.0);
                        div.field {
                            label for=(id) { (desk.school(*school)) }
                            input id=(id) name=(id) type="number" min="0" max=(KILOMETRES_MAX) value=[desk.support.kilometres(home, *school)];
                        }
                    }
                }
            }
        }
    }
}

/// What was typed, or what is wrong with it.
pub(super) fn typed(
    desk: &Desk,
    sent: &[(String, String)],
    home: Option<OrganisationId>,
    schools: &[OrganisationId],
) -> Result<(Profile, Vec<Way>), String> {
    let capacity: u32 =
        asked(sent, "capacity").parse().ok().filter(|capacity| *capacity <= CAPACITY_MAX).ok_or_else(
            || format!("Сколько школ может взять, не понято. Нужно целое число от 0 до {CAPACITY_MAX}."),
        )?;
    let known: BTreeSet<String> = desk.all_fields().into_iter().map(|(word, _)| word).collect();
    let ticked = sent.iter().filter(|(name, word)| name == "strength" && known.contains(word));
    let strengths = ticked.map(|(_, word)| word.clone()).collect();
    let mut ways = Vec::new();
    for school in schools {
        let name = format!("km-{}", school.0);
        let (Some(home), true) = (home, sent.iter().any(|(own, _)| *own == name)) else { continue };
        let way = match asked(sent, &name) {
            "" => None,
            text => Some(text.parse().ok().filter(|way| *way <= KILOMETRES_MAX).ok_or_else(|| {
                format!(
                    "{}: расстояние не понято. Нужно целое число километров, не больше {KILOMETRES_MAX}.",
                    desk.school(*school)
                )
            })?),
        };
        if desk.support.kilometres(home, *school) != way {
            ways.push((home, *school, way));
        }
    }
    Ok((Profile { works_at: home, strengths, capacity }, ways))
}
