//! Pages and files over HTTP.

pub mod client;
pub mod headers;
pub mod limits;
pub mod nonce;
pub mod refusal;
pub mod request_id;
pub mod routes;
pub mod same_origin;
pub mod serve;
pub mod trace;

/// Random bytes of the operating system.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    bytes
}
