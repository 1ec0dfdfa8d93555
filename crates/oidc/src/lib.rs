//! Who does an outside login say this is?
//!
//! OpenID Connect: discovery, authorization code with PKCE, state and nonce, checked ID tokens. What is found out is a
//! [`Stranger`]: a stable name and, where the provider vouches for it, an address for mail. Which account that is, and
//! what it may do, is decided elsewhere: roles never come from outside.
//!
//! State and nonce are made and kept by whoever asks; the clock is an argument.

mod http;

use std::error::Error;
use std::fmt;
use std::pin::Pin;

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreTokenResponse};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointState, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError, TokenResponse,
};
use tokio::sync::Mutex;

use http::{Failed, Http};

/// How long what a provider says of itself is believed without asking again.
const METADATA_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// How soon it may be asked again when a token is signed by a key nobody has heard of.
const KEYS_LIFE: SignedDuration = SignedDuration::from_mins(1);

/// An outside login, as it was configured.
pub struct Provider {
    issuer: IssuerUrl,
    client: ClientId,
    secret: Option<ClientSecret>,
    http: Http,
    known: Mutex<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    metadata: CoreProviderMetadata,
    at: Timestamp,
}

/// A way in that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Where the browser has to go.
    pub url: String,
    /// By what the code is redeemed; kept on the server.
    pub verifier: String,
}

/// Whom the provider has let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// Stable and unique: issuer and subject.
    pub subject: String,
    /// Address for mail in lower case, when the provider says that it belongs to this person.
    pub mail: Option<String>,
}

/// The answer of a provider, and what was asked.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// Address the browser was sent back to.
    pub redirect: &'a str,
    /// The code it brought.
    pub code: &'a str,
    /// What the token has to repeat.
    pub nonce: &'a str,
    /// By what the code is redeemed.
    pub verifier: &'a str,
}

/// Why it is not known who somebody is. Details are English, for the log of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTold {
    /// The provider can't be reached, or does not speak OpenID Connect.
    Unreachable(String),
    /// The provider does not take the code.
    Refused(String),
    /// The ID token is not to be believed.
    Wrong(String),
}

impl fmt::Display for NotTold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(detail) => write!(f, "the provider can't be reached: {detail}"),
            Self::Refused(detail) => write!(f, "the provider refused: {detail}"),
            Self::Wrong(detail) => write!(f, "the ID token is not to be believed: {detail}"),
        }
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.issuer.as_str())
    }
}

impl Provider {
    /// A provider by its issuer, or what is wrong, in Russian. Nothing is asked yet: it may be down just now.
    pub fn new(issuer: &str, client: &str, secret: Option<&str>) -> Result<Self, String> {
        let wrong = || {
            format!(
                "Адрес внешнего входа «{issuer}» не понят. Он нужен в виде https://id.example.ru; без шифрования \
                 (http) допускается только этот компьютер."
            )
        };
        let issuer_url = IssuerUrl::new(issuer.trim().to_owned()).map_err(|_| wrong())?;
        let url = issuer_url.url();
        let near = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if url.host_str().is_none() || !(url.scheme() == "https" || url.scheme() == "http" && near) {
            return Err(wrong());
        }
        if client.trim().is_empty() {
            return Err(
                "Не указано имя Опоры у внешнего входа (--oidc-client-id). Его выдают при регистрации."
                    .to_owned(),
            );
        }
        let http = Http::new(url.scheme() == "http").map_err(|Failed(detail)| {
            format!(
                "Список доверенных сертификатов системы не читается (подробность: {detail}). Без него внешний вход \
                 не проверить. Поставьте пакет ca-certificates."
            )
        })?;
        Ok(Self {
            issuer: issuer_url.clone(),
            client: ClientId::new(client.trim().to_owned()),
            secret: secret
                .map(str::trim)
                .filter(|secret| !secret.is_empty())
                .map(|secret| ClientSecret::new(secret.to_owned())),
            http,
            known: Mutex::new(None),
        })
    }

    /// Host of the provider, to be shown beside the button.
    pub fn host(&self) -> &str {
        self.issuer.url().host_str().unwrap_or_default()
    }

    /// Begins a way in: where to go, with the state and the nonce of whoever asks.
    pub async fn begin(
        &self,
        redirect: &str,
        state: &str,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Begun, NotTold> {
        let metadata = self.metadata(now, METADATA_LIFE).await?;
        let client = CoreClient::from_provider_metadata(metadata, self.client.clone(), self.secret.clone())
            .set_redirect_uri(address(redirect)?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (state, nonce) = (CsrfToken::new(state.to_owned()), Nonce::new(nonce.to_owned()));
        let (url, ..) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Begun { url: url.to_string(), verifier: verifier.secret().clone() })
    }

    /// Redeems the code and checks the ID token: signature, issuer, audience, expiry, nonce.
    pub async fn who(&self, answer: &Answer<'_>, now: Timestamp) -> Result<Stranger, NotTold> {
        let metadata = self.metadata(now, METADATA_LIFE).await?;
        let client = CoreClient::from_provider_metadata(metadata, self.client.clone(), self.secret.clone())
            .set_redirect_uri(address(answer.redirect)?);
        let ask = self.ask();
        let tokens = client
            .exchange_code(AuthorizationCode::new(answer.code.to_owned()))
            .map_err(|error| NotTold::Unreachable(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(answer.verifier.to_owned()))
            .request_async(&ask)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(error) => NotTold::Unreachable(error.0),
                other => NotTold::Refused(other.to_string()),
            })?;
        match checked(&client, &tokens, answer.nonce) {
            // The provider may have changed its keys since it was asked.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let metadata = self.metadata(now, KEYS_LIFE).await?;
                let client =
                    CoreClient::from_provider_metadata(metadata, self.client.clone(), self.secret.clone());
                checked(&client, &tokens, answer.nonce)
            }
            other => other,
        }
        .map_err(|error| NotTold::Wrong(told(&error)))
    }

    fn ask(&self) -> impl Fn(HttpRequest) -> Asking {
        let http = self.http.clone();
        move |request| {
            let http = http.clone();
            Box::pin(async move { http.send(request).await })
        }
    }

    /// What the provider says of itself, with its keys.
    async fn metadata(&self, now: Timestamp, life: SignedDuration) -> Result<CoreProviderMetadata, NotTold> {
        let mut known = self.known.lock().await;
        // A clock that was put back makes nothing live longer.
        let young = |at: Timestamp| at <= now && now.duration_since(at) < life;
        if let Some(known) = known.as_ref().filter(|known| young(known.at)) {
            return Ok(known.metadata.clone());
        }
        let ask = self.ask();
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &ask)
            .await
            .map_err(|error| NotTold::Unreachable(told(&error)))?;
        *known = Some(Known { metadata: metadata.clone(), at: now });
        Ok(metadata)
    }
}

type Asking = Pin<Box<dyn Future<Output = Result<HttpResponse, Failed>> + Send>>;

fn address(redirect: &str) -> Result<RedirectUrl, NotTold> {
    RedirectUrl::new(redirect.to_owned()).map_err(|error| NotTold::Refused(error.to_string()))
}

fn checked<A, D, I, R, T, U>(
    client: &CoreClient<A, D, I, R, T, U>,
    tokens: &CoreTokenResponse,
    nonce: &str,
) -> Result<Stranger, ClaimsVerificationError>
where
    A: EndpointState,
    D: EndpointState,
    I: EndpointState,
    R: EndpointState,
    T: EndpointState,
    U: EndpointState,
{
    let none = || ClaimsVerificationError::Other("there is no ID token".to_owned());
    let token = tokens.id_token().ok_or_else(none)?;
    let verifier = client.id_token_verifier();
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned()))?;
    if let Some(expected) = claims.access_token_hash() {
        let other = |error: &dyn Error| ClaimsVerificationError::Other(told(error));
        let algorithm = token.signing_alg().map_err(|error| other(&error))?;
        let key = token.signing_key(&verifier).map_err(ClaimsVerificationError::SignatureVerification)?;
        let own = AccessTokenHash::from_token(tokens.access_token(), algorithm, key);
        let own = own.map_err(|error| other(&error))?;
        if own != *expected {
            return Err(ClaimsVerificationError::Other("the access token is another one".to_owned()));
        }
    }
    let vouched = claims.email_verified() == Some(true);
    let mail = claims.email().filter(|_| vouched).map(|mail| mail.trim().to_lowercase());
    Ok(Stranger {
        subject: format!("{} {}", claims.issuer().as_str(), claims.subject().as_str()),
        mail: mail.filter(|mail| !mail.is_empty()),
    })
}

/// An error with all that lies behind it.
fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut inner = error.source();
    while let Some(error) = inner {
        text.push_str(": ");
        text.push_str(&error.to_string());
        inner = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Provider;

    #[test]
    fn only_a_safe_address_is_an_issuer() {
        let check =
            |issuer: &str, ok| assert_eq!(Provider::new(issuer, "opora", None).is_ok(), ok, "{issuer}");
        check("https://id.example.ru/realms/town", true);
        check("http://127.0.0.1:9000", true);
        check("http://id.example.ru", false);
        check("ftp://127.0.0.1", false);
        check("id.example.ru", false);
        check("", false);
        assert!(Provider::new("https://id.example.ru", " ", None).is_err());
    }

    #[test]
    fn a_secret_is_not_told() {
        let provider = Provider::new("https://id.example.ru", "opora", Some("тайна")).expect("a provider");
        assert!(!format!("{provider:?}").contains("тайна"));
        assert_eq!(provider.host(), "id.example.ru");
    }
}
