//! What may be configured, and which configurations are safe to run.
//!
//! Every option is also an environment variable. The doc comment on an option is its help text.

pub mod effective;
pub mod engine;
pub mod mail;
pub mod origin;
pub mod proxy;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use domain::pack::Profile;
use domain::pack::job::PackNumber;
use domain::snapshot::SnapshotKey;
use engine::{
    BlastOptions, CheckOptions, ChokeOptions, DiffOptions, ExplainOptions, FindingsOptions, LineageOptions, MapOptions,
    RecogniseOptions, ReduceOptions, RulesOptions, ScopeOptions,
};
use mail::{MailOptions, MailServer};
use origin::{Origin, PublicUrl};
use proxy::Network;
use store::CheckpointPublicKey;

/// What a command ends with, as its help says it.
const EXIT_CODES: &str = "\
Exit codes:
  0  Done
  1  A check or a verification failed, `findings --fail-on` found something, or two models differ
     and --exit-code was given
  2  Wrong usage, or input that cannot be used
  3  A fault: something that should work does not";

/// Maps where payment data flows, proves what is in PCI scope, and why.
#[derive(Debug, Parser)]
#[command(name = "plumbline", version, max_term_width = 100, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How the log on standard error is written.
    #[arg(long, global = true, env = "PLUMBLINE_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
    /// Which log lines are written, for example `info` or `warn,server=debug`. Serving writes `info`, all else `warn`.
    #[arg(long, global = true, env = "PLUMBLINE_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One line of text for each event.
    Text,
    /// One JSON object on a line for each event.
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves the pages. Prints a one-time set-up link while there is no account.
    Serve(ServeOptions),
    /// Prints every setting of `serve` with where it comes from, and each problem with a remedy; ends with 2 on a problem.
    CheckConfig(ServeOptions),
    /// Asks the server on this machine whether it can answer; ends with 3 where it cannot.
    Ready(ReadyOptions),
    /// Brings the database to the schema of this version, and stops.
    Migrate(Location),
    /// Computes the PCI scope of a model file and prints it.
    Scope(ScopeOptions),
    /// Explains why one system of a model file has its verdict, and what an exclusion rests on.
    Explain(ExplainOptions),
    /// Follows one element through a model file: where it enters, is held, changes form and leaves.
    Lineage(LineageOptions),
    /// Lists every rule for findings, with what it reads and which requirements it speaks to.
    Rules(RulesOptions),
    /// Runs all rules on a model file and prints what they find; ends with 1 where it was asked to fail on that.
    Findings(FindingsOptions),
    /// Writes down which findings came, went or opened again because time went by. A server does so every minute.
    Tick(Location),
    /// Draws the map of a model file: as a picture, or for Mermaid, Graphviz or draw.io.
    Map(MapOptions),
    /// Prints the OpenAPI document of the interface for programs.
    Openapi,
    /// Computes what an attacker reaches from a hostile system, credential, vendor or connector, or where a field is.
    Blast(BlastOptions),
    /// Finds the systems and the cheapest cut between hostile systems and systems to be protected.
    Choke(ChokeOptions),
    /// Finds the cheapest changes that take systems out of scope.
    Reduce(ReduceOptions),
    /// Prints which fields of an interface description, schema, sample payload or table carry payment data.
    Recognise(RecogniseOptions),
    /// Prints what differs between two model files: objects, scope, blast radii.
    Diff(DiffOptions),
    /// Compares a model file with an earlier one for a pipeline, and ends with 1 where a check fails.
    Check(CheckOptions),
    /// Imports a file into a workspace: prints what would change, then commits all of it or nothing.
    Import(ImportOptions),
    /// Stores what a source saw beside what a workspace declares, and prints where the two differ.
    Observe(ObserveOptions),
    /// Prints the model of a workspace as a model file.
    Export(ExportOptions),
    /// Writes the evidence pack of a workspace into one ZIP, which anybody can verify and compute again offline.
    ExportPack(ExportPackOptions),
    /// Makes an evidence pack that somebody asked for. The server calls it.
    #[command(hide = true)]
    MakePack(MakePackOptions),
    /// The keys that sign evidence packs.
    #[command(subcommand)]
    PackKey(PackKeyCommand),
    /// Says whether an evidence pack is what was made; names every file that is not.
    VerifyPack(VerifyPackOptions),
    /// Sets the data of a document as PDF, for the server.
    #[command(hide = true)]
    CompileDocument,
    /// Writes a backup of the SQLite database into one file, while the server goes on.
    Backup(BackupOptions),
    /// Verifies a backup and puts it into an empty data folder.
    Restore(RestoreOptions),
    /// The audit trail.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The sample estate.
    #[command(subcommand)]
    Demo(DemoCommand),
    /// Accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// Prints a new one-time set-up link token, while there is no account. Older ones stop working.
    SetupToken(Location),
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct Location {
    /// The folder of the data. It is made, for this user only, where it does not exist.
    #[arg(long, env = "PLUMBLINE_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// The URL of a PostgreSQL database; without it a SQLite file in the data folder is used.
    #[arg(long, env = "PLUMBLINE_DATABASE", hide_env_values = true, value_name = "URL")]
    pub database: Option<Secret>,
    /// A file that holds the URL of the database, so that a password in it is not on the command line.
    #[arg(long, env = "PLUMBLINE_DATABASE_FILE", conflicts_with = "database", value_name = "FILE")]
    pub database_file: Option<PathBuf>,
    /// The file with the key under which second factors are sealed; without it `plumbline.key` in the data folder. It is
    /// made where it is missing. Servers that share a database need the same one.
    #[arg(long, env = "PLUMBLINE_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

impl Location {
    /// Whether the data is a SQLite file in the data folder.
    #[must_use]
    pub const fn is_sqlite(&self) -> bool {
        self.database.is_none() && self.database_file.is_none()
    }
}

/// Options of `backup`.
#[derive(Debug, Clone, Args)]
pub struct BackupOptions {
    /// Where the data is.
    #[command(flatten)]
    pub location: Location,
    /// The file to write, readable for this user only. A file that exists is never replaced.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Options of `restore`.
#[derive(Debug, Clone, Args)]
pub struct RestoreOptions {
    /// Where the data will be.
    #[command(flatten)]
    pub location: Location,
    /// The backup.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Commands about the audit trail.
#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Checks every chain from its first entry to its head, and ends with 1 where one is broken.
    Verify(VerifyOptions),
    /// Prints a signed note of where every chain stands now. Keep it where the database is not.
    Checkpoint(Location),
    /// Prints the public key with which checkpoints of this installation are verified.
    Key(Location),
}

/// Options of `audit verify`.
#[derive(Debug, Clone, Args)]
pub struct VerifyOptions {
    /// Where the data is.
    #[command(flatten)]
    pub location: Location,
    /// A checkpoint: the chains must have the entries that it has. Without one, entries that were cut off at the end, and
    /// chains that were written anew as a whole, cannot be noticed. May be repeated.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
    /// The line that `plumbline audit key` printed; without it, the key is taken from the key file.
    #[arg(long, value_name = "KEY")]
    pub public_key: Option<CheckpointPublicKey>,
}

/// Options of `serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// Where the data is.
    #[command(flatten)]
    pub location: Location,
    /// The address on which the pages are served. Outside loopback it needs --public-url and --trusted-proxy.
    #[arg(long, env = "PLUMBLINE_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR", value_parser = address)]
    pub listen: SocketAddr,
    /// The loopback address on which /healthz, /readyz and /metrics are served.
    #[arg(long, env = "PLUMBLINE_ADMIN_LISTEN", default_value = "127.0.0.1:8081", value_name = "ADDR", value_parser = address)]
    pub admin_listen: SocketAddr,
    /// The address that people type, for example `https://plumbline.shop.example`.
    #[arg(long, env = "PLUMBLINE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// An address or network, for example `10.0.0.5` or `10.0.0.0/24`, whose X-Forwarded-For is believed. May be repeated.
    #[arg(long, env = "PLUMBLINE_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',')]
    pub trusted_proxy: Vec<Network>,
    /// A folder into which checkpoints of the audit trail are written as well as into the log, best on another disk.
    #[arg(long, env = "PLUMBLINE_CHECKPOINTS", value_name = "DIR")]
    pub checkpoints: Option<PathBuf>,
    /// How large a file of evidence may be, in MiB. All of a workspace together take forty times that.
    #[arg(long, env = "PLUMBLINE_EVIDENCE_LIMIT", default_value_t = 100, value_name = "MIB", value_parser = mebibytes)]
    pub evidence_limit: u32,
    /// The mail server, where there is one.
    #[command(flatten)]
    pub mail: MailOptions,
}

/// Options of `ready`.
#[derive(Debug, Clone, Args)]
pub struct ReadyOptions {
    /// The second address of the server.
    #[arg(long, env = "PLUMBLINE_ADMIN_LISTEN", default_value = "127.0.0.1:8081", value_name = "ADDR", value_parser = address)]
    pub admin_listen: SocketAddr,
}

/// Options of `import`.
#[derive(Debug, Clone, Args)]
pub struct ImportOptions {
    /// Where the data is.
    #[command(flatten)]
    pub location: Location,
    /// The key of the workspace.
    #[arg(long, value_name = "WORKSPACE")]
    pub workspace: String,
    /// Which proposals for the meaning of field names are taken. Without it, field names stay unrecognised, as work for a person.
    #[arg(long, value_enum, value_name = "CONFIDENCE")]
    pub accept: Option<Accept>,
    /// Prints what would change, and changes nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The file: a model in JSON or YAML, or a CSV of systems or flows.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// How sure a proposal must be to be taken without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Accept {
    /// Only where the catalogue is sure.
    High,
}

/// Options of `observe`.
#[derive(Debug, Clone, Args)]
pub struct ObserveOptions {
    /// Where the data is.
    #[command(flatten)]
    pub location: Location,
    /// The key of the workspace.
    #[arg(long, value_name = "WORKSPACE")]
    pub workspace: String,
    /// What people call the source. The same name again replaces what it saw before.
    #[arg(long, value_name = "NAME")]
    pub source: String,
    /// When it saw all of it, such as 2026-11-21T09:30:00Z; today where left out.
    #[arg(long, value_name = "TIME")]
    pub seen_at: Option<String>,
    /// What it covers completely, divided by semicolons: places of secrets, or keys of systems; * for all.
    #[arg(long, value_name = "WHAT")]
    pub complete_for: Option<String>,
    /// The day since which it covers that.
    #[arg(long, value_name = "DAY")]
    pub complete_since: Option<String>,
    /// The list: a CSV of secrets, webhook subscriptions, hits of a log scanner, or configuration checks.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Options of `export`.
#[derive(Debug, Clone, Args)]
pub struct ExportOptions {
    /// Where the data is.
    #[command(flatten)]
    pub location: Location,
    /// The key of the workspace.
    #[arg(long, value_name = "WORKSPACE")]
    pub workspace: String,
}

/// Options of `export-pack`.
#[derive(Debug, Clone, Args)]
pub struct ExportPackOptions {
    /// Where the data is.
    #[command(flatten)]
    pub location: Location,
    /// The key of the workspace.
    #[arg(long, value_name = "WORKSPACE")]
    pub workspace: String,
    /// The snapshot, such as snap-3: the pack is that of its seal, or a draft where nobody signed it. Without one, the last
    /// seal, or a draft of the state of now where there is none.
    #[arg(long, value_name = "SNAPSHOT")]
    pub snapshot: Option<SnapshotKey>,
    /// What it holds of people and names: full, auditor (no addresses) or redacted (no names and free texts).
    #[arg(long, value_name = "PROFILE", default_value = "full")]
    pub profile: Profile,
    /// The file to write; it must not exist.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Commands about the keys that sign packs.
#[derive(Debug, Clone, Subcommand)]
pub enum PackKeyCommand {
    /// Prints the public keys that signed packs and their fingerprints, newest first.
    List(Location),
    /// Signs with a new key from now on. The public keys of before stay, so that older packs verify as they did.
    Rotate(Location),
}

/// Options of `make-pack`.
#[derive(Debug, Clone, Args)]
pub struct MakePackOptions {
    /// Where the data is.
    #[command(flatten)]
    pub location: Location,
    /// The key of the workspace.
    #[arg(long, value_name = "WORKSPACE")]
    pub workspace: String,
    /// The number of the pack, such as PACK-3.
    #[arg(long, value_name = "PACK")]
    pub pack: PackNumber,
}

/// Options of `verify-pack`.
#[derive(Debug, Clone, Args)]
pub struct VerifyPackOptions {
    /// The pack.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// A file with the public key that signs packs, or its fingerprint, got on another way than with the pack. Without one
    /// the verdict on a whole pack is "intact, signer not known".
    #[arg(long, value_name = "FILE")]
    pub trusted_key: Option<PathBuf>,
    /// A checkpoint of the audit trail that was kept elsewhere, made when the pack was sealed or before.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
}

/// Commands about the sample estate.
#[derive(Debug, Clone, Subcommand)]
pub enum DemoCommand {
    /// Makes a workspace with the sample estate, owned by the first administrator of the instance where there is one.
    Load(Location),
}

/// Commands about accounts.
#[derive(Debug, Clone, Subcommand)]
pub enum UserCommand {
    /// Adds an account. Its password is generated and printed once, or read with --password-stdin.
    Add(UserOptions),
    /// Prints a link with which a person sets a new password: it works once, for 30 minutes. A second factor stays.
    ResetLink(ResetOptions),
    /// Takes a lost second factor away. The person is signed out everywhere and sets up another one.
    RemoveSecondFactor(AccountOptions),
}

/// Which account a command is about.
#[derive(Debug, Clone, Args)]
pub struct AccountOptions {
    /// Where the data is.
    #[command(flatten)]
    pub location: Location,
    /// The e-mail address with which the person signs in.
    #[arg(long, value_name = "ADDRESS")]
    pub mail: String,
}

/// Options of `user reset-link`.
#[derive(Debug, Clone, Args)]
pub struct ResetOptions {
    /// The account.
    #[command(flatten)]
    pub account: AccountOptions,
    /// The address that people type, for example `https://plumbline.shop.example`. Without it the path alone is printed.
    #[arg(long, env = "PLUMBLINE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,
}

/// Options of `user add`.
#[derive(Debug, Clone, Args)]
pub struct UserOptions {
    /// Where the data is.
    #[command(flatten)]
    pub location: Location,
    /// The e-mail address with which the person signs in.
    #[arg(long, value_name = "ADDRESS")]
    pub mail: String,
    /// The person's name.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// The key of a workspace of which the person becomes a member.
    #[arg(long, value_name = "WORKSPACE", requires = "role")]
    pub workspace: Option<String>,
    /// The role in that workspace: owner, admin, editor, reviewer, viewer or auditor.
    #[arg(long, value_name = "ROLE", requires = "workspace")]
    pub role: Option<String>,
    /// Lets the person administer the instance, which says nothing about any workspace.
    #[arg(long)]
    pub instance_admin: bool,
    /// Reads the password from the first line of standard input instead of generating one.
    #[arg(long)]
    pub password_stdin: bool,
}

/// A text that is not shown when the configuration is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("(hidden)")
    }
}

impl std::str::FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.trim().to_owned()))
    }
}

/// A configuration under which serving is safe.
#[derive(Debug, Clone)]
pub struct Serving {
    /// The folder of the data, where archives of packs lie.
    pub data: PathBuf,
    /// Where the pages are served.
    pub listen: SocketAddr,
    /// Where health is served.
    pub admin_listen: SocketAddr,
    /// Under which origin the browser knows us.
    pub origin: Origin,
    /// Whose `X-Forwarded-For` is believed.
    pub proxies: Vec<Network>,
    /// Which server takes mail, where one does.
    pub mail: Option<MailServer>,
}

impl ServeOptions {
    /// Decides whether serving like this is safe.
    ///
    /// # Errors
    /// The sentences that say what to add or change.
    pub fn check(&self) -> Result<Serving, Vec<String>> {
        let mut problems = Vec::new();
        if !self.admin_listen.ip().is_loopback() {
            problems.push(format!(
                "--admin-listen {} is reachable from other machines, and health is served without a session. \
                 Choose a loopback address such as 127.0.0.1:8081.",
                self.admin_listen
            ));
        }
        let origin = match &self.public_url {
            Some(url) if url.is_https() => Origin::Public(url.clone()),
            Some(url) if self.listen.ip().is_loopback() && url.is_loopback() => Origin::Local,
            Some(url) => {
                problems.push(format!(
                    "--public-url {url} would send passwords and sessions over plain HTTP. \
                     Put a proxy that ends TLS in front and give its address as --public-url https://.."
                ));
                Origin::Local
            }
            None => Origin::Local,
        };
        if !self.listen.ip().is_loopback() {
            let mut missing = Vec::new();
            if self.public_url.is_none() {
                missing.push("--public-url https://NAME (the address that people type)");
            }
            if self.trusted_proxy.is_empty() {
                missing.push("--trusted-proxy ADDRESS (the proxy that ends TLS)");
            }
            if !missing.is_empty() {
                problems.push(format!(
                    "--listen {} is reachable from other machines, and Plumbline itself speaks plain HTTP. Add {}, \
                     or listen on a loopback address such as 127.0.0.1:8080.",
                    self.listen,
                    missing.join(" and ")
                ));
            }
        }
        let mail = self.mail.check().unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Serving {
            data: self.location.data.clone(),
            listen: self.listen,
            admin_listen: self.admin_listen,
            origin,
            proxies: self.trusted_proxy.clone(),
            mail,
        })
    }
}

/// How large a file may be, in MiB.
fn mebibytes(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|it| (1..=4095).contains(it)).ok_or_else(|| "write a number from 1 to 4095".to_owned())
}

/// An address with a port. `localhost` is read as 127.0.0.1, without asking a name server.
fn address(text: &str) -> Result<SocketAddr, String> {
    let refused = || "write an IP address and a port, for example 127.0.0.1:8080".to_owned();
    match text.strip_prefix("localhost:") {
        Some(port) => Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port.parse().map_err(|_| refused())?)),
        None => text.parse().map_err(|_| refused()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn checked(arguments: &[&str]) -> Result<Serving, String> {
        let line = CommandLine::try_parse_from(["plumbline", "serve"].iter().chain(arguments)).unwrap();
        let Command::Serve(options) = line.command else { panic!("not serve") };
        options.check().map_err(|problems| problems.join("\n"))
    }

    #[test]
    fn the_options_are_consistent() {
        use clap::CommandFactory as _;
        CommandLine::command().debug_assert();
    }

    #[test]
    fn without_options_only_this_machine_is_served() {
        let serving = checked(&[]).unwrap();
        assert_eq!(serving.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(serving.admin_listen.to_string(), "127.0.0.1:8081");
        assert!(!serving.origin.is_https());
    }

    #[test]
    fn other_machines_are_served_only_behind_a_named_proxy_with_tls() {
        let proxy = ["--trusted-proxy", "10.0.0.5"];
        let url = ["--public-url", "https://plumbline.shop.example"];
        let everywhere = ["--listen", "0.0.0.0:8080"];
        let nothing = checked(&everywhere).unwrap_err();
        assert!(
            nothing.contains("--public-url https://NAME") && nothing.contains("--trusted-proxy ADDRESS"),
            "{nothing}"
        );
        let no_proxy = checked(&[everywhere, url].concat()).unwrap_err();
        assert!(no_proxy.contains("--trusted-proxy") && !no_proxy.contains("--public-url"), "{no_proxy}");
        let no_url = checked(&[everywhere, proxy].concat()).unwrap_err();
        assert!(no_url.contains("--public-url") && !no_url.contains("--trusted-proxy"), "{no_url}");
        let plain =
            checked(&[everywhere, proxy, ["--public-url", "http://plumbline.shop.example"]].concat()).unwrap_err();
        assert!(plain.contains("plain HTTP"), "{plain}");
        assert!(checked(&[everywhere, proxy, url].concat()).unwrap().origin.is_https());
    }

    #[test]
    fn health_is_never_served_to_other_machines() {
        let refused = checked(&["--admin-listen", "0.0.0.0:8081"]).unwrap_err();
        assert!(refused.contains("loopback"), "{refused}");
    }

    #[test]
    fn the_url_of_the_database_is_not_printed() {
        let line =
            CommandLine::try_parse_from(["plumbline", "migrate", "--database", "postgres://u:secret@db/p"]).unwrap();
        assert!(!format!("{line:?}").contains("secret"));
    }

    #[test]
    fn localhost_is_an_address_of_this_machine() {
        assert_eq!(address("localhost:9000").unwrap().to_string(), "127.0.0.1:9000");
        assert!(address("shop.example:80").is_err());
        assert!(address("8080").is_err());
    }
}
