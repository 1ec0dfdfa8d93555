//! What becomes of a request that was answered before it was read to its end?
//!
//! A connection that is closed while the other side still sends is reset, and a browser then shows «соединение
//! сброшено» in place of the page that tells what was wrong: a file that is too large, a session that has ended, a
//! database that is away. So the rest is read and thrown away before the answer goes out.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Error;
use axum::body::{Body, BodyDataStream, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;

use super::routes::MAX_REQUEST_BYTES;

/// Most bytes that are thrown away: who sends more is cut off.
const BYTES_MAX: usize = 4 * MAX_REQUEST_BYTES;
/// How long the next piece may be under way.
const NEXT_PIECE: Duration = Duration::from_secs(10);
/// How long all of them may be.
const ALL_PIECES: Duration = Duration::from_secs(5 * 60);

/// Layer that reads what the answer left of its request.
pub async fn read_to_end(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let pieces = Pieces(Arc::new(Mutex::new(body.into_data_stream())));
    let answer = next.run(Request::from_parts(parts, Body::from_stream(pieces.clone()))).await;
    // Whoever has not sent it all by then has the answer all the same, or loses it.
    let _ = timeout(ALL_PIECES, pieces.throw_away()).await;
    answer
}

/// The pieces of a request that nobody has taken yet, for the handler and for whoever comes after it.
#[derive(Clone)]
struct Pieces(Arc<Mutex<BodyDataStream>>);

impl Stream for Pieces {
    type Item = Result<Bytes, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).poll_next_unpin(context)
    }
}

impl Pieces {
    async fn throw_away(mut self) {
        let mut thrown = 0;
        while thrown < BYTES_MAX
            && let Ok(Some(Ok(piece))) = timeout(NEXT_PIECE, self.next()).await
        {
            thrown += piece.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::DefaultBodyLimit;
    use axum::http::StatusCode;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    const SENT: usize = 8 * 1024 * 1024;

    /// What a client hears that first sends all it has, as browsers do.
    async fn heard(path: &str) -> String {
        let app = Router::new()
            .route("/unread", post(|| async { (StatusCode::SERVICE_UNAVAILABLE, "база далеко") }))
            .route("/large", post(|_: Bytes| async { "прочитано" }))
            .layer(DefaultBodyLimit::max(SENT / 8))
            .layer(from_fn(read_to_end));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = tokio::spawn(async move { axum::serve(listener, app).await });
        let mut client = TcpStream::connect(address).await.expect("a connection");
        let head = format!("POST {path} HTTP/1.1\r\nhost: opora.test\r\ncontent-length: {SENT}\r\n\r\n");
        client.write_all(head.as_bytes()).await.expect("the head is taken");
        for _ in 0..SENT / 65_536 {
            client.write_all(&[b'a'; 65_536]).await.expect("each piece is taken");
        }
        client
            .write_all(b"GET /then HTTP/1.1\r\nhost: opora.test\r\nconnection: close\r\n\r\n")
            .await
            .expect("more");
        let mut answers = Vec::new();
        client.read_to_end(&mut answers).await.expect("an answer");
        server.abort();
        String::from_utf8_lossy(&answers).into_owned()
    }

    #[tokio::test]
    async fn who_sends_much_hears_why_it_was_refused() {
        for (path, status, word) in [("/unread", "503", "база далеко"), ("/large", "413", "length limit")]
        {
            let answers = heard(path).await;
            assert!(
                answers.starts_with(&format!("HTTP/1.1 {status}")) && answers.contains(word),
                "{answers}"
            );
            assert!(answers.contains("HTTP/1.1 404"), "the connection goes on: {answers}");
        }
    }
}
