//! Time-based one-time codes: RFC 6238 with SHA-1, 30 seconds and 6 digits, which every authenticator app speaks.

use data_encoding::BASE32_NOPAD;
use domain::time::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

/// Bytes of a secret (RFC 4226, 4).
pub(crate) const SECRET: usize = 20;

/// Seconds for which a code stands.
const STEP: i64 = 30;

/// Digits of a code.
const DIGITS: usize = 6;

/// The step whose code this is: that of now, or one before or after it, as clocks differ. Takes the same time
/// whether and where it fits.
pub(crate) fn matching_step(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let current = now.0.div_euclid(1_000_000 * STEP);
    let mut found = None;
    for step in [current - 1, current, current + 1] {
        let expected = format!("{:0DIGITS$}", number(secret, step) % 1_000_000);
        if bool::from(expected.as_bytes().ct_eq(code.as_bytes())) {
            found = Some(step);
        }
    }
    found
}

/// What an app with this secret shows.
#[cfg(feature = "inspect")]
pub(crate) fn code(secret: &[u8], at: Timestamp) -> String {
    format!("{:0DIGITS$}", number(secret, at.0.div_euclid(1_000_000 * STEP)) % 1_000_000)
}

/// The secret as people type it, in base 32.
pub(crate) fn written(secret: &[u8]) -> String {
    BASE32_NOPAD.encode(secret)
}

/// The dynamic truncation of RFC 4226, 5.3.
fn number(secret: &[u8], step: i64) -> u32 {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let hash: [u8; 20] = mac.finalize().into_bytes().into();
    let offset = usize::from(hash[19] & 15);
    let bytes = [hash[offset] & 0x7f, hash[offset + 1], hash[offset + 2], hash[offset + 3]];
    u32::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        let vectors: [(i64, u32); 6] = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ];
        for (seconds, expected) in vectors {
            assert_eq!(number(b"12345678901234567890", seconds / STEP) % 100_000_000, expected, "{seconds}");
        }
    }

    #[test]
    fn a_code_fits_its_own_half_minute_and_the_ones_beside_it() {
        let secret = b"12345678901234567890";
        let at = |seconds: i64| matching_step(secret, "287082", Timestamp(seconds * 1_000_000));
        assert_eq!(at(59), Some(1));
        assert_eq!((at(0), at(29), at(89)), (Some(1), Some(1), Some(1)));
        assert_eq!((at(-1), at(90)), (None, None));
        for wrong in ["287083", "", "28708", "2870820", "94287082", "２８７０８２"] {
            assert_eq!(matching_step(secret, wrong, Timestamp(59_000_000)), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_written_in_base_32() {
        assert_eq!(written(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}
