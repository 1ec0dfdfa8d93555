//! How is a questionnaire written to TOML, the same way every time?

use std::fmt::Write as _;

use toml::Value;

use crate::{Choice, Condition, Kind, Literal, Question, Questionnaire, Section, TEXT_LENGTH_MAX, Test};

/// The canonical TOML of a questionnaire: [`crate::read_questionnaire`] reads the same questionnaire from it.
pub fn render(questionnaire: &Questionnaire) -> String {
    let mut lines = Lines(String::new());
    lines.text("id", &questionnaire.id);
    lines.line("version", &questionnaire.version);
    lines.text("title", &questionnaire.title);
    lines.text("audience", questionnaire.audience.word());
    lines.maybe("about", questionnaire.about.as_deref());
    for section in &questionnaire.sections {
        lines.section(section);
    }
    lines.0
}

struct Lines(String);

impl Lines {
    fn line(&mut self, name: &str, value: &dyn std::fmt::Display) {
        // Writing to a string never fails.
        let _ = writeln!(self.0, "{name} = {value}");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.line(name, &quoted(value));
    }

    fn maybe(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    fn some(&mut self, name: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.line(name, &value);
        }
    }

    fn section(&mut self, section: &Section) {
        self.0.push_str("\n[[section]]\n");
        self.text("id", &section.id);
        self.text("title", &section.title);
        self.maybe("about", section.about.as_deref());
        self.some("when", section.when.as_ref().map(condition));
        for question in &section.questions {
            self.question(question);
        }
    }

    fn question(&mut self, question: &Question) {
        self.0.push_str("\n[[section.question]]\n");
        self.text("id", &question.id);
        if !question.was.is_empty() {
            let was: Vec<String> = question.was.iter().map(|id| quoted(id)).collect();
            self.line("was", &format!("[{}]", was.join(", ")));
        }
        self.text("type", question.kind.word());
        self.text("text", &question.text);
        self.maybe("help", question.help.as_deref());
        self.some("required", question.required.then_some(true));
        self.some("when", question.when.as_ref().map(condition));
        self.kind(&question.kind);
    }

    fn kind(&mut self, kind: &Kind) {
        match kind {
            Kind::Single(options) => self.choices("choices", options),
            Kind::Multiple { choices, at_least, at_most } => {
                self.some("at_least", (*at_least != 1).then_some(at_least));
                self.some("at_most", *at_most);
                self.choices("choices", choices);
            }
            Kind::Scale { from, to, low, high } => {
                self.line("from", from);
                self.line("to", to);
                self.maybe("low", low.as_deref());
                self.maybe("high", high.as_deref());
            }
            Kind::Number { min, max, whole, unit } => {
                self.some("min", *min);
                self.some("max", *max);
                self.some("whole", whole.then_some(true));
                self.maybe("unit", unit.as_deref());
            }
            Kind::Share { part, whole, whole_from } => {
                self.text("part", part);
                self.text("whole", whole);
                self.maybe("whole_from", whole_from.as_deref());
            }
            Kind::Text { min_length, max_length } => {
                self.some("min_length", (*min_length != 0).then_some(min_length));
                self.some("max_length", (*max_length != TEXT_LENGTH_MAX).then_some(max_length));
            }
            Kind::Date { from, to, not_future } => {
                self.some("from", *from);
                self.some("to", *to);
                self.some("not_future", not_future.then_some(true));
            }
            Kind::YesNo { yes, no } => {
                self.some("yes", *yes);
                self.some("no", *no);
            }
            Kind::Matrix { rows, columns } => {
                self.choices("rows", rows);
                self.choices("columns", columns);
            }
            Kind::Note => {}
        }
    }

    fn choices(&mut self, name: &str, choices: &[Choice]) {
        let _ = writeln!(self.0, "{name} = [");
        for choice in choices {
            let score = choice.score.map(|score| format!(", score = {score}")).unwrap_or_default();
            let (id, text) = (quoted(&choice.id), quoted(&choice.text));
            let _ = writeln!(self.0, "  {{ id = {id}, text = {text}{score} }},");
        }
        self.0.push_str("]\n");
    }
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

fn condition(condition: &Condition) -> String {
    let list = |parts: &[Condition]| parts.iter().map(self::condition).collect::<Vec<_>>().join(", ");
    match condition {
        Condition::Answered(question) => format!("{{ question = {}, answered = true }}", quoted(question)),
        Condition::Is { question, test } => {
            format!("{{ question = {}, {} }}", quoted(question), self::test(test))
        }
        Condition::All(parts) => format!("{{ all = [{}] }}", list(parts)),
        Condition::Any(parts) => format!("{{ any = [{}] }}", list(parts)),
        Condition::Not(part) => format!("{{ not = {} }}", self::condition(part)),
    }
}

fn test(test: &Test) -> String {
    let (name, value) = match test {
        Test::Equals(value) => ("equals", literal(value)),
        Test::OneOf(values) => {
            ("one_of", format!("[{}]", values.iter().map(literal).collect::<Vec<_>>().join(", ")))
        }
        Test::Includes(option) => ("includes", quoted(option)),
        Test::Greater(value) => ("greater", literal(value)),
        Test::AtLeast(value) => ("at_least", literal(value)),
        Test::Less(value) => ("less", literal(value)),
        Test::AtMost(value) => ("at_most", literal(value)),
    };
    format!("{name} = {value}")
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Word(word) => quoted(word),
        Literal::Number(number) => number.to_string(),
        Literal::Flag(flag) => flag.to_string(),
        Literal::Day(day) => day.to_string(),
    }
}
