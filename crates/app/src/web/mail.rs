//! How does a letter leave the house?

use std::path::PathBuf;

use lettre::message::{Mailbox, header::ContentType};
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// The way letters take.
#[derive(Debug)]
pub enum Mailer {
    /// Nowhere: no mail was set up.
    None,
    /// To a mail server.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>, Box<Mailbox>),
    /// Into a folder, a file a letter: for tests, and for trying out.
    Folder(AsyncFileTransport<Tokio1Executor>, Box<Mailbox>),
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
            return Ok(Self::Folder(AsyncFileTransport::new(folder), Box::new(from)));
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

    /// Sends a letter, or says why it could not be sent.
    pub async fn send(&self, letter: &Letter) -> Result<(), String> {
        let to: Mailbox = letter.to.parse().map_err(|_| format!("адрес «{}» не понят", letter.to))?;
        let from = match self {
            Self::None => return Err("почта не настроена".to_owned()),
            Self::Smtp(_, from) | Self::Folder(_, from) => from.as_ref().clone(),
        };
        let message = Message::builder()
            .from(from)
            .to(to)
            .subject(letter.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|error| error.to_string())?;
        match self {
            Self::None => Ok(()),
            Self::Smtp(smtp, _) => smtp.send(message).await.map(|_| ()).map_err(|error| error.to_string()),
            Self::Folder(folder, _) => {
                folder.send(message).await.map(|_| ()).map_err(|error| error.to_string())
            }
        }
    }
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
        let files: Vec<_> = std::fs::read_dir(folder.path().join("письма")).expect("a folder").collect();
        assert_eq!(files.len(), 1);
        let wrong = Letter { to: "никому".to_owned(), ..letter.clone() };
        assert_eq!(mailer.send(&wrong).await, Err("адрес «никому» не понят".to_owned()));
        assert_eq!(Mailer::None.send(&letter).await, Err("почта не настроена".to_owned()));
    }

    #[test]
    fn addresses_are_read() {
        let check = |address, from, ok| assert_eq!(Mailer::parse(address, from).is_ok(), ok, "{address}");
        check("ftp://mail.test", "opora@example.ru", false);
        check("smtp://mail.test:25", "opora", false);
    }
}
