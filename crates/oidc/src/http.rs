//! How is a provider asked? One small request at a time, over HTTPS, no redirects followed.

use std::fmt;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::{HttpRequest, HttpResponse};

/// How long a provider may take for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes of an answer: documents and tokens take a few kilobytes.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// An HTTP client that knows the certificates the system trusts.
#[derive(Clone)]
pub(crate) struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

impl Http {
    /// `plain`: the provider is on this machine and may speak without encryption.
    pub(crate) fn new(plain: bool) -> Result<Self, Failed> {
        let provider = rustls::crypto::ring::default_provider();
        let builder = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(provider)
            .map_err(|error| Failed(error.to_string()))?;
        let builder = if plain { builder.https_or_http() } else { builder.https_only() };
        Ok(Self(Client::builder(TokioExecutor::new()).build(builder.enable_http1().build())))
    }

    pub(crate) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Failed> {
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let asked = async {
            let response = self.0.request(request).await.map_err(|error| Failed(super::told(&error)))?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
            let body = body.map_err(|error| Failed(error.to_string()))?;
            Ok(HttpResponse::from_parts(parts, body.to_bytes().to_vec()))
        };
        let late = |_| Failed(format!("no answer in {} s", PATIENCE.as_secs()));
        tokio::time::timeout(PATIENCE, asked).await.map_err(late)?
    }
}
