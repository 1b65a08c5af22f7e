//! Values of closed lists as people write them: `HTTPS/2`, `TLS 1.2`, `mTLS`, `3rd party`, `Production`.

use crate::model::kinds::{FlowKind, SystemFunction, SystemKind};
use crate::model::relations::{
    Access, Auth, Boundary, Channel, Encryption, Environment, Exposure, Initiator, Lifecycle, PaymentPage, Protocol,
};

/// A closed list, read leniently.
pub trait Words: Copy + 'static {
    /// Every value.
    const VALUES: &'static [Self];
    /// What people write beside the value's own word and label: letters and digits only, in lower case.
    const SYNONYMS: &'static [(&'static str, Self)] = &[];
    /// The value's word in files.
    fn word(self) -> &'static str;
    /// The value in words for people.
    fn words(self) -> &'static str;

    /// The value that a text means, whatever its case, blanks and punctuation; a version or a port behind it and
    /// a remark in parentheses are left out.
    #[must_use]
    fn read(text: &str) -> Option<Self> {
        let without_remark = text.split('(').next().unwrap_or(text);
        let bare = without_remark.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let bare = bare.trim_end_matches(|c: char| !c.is_alphanumeric());
        let without_v = bare.strip_suffix(['v', 'V']).unwrap_or(bare);
        [text, without_remark, bare, without_v].iter().find_map(|text| {
            let text = compact(text);
            let own = Self::VALUES.iter().find(|it| compact(it.word()) == text || compact(it.words()) == text);
            own.or_else(|| Self::SYNONYMS.iter().find(|(word, _)| *word == text).map(|(_, it)| it)).copied()
        })
    }

    /// The values to choose from, as a remedy.
    #[must_use]
    fn choices() -> String {
        let words: Vec<&str> = Self::VALUES.iter().map(|it| it.word()).collect();
        format!("use one of {}", words.join(", "))
    }
}

macro_rules! words {
    ($($list:ident $(: $($synonym:literal => $value:ident),+ $(,)?)? ;)+) => {$(
        impl Words for $list {
            const VALUES: &'static [Self] = Self::ALL;
            const SYNONYMS: &'static [(&'static str, Self)] = &[$($(($synonym, Self::$value)),+)?];

            fn word(self) -> &'static str {
                self.as_str()
            }

            fn words(self) -> &'static str {
                self.label()
            }
        }
    )+};
}

words! {
    SystemKind:
        "webapp" => Web, "website" => Web, "frontend" => Web, "webserver" => Web,
        "microservice" => Service, "app" => Service, "application" => Service, "server" => Service,
        "backend" => Service, "container" => Service, "worker" => Service, "job" => Service,
        "lambda" => FunctionRuntime, "function" => FunctionRuntime, "serverless" => FunctionRuntime,
        "db" => Database, "rdbms" => Database, "postgres" => Database, "postgresql" => Database, "mysql" => Database,
        "mongodb" => Database, "bucket" => ObjectStore, "s3" => ObjectStore, "blobstore" => ObjectStore,
        "redis" => Cache, "memcached" => Cache, "broker" => Queue, "messagebroker" => Queue, "kafka" => Queue,
        "topic" => Queue, "rabbitmq" => Queue, "dlq" => DeadLetter, "log" => LogSink, "logs" => LogSink,
        "logging" => LogSink, "datawarehouse" => Warehouse, "dwh" => Warehouse, "terminal" => Poi,
        "posterminal" => Poi, "pos" => Poi, "pc" => Workstation, "desktop" => Workstation, "phone" => Mobile,
        "jumpserver" => JumpHost, "ci" => Cicd, "pipeline" => Cicd, "git" => CodeRepo, "repository" => CodeRepo,
        "registry" => ArtifactRepo, "kubernetes" => Orchestrator, "k8s" => Orchestrator, "lb" => LoadBalancer,
        "gateway" => ApiGateway, "reverseproxy" => Proxy, "vm" => ContainerHost, "host" => ContainerHost,
        "ad" => Directory, "activedirectory" => Directory, "sso" => Idp, "ntp" => Time, "email" => Mail,
        "mailserver" => Mail, "smtp" => Mail, "helpdesk" => Ticketing, "paymentprovider" => Psp,
        "paymentgateway" => Psp, "browser" => ConsumerBrowser, "customer" => ConsumerBrowser;
    SystemFunction:
        "shop" => Storefront, "cart" => Checkout, "payments" => Payment, "orders" => Order, "refunds" => Refund,
        "payouts" => Payout, "antifraud" => Fraud, "log" => Logging, "logs" => Logging, "auth" => Identity,
        "authentication" => Identity, "iam" => Identity, "admin" => Administration, "dev" => Development,
        "notification" => Messaging, "notifications" => Messaging, "reporting" => Bi, "keys" => KeyManagement;
    Boundary:
        "internal" => Own, "us" => Own, "our" => Own, "inhouse" => Own, "3rdparty" => ThirdParty,
        "vendor" => ThirdParty, "provider" => ThirdParty, "saas" => ThirdParty, "supplier" => ThirdParty,
        "customer" => External, "outside" => External;
    Environment:
        "production" => Prod, "live" => Prod, "prd" => Prod, "staging" => Preprod, "stage" => Preprod,
        "uat" => Preprod, "integration" => Preprod, "qa" => Test, "testing" => Test, "development" => Dev,
        "failover" => Dr;
    Lifecycle:
        "active" => Live, "production" => Live, "inuse" => Live, "operational" => Live, "future" => Planned,
        "proposed" => Planned, "deprecated" => Retiring, "phaseout" => Retiring, "sunset" => Retiring,
        "decommissioned" => Retired, "inactive" => Retired;
    PaymentPage:
        "no" => None, "hostedpage" => Redirect, "hostedfields" => Iframe, "hosted" => Redirect, "post" => DirectPost,
        "javascript" => JsForm, "js" => JsForm, "ownform" => MerchantForm, "form" => MerchantForm;
    Exposure:
        "public" => Internet, "external" => Internet, "publicinternet" => Internet, "yes" => Internet,
        "private" => Internal, "intern" => Internal, "no" => Internal;
    FlowKind:
        "rest" => Api, "restapi" => Api, "soap" => Api, "graphql" => Api, "rpc" => Api, "call" => Api,
        "request" => Api, "callback" => Webhook, "nightly" => Batch, "csv" => File, "upload" => File,
        "event" => Queue, "events" => Queue, "mq" => Queue, "pubsub" => Queue, "deadletter" => Dlq, "logs" => Log,
        "logging" => Log, "stdout" => Log, "stderr" => Log, "console" => Log, "errors" => Error,
        "errortracking" => Error, "tracking" => Analytics, "sessionreplay" => Replay, "javascript" => Script,
        "management" => Admin, "replication" => Cdc;
    Protocol:
        "tls" => Tcp, "ssl" => Tcp, "h2" => Https, "http2" => Http, "h2c" => Http, "grpcs" => Grpc, "mtls" => MtlsTcp,
        "mutualtls" => MtlsTcp, "snmp" => Snmpv2, "cifs" => Smb, "samba" => Smb, "pgsql" => Postgres,
        "mariadb" => Mysql, "postgresql" => Postgres, "email" => Smtp, "mail" => Smtp, "rabbitmq" => Amqp,
        "ldapssl" => Ldaps, "telephone" => Phone, "iso8583tcp" => Iso8583, "ws" => Http, "wss" => Https,
        "websocket" => Http, "all" => Any;
    Auth:
        "no" => None, "anonymous" => None, "unauthenticated" => None, "basic" => Password, "basicauth" => Password,
        "userpassword" => Password, "usernamepassword" => Password, "mfa" => PasswordMfa, "2fa" => PasswordMfa,
        "passwordandmfa" => PasswordMfa, "passwordmfa" => PasswordMfa, "token" => ApiKey, "apitoken" => ApiKey,
        "key" => ApiKey, "oauth2" => Oauth, "oidc" => Oauth, "openidconnect" => Oauth, "bearer" => Oauth,
        "bearertoken" => Oauth, "jwt" => Oauth, "clientcertificate" => Mtls, "clientcert" => Mtls,
        "certificate" => Mtls, "ssh" => SshKey, "hmac" => Signature, "signed" => Signature,
        "signedrequest" => Signature, "sso" => Saml;
    Encryption:
        "no" => None, "plain" => None, "plaintext" => None, "cleartext" => None, "clear" => None,
        "unencrypted" => None, "false" => None, "yes" => Transport, "true" => Transport, "tls" => Transport,
        "ssl" => Transport, "mtls" => Transport, "mutualtls" => Transport, "https" => Transport,
        "encrypted" => Transport, "vpn" => Transport, "ipsec" => Transport, "ssh" => Transport,
        "intransit" => Transport, "jwe" => Message, "pgp" => Message, "gpg" => Message, "payload" => Message,
        "endtoend" => Message, "e2e" => Message, "field" => Message, "fieldlevel" => Message;
    Initiator:
        "source" => From, "sender" => From, "push" => From, "target" => To, "receiver" => To, "destination" => To,
        "pull" => To, "bidirectional" => Both;
    Channel:
        "online" => Network, "net" => Network, "manual" => Offline, "paper" => Offline;
    Access:
        "filtered" => Restricted, "allowlist" => Restricted, "anyany" => Unrestricted, "any" => Unrestricted,
        "open" => Unrestricted, "denied" => Blocked, "deny" => Blocked, "no" => Blocked;
}

/// A text as it is compared with headers and words: letters and digits in lower case.
#[must_use]
pub fn compact(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a cell says nothing, in one of the usual ways.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "" | "-" | "–" | "—" | "?" | "n/a" | "n.a." | "tbd" | "null" | "nil")
}

/// Yes or no.
#[must_use]
pub fn yes_or_no(text: &str) -> Option<bool> {
    match compact(text).as_str() {
        "yes" | "y" | "true" | "1" | "x" | "ja" | "on" => Some(true),
        "no" | "n" | "false" | "0" | "nein" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_people_write_them() {
        for (text, expected) in [
            ("HTTPS", Protocol::Https),
            ("https/2", Protocol::Https),
            ("HTTP/1.1", Protocol::Http),
            ("HTTPS (TLS 1.2)", Protocol::Https),
            ("tcp/5432", Protocol::Tcp),
            ("TCP:443", Protocol::Tcp),
            ("gRPC", Protocol::Grpc),
            ("SNMPv1", Protocol::Snmpv1),
            ("Syslog over TLS", Protocol::SyslogTls),
            ("postgres_tls", Protocol::PostgresTls),
            ("PKCS #11", Protocol::Pkcs11),
            ("ISO 8583", Protocol::Iso8583),
        ] {
            assert_eq!(Protocol::read(text), Some(expected), "{text}");
        }
        for (text, expected) in [
            ("TLS", Encryption::Transport),
            ("TLS 1.2", Encryption::Transport),
            ("TLSv1.3", Encryption::Transport),
            ("mTLS", Encryption::Transport),
            ("yes", Encryption::Transport),
            ("No", Encryption::None),
            ("Transport and message", Encryption::Both),
            ("unknown", Encryption::Unknown),
        ] {
            assert_eq!(Encryption::read(text), Some(expected), "{text}");
        }
        assert_eq!(Auth::read("mTLS"), Some(Auth::Mtls));
        assert_eq!(Auth::read("OAuth 2.0"), Some(Auth::Oauth));
        assert_eq!(Boundary::read("3rd party"), Some(Boundary::ThirdParty));
        assert_eq!(SystemKind::read("Payment terminal (POI)"), Some(SystemKind::Poi));
        assert_eq!(SystemKind::read("Web App"), Some(SystemKind::Web));
    }

    #[test]
    fn what_is_in_no_list_is_not_guessed() {
        assert_eq!(Protocol::read("carrier pigeon"), None);
        assert_eq!(Protocol::read(""), None);
        assert_eq!(Protocol::read("443"), None);
        assert!(Protocol::choices().starts_with("use one of https, http,"));
    }

    #[test]
    fn no_synonym_contradicts_the_list_or_another_synonym() {
        fn check<T: Words + PartialEq + std::fmt::Debug>() {
            for (word, value) in T::SYNONYMS {
                assert_eq!(T::read(word), Some(*value), "{word}");
                assert_eq!(compact(word), *word);
            }
            for value in T::VALUES {
                assert_eq!(T::read(value.word()), Some(*value));
                assert_eq!(T::read(value.words()), Some(*value));
            }
        }
        check::<SystemKind>();
        check::<SystemFunction>();
        check::<Boundary>();
        check::<Environment>();
        check::<Lifecycle>();
        check::<PaymentPage>();
        check::<Exposure>();
        check::<FlowKind>();
        check::<Protocol>();
        check::<Auth>();
        check::<Encryption>();
        check::<Initiator>();
        check::<Channel>();
        check::<Access>();
    }
}
