//! What does an expression of XLSForm say, as far as it is of a common simple form?

use rust_decimal::Decimal;

use crate::reading::decimal_text;

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    /// `${name}`.
    Variable(String),
    /// `.`, the answer itself.
    This,
    /// A text in quotes.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A function with its arguments.
    Call(String, Vec<Expression>),
    /// A comparison.
    Compare(Box<Expression>, Operator, Box<Expression>),
    /// All hold.
    And(Vec<Expression>),
    /// At least one holds.
    Or(Vec<Expression>),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Operator {
    /// The same with the sides exchanged.
    pub(super) fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }
}

const LENGTH_MAX: usize = 4000;
const DEPTH_MAX: usize = 24;

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Variable(String),
    This,
    Text(String),
    Number(Decimal),
    Name(String),
    Operator(Operator),
    Open,
    Close,
    Comma,
}

/// Parses an expression; the error tells in Russian what was not understood.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    if text.len() > LENGTH_MAX {
        return Err("выражение слишком длинное".to_owned());
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, at: 0 };
    let found = parser.any(DEPTH_MAX)?;
    match parser.next() {
        None => Ok(found),
        Some(_) => Err("лишнее в конце выражения или арифметика".to_owned()),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let rest = chars.get(at + 1..).unwrap_or_default();
        let (token, length) = match c {
            _ if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '$' => variable(rest)?,
            '\'' | '‘' | '’' => quoted(rest, &['\'', '’', '‘'])?,
            '"' | '“' | '”' | '„' => quoted(rest, &['"', '”', '“'])?,
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '=' => (Token::Operator(Operator::Equal), 1),
            '!' if rest.first() == Some(&'=') => (Token::Operator(Operator::NotEqual), 2),
            '<' if rest.first() == Some(&'=') => (Token::Operator(Operator::AtMost), 2),
            '<' => (Token::Operator(Operator::Less), 1),
            '>' if rest.first() == Some(&'=') => (Token::Operator(Operator::AtLeast), 2),
            '>' => (Token::Operator(Operator::Greater), 1),
            '.' if !rest.first().is_some_and(char::is_ascii_digit) => (Token::This, 1),
            '-' | '.' | '0'..='9' => number(c, rest)?,
            _ if c.is_alphabetic() => name(c, rest),
            _ => return Err(format!("знак «{c}»")),
        };
        found.push(token);
        at += length;
    }
    Ok(found)
}

fn variable(rest: &[char]) -> Result<(Token, usize), String> {
    let end = rest.iter().position(|c| *c == '}').filter(|_| rest.first() == Some(&'{'));
    let end = end.ok_or_else(|| "знак «$» без имени в фигурных скобках".to_owned())?;
    let name: String = rest.get(1..end).unwrap_or_default().iter().collect();
    Ok((Token::Variable(name.trim().to_owned()), end + 2))
}

fn quoted(rest: &[char], ends: &[char]) -> Result<(Token, usize), String> {
    let end = rest.iter().position(|c| ends.contains(c)).ok_or_else(|| "кавычка не закрыта".to_owned())?;
    Ok((Token::Text(rest.get(..end).unwrap_or_default().iter().collect()), end + 2))
}

fn number(first: char, rest: &[char]) -> Result<(Token, usize), String> {
    let length = rest.iter().take_while(|c| c.is_ascii_digit() || **c == '.').count();
    let text: String = std::iter::once(first).chain(rest.iter().take(length).copied()).collect();
    let number = decimal_text(&text).ok_or_else(|| format!("запись «{text}»"))?;
    Ok((Token::Number(number), length + 1))
}

fn name(first: char, rest: &[char]) -> (Token, usize) {
    let fits = |c: &&char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':');
    let length = rest.iter().take_while(fits).count();
    let text: String = std::iter::once(first).chain(rest.iter().take(length).copied()).collect();
    (Token::Name(text), length + 1)
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<&Token> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let found = self.tokens.get(self.at) == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self, depth: usize) -> Result<Expression, String> {
        self.joined("or", depth, Self::all, Expression::Or)
    }

    fn all(&mut self, depth: usize) -> Result<Expression, String> {
        self.joined("and", depth, Self::comparison, Expression::And)
    }

    fn joined(
        &mut self,
        word: &str,
        depth: usize,
        part: fn(&mut Self, usize) -> Result<Expression, String>,
        join: fn(Vec<Expression>) -> Expression,
    ) -> Result<Expression, String> {
        if depth == 0 {
            return Err("слишком много вложенных скобок".to_owned());
        }
        let first = part(self, depth)?;
        let word = Token::Name(word.to_owned());
        let mut parts = vec![first];
        while self.take(&word) {
            parts.push(part(self, depth)?);
        }
        match parts.len() {
            1 => parts.pop().ok_or_else(String::new),
            _ => Ok(join(parts)),
        }
    }

    fn comparison(&mut self, depth: usize) -> Result<Expression, String> {
        let left = self.value(depth)?;
        let Some(Token::Operator(operator)) = self.tokens.get(self.at) else { return Ok(left) };
        let operator = *operator;
        self.at += 1;
        let right = self.value(depth)?;
        Ok(Expression::Compare(Box::new(left), operator, Box::new(right)))
    }

    fn value(&mut self, depth: usize) -> Result<Expression, String> {
        let token = self.next().cloned();
        match token {
            Some(Token::Variable(name)) => Ok(Expression::Variable(name)),
            Some(Token::This) => Ok(Expression::This),
            Some(Token::Text(text)) => Ok(Expression::Text(text)),
            Some(Token::Number(number)) => Ok(Expression::Number(number)),
            Some(Token::Open) => {
                let found = self.any(depth - 1)?;
                if self.take(&Token::Close) {
                    Ok(found)
                } else {
                    Err("скобка не закрыта".to_owned())
                }
            }
            Some(Token::Name(name)) => self.call(name, depth),
            _ => Err("выражение обрывается".to_owned()),
        }
    }

    fn call(&mut self, name: String, depth: usize) -> Result<Expression, String> {
        if !self.take(&Token::Open) {
            return Err(format!("слово «{name}»"));
        }
        let mut arguments = Vec::new();
        if self.take(&Token::Close) {
            return Ok(Expression::Call(name, arguments));
        }
        loop {
            arguments.push(self.any(depth - 1)?);
            if self.take(&Token::Comma) {
                continue;
            }
            return if self.take(&Token::Close) {
                Ok(Expression::Call(name, arguments))
            } else {
                Err("скобка не закрыта".to_owned())
            };
        }
    }
}
