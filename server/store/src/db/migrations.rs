//! The migrations, as part of the binary. A file that was released is never edited.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Both databases have the same files: version, what it is about, and the name of the file.
macro_rules! migrations {
    ($directory:literal) => {
        [
            (1, "core", include_str!(concat!("../../../../migrations/", $directory, "/0001_core.sql"))),
            (2, "model", include_str!(concat!("../../../../migrations/", $directory, "/0002_model.sql"))),
            (
                3,
                "people_and_members",
                include_str!(concat!("../../../../migrations/", $directory, "/0003_people_and_members.sql")),
            ),
            (
                4,
                "authentication",
                include_str!(concat!("../../../../migrations/", $directory, "/0004_authentication.sql")),
            ),
            (5, "api tokens", include_str!(concat!("../../../../migrations/", $directory, "/0005_api_tokens.sql"))),
            (
                6,
                "change_inverse",
                include_str!(concat!("../../../../migrations/", $directory, "/0006_change_inverse.sql")),
            ),
            (7, "findings", include_str!(concat!("../../../../migrations/", $directory, "/0007_findings.sql"))),
            (8, "snapshots", include_str!(concat!("../../../../migrations/", $directory, "/0008_snapshots.sql"))),
            (9, "proposals", include_str!(concat!("../../../../migrations/", $directory, "/0009_proposals.sql"))),
            (10, "comments", include_str!(concat!("../../../../migrations/", $directory, "/0010_comments.sql"))),
            (11, "saved_views", include_str!(concat!("../../../../migrations/", $directory, "/0011_saved_views.sql"))),
            (
                12,
                "observations",
                include_str!(concat!("../../../../migrations/", $directory, "/0012_observations.sql")),
            ),
            (14, "risks", include_str!(concat!("../../../../migrations/", $directory, "/0014_risks.sql"))),
            (
                15,
                "register_import",
                include_str!(concat!("../../../../migrations/", $directory, "/0015_register_import.sql")),
            ),
            (16, "incidents", include_str!(concat!("../../../../migrations/", $directory, "/0016_incidents.sql"))),
            (
                17,
                "risk_register",
                include_str!(concat!("../../../../migrations/", $directory, "/0017_risk_register.sql")),
            ),
            (18, "schedules", include_str!(concat!("../../../../migrations/", $directory, "/0018_schedules.sql"))),
            (19, "reviews", include_str!(concat!("../../../../migrations/", $directory, "/0019_reviews.sql"))),
            (20, "notices", include_str!(concat!("../../../../migrations/", $directory, "/0020_notices.sql"))),
            (
                21,
                "entity_profile",
                include_str!(concat!("../../../../migrations/", $directory, "/0021_entity_profile.sql")),
            ),
            (22, "evidence", include_str!(concat!("../../../../migrations/", $directory, "/0022_evidence.sql"))),
            (23, "packs", include_str!(concat!("../../../../migrations/", $directory, "/0023_packs.sql"))),
            (24, "pack_keys", include_str!(concat!("../../../../migrations/", $directory, "/0024_pack_keys.sql"))),
        ]
    };
}

/// The number of the newest schema.
pub(super) fn newest() -> i64 {
    sqlite().iter().map(|migration| migration.version).max().unwrap_or_default()
}

pub(super) fn sqlite() -> Migrator {
    migrator(migrations!("sqlite"))
}

pub(super) fn postgres() -> Migrator {
    migrator(migrations!("postgres"))
}

fn migrator<const N: usize>(files: [(i64, &'static str, &'static str); N]) -> Migrator {
    let migrations = files.map(|(version, name, sql)| {
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.to_vec())
}
