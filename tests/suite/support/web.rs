//! A web server on the loopback for one test: answers by path, a connection each.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
}

/// What a path answers.
#[derive(Clone)]
pub(crate) enum Reply {
    /// 200 with a body.
    Body(Vec<u8>),
    /// The same, resumable; each answer breaks off after so many bytes.
    Parts {
        body: Vec<u8>,
        each: usize,
        tag: String,
    },
    /// The same whole, and 304 for who has this version already.
    Tagged { body: Vec<u8>, tag: String },
    /// Says that it is longer than it is.
    Truncated(Vec<u8>),
    /// A redirect.
    To(String),
    /// A status alone.
    Status(u16),
    /// So many bytes without end in sight, unannounced.
    Endless,
    /// A byte, then a pause, and again.
    Drip,
}

pub(crate) struct Server {
    address: String,
    replies: Arc<Mutex<BTreeMap<String, Reply>>>,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Starts it; it ends with the process.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap().to_string(),
            replies: Arc::default(),
            seen: Arc::default(),
        };
        let (replies, seen) = (Arc::clone(&server.replies), Arc::clone(&server.seen));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (replies, seen) = (Arc::clone(&replies), Arc::clone(&seen));
                std::thread::spawn(move || serve(stream, &replies, &seen));
            }
        });
        server
    }

    pub(crate) fn on(&self, path: &str, reply: Reply) {
        self.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    pub(crate) fn body(&self, path: &str, body: impl Into<Vec<u8>>) {
        self.on(path, Reply::Body(body.into()));
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

/// Answers one request; a client that goes away ends it.
fn serve(stream: TcpStream, replies: &Mutex<BTreeMap<String, Reply>>, seen: &Mutex<Vec<Request>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).is_err() {
        return;
    }
    let Some(path) = line.split(' ').nth(1).map(str::to_owned) else {
        return;
    };
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    let range = headers.get("range").and_then(|r| {
        r.strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse::<usize>()
            .ok()
    });
    let same = headers
        .get("if-range")
        .or(headers.get("if-none-match"))
        .cloned();
    seen.lock().unwrap().push(Request {
        path: path.clone(),
        headers,
    });
    let reply = replies.lock().unwrap().get(&path).cloned();
    let _ = answer(
        stream,
        reply.unwrap_or(Reply::Status(404)),
        range,
        same.as_deref(),
    );
}

fn answer(
    mut out: TcpStream,
    reply: Reply,
    range: Option<usize>,
    same: Option<&str>,
) -> std::io::Result<()> {
    let head =
        |status: &str, more: &str| format!("HTTP/1.1 {status}\r\nConnection: close\r\n{more}\r\n");
    match reply {
        Reply::Body(body) => {
            out.write_all(
                head("200 OK", &format!("Content-Length: {}\r\n", body.len())).as_bytes(),
            )?;
            out.write_all(&body)
        }
        Reply::Parts { body, each, tag } => {
            let from = range.filter(|_| same == Some(tag.as_str())).unwrap_or(0);
            let rest = &body[from.min(body.len())..];
            let more = format!("Content-Length: {}\r\nETag: {tag}\r\n", rest.len());
            let head = match from {
                0 => head("200 OK", &more),
                _ => head(
                    "206 Partial Content",
                    &format!(
                        "{more}Content-Range: bytes {from}-{}/{}\r\n",
                        body.len() - 1,
                        body.len()
                    ),
                ),
            };
            out.write_all(head.as_bytes())?;
            out.write_all(&rest[..each.min(rest.len())])
        }
        Reply::Tagged { tag, .. } if same == Some(tag.as_str()) => {
            out.write_all(head("304 Not Modified", "Content-Length: 0\r\n").as_bytes())
        }
        Reply::Tagged { body, tag } => {
            let more = format!("Content-Length: {}\r\nETag: {tag}\r\n", body.len());
            out.write_all(head("200 OK", &more).as_bytes())?;
            out.write_all(&body)
        }
        Reply::Truncated(body) => {
            out.write_all(
                head("200 OK", &format!("Content-Length: {}\r\n", body.len() + 1)).as_bytes(),
            )?;
            out.write_all(&body)
        }
        Reply::To(target) => out.write_all(
            head(
                "302 Found",
                &format!("Location: {target}\r\nContent-Length: 0\r\n"),
            )
            .as_bytes(),
        ),
        Reply::Status(status) => {
            out.write_all(head(&format!("{status} X"), "Content-Length: 0\r\n").as_bytes())
        }
        Reply::Endless => {
            out.write_all(head("200 OK", "").as_bytes())?;
            let block = vec![0; 1 << 20];
            // Bounded, in case nobody hangs up.
            for _ in 0..4096 {
                out.write_all(&block)?;
            }
            Ok(())
        }
        Reply::Drip => {
            out.write_all(head("200 OK", "Content-Length: 1000000\r\n").as_bytes())?;
            for _ in 0..200 {
                out.write_all(b"x")?;
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        }
    }
}
