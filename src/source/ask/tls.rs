//! The certificates that a server shows, whoever issued them: judging them is another room's.
//!
//! The server proves that it holds the key of its certificate (RFC 8446 section 4.4.3); nothing is sent to it after that.

use crate::base::special_address::is_special;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};
use serde::{Deserialize, Serialize};

use super::super::http::{Deadline, Error};
use crate::model::digest::hex;

/// A connection, or the next bytes, may take this long.
const STALL: Duration = Duration::from_secs(5);
/// Certificates kept of one chain.
const MAX_CHAIN: usize = 16;

/// What a server showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Address and port that were connected to.
    pub peer: String,
    /// Protocol version.
    pub protocol: String,
    /// DER of the certificates as sent, in hexadecimal.
    pub chain: Vec<String>,
}

/// Connects to `ip`, which was checked, and to nothing else; `host` is whom the server is asked for.
///
/// # Errors
/// No connection, no TLS, or an address that is not public and not allowed.
pub fn chain(
    ip: IpAddr,
    port: u16,
    host: &str,
    allow_private: bool,
    deadline: &Deadline<'_>,
) -> Result<Shown, Error> {
    if !allow_private && is_special(ip) {
        return Err(unreachable(format!("{ip} is not a public address")));
    }
    let peer = SocketAddr::new(ip, port);
    let name = ServerName::try_from(host.to_owned()).map_err(|e| unreachable(e.to_string()))?;
    let mut connection =
        ClientConnection::new(config()?, name).map_err(|e| unreachable(e.to_string()))?;
    let mut stream = TcpStream::connect_timeout(&peer, STALL).map_err(|e| io_error(&e))?;
    stream
        .set_read_timeout(Some(STALL))
        .and_then(|()| stream.set_write_timeout(Some(STALL)))
        .map_err(|e| io_error(&e))?;
    while connection.is_handshaking() {
        deadline.check()?;
        if connection.wants_write() {
            connection
                .write_tls(&mut stream)
                .map_err(|e| io_error(&e))?;
            continue;
        }
        if connection.read_tls(&mut stream).map_err(|e| io_error(&e))? == 0 {
            return Err(unreachable("the server ends the connection".into()));
        }
        connection
            .process_new_packets()
            .map_err(|e| unreachable(e.to_string()))?;
    }
    let shown = connection.peer_certificates().unwrap_or_default();
    Ok(Shown {
        peer: peer.to_string(),
        protocol: match connection.protocol_version() {
            Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2".to_owned(),
            Some(rustls::ProtocolVersion::TLSv1_3) => "TLSv1.3".to_owned(),
            Some(other) => format!("{other:?}"),
            None => String::new(),
        },
        chain: shown.iter().take(MAX_CHAIN).map(|c| hex(c)).collect(),
    })
}

fn unreachable(why: String) -> Error {
    Error::Unreachable(why)
}

fn io_error(error: &io::Error) -> Error {
    let text = error.to_string();
    Error::Unreachable(
        text.split(" (os error")
            .next()
            .unwrap_or_default()
            .to_owned(),
    )
}

fn config() -> Result<Arc<ClientConfig>, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|e| unreachable(e.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Takes every chain and only asks that its key be the server's: what is wanted is what a server shows.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
