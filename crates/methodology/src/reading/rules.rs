//! How do the answers of a pack's criteria combine?

use opora_fields::{DeValue, Fields, Spanned};

use super::Builder;
use crate::{
    Atom, Category, CategoryIndex, CategoryRole, Condition, CriterionIndex, Exit, NumberUse, Rule, Tier,
};

/// Rules nested deeper are refused.
const DEPTH_MAX: usize = 8;
const MANY: usize = 60;

impl Builder<'_> {
    pub(super) fn rules(&mut self, root: &Fields<'_>) {
        for fields in root.tables("condition", "condition", &mut self.errors).iter().take(MANY) {
            fields.known(&["id", "name", "clause", "rule"], &mut self.errors);
            let id = fields.text("id", &mut self.errors).unwrap_or_default();
            let taken = self.pack.criteria.iter().map(|criterion| &criterion.id);
            let mut taken = taken.chain(self.pack.conditions.iter().map(|condition| &condition.id));
            if taken.any(|other| *other == id) {
                let what = format!("Имя «{id}» уже занято.");
                self.errors.at(fields.span.clone(), &fields.place, &what, "Дайте условию другое имя.");
            }
            let name = fields.text("name", &mut self.errors).unwrap_or_default();
            let clause = fields.text("clause", &mut self.errors).unwrap_or_default();
            if let Some(rule) = self.required_rule(fields, "rule") {
                self.pack.conditions.push(Condition { id, name, clause, rule });
            }
        }
        self.categories(root);
        for fields in root.tables("tier", "tier", &mut self.errors).iter().take(MANY) {
            fields.known(&["id", "name", "clause", "when"], &mut self.errors);
            let id = fields.text("id", &mut self.errors).unwrap_or_default();
            let name = fields.text("name", &mut self.errors).unwrap_or_default();
            let clause = fields.text("clause", &mut self.errors).unwrap_or_default();
            let when = fields.value("when").and_then(|value| self.rule(value, &fields.place, 0));
            self.pack.tiers.push(Tier { id, name, clause, when });
        }
        if let Some(value) = root.value("exit")
            && let Some(fields) = Fields::of(value, "exit", &mut self.errors)
        {
            self.exit(&fields);
        }
    }

    fn categories(&mut self, root: &Fields<'_>) {
        for fields in root.tables("category", "category", &mut self.errors).iter().take(MANY) {
            fields.known(
                &[
                    "id",
                    "name",
                    "clause",
                    "wording",
                    "identified",
                    "when",
                    "otherwise",
                    "insufficient",
                    "kept",
                ],
                &mut self.errors,
            );
            let id = fields.text("id", &mut self.errors).unwrap_or_default();
            if self.pack.categories.iter().any(|other| other.id == id) {
                let what = format!("Категория «{id}» описана дважды.");
                self.errors.at(fields.span.clone(), &fields.place, &what, "Дайте ей другое имя.");
            }
            let name = fields.text("name", &mut self.errors).unwrap_or_default();
            let identified = fields.flag("identified", &mut self.errors);
            let otherwise = fields.flag("otherwise", &mut self.errors);
            let insufficient = fields.flag("insufficient", &mut self.errors);
            let kept = fields.flag("kept", &mut self.errors);
            let when = fields.value("when").and_then(|value| self.rule(value, &fields.place, 0));
            let asks = fields.value("when").is_some();
            if [asks, otherwise, insufficient, kept].iter().filter(|given| **given).count() != 1 {
                let what = "Непонятно, когда даётся эта категория.";
                let mend = "Напишите одно из четырёх: when = правило, otherwise = true, insufficient = true, kept = true.";
                self.errors.at(fields.span.clone(), &fields.place, what, mend);
            }
            if insufficient && identified {
                let what = "Категория недостатка данных не может быть списком школ.";
                fields.tell("identified", what, "Уберите identified.", &mut self.errors);
            }
            let role = match when {
                Some(rule) => CategoryRole::When(rule),
                None if otherwise => CategoryRole::Otherwise,
                None if kept => CategoryRole::Kept,
                None => CategoryRole::Insufficient,
            };
            let clause = fields.maybe_text("clause", &mut self.errors);
            if clause.is_none() && asks {
                self.errors.missing(fields, "clause", "Назовите пункт акта, по которому даётся категория.");
            }
            let wording = fields.maybe_text("wording", &mut self.errors);
            self.pack.categories.push(Category { id, name, clause, wording, identified, role });
        }
        // A category whose rule was not read is none of the others: that would be told of it by mistake.
        if self.errors.is_empty() {
            self.category_roles(root);
        }
    }

    fn category_roles(&mut self, root: &Fields<'_>) {
        let span = root.span_of("category");
        let count = |role: &CategoryRole| {
            self.pack.categories.iter().filter(|category| category.role == *role).count()
        };
        let wanted = [
            (CategoryRole::Otherwise, "otherwise = true", "«остальные»"),
            (CategoryRole::Insufficient, "insufficient = true", "«недостаточно данных»"),
        ];
        let mut told = Vec::new();
        for (role, field, name) in wanted {
            if count(&role) != 1 {
                told.push((
                    format!("Категория {name} должна быть ровно одна, а их {}.", count(&role)),
                    field,
                ));
            }
        }
        for (what, field) in told {
            let mend = format!("Отметьте одну категорию полем {field}.");
            self.errors.at(span.clone(), "category", &what, &mend);
        }
        if !self.pack.categories.iter().any(|category| category.identified) {
            let what = "Ни одна категория не означает, что школа выявлена.";
            let mend = "Отметьте категории, ради которых составлен список, полем identified = true.";
            self.errors.at(span, "category", what, mend);
        }
    }

    fn exit(&mut self, fields: &Fields<'_>) {
        fields.known(&["when", "keeps", "years", "clause"], &mut self.errors);
        let when = self.required_rule(fields, "when");
        let years = self.number(fields, "years", NumberUse::Years);
        let clause = fields.text("clause", &mut self.errors);
        let keeps = fields.text("keeps", &mut self.errors);
        let at = self.pack.categories.iter().position(|category| Some(&category.id) == keeps.as_ref());
        let at = at.filter(|at| self.pack.categories.get(*at).is_some_and(|category| category.identified));
        if let (Some(keeps), None) = (&keeps, at) {
            let what = format!("Категории «{keeps}» нет или она не означает, что школа выявлена.");
            fields.tell("keeps", &what, "Назовите категорию с identified = true.", &mut self.errors);
        }
        let keeps = at.and_then(|at| u8::try_from(at).ok()).map(CategoryIndex);
        if let (Some(when), Some(keeps), Some(years), Some(clause)) = (when, keeps, years, clause) {
            self.pack.exit = Some(Exit { when, keeps, years, clause });
        }
    }

    fn required_rule(&mut self, fields: &Fields<'_>, field: &str) -> Option<Rule> {
        let Some(value) = fields.value(field) else {
            self.errors.missing(fields, field, "Напишите имя критерия или { all = [\"A\", \"B\"] }.");
            return None;
        };
        self.rule(value, &fields.place, 0)
    }

    /// A name, or `{ all = [...] }`, `{ any = [...] }`, `{ at_least = "number", of = [...] }`, `{ not = ... }`.
    fn rule(&mut self, value: &Spanned<DeValue<'_>>, place: &str, depth: usize) -> Option<Rule> {
        if depth > DEPTH_MAX {
            let mend = "Вынесите часть в раздел [[condition]].";
            self.errors.at(value.span(), place, "Правило вложено слишком глубоко.", mend);
            return None;
        }
        if let Some(id) = value.get_ref().as_str() {
            return self.atom(id, value, place).map(Rule::Is);
        }
        let fields = Fields::of(value, place, &mut self.errors)?;
        let keys: Vec<&str> = fields.entries().into_iter().map(|(key, _)| key).collect();
        match keys[..] {
            ["all"] => Some(Rule::All(self.rule_list(&fields, "all", depth)?)),
            ["any"] => Some(Rule::Any(self.rule_list(&fields, "any", depth)?)),
            ["not"] => Some(Rule::Not(Box::new(self.rule(fields.value("not")?, place, depth + 1)?))),
            ["at_least", "of"] | ["of", "at_least"] => {
                let number = self.number(&fields, "at_least", NumberUse::Count);
                let rules = self.rule_list(&fields, "of", depth)?;
                let number = number?;
                if self.pack[number].count() > rules.len() as u64 {
                    let what = "Требуется больше признаков, чем перечислено: так не бывает никогда.";
                    self.errors.at(value.span(), place, what, "Уменьшите число или добавьте признаки.");
                }
                Some(Rule::AtLeast(number, rules))
            }
            _ => {
                let what = format!("Правило с полями «{}» неизвестно.", keys.join(", "));
                let mend = "Допустимы: имя, { all = […] }, { any = […] }, { at_least = \"число\", of = […] }, { not = … }.";
                self.errors.at(value.span(), place, &what, mend);
                None
            }
        }
    }

    fn rule_list(&mut self, fields: &Fields<'_>, field: &str, depth: usize) -> Option<Vec<Rule>> {
        let values = fields.list(field, &mut self.errors);
        if values.is_empty() {
            fields.tell(field, "Список пуст.", "Назовите критерии.", &mut self.errors);
            return None;
        }
        let rules: Vec<Option<Rule>> =
            values.iter().map(|value| self.rule(value, &fields.place, depth + 1)).collect();
        rules.into_iter().collect()
    }

    fn atom(&mut self, id: &str, value: &Spanned<DeValue<'_>>, place: &str) -> Option<Atom> {
        let criterion = self.pack.criteria.iter().position(|criterion| criterion.id == id);
        let condition = self.pack.conditions.iter().position(|condition| condition.id == id);
        let atom = match (criterion, condition) {
            (Some(at), _) => u8::try_from(at).ok().map(|at| Atom::Criterion(CriterionIndex(at))),
            (None, at) => at.map(Atom::Condition),
        };
        match atom {
            Some(Atom::Criterion(index)) if self.pack[index].question.is_portrait() => {
                let what = format!("«{id}» – портрет: он показывается и ничего не решает.");
                self.errors.at(value.span(), place, &what, "Уберите его из правила.");
                None
            }
            Some(atom) => Some(atom),
            None => {
                let names = self.pack.criteria.iter().map(|criterion| criterion.id.as_str());
                let names = names.chain(self.pack.conditions.iter().map(|condition| condition.id.as_str()));
                let mend = format!(
                    "Есть: {}. Условие может называть критерии и условия выше себя.",
                    names.collect::<Vec<_>>().join(", ")
                );
                self.errors.at(value.span(), place, &format!("Критерия или условия «{id}» нет."), &mend);
                None
            }
        }
    }
}
