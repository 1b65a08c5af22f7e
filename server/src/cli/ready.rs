//! `plumbline ready`: asks the server on this machine whether it can answer, for health checks of containers.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::{Failure, Streams};
use crate::config::ReadyOptions;

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(4);

/// How much of an answer is read, in bytes.
const MOST: u64 = 4096;

/// Says what the server answers; a fault where that is not "ready".
pub(super) fn ready(options: &ReadyOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let address = options.admin_listen;
    let answer = ask(address).map_err(|error| {
        Failure::fault(format!("No server answers on {address}: {error}. Check --admin-listen, and that it runs."))
    })?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    if head.split(' ').nth(1) != Some("200") {
        return Err(Failure::fault(format!("The server on {address} is not ready: {}.", body.trim())));
    }
    Ok(writeln!(streams.output, "{}", body.trim())?)
}

fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(MOST).read_to_string(&mut answer)?;
    Ok(answer)
}
