//! Let people in: invite, log in, prove a second time, forget a password.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use opora_access::{
    Grant, GrantRefused, NotOpened, PasswordHash, PasswordWeakness, Place, Role, Seal, SecondFactor,
    Throttle, Token, check_grant, judge_password, recovery_codes, token_sha256, wait_seconds,
};
use opora_store::{
    Account, AccountId, Authorship, Credential, CredentialKind, GrantId, LinkKind, NewAccount, Store,
    StoreError,
};

use super::assignments::refuse_own_school;

/// How long an invitation can be accepted.
const INVITATION: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a forgotten password can be chosen anew.
const RESET: SignedDuration = SignedDuration::from_hours(2);

/// Why somebody does not get in.
#[derive(Debug)]
pub enum NoEntry {
    /// No such account, closed, no password yet, or a wrong one: which of these is nobody's business.
    Wrong,
    /// Too many failures: wait so many seconds.
    Wait(u64),
    /// The secret of the second factor can't be opened with the key of this installation.
    NotOpened,
    /// The database failed.
    Store(StoreError),
    /// The operating system gives no randomness.
    NoRandomness,
}

impl From<StoreError> for NoEntry {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What must still be proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Nothing.
    Enough,
    /// A one-time code.
    Code,
}

/// Makes a token, or says that there is no randomness.
pub fn token() -> Result<Token, NoEntry> {
    Token::new().ok_or(NoEntry::NoRandomness)
}

/// Checks login and password. `address` is where the attempt comes from. Hashing takes its time off the async threads.
pub async fn check_password(
    store: &Store,
    login: &str,
    password: &str,
    address: &str,
    now: Timestamp,
) -> Result<(Account, Proof), NoEntry> {
    refuse_while_waiting(store, login, address, now).await?;
    let account = store.account_of(login).await?;
    let hash = match &account {
        Some(account) => store.credentials(account.id, CredentialKind::Password).await?.pop(),
        None => None,
    };
    // Without an account a hash of nothing is checked all the same: the time of the answer tells nothing.
    let hash =
        hash.map_or_else(|| PasswordHash::recorded(NOBODY), |found| PasswordHash::recorded(&found.value));
    let typed = password.to_owned();
    let fits = tokio::task::spawn_blocking(move || hash.fits(&typed)).await.unwrap_or(false);
    match account.filter(|account| fits && account.open) {
        None => {
            store.record_failure(login, address, now).await?;
            Err(NoEntry::Wrong)
        }
        Some(account) => {
            let second = store.credentials(account.id, CredentialKind::SecondFactor).await?;
            // Failures are forgotten once everything is proved: a known password must not buy endless codes.
            if second.is_empty() {
                store.forget_failures(login).await?;
                Ok((account, Proof::Enough))
            } else {
                Ok((account, Proof::Code))
            }
        }
    }
}

/// A hash that no password fits, made with the costs of all others.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXRoaW5nIHNhbHR5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

async fn refuse_while_waiting(
    store: &Store,
    login: &str,
    address: &str,
    now: Timestamp,
) -> Result<(), NoEntry> {
    let since = |last: Option<Timestamp>| last.map_or(0, |last| now.duration_since(last).as_secs());
    let own = store.failures_of_account(login, now).await?;
    let near = store.failures_of_address(address, now).await?;
    let wait = wait_seconds(Throttle::ACCOUNT, own.count, since(own.last)).max(wait_seconds(
        Throttle::ADDRESS,
        near.count,
        since(near.last),
    ));
    if wait > 0 { Err(NoEntry::Wait(wait)) } else { Ok(()) }
}

/// Checks a one-time code or a recovery code of an account whose password was right.
pub async fn check_code(
    store: &Store,
    seal: Option<&Seal>,
    account: &Account,
    code: &str,
    address: &str,
    now: Timestamp,
) -> Result<(), NoEntry> {
    refuse_while_waiting(store, &account.login, address, now).await?;
    let (secrets, closed) = secrets(store, seal, account).await?;
    if code_fits(store, account, &secrets, code, now).await? {
        store.forget_failures(&account.login).await?;
        return Ok(());
    }
    store.record_failure(&account.login, address, now).await?;
    Err(if closed { NoEntry::NotOpened } else { NoEntry::Wrong })
}

/// The secrets of an account, opened, and whether there is one that does not open. One in clear is from before the
/// seal; the next start seals it.
async fn secrets(
    store: &Store,
    seal: Option<&Seal>,
    account: &Account,
) -> Result<(Vec<(Credential, String)>, bool), StoreError> {
    let (mut opened, mut closed) = (Vec::new(), false);
    for credential in store.credentials(account.id, CredentialKind::SecondFactor).await? {
        let secret = match seal {
            Some(seal) => seal.open(&credential.value, &owner(account)),
            None if Seal::is_sealed(&credential.value) => Err(NotOpened::OtherKey),
            None => Ok(credential.value.clone()),
        };
        match secret {
            Ok(secret) => opened.push((credential, secret)),
            Err(_) => closed = true,
        }
    }
    Ok((opened, closed))
}

/// What a secret is sealed for.
fn owner(account: &Account) -> String {
    format!("account/{}", account.id.0)
}

async fn code_fits(
    store: &Store,
    account: &Account,
    secrets: &[(Credential, String)],
    code: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    for (credential, secret) in secrets {
        let factor = SecondFactor::recorded(secret, &account.login);
        let step = factor.and_then(|factor| factor.check(code, now.as_second(), None));
        if let Some(step) = step
            && store.use_code(credential, step).await?
        {
            return Ok(true);
        }
    }
    let hash = token_sha256(&code.trim().to_lowercase());
    let recovery = store.credentials(account.id, CredentialKind::Recovery).await?;
    match recovery.into_iter().find(|credential| credential.value == hash) {
        Some(credential) => {
            let by = Authorship {
                who: &account.name, reason: "вход по коду восстановления", at: now
            };
            store.spend_credential(&credential, &by).await
        }
        None => Ok(false),
    }
}

/// Turns the second proof on when the code shows that the application has the secret. The recovery codes are told once.
pub async fn turn_second_factor_on(
    store: &Store,
    seal: Option<&Seal>,
    account: &Account,
    secret: &str,
    code: &str,
    now: Timestamp,
) -> Result<Vec<String>, NoEntry> {
    let factor = SecondFactor::recorded(secret, &account.login).ok_or(NoEntry::Wrong)?;
    factor.check(code, now.as_second(), None).ok_or(NoEntry::Wrong)?;
    let codes = recovery_codes().ok_or(NoEntry::NoRandomness)?;
    let by =
        Authorship { who: &account.name, reason: "второй шаг входа включён", at: now };
    let seal = seal.ok_or(NoEntry::NotOpened)?;
    let secret = seal.seal(&factor.secret(), &owner(account)).ok_or(NoEntry::NoRandomness)?;
    store.set_credentials(account.id, CredentialKind::SecondFactor, &[secret], &by).await?;
    let hashes: Vec<String> = codes.iter().map(|code| token_sha256(code)).collect();
    store.set_credentials(account.id, CredentialKind::Recovery, &hashes, &by).await?;
    Ok(codes)
}

/// Turns the second proof off.
pub async fn turn_second_factor_off(
    store: &Store,
    account: &Account,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    store.set_credentials(account.id, CredentialKind::SecondFactor, &[], by).await?;
    store.set_credentials(account.id, CredentialKind::Recovery, &[], by).await
}

/// Why an account or a role could not be given.
#[derive(Debug)]
pub enum NotInvited {
    /// A field is wrong: its name and what is wrong.
    Field(&'static str, String),
    /// Refused or failed.
    Store(StoreError),
}

impl From<StoreError> for NotInvited {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Most signs of a name, a login, an address of mail.
const CHARS_MAX: usize = 200;

/// The field of a form that a refused role is about.
pub fn field_of(refused: GrantRefused) -> &'static str {
    match refused {
        GrantRefused::Reversed => "until",
        GrantRefused::WrongPlace | GrantRefused::OwnSchool | GrantRefused::Held => "place",
    }
}

/// What is wrong with the role of the first account: from that moment nobody works without one, so it has to be somebody
/// who can let in all others, from today and for good.
pub fn wrong_for_the_first(grant: &Grant, today: Date) -> Option<(&'static str, &'static str)> {
    if grant.role != Role::RegionalOperator || grant.place != Place::Installation {
        return Some((
            "role",
            "Первой заведите свою учётную запись: роль «региональный оператор», место «вся установка». Иначе приглашать других будет некому.",
        ));
    }
    if grant.from > today {
        return Some(("from", "Первая учётная запись нужна с сегодняшнего дня: без неё никто не войдёт."));
    }
    grant.until.map(|_| ("until", "У первой учётной записи не должно быть последнего дня: после него приглашать других будет некому."))
}

/// Makes an account with a role, and the token of the link by which its person chooses a password.
pub async fn invite(
    store: &Store,
    new: &NewAccount<'_>,
    grant: &Grant,
    by: &Authorship<'_>,
) -> Result<(AccountId, Token), NotInvited> {
    let login = new.login.trim();
    let plain = |c: char| c.is_alphanumeric() || "._-@+".contains(c);
    if login.chars().count() < 3 || !login.chars().all(plain) {
        let what =
            "Имя для входа — не короче трёх знаков: буквы, цифры, точка, дефис. Удобно взять адрес почты.";
        return Err(NotInvited::Field("login", what.to_owned()));
    }
    if new.name.trim().is_empty() {
        return Err(NotInvited::Field(
            "name",
            "Напишите фамилию и имя: так человека увидят другие.".to_owned(),
        ));
    }
    let mail = new.mail.trim();
    let is_address = mail.contains('@') && !mail.contains(char::is_whitespace);
    if !mail.is_empty() && !is_address {
        return Err(NotInvited::Field(
            "mail",
            "Адрес почты не понят. Он нужен в виде имя@example.ru.".to_owned(),
        ));
    }
    let long = [("login", login), ("name", new.name.trim()), ("mail", mail)]
        .into_iter()
        .find(|(_, text)| text.chars().count() > CHARS_MAX);
    if let Some((field, _)) = long {
        return Err(NotInvited::Field(field, format!("Длиннее {CHARS_MAX} знаков. Сократите.")));
    }
    if let Err(refused) = check_grant(&[], grant) {
        return Err(NotInvited::Field(field_of(refused), refused.russian().to_owned()));
    }
    let token = Token::new().ok_or_else(|| NotInvited::Field("login", NO_RANDOMNESS.to_owned()))?;
    let id = store.create_account(new, by).await?;
    give_role(store, id, grant, by).await?;
    store.create_link(id, LinkKind::Invitation, &token.sha256(), by.at + INVITATION, by).await?;
    Ok((id, token))
}

/// What is told when no secret can be made.
pub const NO_RANDOMNESS: &str =
    "Система не даёт случайных чисел, без них ссылку не сделать. Повторите позже.";

/// Gives a role; refuses one that contradicts those held.
pub async fn give_role(
    store: &Store,
    id: AccountId,
    grant: &Grant,
    by: &Authorship<'_>,
) -> Result<GrantId, StoreError> {
    if grant.role == Role::Curator {
        refuse_own_school(store, id, grant.place).await?;
    }
    store.give_role(id, grant, |held| check_grant(held, grant).map_err(StoreError::GrantRefused), by).await
}

/// A new link by which the person of an account chooses a password.
pub async fn new_link(
    store: &Store,
    id: AccountId,
    kind: LinkKind,
    by: &Authorship<'_>,
) -> Result<Option<Token>, StoreError> {
    let Some(token) = Token::new() else { return Ok(None) };
    let life = match kind {
        LinkKind::Invitation => INVITATION,
        LinkKind::Reset => RESET,
    };
    store.create_link(id, kind, &token.sha256(), by.at + life, by).await?;
    Ok(Some(token))
}

/// Judges a new password and hashes it off the async threads.
pub async fn hashed(password: &str, account: &Account) -> Result<PasswordHash, String> {
    judge_password(password, &[&account.login, &account.mail, &account.name])
        .map_err(PasswordWeakness::russian)?;
    let password = password.to_owned();
    let hash = tokio::task::spawn_blocking(move || PasswordHash::of(&password)).await;
    hash.ok().flatten().ok_or_else(|| NO_RANDOMNESS.to_owned())
}
