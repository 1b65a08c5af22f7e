//! Are the files those of the list?

use super::super::content::Files;
use super::super::{manifest, name};
use super::Fault;

/// What differs between the files and the list.
pub(super) fn check(files: &Files) -> Vec<Fault> {
    let Some(list) = files.get(name::MANIFEST) else { return vec![Fault::List(0)] };
    let hashes = match list.text().map(manifest::read) {
        Some(Ok(hashes)) => hashes,
        Some(Err(line)) => return vec![Fault::List(line)],
        None => return vec![Fault::List(1)],
    };
    let mut faults = Vec::new();
    for (name, hash) in &hashes {
        match files.get(*name) {
            None => faults.push(Fault::Missing((*name).to_owned())),
            Some(content) if content.sha256() != *hash => faults.push(Fault::Changed((*name).to_owned())),
            Some(_) => {}
        }
    }
    let added = files.keys().filter(|name| manifest::is_listed(name) && !hashes.contains_key(name.as_str()));
    faults.extend(added.map(|name| Fault::Added(name.clone())));
    faults
}
