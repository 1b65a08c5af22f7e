//! Data elements and the forms in which they travel: the catalogue, and what one element in one form is.

use serde::{Deserialize, Serialize};

use super::fact::Facts;
use super::ops::Ops;
use crate::id::{DomainId, ElementId, KeyId, PopulationId};
use crate::text::text_enum;

text_enum! {
    /// The form in which an element travels or rests.
    Form {
        Clear = "clear": "Clear",
        Masked = "masked": "Masked",
        Truncated = "truncated": "Truncated",
        Tokenised = "tokenised": "Tokenised",
        NetworkToken = "network_token": "Network token",
        Encrypted = "encrypted": "Encrypted",
        Hashed = "hashed": "Hashed",
        /// Nobody knows, or the file named a form that the catalogue does not list.
        Unknown = "unknown": "Unknown",
    }
}

text_enum! {
    /// The class of an element, which decides how it is drawn and which rules read it.
    ElementClass {
        Chd = "chd": "Cardholder data",
        Sad = "sad": "Sensitive authentication data",
        PanDerivative = "pan_derivative": "Derived from the card number",
        Token = "token": "Token",
        AuthValue = "auth_value": "Authentication value",
        PaymentMeta = "payment_meta": "Payment reference",
        Bank = "bank": "Bank account data",
        Pii = "pii": "Personal data",
        PiiSpecial = "pii_special": "Special personal data",
        Secret = "secret": "Secret",
    }
}

text_enum! {
    /// What a system does with an element.
    Op {
        Store = "store": "Stores",
        Process = "process": "Processes",
        Transmit = "transmit": "Transmits",
    }
}

text_enum! {
    /// The hash or keyed hash that made a digest.
    HashAlgorithm {
        Hmac = "hmac": "HMAC",
        Cmac = "cmac": "CMAC",
        Gmac = "gmac": "GMAC",
        Sha256 = "sha256": "SHA-256",
        Other = "other": "Other",
    }
}

impl HashAlgorithm {
    /// Whether a key is needed to compute the digest (PCI DSS 3.5.1.1).
    #[must_use]
    pub const fn is_keyed(self) -> bool {
        matches!(self, Self::Hmac | Self::Cmac | Self::Gmac)
    }
}

text_enum! {
    /// Before or after authorisation.
    Phase {
        PreAuth = "pre_auth": "Before authorisation",
        PostAuth = "post_auth": "After authorisation",
        Unknown = "unknown": "Unknown",
    }
}

impl Form {
    /// An element of this name in this form, for the middle of a sentence: "the card number in clear".
    #[must_use]
    pub fn of_data(self, name: &str) -> String {
        match self {
            Self::Clear => format!("the {name} in clear"),
            Self::Masked => format!("the masked {name}"),
            Self::Truncated => format!("the truncated {name}"),
            Self::Tokenised => format!("a token for the {name}"),
            Self::NetworkToken => format!("a network token for the {name}"),
            Self::Encrypted => format!("the encrypted {name}"),
            Self::Hashed => format!("a hash of the {name}"),
            Self::Unknown => format!("the {name} in an unknown form"),
        }
    }

    /// How much somebody learns who sees it, 0 the most. What nobody stated may be clear.
    #[must_use]
    pub const fn openness(self) -> u8 {
        match self {
            Self::Clear => 0,
            Self::Unknown => 1,
            Self::Encrypted | Self::Hashed => 2,
            Self::Truncated | Self::Masked | Self::Tokenised | Self::NetworkToken => 3,
        }
    }
}

/// One element in one form, with what the engines need to know of it: on a system, or on a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The element, after aliases are replaced.
    pub element: ElementId,
    /// The form.
    pub form: Form,
    /// What is done with it: `process` by default on a system, `transmit` on a flow.
    pub ops: Ops,
    /// The key of ciphertext or of a keyed hash.
    pub key: Option<KeyId>,
    /// The token domain of a token.
    pub domain: Option<DomainId>,
    /// The algorithm of a hash.
    pub alg: Option<HashAlgorithm>,
    /// The positions that are kept (`d`) and removed (`*`) of a masked or truncated number. Never a digit.
    pub mask: Option<String>,
    /// False for verified test data.
    pub live: bool,
    /// Before or after authorisation.
    pub phase: Phase,
    /// How many records; `None` is unknown.
    pub records: Option<u64>,
    /// The set of cardholders that the records are about.
    pub population: Option<PopulationId>,
    /// Registered facts, for example the purpose, or the field's name on the wire.
    pub facts: Facts,
}

impl Holding {
    /// Whether it is live account data that somebody could read again: the card number, or what authenticates a card, in
    /// a form that is neither cut off nor a token.
    #[must_use]
    pub fn is_account_data(&self) -> bool {
        let readable = matches!(self.form, Form::Clear | Form::Encrypted | Form::Hashed | Form::Unknown);
        let sad = super::catalogue::class_of(self.element.as_str()) == Some(ElementClass::Sad);
        self.live && readable && (self.element.as_str() == "pan" || sad)
    }

    /// An element in a form with all other attributes at their defaults and the given ops.
    #[must_use]
    pub fn new(element: ElementId, form: Form, ops: &[Op]) -> Self {
        Self {
            element,
            form,
            ops: ops.iter().copied().collect(),
            key: None,
            domain: None,
            alg: None,
            mask: None,
            live: true,
            phase: Phase::Unknown,
            records: None,
            population: None,
            facts: Facts::new(),
        }
    }
}

/// Turns every digit of a mask into `d`, so that no digit of a card number is ever kept.
#[must_use]
pub fn mask_positions(text: &str) -> String {
    text.chars().map(|c| if c.is_numeric() { 'd' } else { c }).collect()
}
