//! What the rows of a file of systems make of the model.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Draft, keep};
use crate::id::{SegmentId, SystemId, VendorId};
use crate::import::keys::{Found, key_of};
use crate::import::rejection::shortened;
use crate::import::rows::SystemRow;
use crate::model::object::{Object, ObjectKind};
use crate::model::system::System;

impl Draft<'_> {
    /// Every row; the keys first, so that a row can refer to a system of a later one.
    pub(super) fn systems(&mut self, rows: &[SystemRow]) {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        let mut taken: Vec<(&SystemRow, String)> = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(key) = self.key_of_system(row) else { continue };
            if self.is_free(&mut lines, &key, row.line, "system") {
                taken.push((row, key));
            }
        }
        for (row, key) in &taken {
            let name = row.name.as_deref().unwrap_or(key);
            self.directory(ObjectKind::System).add(key, name);
        }
        for (row, key) in taken {
            self.system(row, &key);
        }
    }

    fn key_of_system(&mut self, row: &SystemRow) -> Option<String> {
        if let Some(id) = &row.id {
            return Some(match self.directory(ObjectKind::System).by_key(id) {
                Found::One(key) => key,
                Found::Several(_) | Found::Nothing => id.clone(),
            });
        }
        let name = row.name.as_deref().unwrap_or_default();
        match self.directory(ObjectKind::System).find(name) {
            Found::One(key) => Some(key),
            Found::Nothing => Some(key_of(name)),
            Found::Several(_) => {
                let reason = format!("several systems have the name \"{}\"", shortened(name));
                self.reject(row.line, "name", reason, "add a column \"id\" with the key of the system");
                None
            }
        }
    }

    fn system(&mut self, row: &SystemRow, key: &str) {
        let id = SystemId::new(key);
        let mut system = match self.model.systems.get(&id) {
            Some(stored) => {
                let mut system = System::clone(stored);
                // A row of a file of systems declares its system, and no import takes that back.
                system.undeclared &= row.undeclared == Some(true);
                system
            }
            None => {
                let mut system = System::new(id.clone(), row.name.clone().unwrap_or_else(|| key.to_owned()));
                system.undeclared = row.undeclared == Some(true);
                system
            }
        };
        if self.choices.confirmed.contains(&id) {
            system.undeclared = false;
        }
        keep(&mut system.name, row.name.clone());
        keep(&mut system.kind, row.kind);
        keep(&mut system.function, row.function);
        keep(&mut system.boundary, row.boundary);
        keep(&mut system.environment, row.environment);
        keep(&mut system.lifecycle, row.lifecycle);
        keep(&mut system.payment_page, row.payment_page);
        system.exposure = row.exposure.or(system.exposure);
        if let Some(segment) = &row.segment {
            let key = self.referred(ObjectKind::Segment, segment, row.line, "segment");
            system.segment = key.map(SegmentId::new).or(system.segment);
        }
        if let Some(vendor) = &row.vendor {
            let key = self.referred(ObjectKind::Vendor, vendor, row.line, "vendor");
            system.vendor = key.map(VendorId::new).or(system.vendor);
        }
        self.facts(ObjectKind::System, &mut system.facts, &row.facts, row.line);
        if system.undeclared {
            self.undeclared.insert(id);
        }
        self.put(Object::System(Arc::new(system)), Some(row.line));
    }
}
