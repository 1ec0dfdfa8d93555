//! A form with files, as a browser or a program sends it.

use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;

/// The parts of a form in the order of sending.
#[derive(Default)]
pub struct Parts(Vec<u8>);

impl Parts {
    /// Fields without a file.
    pub fn of(fields: &[(&str, &str)]) -> Self {
        fields.iter().fold(Self::default(), |parts, (name, value)| parts.field(name, value))
    }

    /// One field more.
    pub fn field(self, name: &str, value: &str) -> Self {
        self.part(&format!("name=\"{name}\""), value.as_bytes())
    }

    /// One file more.
    pub fn file(self, name: &str, file: &str, bytes: &[u8]) -> Self {
        self.part(&format!("name=\"{name}\"; filename=\"{file}\""), bytes)
    }

    /// The request that sends them.
    pub fn on(mut self, request: Builder) -> Request<Body> {
        self.0.extend_from_slice(b"--cut--\r\n");
        let request = request.header("content-type", "multipart/form-data; boundary=cut");
        request.body(Body::from(self.0)).expect("a request")
    }

    fn part(mut self, disposition: &str, bytes: &[u8]) -> Self {
        let head = format!("--cut\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
        for piece in [head.as_bytes(), bytes, b"\r\n"] {
            self.0.extend_from_slice(piece);
        }
        self
    }
}
