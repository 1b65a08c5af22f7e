//! What a person reads first, and the commands with which anybody verifies the pack without our program.

use super::about::About;
use super::content::Files;
use super::contents;
use super::profile::Profile;
use super::signature::{IDENTITY, NAMESPACE, fingerprint, line};
use super::source::Source;

/// `00_README.md` of a pack with these files. `name` is the workspace's, as the pack shows it.
pub(super) fn readme(source: &Source, about: &About, name: &str, files: &Files) -> String {
    let (title, made) = match &about.seal {
        None => {
            ("DRAFT: evidence pack", "It was made from a state that nobody signed: a draft, no evidence.".to_owned())
        }
        Some(seal) => (
            "Evidence pack",
            format!("It was made from {}, sealed at {}. SHA-256 of the seal: `{}`.", seal.key, about.at, seal.hash),
        ),
    };
    let profile = match about.profile {
        Profile::Full => "It holds everything, also names and addresses of people.",
        Profile::Auditor => "It holds no addresses of people.",
        Profile::Redacted => {
            "It is redacted: names and free texts are salted hashes. The same text is the same hash wherever it occurs. \
             Scope and findings follow from the redacted model."
        }
    };
    let (key, print) = (line(&source.public_key), fingerprint(&source.public_key));
    let trail = &about.trail;
    format!(
        "# {title}\n\n\
         Confidential. It describes where payment data is and how it is protected.\n\n\
         Workspace: {name} (`{workspace}`)  \nAs of: {as_of}  \nProfile: {profile_label}  \nEngine: {engine}\n\n\
         {made}\n{profile}\n\n\
         ## What is in it\n\n\
         The numbers of the files are those of the order in which an assessor asks; a number that is missing had nothing to \
         tell. A cell of a table that begins like a formula has an apostrophe before it. Nothing in it is a card number or a \
         secret.\n\n{contents}\n\
         ## Is it what was made?\n\n\
         `VERIFY.md` has the commands. The public key is\n\n    {key}\n\nwith the fingerprint\n\n    {print}\n\n\
         Compare the fingerprint with one that you got on another way than with this pack: whoever forges a pack writes \
         another one here.\n\n\
         The audit trail `{chain}` is in it from entry {first} to entry {last}, whose hash is\n\n    {head}\n\n\
         ## What it does not say\n\n\
         A verdict follows from what people entered. A finding says that the model shows something or that evidence is \
         missing, never that a requirement is met or not.\n",
        workspace = about.workspace,
        profile_label = source.profile.label(),
        contents = contents::table(files),
        as_of = about.as_of,
        engine = about.made_with,
        chain = trail.chain,
        first = trail.first,
        last = trail.last,
        head = trail.head,
    )
}

/// What `VERIFY.md` says of the verifier for a browser.
const PAGE: &str = "\n## Without a command line\n\n\
    Open `verify.html` in a browser, also on a computer without a network, choose the pack or its folder, and type in the \
    fingerprint. The page does all of the above, shows every verdict beside the one that it computed again, and what another \
    fact would change. It came with the pack, and whoever forges a pack can forge the page: where that matters, use the page \
    of another pack of the same version.\n";

/// `VERIFY.md`.
pub(super) fn verify(source: &Source, about: &About) -> String {
    let print = fingerprint(&source.public_key);
    format!(
        "# How to verify this pack\n\n\
         In the folder into which you unpacked it.\n\n\
         ## 1. No file was changed\n\n    sha256sum -c MANIFEST.sha256\n\n\
         Each line ends in `OK`. On macOS: `shasum -a 256 -c MANIFEST.sha256`.\n\n\
         ## 2. No file was added\n\n    \
         find . -type f | sed 's|^\\./||' | grep -v '^MANIFEST.sha256' | LC_ALL=C sort > /tmp/found\n    \
         cut -c67- MANIFEST.sha256 | diff - /tmp/found\n\n\
         It prints nothing.\n\n\
         ## 3. The list of hashes is signed\n\n    \
         ssh-keygen -Y verify -f allowed_signers -I {IDENTITY} -n {NAMESPACE} -s MANIFEST.sha256.sig < MANIFEST.sha256\n\n\
         It prints `Good \"{NAMESPACE}\" signature` and the fingerprint `{print}`. Compare that with the one that you got on \
         another way: `allowed_signers` lies in the pack, so it proves nothing by itself.\n\n\
         ## 4. The audit trail has no gap\n\n\
         Each line of `24_audit_log.jsonl` is one entry. The SHA-256 over `plumbline-audit-v1`, a line feed and the line \
         without its end is the `prev_hash` of the next line, and of the last line it is `{head}`.{redacted}\n\n\
         ## 5. The scope follows from the model\n\n    \
         plumbline verify-pack PACK.zip --trusted-key KEY --checkpoint CHECKPOINT\n\n\
         does all of the above, and computes scope and findings again from `23_model.json`. KEY is a file with the public \
         key or its fingerprint, CHECKPOINT one of the checkpoints of the audit trail that were kept elsewhere, made when \
         the pack was sealed or before. It ends with 0 where the pack is intact and with 1 where something was altered, and \
         names every file.\n{page}",
        head = about.trail.head,
        page = if source.page.is_some() { PAGE } else { "" },
        redacted = match about.profile {
            Profile::Redacted => " In this redacted pack a line has the hash itself, and not what it was made of.",
            Profile::Full | Profile::Auditor => "",
        },
    )
}
