//! Migrations, always in pairs; a database newer than this program is refused and left as it is.

/// A migration: its number and its text for each database.
pub struct Migration {
    /// From 1.
    pub number: i64,
    /// SQLite text.
    pub sqlite: &'static str,
    /// PostgreSQL text.
    pub postgres: &'static str,
}

/// The table of migrations.
pub const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, sqlite: include_str!("migrations/sqlite/0001_spine.sql"), postgres: include_str!("migrations/postgres/0001_spine.sql") },
    Migration { number: 2, sqlite: include_str!("migrations/sqlite/0002_access.sql"), postgres: include_str!("migrations/postgres/0002_access.sql") },
    Migration { number: 3, sqlite: include_str!("migrations/sqlite/0003_append_only.sql"), postgres: include_str!("migrations/postgres/0003_append_only.sql") },
    Migration { number: 4, sqlite: include_str!("migrations/sqlite/0004_promises.sql"), postgres: include_str!("migrations/postgres/0004_promises.sql") },
];

/// The words for a database that an older program made, where nothing may be changed.
pub fn older(found: i64) -> String {
    let known = MIGRATIONS.len();
    format!("数据库版本 {found} 低于本程序的 {known}，未作改动；请先用本程序启动一次服务端。 The database is at version {found}, this program is at {known}; nothing was changed. Please start a server of this program on it first.")
}

/// The words for a database that a newer program made.
pub fn newer(found: i64) -> String {
    let known = MIGRATIONS.len();
    format!("数据库版本 {found} 高于本程序支持的 {known}，未作改动；请升级程序。 The database is at version {found}, this program knows {known}; nothing was changed. Please upgrade the program.")
}
