//! 证书与私钥 (certificate and key): read before anything else is touched, every fault in words. Not here: how clients
//! come to trust it (`client`).
use axum_server::tls_rustls::RustlsConfig;
use std::path::Path;

/// A server's certificate chain and private key, two PEM files.
///
/// # Errors
/// In words: not there, unreadable, not PEM, without a key, not belonging together.
pub async fn read(certificate: &Path, key: &Path) -> Result<RustlsConfig, String> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let bytes = |path: &Path| {
        std::fs::read(path).map_err(|error| format!("{}：读不了。 {}: cannot be read: {error}", path.display(), path.display()))
    };
    let (chain, private) = (bytes(certificate)?, bytes(key)?);
    let has = |bytes: &[u8], what: &str| memchr::memmem::find(bytes, what.as_bytes()).is_some();
    if !has(&chain, " CERTIFICATE-----") {
        return Err(format!("{0}：里面没有 PEM 证书。 {0}: there is no PEM certificate in it.", certificate.display()));
    }
    if !has(&private, "PRIVATE KEY-----") {
        return Err(format!("{0}：里面没有 PEM 私钥。 {0}: there is no PEM private key in it.", key.display()));
    }
    RustlsConfig::from_pem(chain, private).await.map_err(|error| {
        format!(
            "证书 {0} 与私钥 {1} 不能一起使用（损坏、加了密码，或不是一对）。 Certificate {0} and key {1} cannot be used together (damaged, encrypted, or not a pair): {error}",
            certificate.display(),
            key.display()
        )
    })
}
