//! The shapes of objects, and of an element on a system or on a flow.

use super::relations::{CapabilityShape, ControlInFlow, CopyShape, GrantShape, ManagesShape, ViaShape};
use super::shape::{Absent, PARTS_MAX, shape};
use crate::model::element::{Op, Phase};
use crate::model::flow::WireName;
use crate::model::party::PartyKind;
use crate::model::relations::{
    Access, Boundary, Channel, ControlMode, ControlStatus, Encryption, Environment, Exposure, Initiator, KeyUse,
    Lifecycle, LinkPolicy, PaymentPage, Sync, Trust, View,
};
use crate::model::settings::OverrideCategory;
use crate::time::Day;

shape! {
    /// The settings.
    SettingsShape at 2 { view: Option<View>, strict_flat: Option<bool>, as_of: Option<Day>, service_provider: Option<bool> }
}

shape! {
    /// A person or team.
    PersonShape<T> at 3 { id: Option<T>, name: Option<T>, kind: Option<PartyKind>, mail: Option<T>, function: Option<T> }
}

shape! {
    /// An object of facts only: a vendor, a connector, a certificate and so on.
    RecordShape<T> at 3 { id: Option<T>, name: Option<T> }
}

shape! {
    /// A segment.
    SegmentShape<T> at 3 { id: Option<T>, name: Option<T>, trust: Option<Trust>, microsegmented: Option<bool> }
}

shape! {
    /// A link between two segments.
    LinkShape<T> at 3 { a: Option<T>, b: Option<T>, policy: Option<LinkPolicy>, control: Option<T> }
}

shape! {
    /// A control.
    ControlShape<T> at 3 {
        id: Option<T>,
        name: Option<T>,
        r#type: Option<T>,
        between: Vec<T>,
        applies_to: Vec<T>,
        mode: Option<ControlMode>,
        status: Option<ControlStatus>,
        last_change: Option<Day>,
        last_review: Option<Day>,
        last_tested: Option<Day>,
        frequency_days: Option<u64>,
        report_ref: Option<T>,
    }
}

shape! {
    /// A system.
    SystemShape<T> at 3 {
        id: Option<T>,
        name: Option<T>,
        kind: Option<T>,
        function: Option<T>,
        boundary: Option<Boundary>,
        vendor: Option<T>,
        operated_by: Option<T>,
        environment: Option<Environment>,
        segment: Option<T>,
        lifecycle: Option<Lifecycle>,
        disposed: Option<bool>,
        holdings: Vec<HoldingShape<T>>,
        capabilities: Vec<CapabilityShape<T>>,
        copies: Vec<CopyShape<T>>,
        manages: Vec<ManagesShape<T>>,
        payment_page: Option<PaymentPage>,
        relay: Option<bool>,
        sealed_scd: Option<bool>,
        exposure: Option<Exposure>,
        controls: Vec<T>,
        detect_minutes: Option<u64>,
        undeclared: Option<bool>,
    }
}

shape! {
    /// An element in a form, on a system or on a flow.
    HoldingShape<T> at 5 {
        element: Option<T>,
        form: Option<T>,
        ops: Option<Vec<Op>>,
        key: Option<T>,
        domain: Option<T>,
        alg: Option<T>,
        mask: Option<T>,
        live: Option<bool>,
        phase: Option<Phase>,
        records: Option<u64>,
        population: Option<T>,
    }
}

shape! {
    /// A key.
    KeyShape<T> at 3 {
        id: Option<T>,
        name: Option<T>,
        r#use: Option<KeyUse>,
        holders: Vec<T>,
        p2pe_listed: Option<bool>,
        attested: Option<bool>,
    }
}

shape! {
    /// A credential.
    CredentialShape<T> at 3 {
        id: Option<T>,
        name: Option<T>,
        kind: Option<T>,
        held_by: Vec<T>,
        grants: Vec<GrantShape<T>>,
        bound_to: Option<Vec<T>>,
        mfa: Option<bool>,
        ttl_minutes: Option<u64>,
        non_exportable: Option<bool>,
        shared: Option<bool>,
        location: Option<T>,
    }
}

shape! {
    /// A flow.
    FlowShape<T> at 3 {
        id: Option<T>,
        name: Option<T>,
        from: Option<T>,
        to: Option<T>,
        kind: Option<T>,
        data: Vec<HoldingShape<T>>,
        wire_names: Vec<WireName>,
        protocol: Option<T>,
        auth: Option<T>,
        credential: Option<T>,
        encryption: Option<Encryption>,
        initiator: Option<Initiator>,
        channel: Option<Channel>,
        access: Option<Access>,
        control: Option<ControlInFlow<T>>,
        via: Vec<ViaShape<T>>,
        stage: Option<Lifecycle>,
        page: Option<T>,
        connector: Option<T>,
        action: Vec<T>,
        sync: Option<Sync>,
        latency_seconds: Option<u64>,
        period_minutes: Option<u64>,
    }
}

shape! {
    /// An override.
    OverrideShape<T> at 3 {
        system: Option<T>,
        category: Option<OverrideCategory>,
        justification: Option<T>,
        evidence: Vec<T>,
        author: Option<T>,
        approver: Option<T>,
        role: Option<T>,
        decided_at: Option<Day>,
        expires: Option<Day>,
        fingerprint: Option<T>,
        stale: Option<bool>,
    }
}
