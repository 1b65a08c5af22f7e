//! What is in a pack, file by file, for whoever opens it first.

use std::fmt::Write as _;

use super::content::Files;
use super::name;

/// What a file answers, by how its name begins, in the order in which they are read.
const ANSWERS: [(&str, &str); 42] = [
    ("VERIFY.md", "How to verify all of it, with and without our program"),
    (name::PAGE, "The same in a browser, without a network"),
    ("01_scope_statement", "The scope statement, in the order of requirement 12.5.2"),
    ("02_inventory.csv", "Every system with its category and rule (12.5.1)"),
    ("02_scope.json", "Every verdict with its proof, for programs"),
    ("02_scope_proofs.csv", "The way from the data to each system that is in scope"),
    ("03_out_of_scope_justification.csv", "What is out of scope, why, and what that rests on"),
    ("04_network_diagram", "Networks and what passes between them (1.2.3)"),
    ("05_dataflow_", "Account data on its way, one drawing for each channel and stage (1.2.4)"),
    ("05_flows.csv", "Every flow with its elements, forms, protocol and authentication"),
    ("06_account_data_locations.csv", "Where account data is stored, what for, and for how long (3.2.1)"),
    ("07_segmentation_controls.csv", "What keeps networks apart, and when it was tested (11.4.5)"),
    ("08_connections_third_party.csv", "Connections to third parties (12.5.2)"),
    ("09_tpsp_list.csv", "Third-party service providers and what is shared with them (12.8.1)"),
    ("10_tpsp_assurance.csv", "Agreements, attestations and their ends (12.8.2 to 12.8.4)"),
    (name::RESPONSIBILITIES, "Who does what, by provider (12.8.5)"),
    ("12_payment_page_scripts.csv", "Scripts of payment pages (6.4.3)"),
    ("13_credentials.csv", "Credentials: whose, how old, and what they open"),
    ("14_keys.csv", "Cryptographic keys and their custodians (3.6, 3.7)"),
    ("15_findings.csv", "What the rules find"),
    ("16_risks.csv", "The risk register"),
    ("17_acceptances.csv", "Accepted risks: by whom, why, until when"),
    ("18_tra/", "Targeted risk analyses (12.3.1)"),
    ("19_actions.csv", "What is still to be done, by whom, until when"),
    ("20_scope_reviews.csv", "Who confirmed the scope, and when (12.5.2)"),
    (name::CHANGES, "What changed, and who changed it"),
    ("22_blast/", "What each credential, key and provider reaches"),
    (name::MODEL, "The whole model, from which scope and findings are computed again"),
    (name::TRAIL, "The audit trail: every write, sign-in and export, as a chain of hashes"),
    ("access_list.csv", "Who may do what here"),
    ("coverage.csv", "Which rules ran, also those that found nothing"),
    ("evidence_index.csv", "Evidence with what it proves, its hash and its age"),
    (name::EVIDENCE, "The files of the evidence, by their hash"),
    ("inventory.xlsx", "The tables of inventory, flows and findings as a workbook"),
    ("open_questions.csv", "What the rules cannot answer from the model"),
    (name::REQUIREMENTS, "Where people say that each requirement stands; no rule sets it"),
    ("compensating_controls/", "The worksheets of compensating controls"),
    (name::OUTCOME, "Verdicts and findings in the form that a seal fixes"),
    (name::ABOUT, "What the pack is, for programs"),
    ("seal/", "What was sealed, as it was signed"),
    (name::SIGNERS, "The public key, as ssh-keygen reads it"),
    (name::MANIFEST, "The hash of every file, and the signature over the list"),
];

/// A table of what is in a pack with these files; many of a kind are one line.
pub(super) fn table(files: &Files) -> String {
    let mut table = "| File | What it answers |\n| --- | --- |\n".to_owned();
    for (begin, answer) in ANSWERS {
        let of: Vec<&str> = files.keys().map(String::as_str).filter(|it| it.starts_with(begin)).collect();
        let named = match of.as_slice() {
            // The list of hashes and its signature are made when all others are.
            [] if begin == name::MANIFEST => format!("`{begin}`"),
            [] => continue,
            [one] => format!("`{one}`"),
            [first, second] => format!("`{first}`, `{second}`"),
            many => format!("`{begin}`…, {} files", many.len()),
        };
        let _ = writeln!(table, "| {named} | {answer} |");
    }
    table
}

/// Which files the table does not know.
#[cfg(test)]
pub(super) fn unknown(files: &Files) -> Vec<&str> {
    let known = |it: &&str| ANSWERS.iter().any(|(begin, _)| it.starts_with(begin));
    files.keys().map(String::as_str).filter(|it| !known(it) && *it != "00_README.md").collect()
}
