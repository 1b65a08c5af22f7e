//! The closed lists of the model that describe how things are connected and who controls them.

use crate::text::text_enum;

text_enum! {
    /// The protocol of a flow.
    Protocol {
        Https = "https": "HTTPS",
        Http = "http": "HTTP",
        Grpc = "grpc": "gRPC",
        MtlsTcp = "mtls_tcp": "TCP with mutual TLS",
        Tcp = "tcp": "TCP",
        Udp = "udp": "UDP",
        Ssh = "ssh": "SSH",
        Sftp = "sftp": "SFTP",
        Ftp = "ftp": "FTP",
        Ftps = "ftps": "FTPS",
        Telnet = "telnet": "Telnet",
        Rdp = "rdp": "RDP",
        Vnc = "vnc": "VNC",
        Smtp = "smtp": "SMTP",
        Smtps = "smtps": "SMTPS",
        Imap = "imap": "IMAP",
        Chat = "chat": "Chat",
        Sms = "sms": "SMS",
        Messaging = "messaging": "Messaging",
        Ldap = "ldap": "LDAP",
        Ldaps = "ldaps": "LDAPS",
        Snmpv1 = "snmpv1": "SNMPv1",
        Snmpv2 = "snmpv2": "SNMPv2",
        Snmpv3 = "snmpv3": "SNMPv3",
        Smbv1 = "smbv1": "SMBv1",
        Smb = "smb": "SMB",
        Nfs = "nfs": "NFS",
        Syslog = "syslog": "Syslog",
        SyslogTls = "syslog-tls": "Syslog over TLS",
        Amqp = "amqp": "AMQP",
        Amqps = "amqps": "AMQPS",
        Kafka = "kafka": "Kafka",
        KafkaTls = "kafka-tls": "Kafka over TLS",
        Postgres = "postgres": "PostgreSQL",
        PostgresTls = "postgres-tls": "PostgreSQL over TLS",
        Mysql = "mysql": "MySQL",
        MysqlTls = "mysql-tls": "MySQL over TLS",
        Pkcs11 = "pkcs11": "PKCS #11",
        Ntp = "ntp": "NTP",
        Dns = "dns": "DNS",
        Iso8583 = "iso8583": "ISO 8583",
        P2pe = "p2pe": "P2PE",
        Phone = "phone": "Phone",
        Paper = "paper": "Paper",
        Any = "any": "Any protocol",
        Other = "other": "Other",
        Unknown = "unknown": "Unknown",
    }
}

text_enum! {
    /// In which way one system manages another.
    How {
        Admin = "admin": "administers",
        Auth = "auth": "authenticates users of",
        Mfa = "mfa": "provides the second factor for",
        Deploy = "deploy": "deploys to",
        Patch = "patch": "patches",
        Av = "av": "protects against malware on",
        Virtualization = "virtualization": "virtualises",
        Kms = "kms": "manages keys of",
        Secrets = "secrets": "manages secrets of",
        Segmentation = "segmentation": "segments",
        Waf = "waf": "filters web traffic of",
        Dns = "dns": "resolves names of",
        PageScript = "page_script": "serves scripts to the page of",
        PageContent = "page_content": "writes the page of",
        Log = "log": "collects logs of",
        Ntp = "ntp": "sets the time of",
        Ids = "ids": "watches the network of",
        Monitor = "monitor": "monitors",
        Physical = "physical": "guards the site of",
    }
}

text_enum! {
    /// How the initiating end proves who it is.
    Auth {
        None = "none": "None",
        Password = "password": "Password",
        PasswordMfa = "password_mfa": "Password and second factor",
        ApiKey = "api_key": "API key",
        Oauth = "oauth": "OAuth",
        Mtls = "mtls": "Mutual TLS",
        SshKey = "ssh_key": "SSH key",
        Signature = "signature": "Signature",
        Kerberos = "kerberos": "Kerberos",
        Saml = "saml": "SAML",
        Other = "other": "Other",
        Unknown = "unknown": "Unknown",
    }
}

text_enum! {
    /// Whose the system is.
    Boundary {
        Own = "own": "Ours",
        ThirdParty = "third_party": "Third party",
        External = "external": "External (never assessed by us)",
    }
}

text_enum! {
    /// The environment. The engine treats preprod, test and dev alike.
    Environment {
        Prod = "prod": "Production",
        Preprod = "preprod": "Pre-production",
        Test = "test": "Test",
        Dev = "dev": "Development",
        Dr = "dr": "Disaster recovery",
    }
}

text_enum! {
    /// The stage of life of a system or a flow.
    Lifecycle {
        Planned = "planned": "Planned",
        Live = "live": "Live",
        Retiring = "retiring": "Retiring",
        Retired = "retired": "Retired",
    }
}

text_enum! {
    /// How a web system takes the card.
    PaymentPage {
        None = "none": "No payment page",
        Redirect = "redirect": "Redirect to the provider",
        Iframe = "iframe": "Hosted fields or iframe",
        DirectPost = "direct_post": "Direct post",
        JsForm = "js_form": "Form served by us as script",
        MerchantForm = "merchant_form": "Own form that receives the card",
    }
}

text_enum! {
    /// From where a system can be reached.
    Exposure {
        Internet = "internet": "Internet",
        Internal = "internal": "Internal",
    }
}

text_enum! {
    /// How a flow is encrypted.
    Encryption {
        None = "none": "None",
        Transport = "transport": "In transport",
        Message = "message": "The message itself",
        Both = "both": "Transport and message",
        Unknown = "unknown": "Unknown",
    }
}

text_enum! {
    /// Which end opens the connection.
    Initiator {
        From = "from": "The sender of the data",
        To = "to": "The receiver of the data",
        Both = "both": "Either end",
    }
}

text_enum! {
    /// The medium.
    Channel {
        Network = "network": "Network",
        Offline = "offline": "Offline",
    }
}

text_enum! {
    /// What the network lets through between the two ends.
    Access {
        Restricted = "restricted": "Only what is needed",
        Unrestricted = "unrestricted": "Anything (any-any rule)",
        Blocked = "blocked": "Blocked",
    }
}

text_enum! {
    /// What a node on the way does with the traffic.
    ViaMode {
        Inspect = "inspect": "Inspects",
        Passthrough = "passthrough": "Passes through",
    }
}

text_enum! {
    /// How the two ends work together.
    Sync {
        Sync = "sync": "Synchronous",
        Async = "async": "Asynchronous",
        Batch = "batch": "Batch",
    }
}

text_enum! {
    /// How far a segment is trusted.
    Trust {
        Untrusted = "untrusted": "Untrusted",
        Public = "public": "Public edge",
        Internal = "internal": "Internal",
        Restricted = "restricted": "Restricted",
    }
}

text_enum! {
    /// What a link lets through between two segments.
    LinkPolicy {
        Open = "open": "Open",
        Filtered = "filtered": "Filtered",
        Denied = "denied": "Denied",
    }
}

text_enum! {
    /// What a control does when it sees something.
    ControlMode {
        Enforce = "enforce": "Enforces",
        Detect = "detect": "Detects",
        Off = "off": "Off",
    }
}

text_enum! {
    /// Whether a control is known to work.
    ControlStatus {
        Verified = "verified": "Verified",
        Unverified = "unverified": "Not verified",
        Failed = "failed": "Failed",
    }
}

text_enum! {
    /// What a key is for.
    KeyUse {
        Decrypt = "decrypt": "Encrypts and decrypts",
        Hmac = "hmac": "Keyed hash",
        Sign = "sign": "Signs",
        Kek = "kek": "Encrypts other keys",
    }
}

text_enum! {
    /// What a grant allows on a system, as the engine reads it.
    Privilege {
        Read = "read": "Read",
        Act = "act": "Act",
        Admin = "admin": "Administer",
        Detokenise = "detokenise": "De-tokenise",
        Decrypt = "decrypt": "Decrypt",
    }
}

text_enum! {
    /// What a system can do with tokens.
    CapabilityType {
        Vault = "vault": "Keeps the mapping of tokens to cards",
        Detokenise = "detokenise": "May turn tokens back into cards",
    }
}

text_enum! {
    /// Which life cycle stages the engine reads.
    View {
        Current = "current": "Current: live and retiring",
        Target = "target": "Target: live and planned",
    }
}
