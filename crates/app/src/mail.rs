//! How does a letter leave the house?

use std::fmt;
use std::path::{Path, PathBuf};

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue, MessageId};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// The way letters take.
#[derive(Debug)]
pub enum Mailer {
    /// Nowhere: no mail was set up.
    None,
    /// To a mail server.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>, Box<Mailbox>),
    /// Into a folder, a file a letter: for tests, and for trying out.
    Folder(PathBuf, Box<Mailbox>),
}

/// A letter in plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Address of the reader.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}

/// Why a letter was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSent {
    /// In words, for the log and for the administrator.
    pub why: String,
    /// Another try would end the same way.
    pub for_good: bool,
}

impl NotSent {
    fn for_good(why: String) -> Self {
        Self { why, for_good: true }
    }

    /// It may go better later.
    pub fn for_now(why: String) -> Self {
        Self { why, for_good: false }
    }
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

/// `Auto-Submitted: auto-generated`: programs that answer for people on holiday leave such letters alone.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Mailer {
    /// Reads the address of a mail server, `smtps://user:password@host:465` or `smtp://host:25`, or of a folder,
    /// `folder:letters`; `from` is the address letters come from.
    pub fn parse(address: &str, from: &str) -> Result<Self, String> {
        let from: Mailbox = from
            .trim()
            .parse()
            .map_err(|_| format!("Адрес отправителя «{from}» не понят. Он нужен в виде opora@example.ru."))?;
        if let Some(folder) = address.strip_prefix("folder:") {
            let folder = PathBuf::from(folder);
            std::fs::create_dir_all(&folder).map_err(|error| {
                format!(
                    "Папка для писем «{}» не создана ({error}). Проверьте путь и права.",
                    folder.display()
                )
            })?;
            return Ok(Self::Folder(folder, Box::new(from)));
        }
        let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(address).map_err(|error| {
            format!(
                "Адрес почтового сервера не понят (подробность: {error}). Он нужен в виде \
                 smtps://имя:пароль@сервер:465 или folder:папка."
            )
        })?;
        Ok(Self::Smtp(Box::new(smtp.build()), Box::new(from)))
    }

    /// Whether letters go anywhere.
    pub fn is_set_up(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The domain that letters come from.
    pub fn domain(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Smtp(_, from) | Self::Folder(_, from) => Some(from.email.domain()),
        }
    }

    /// Sends a letter, or says why it could not be sent.
    pub async fn send(&self, letter: &Letter) -> Result<(), NotSent> {
        self.send_as(letter, None).await
    }

    /// Sends a letter under a Message-ID of its own. Sent twice under the same one, it is the same letter to mail programs, and
    /// the same file in a folder.
    pub async fn send_as(&self, letter: &Letter, id: Option<&str>) -> Result<(), NotSent> {
        let (Self::Smtp(_, from) | Self::Folder(_, from)) = self else {
            return Err(NotSent::for_now("почта не настроена".to_owned()));
        };
        let to: Mailbox =
            letter.to.parse().map_err(|_| NotSent::for_good(format!("адрес «{}» не понят", letter.to)))?;
        let message = Message::builder()
            .from(from.as_ref().clone())
            .to(to)
            .subject(letter.subject.clone())
            .message_id(id.map(str::to_owned))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|error| NotSent::for_good(error.to_string()))?;
        match self {
            Self::None => Ok(()),
            Self::Smtp(smtp, _) => smtp
                .send(message)
                .await
                .map(|_| ())
                .map_err(|error| NotSent { for_good: error.is_permanent(), why: error.to_string() }),
            Self::Folder(folder, _) => into_folder(folder, &message)
                .await
                .map_err(|error| NotSent::for_now(format!("папка для писем не принимает файл: {error}"))),
        }
    }
}

/// Writes a letter into a folder under its Message-ID, whole or not at all.
async fn into_folder(folder: &Path, message: &Message) -> std::io::Result<()> {
    let id = message.headers().get::<MessageId>().map(|id| id.as_ref().to_owned()).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    let name: String = id.chars().filter(|c| plain(*c)).collect();
    let unfinished = folder.join(format!("{name}.part"));
    tokio::fs::write(&unfinished, message.formatted()).await?;
    tokio::fs::rename(&unfinished, folder.join(format!("{name}.eml"))).await
}

#[cfg(test)]
mod tests {
    use super::{Letter, Mailer};

    #[tokio::test]
    async fn a_letter_goes_into_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let address = format!("folder:{}", folder.path().join("письма").display());
        let mailer = Mailer::parse(&address, "opora@example.ru").expect("a mailer");
        let letter = Letter {
            to: "sokolova@example.ru".to_owned(),
            subject: "Новый пароль".to_owned(),
            text: "Ссылка: https://opora.example.ru/link/abc".to_owned(),
        };
        mailer.send(&letter).await.expect("a letter");
        let id = "<digest.7.2026-11-22@example.ru>";
        for _ in 0..2 {
            mailer.send_as(&letter, Some(id)).await.expect("a letter");
        }
        let letters = folder.path().join("письма");
        let names: Vec<String> = std::fs::read_dir(&letters)
            .expect("a folder")
            .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names.len(), 2, "{names:?}");
        let written =
            std::fs::read_to_string(letters.join("digest.7.2026-11-22@example.ru.eml")).expect("a letter");
        assert!(
            written.contains(&format!("Message-ID: {id}"))
                && written.contains("Auto-Submitted: auto-generated")
        );
        let wrong = Letter { to: "никому".to_owned(), ..letter.clone() };
        let refused = mailer.send(&wrong).await.expect_err("no address");
        assert_eq!((refused.why.as_str(), refused.for_good), ("адрес «никому» не понят", true));
        assert_eq!(mailer.domain(), Some("example.ru"));
        assert!(!Mailer::None.send(&letter).await.expect_err("no mail").for_good);
    }

    #[test]
    fn addresses_are_read() {
        let check = |address, from, ok| assert_eq!(Mailer::parse(address, from).is_ok(), ok, "{address}");
        check("ftp://mail.test", "opora@example.ru", false);
        check("smtp://mail.test:25", "opora", false);
    }
}
