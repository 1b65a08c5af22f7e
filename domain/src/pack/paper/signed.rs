//! Who confirmed the scope, and how to verify what they signed.

use super::super::about::About;
use super::super::profile::Profile;
use super::super::signature::{self, fingerprint};
use super::super::source::SealedState;
use super::{Writer, table_or};
use crate::id::PersonId;
use crate::paper::{Block, Fact};
use crate::report::scope_statement::SignOff;

impl Writer<'_> {
    pub(super) fn sign_offs(&self) -> Vec<SignOff> {
        let of = |it: &SealedState| SignOff {
            seal: it.seal.key.to_string(),
            name: self.veil.text(&it.seal.name),
            on: it.seal.as_of,
            signers: it.seal.signatures.iter().map(|it| self.person(it.signer.as_str())).collect(),
            hash: it.sealed.hash.clone(),
        };
        self.source.sealed.iter().map(of).collect()
    }

    /// The name of a person as the pack shows it.
    pub(super) fn person(&self, key: &str) -> String {
        let shown = self.veil.person(key);
        let named = self.it.model.people.get(&PersonId::new(shown.as_str())).map(|it| it.name.clone());
        named.filter(|it| !it.is_empty() && self.source.profile != Profile::Redacted).unwrap_or(shown)
    }

    pub(super) fn signatures(&self, sign_offs: &[SignOff]) -> Vec<Block> {
        let Some(sealed) = &self.source.sealed else {
            return vec![Block::text("Nobody. This is a draft of what the model says now.")];
        };
        let first = sign_offs.iter().map(|it| {
            format!(
                "{} ({}) was made at {} and fixes what this document says.",
                it.seal, it.name, sealed.seal.sealed_at
            )
        });
        let mut blocks: Vec<Block> = first.map(Block::text).collect();
        let rows = sealed.seal.signatures.iter().map(|it| {
            vec![
                self.person(it.signer.as_str()),
                self.veil.text(&it.role),
                it.part.label().to_owned(),
                it.at.to_string(),
                self.veil.text(&it.statement),
            ]
        });
        let labels = ["Who", "Role", "Part", "When", "What they signed"];
        blocks.push(table_or(rows.collect(), &labels, "20_scope_reviews.csv", "There are no signatures."));
        blocks
    }

    pub(super) fn verification(&self) -> Vec<Block> {
        let span = self.source.span();
        let mut hashes = Vec::new();
        if let Some(it) = &self.source.sealed {
            hashes.push(Fact::new("SHA-256 of the seal", it.sealed.hash.clone()));
        }
        hashes.push(Fact::new("Model", "23_model.json, from which scope and findings can be computed again"));
        hashes.push(Fact::new("Audit trail", format!("{}, entries {} to {}", span.chain, span.first, span.last)));
        hashes.push(Fact::new("Hash of the last entry", span.head));
        hashes.push(Fact::new("Key that signs the pack", fingerprint(&self.source.public_key)));
        hashes.push(Fact::new("Form of the pack", format!("version {}", About::current_version())));
        vec![
            Block::text(
                "This document is one file of an evidence pack. VERIFY.md in the pack says how to verify all of it, without our \
                 program and without a network:",
            ),
            Block::Lines {
                lines: vec![
                    "sha256sum -c MANIFEST.sha256".to_owned(),
                    format!(
                        "ssh-keygen -Y verify -f allowed_signers -I {} -n {} -s MANIFEST.sha256.sig < MANIFEST.sha256",
                        signature::IDENTITY,
                        signature::NAMESPACE
                    ),
                    "plumbline verify-pack PACK.zip --trusted-key KEY --checkpoint CHECKPOINT".to_owned(),
                ],
            },
            Block::text("Compare what is printed with these, and the key with one that you got on another way:"),
            Block::Facts { facts: hashes },
        ]
    }
}
