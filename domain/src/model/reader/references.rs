//! References that point at nothing.

use std::collections::HashSet;

use super::gap::{Gap, GapKind};
use crate::id::SystemId;
use crate::model::Model;
use crate::model::element::Holding;
use crate::model::flow::FlowControl;
use crate::model::system::ManageTarget;

/// A gap for each reference to something that the model does not have. Keys of ciphertext and controls without
/// a record count as held by nobody and as unverified.
pub(super) fn dangling(model: &Model) -> Vec<Gap> {
    let mut check = Check { model, systems: model.systems.keys().map(SystemId::as_str).collect(), missing: Vec::new() };
    check.systems();
    check.flows();
    check.secrets();
    check.links_and_decisions();
    check.missing
}

struct Check<'a> {
    model: &'a Model,
    /// The keys of all systems: every flow asks for two, and the map of systems answers a fraction as fast.
    systems: HashSet<&'a str>,
    missing: Vec<Gap>,
}

/// Where a reference stands: the list, the key of the object, and the member.
#[derive(Clone, Copy)]
struct At<'a> {
    list: &'static str,
    object: &'a str,
    member: &'static str,
}

impl<'a> At<'a> {
    const fn to(self, member: &'static str) -> Self {
        Self { member, ..self }
    }
}

impl<'a> Check<'a> {
    fn systems(&mut self) {
        for it in self.model.systems.values() {
            let at = At { list: "systems", object: it.id.as_str(), member: "copies" };
            for copy in &it.copies {
                self.system(at, &copy.from);
            }
            for relation in &it.manages {
                if let ManageTarget::System(target) = &relation.target {
                    self.system(at.to("manages"), target);
                }
            }
            self.keys(at.to("holdings"), &it.holdings);
        }
    }

    fn flows(&mut self) {
        for it in self.model.flows.values() {
            let at = At { list: "flows", object: it.id.as_str(), member: "from" };
            self.system(at, &it.from);
            self.system(at.to("to"), &it.to);
            for via in &it.via {
                self.system(at.to("via"), &via.node);
            }
            if let Some(page) = &it.page {
                self.system(at.to("page"), page);
            }
            if let Some(FlowControl::Record(control)) = &it.control {
                self.object(at.to("control"), self.model.controls.contains_key(control), control.as_str());
            }
            if let Some(credential) = &it.credential {
                self.object(at.to("credential"), self.model.credentials.contains_key(credential), credential.as_str());
            }
            self.keys(at.to("data"), &it.fields);
        }
    }

    fn secrets(&mut self) {
        for it in self.model.keys.values() {
            for holder in &it.holders {
                self.system(At { list: "keys", object: it.id.as_str(), member: "holders" }, holder);
            }
        }
        for it in self.model.credentials.values() {
            let grants = it.grants.iter().map(|grant| &grant.on);
            for named in it.held_by.iter().chain(grants).chain(it.bound_to.iter().flatten()) {
                self.system(At { list: "credentials", object: it.id.as_str(), member: "systems" }, named);
            }
        }
    }

    fn links_and_decisions(&mut self) {
        for it in self.model.links.values() {
            let Some(control) = it.control.as_ref().filter(|it| !self.model.controls.contains_key(*it)) else {
                continue;
            };
            let place = format!("segment_links.{}/{}.control", it.key.a(), it.key.b());
            self.missing_object(place, control.as_str(), GapKind::UnknownObject, control.as_str());
        }
        for key in self.model.overrides.keys() {
            if !self.systems.contains(key.system.as_str()) {
                let system = key.system.as_str();
                self.missing_object("overrides".to_owned(), system, GapKind::UnknownSystem, system);
            }
        }
    }

    fn keys(&mut self, at: At<'_>, holdings: &[Holding]) {
        for key in holdings.iter().filter_map(|holding| holding.key.as_ref()) {
            self.object(at, self.model.keys.contains_key(key), key.as_str());
        }
    }

    fn system(&mut self, at: At<'_>, id: &SystemId) {
        if !self.systems.contains(id.as_str()) {
            self.missing(at, GapKind::UnknownSystem, id.as_str());
        }
    }

    fn object(&mut self, at: At<'_>, known: bool, id: &str) {
        if !known {
            self.missing(at, GapKind::UnknownObject, id);
        }
    }

    fn missing(&mut self, at: At<'_>, kind: GapKind, value: &str) {
        let place = format!("{}.{}.{}", at.list, at.object, at.member);
        self.missing_object(place, at.object, kind, value);
    }

    fn missing_object(&mut self, place: String, object: &str, kind: GapKind, value: &str) {
        self.missing.push(Gap { place, object: object.to_owned(), kind, value: value.to_owned() });
    }
}
