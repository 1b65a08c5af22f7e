//! What the engine says of each system: the category, the rule, and the path that proves it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::chain::Chain;
use crate::id::{FlowId, SystemId};
use crate::text::text_enum;

text_enum! {
    /// The scope category of a system, strongest first among our own.
    Category {
        Cde = "cde": "CDE",
        SecurityImpacting = "security_impacting": "Security-impacting",
        ConnectedTo = "connected_to": "Connected-to",
        OutOfScope = "out_of_scope": "Out of scope",
        ThirdParty = "third_party": "Third party",
        External = "external": "External",
        NotLive = "not_live": "Not live",
    }
}

impl Category {
    /// The code of three letters, as chips have it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cde => "CDE",
            Self::SecurityImpacting => "SEC",
            Self::ConnectedTo => "CON",
            Self::OutOfScope => "OUT",
            Self::ThirdParty => "EXT",
            Self::External => "PUB",
            Self::NotLive => "RET",
        }
    }

    /// Whether a system of ours in this category is part of the assessment.
    #[must_use]
    pub const fn in_scope(self) -> bool {
        matches!(self, Self::Cde | Self::SecurityImpacting | Self::ConnectedTo)
    }
}

text_enum! {
    /// The finer category.
    Sub {
        Data = "data": "handles account data",
        Adjacent = "adjacent": "adjacent to account data",
        Segmented = "segmented": "kept apart from the scope",
        Isolated = "isolated": "no relation to anything in scope",
        AccountData = "account_data": "receives account data",
        Security = "security": "can affect security",
        Access = "access": "has access",
        EncryptedOnly = "encrypted_only": "holds ciphertext only",
        None = "none": "no account data, no influence",
    }
}

text_enum! {
    /// The sub-category of the Open PCI DSS Scoping Toolkit, for own systems.
    Opst {
        Cat1a = "1a": "1a: stores, processes or transmits account data",
        Cat1b = "1b": "1b: not isolated from account data",
        Cat2a = "2a": "2a: provides a security service to category 1",
        Cat2b = "2b": "2b: can initiate into category 1",
        Cat2c = "2c": "2c: only receives from category 1",
        Cat2x = "2x": "2x: can reach or administer category 1 indirectly",
        Cat3 = "3": "3: isolated",
    }
}

text_enum! {
    /// The rules, in the order that breaks ties.
    Rule {
        OUp = "O-UP": "A person decided that it is in scope",
        DPanClear = "D-PAN-CLEAR": "Handles the card number in clear",
        DSad = "D-SAD": "Handles sensitive authentication data",
        DPanUnknown = "D-PAN-UNKNOWN": "Handles the card number in a form that nobody knows",
        DEncSelfKey = "D-ENC-SELF-KEY": "Holds ciphertext together with its key",
        DEncEntityKey = "D-ENC-ENTITY-KEY": "Holds ciphertext whose key another system of ours holds",
        DEncUnproven = "D-ENC-UNPROVEN": "Holds ciphertext, and nothing proves that we cannot decrypt it",
        DTokenDetok = "D-TOKEN-DETOK": "Holds tokens that it can turn back into cards",
        DHashUnkeyed = "D-HASH-UNKEYED": "Holds a hash of the card number without a key",
        DHashKey = "D-HASH-KEY": "Holds a keyed hash of the card number together with its key",
        DTruncExcess = "D-TRUNC-EXCESS": "Holds truncated card numbers that together keep too many digits",
        AZone = "A-ZONE": "Shares a network zone with a system that handles account data",
        AUnrestricted = "A-UNRESTRICTED": "Has an unrestricted connection with a system that handles account data",
        IPage = "I-PAGE": "Serves the page that takes or sends the customer to the card form",
        IKeys = "I-KEYS": "Holds cryptographic keys",
        IManages = "I-MANAGES": "Manages or supports a CDE system",
        IManagesIndirect = "I-MANAGES-INDIRECT": "Controls a system that leads into the CDE or affects its security",
        CDirect = "C-DIRECT": "Is connected with a CDE system",
        CVia = "C-VIA": "Lies on a connection of a CDE system",
        CVault = "C-VAULT": "May turn tokens back into cards",
        CZone = "C-ZONE": "Shares a network zone with a system adjacent to account data",
        CRelay = "C-RELAY": "Can reach the CDE through another system",
        ODown = "O-DOWN": "A person decided that it is lower or out of scope",
        NSegmented = "N-SEGMENTED": "Out of scope although it touches what is in scope",
        NIsolated = "N-ISOLATED": "Out of scope without any relation to the scope",
        TData = "T-DATA": "A third party that receives account data",
        TSecurity = "T-SECURITY": "A third party that can affect the security of account data",
        TAccess = "T-ACCESS": "A third party with access to the CDE",
        TEnc = "T-ENC": "A third party that holds ciphertext only",
        TNone = "T-NONE": "A third party without account data or influence",
    }
}

text_enum! {
    /// What the verdict on a node rests on, beside the category.
    Flag {
        EncNoKey = "conditional:ENC-NO-KEY": "Out of scope on the condition that nobody here can decrypt",
        OverrideApplied = "override_applied": "A person's decision applies",
        OverrideExpired = "override_expired": "A person's decision has expired",
        OverrideForbidden = "override_forbidden": "Clear card data cannot be decided out of scope",
        OverrideRejected = "override_rejected": "A person's decision lacks what it needs",
        OverrideStale = "override_stale": "The facts changed since a person's decision",
        PivotRisk = "pivot_risk": "Shares a zone with a system in scope",
        RetiredWithData = "retired_with_data": "Retired, but its data is still there",
        SegmentationUnverified = "segmentation_unverified": "A blocked path counts because nobody tested the block",
    }
}

text_enum! {
    /// What a node is to the CDE, strongest first.
    Label {
        Data = "DATA": "handles account data",
        Adj = "ADJ": "adjacent to account data",
        Imp = "IMP": "impacts security",
        In = "IN": "connected, can initiate",
        Conn = "CONN": "connected, only receives",
    }
}

text_enum! {
    /// Which self-assessment questionnaire looks plausible. A hint, never a verdict.
    SaqHint {
        D = "D": "SAQ D",
        AEp = "A-EP": "SAQ A-EP",
        A = "A": "SAQ A",
        P2pe = "P2PE": "SAQ P2PE",
        DSp = "D-SP": "SAQ D for service providers",
        None = "none": "none",
    }
}

/// The scope of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The verdict on each system.
    pub systems: BTreeMap<SystemId, Verdict>,
    /// Which questionnaire looks plausible.
    pub saq_hint: SaqHint,
}

/// The verdict on one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The category.
    pub category: Category,
    /// The finer category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<Sub>,
    /// The scoping toolkit's sub-category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opst: Option<Opst>,
    /// The rule that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// The nodes from the seed of the proof to the system itself.
    #[serde(skip_serializing_if = "Chain::is_empty")]
    pub witness: Chain<SystemId>,
    /// The rule and the edge of each step of the witness; as long as `witness`, the first being the seed.
    #[serde(skip_serializing_if = "Chain::is_empty")]
    pub steps: Chain<Step>,
    /// Other reasons, at most five.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_reasons: Vec<Reason>,
    /// How many distinct reasons there are in all; 0 where nothing brings it into scope.
    #[serde(skip_serializing_if = "is_zero")]
    pub reasons: usize,
    /// What the verdict rests on beside the category.
    pub flags: BTreeSet<Flag>,
    /// The category without the override, where one applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed_category: Option<Category>,
}

impl Verdict {
    /// Whether both say the same about the system, however that is proven: witness, steps and other reasons may differ.
    #[must_use]
    pub fn same_without_proof(&self, other: &Self) -> bool {
        // Taken apart, so that a new field has to be placed.
        let Self {
            category,
            sub,
            opst,
            rule,
            witness: _,
            steps: _,
            other_reasons: _,
            reasons,
            flags,
            computed_category,
        } = self;
        (*category, *sub, *opst, *rule, *reasons) == (other.category, other.sub, other.opst, other.rule, other.reasons)
            && *flags == other.flags
            && *computed_category == other.computed_category
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// One step of a witness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The label it gives the node; `DATA` where a third party holds the data itself.
    pub label: Label,
    /// The rule.
    pub rule: Rule,
    /// The flow that carries it, or the way in which the node manages; empty for zones and seeds.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub edge: String,
}

/// A reason why a system is in scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Reason {
    /// The label that it gives.
    pub label: Label,
    /// The rule.
    pub rule: Rule,
}

/// One stop of data on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arrival {
    /// The node.
    pub node: SystemId,
    /// How the data reached it; absent for the node where it enters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
}

/// How data goes from one node to the next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A flow ends at the node.
    Flow(FlowId),
    /// The node copies the stores of the one before.
    Copy,
    /// The node lies on the way of a flow.
    Via(FlowId),
}
