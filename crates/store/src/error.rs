//! Why could something not be recorded or read, and what can be done?

use std::error::Error;
use std::fmt;

use opora_access::GrantRefused;
use opora_exchange::ExchangeError;
use sea_orm::DbErr;

use crate::{PlanId, VersionNumber};

/// Why the store refused or failed. `Display` is Russian: what, why, what next.
#[derive(Debug)]
pub enum StoreError {
    /// The address of the database can't be understood.
    Url {
        /// The address, without a password.
        text: String,
    },
    /// The file is there and is no SQLite database.
    NotADatabase {
        /// Path of the file.
        path: String,
    },
    /// The file or its folder can't be opened or created.
    File {
        /// Path of the file.
        path: String,
        /// What the system says.
        detail: String,
    },
    /// The PostgreSQL server does not answer or refuses.
    Unreachable {
        /// The address, without a password.
        url: String,
        /// What the driver says.
        detail: String,
    },
    /// The database was written by a newer program.
    Newer,
    /// Somebody else has written a version since.
    Conflict {
        /// The newest version.
        current: VersionNumber,
    },
    /// There is no such plan.
    PlanUnknown(PlanId),
    /// The plan has no such version.
    VersionUnknown(PlanId, VersionNumber),
    /// Somebody else has changed the registry of organisations since.
    RegistryChanged,
    /// There is no such file of results, or it was taken out already.
    ResultFileUnknown,
    /// The same file is among the results already.
    ResultFileKnown,
    /// There is no such description of columns, or it is not in use any more.
    MappingUnknown,
    /// A description of columns needs a name.
    MappingUnnamed,
    /// There is no such account.
    AccountUnknown,
    /// The login or the address for mail belongs to another account.
    AccountKnown,
    /// There is no such grant of a role, or it was taken back already.
    GrantUnknown,
    /// The role can't be given.
    GrantRefused(GrantRefused),
    /// The link is unknown, used or over.
    LinkUnknown,
    /// The outside login belongs to an account already, or the account had one before.
    OutsideKnown,
    /// Somebody else has written something about the same thing since.
    FactFirst,
    /// The database a copy was to go into holds something already.
    NotEmpty,
    /// There is no such run.
    RunUnknown,
    /// Somebody else has said or decided something about the same verdict since.
    StepFirst,
    /// The registry of organisations can't be read or written as text.
    Registry(serde_json::Error),
    /// There is no such suppression, or it is withdrawn already.
    SuppressionUnknown,
    /// A version must hold exactly one plan.
    NotOnePlan {
        /// How many the order holds.
        found: usize,
    },
    /// A reason is required and there is none.
    ReasonMissing,
    /// The stored content can't be read as an order.
    Content(ExchangeError),
    /// The database failed.
    Database(DbErr),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { .. } | Self::NotADatabase { .. } | Self::File { .. } | Self::Unreachable { .. } => {
                unopened(self, f)
            }
            Self::Conflict { current } => write!(
                f,
                "План уже изменён: сейчас действует версия {}. Ваша правка сделана по более ранней и стёрла бы чужую. \
                 Откройте новую версию и внесите правку в неё.",
                current.0
            ),
            Self::PlanUnknown(plan) => write!(
                f,
                "Плана № {} нет в базе. Возможно, ссылка устарела или набрана с ошибкой. Найдите план в общем списке.",
                plan.0
            ),
            Self::VersionUnknown(plan, version) => write!(
                f,
                "У плана № {} нет версии {}. Возможно, ссылка набрана с ошибкой. Выберите версию в истории плана.",
                plan.0, version.0
            ),
            Self::Registry(error) => write!(
                f,
                "Реестр организаций не читается ({error}). Без него непонятно, чьи это результаты. Восстановите базу \
                 из резервной копии."
            ),
            Self::NotOnePlan { found } => write!(
                f,
                "Версия должна содержать ровно один план, а передано: {found}. Иначе нельзя понять, что изменено. \
                 Сохраните каждый план отдельно."
            ),
            Self::GrantRefused(refused) => f.write_str(refused.russian()),
            Self::Content(error) => write!(f, "Сохранённый план не читается. {error}"),
            Self::Newer
            | Self::RegistryChanged
            | Self::ResultFileUnknown
            | Self::ResultFileKnown
            | Self::MappingUnknown
            | Self::MappingUnnamed
            | Self::AccountUnknown
            | Self::AccountKnown
            | Self::GrantUnknown
            | Self::LinkUnknown
            | Self::OutsideKnown
            | Self::FactFirst
            | Self::NotEmpty
            | Self::RunUnknown
            | Self::StepFirst
            | Self::SuppressionUnknown
            | Self::ReasonMissing => f.write_str(fixed(self)),
            Self::Database(error) => write!(
                f,
                "База данных не выполнила действие (подробность: {error}). Ничего не записано. Повторите; если ошибка останется, \
                 проверьте свободное место и журнал программы."
            ),
        }
    }
}

/// Why a database could not be opened.
fn unopened(error: &StoreError, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error {
        StoreError::Url { text } => write!(
            f,
            "Адрес базы данных «{text}» не понят. Известны два вида адресов: sqlite:путь/к/файлу и \
             postgres://пользователь:пароль@сервер:порт/база. Исправьте адрес в настройках."
        ),
        StoreError::NotADatabase { path } => write!(
            f,
            "Файл «{path}» — не база данных SQLite. Записывать в него нельзя: его содержимое пропало бы. \
             Укажите другой файл или восстановите базу из резервной копии."
        ),
        StoreError::File { path, detail } => write!(
            f,
            "Файл базы данных «{path}» не открывается (подробность: {detail}). Без него нечего читать и некуда записывать. \
             Проверьте путь, права на папку и свободное место на диске."
        ),
        StoreError::Unreachable { url, detail } => write!(
            f,
            "Сервер базы данных {url} недоступен (подробность: {detail}). Без него нечего читать и некуда записывать. \
             Проверьте, что PostgreSQL запущен, а адрес, имя и пароль указаны верно."
        ),
        _ => Ok(()),
    }
}

/// Messages that tell nothing of the case.
fn fixed(error: &StoreError) -> &'static str {
    match error {
        StoreError::Newer => {
            "База данных записана более новой версией программы. Старая программа могла бы её испортить. \
                 Обновите «Опору» или откройте другую базу."
        }
        StoreError::RegistryChanged => {
            "Реестр организаций уже изменён кем-то другим. Ваше изменение стёрло бы чужое. Загрузите файл ещё раз: \
                 он добавится к новому реестру."
        }
        StoreError::ResultFileUnknown => {
            "Такого файла результатов нет. Возможно, его уже исключили. Посмотрите список загруженных файлов."
        }
        StoreError::ResultFileKnown => {
            "Этот файл уже загружен. Второй раз те же результаты не считаются. Ничего делать не нужно."
        }
        StoreError::MappingUnknown => {
            "Такого описания столбцов нет, или его уже убрали. Обновите страницу и выберите описание из списка."
        }
        StoreError::MappingUnnamed => {
            "Описание столбцов не названо. По названию его находят в следующий раз. Напишите название."
        }
        StoreError::AccountUnknown => {
            "Такой учётной записи нет. Возможно, ссылка набрана с ошибкой. Выберите человека из списка."
        }
        StoreError::AccountKnown => {
            "Это имя для входа или этот адрес почты уже заняты. Два человека не могут входить под одним именем. Найдите \
                 человека в списке или выберите другое имя."
        }
        StoreError::GrantUnknown => {
            "Такой роли нет, или её уже завершили. Обновите страницу и посмотрите, какие роли действуют."
        }
        StoreError::LinkUnknown => {
            "Ссылка не действует: её уже использовали, или прошёл срок. Если пароль вы уже выбрали, войдите с ним. Иначе \
                 попросите новую ссылку у того, кто вас пригласил, или восстановите пароль на странице входа."
        }
        StoreError::OutsideKnown => {
            "Этот вход уже привязан к учётной записи. Один внешний вход ведёт в одну учётную запись. Сначала отвяжите его \
                 там или попросите об этом координатора."
        }
        StoreError::FactFirst => {
            "Пока страница была открыта, здесь появилась новая запись. Ваше действие сделано без неё. Обновите страницу, \
                 прочитайте новое и повторите."
        }
        StoreError::NotEmpty => {
            "В базе, куда нужно копировать, уже есть записи. Копия стёрла бы их или смешалась с ними. Укажите пустую \
                 базу или новую папку."
        }
        StoreError::RunUnknown => {
            "Такого расчёта нет. Возможно, ссылка набрана с ошибкой. Выберите расчёт из списка."
        }
        StoreError::StepFirst => {
            "По этой школе уже записан другой шаг. Ваше решение принято без него. Обновите страницу, прочитайте \
                 новое и решите ещё раз."
        }
        StoreError::SuppressionUnknown => {
            "Такого отключённого замечания нет. Возможно, его уже вернул кто-то другой. Обновите страницу."
        }
        StoreError::ReasonMissing => {
            "Не указана причина. По ней другие поймут, почему решение принято. Напишите её в одном предложении."
        }
        _ => "",
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Content(error) => Some(error),
            Self::Database(error) => Some(error),
            Self::Registry(error) => Some(error),
            _ => None,
        }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl From<ExchangeError> for StoreError {
    fn from(error: ExchangeError) -> Self {
        Self::Content(error)
    }
}
