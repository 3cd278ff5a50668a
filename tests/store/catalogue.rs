//! Every key starts with the centre and every statement binds it, on both stores: read off their own catalogues and off
//! the source. And every statement is one that both databases accept.
use crate::architecture::is_sql;
use crate::support::backend::{Backend, Kind};
use crate::support::source;
use hotline::server::Database;
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet};

/// A statement of the store, and where it stands.
#[derive(Debug)]
struct Statement {
    place: String,
    file: String,
    sql: String,
}

/// Statements that name no centre, with the reason; each must be there.
const WITHOUT: &[(&str, &str)] = &[
    ("SAVEPOINT", "control of a transaction"),
    ("ROLLBACK", "control of a transaction"),
    ("RELEASE", "control of a transaction"),
    ("BEGIN", "control of a transaction"),
    ("COMMIT", "control of a transaction"),
    ("PRAGMA", "a setting of the whole file"),
    ("SHOW {setting}", "a setting of the whole cluster"),
    ("SELECT current_setting(", "a setting of the whole cluster"),
    ("CREATE TABLE schema_version", "the version of the whole database"),
    ("SELECT coalesce(max(version), 0) FROM schema_version", "the version of the whole database"),
    ("SELECT to_regclass(", "whether there is a version at all"),
    ("INSERT INTO schema_version", "the version of the whole database"),
    ("SELECT pg_advisory_xact_lock(7300, 1)", "one migration at a time"),
    ("SELECT 1::bigint FROM pg_advisory_xact_lock(?1)", "a lock by a thing's identity"),
    ("SELECT CASE WHEN pg_try_advisory_xact_lock(?1)", "a lock by the digest of user, route and key"),
    ("SELECT centre, position, recorded_at, hash FROM seq_state", "the writer's heads of all centres, once at the start"),
    ("SELECT coalesce(sum(p), 0)::bigint FROM (SELECT seq_pass(centre)", "the sequencer serves every centre"),
    ("SELECT coalesce(sum(position), 0)::bigint FROM seq_state", "the sequencer serves every centre"),
];

fn statements() -> Vec<Statement> {
    let control = |text: &str| ["COMMIT", "ROLLBACK", "RELEASE ", "SHOW ", "CREATE "].iter().any(|word| text.starts_with(word));
    let mut found = Vec::new();
    for file in source::all().into_iter().filter(|file| file.path.starts_with("server/store/")) {
        // `rows!("…")` puts its tail behind the one head of its file.
        let head = file.literals.iter().find(|literal| literal.before.ends_with("concat!(") && is_sql(&literal.text)).map(|head| head.text.clone());
        for literal in &file.literals {
            let sql = if literal.before.ends_with("rows!(") {
                format!("{}{}", head.as_deref().expect("a file with tails has a head"), literal.text)
            } else if literal.before.ends_with("concat!(") || !(is_sql(&literal.text) || control(&literal.text)) {
                continue;
            } else {
                literal.text.clone()
            };
            for sql in sql.split(';').filter(|sql| !sql.trim().is_empty()) {
                found.push(Statement { place: format!("src/{}:{}", file.path, literal.line), file: file.path.clone(), sql: sql.split_whitespace().collect::<Vec<_>>().join(" ") });
            }
        }
    }
    found
}

fn without(statement: &Statement) -> bool {
    WITHOUT.iter().any(|(start, _)| statement.sql.starts_with(start))
}

/// Does it name the centre first, and bind it as the first parameter?
fn binds(sql: &str) -> bool {
    let joins = sql.matches(" JOIN ").count();
    let equal = sql.matches(".centre = ").count();
    if sql.starts_with("INSERT INTO") {
        return sql.split_once(" (").is_some_and(|(_, rest)| rest.starts_with("centre, ")) && sql.contains("VALUES (?1, ");
    }
    // Every table that is joined is joined by its centre as well.
    sql.contains("centre = ?1") && (joins == 0 || equal > joins)
}

#[test]
fn every_statement_binds_the_centre_first() {
    let statements = statements();
    assert!(statements.len() > 60, "only {} statements were found", statements.len());
    let wrong: Vec<_> = statements.iter().filter(|statement| !without(statement) && !binds(&statement.sql)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (start, why) in WITHOUT {
        assert!(statements.iter().any(|statement| statement.sql.starts_with(start)), "{start} ({why}) is not there any more");
    }
    assert!(!binds("SELECT a FROM t WHERE id = ?1") && !binds("INSERT INTO t (id, centre) VALUES (?1, ?2)"));
    assert!(!binds("SELECT a FROM t JOIN u ON u.id = t.id WHERE t.centre = ?1"));
}

/// What a catalogue says: the columns of each table, and each key or index with its columns in order.
#[derive(Debug, Default, PartialEq)]
struct Catalogue {
    columns: BTreeMap<String, BTreeSet<String>>,
    keys: Vec<(String, String, Vec<String>)>,
}

impl Catalogue {
    fn check(&self) {
        assert!(self.columns.len() >= 15, "{} tables", self.columns.len());
        for (table, columns) in &self.columns {
            assert!(columns.contains("centre"), "{table} has no centre");
            assert!(self.keys.iter().any(|(of, _, _)| of == table), "{table} has no key");
        }
        for (table, key, columns) in &self.keys {
            assert_eq!(columns.first().map(String::as_str), Some("centre"), "{table}.{key}: {columns:?}");
        }
    }
}

fn of_sqlite(path: &std::path::Path) -> (Catalogue, rusqlite::Connection) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let names = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap().map(|name| name.unwrap().unwrap_or("an expression".into())).collect()
    };
    let mut catalogue = Catalogue::default();
    for table in names("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") {
        catalogue.columns.insert(table.clone(), names(&format!("SELECT name FROM pragma_table_info('{table}')")).into_iter().collect());
        // A key of one integer column has no index of its own.
        let primary = names(&format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk"));
        catalogue.keys.push((table.clone(), "primary key".into(), primary));
        for index in names(&format!("SELECT name FROM pragma_index_list('{table}')")) {
            catalogue.keys.push((table.clone(), index.clone(), names(&format!("SELECT name FROM pragma_index_info('{index}') ORDER BY seqno"))));
        }
    }
    (catalogue, connection)
}

async fn of_postgres(pool: &sqlx::PgPool) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let columns = "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'schema_version'";
    for row in sqlx::query(columns).fetch_all(pool).await.unwrap() {
        catalogue.columns.entry(row.get(0)).or_default().insert(row.get(1));
    }
    let keys = "SELECT t.relname::text, i.relname::text, coalesce(a.attname::text, 'an expression')
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        CROSS JOIN LATERAL unnest(x.indkey::int[]) WITH ORDINALITY AS k(number, place) LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number
        WHERE n.nspname = 'public' ORDER BY t.relname, i.relname, k.place";
    for row in sqlx::query(keys).fetch_all(pool).await.unwrap() {
        let (table, key, column): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        match catalogue.keys.last_mut() {
            Some((of, name, columns)) if *of == table && *name == key => columns.push(column),
            _ => catalogue.keys.push((table, key, vec![column])),
        }
    }
    catalogue
}

/// Prepares a statement. A parameter that may be null and stands alone has the type the program binds it with: told here
/// as text, or as a number where text does not fit.
async fn prepared(connection: &mut sqlx::PgConnection, statement: &Statement) {
    let sql = statement.sql.replace('?', "$");
    let count = (1..=60).rev().find(|number| sql.contains(&format!("${number}"))).unwrap_or_default();
    let mut types = vec!["unknown"; count];
    let mut last = None;
    for _ in 0..60 {
        let list = if types.is_empty() { String::new() } else { format!("({})", types.join(", ")) };
        let error = match sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PREPARE looked_at {list} AS {sql}"))).execute(&mut *connection).await {
            Ok(_) => {
                sqlx::raw_sql("DEALLOCATE looked_at").execute(&mut *connection).await.unwrap();
                return;
            }
            Err(error) => error.to_string(),
        };
        let alone = error.split("data type of parameter $").nth(1).and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
        match (alone, last) {
            (Some(number), _) => {
                types[number - 1] = "text";
                last = Some(number - 1);
            }
            (None, Some(number)) if types[number] == "text" && error.contains("operator does not exist") => types[number] = "bigint",
            _ => panic!("{}: {}: {error}", statement.place, statement.sql),
        }
    }
    panic!("{}: {}: no types were found for it", statement.place, statement.sql);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_starts_with_the_centre_and_sqlite_takes_every_statement() {
    let backend = Backend::start(Kind::Sqlite).await.unwrap();
    let Database::Sqlite(path) = &backend.settings.database else { unreachable!() };
    let (catalogue, connection) = of_sqlite(path);
    catalogue.check();
    let mut taken = 0;
    for statement in statements().iter().filter(|statement| statement.file != "server/store/postgres.rs" && !statement.sql.contains("advisory_xact_lock(?1)")) {
        connection.prepare(&statement.sql).unwrap_or_else(|error| panic!("{}: {}: {error}", statement.place, statement.sql));
        taken += 1;
    }
    assert!(taken > 50, "{taken}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_starts_with_the_centre_and_postgres_takes_every_statement() {
    let Some(backend) = Backend::start(Kind::Postgres).await else { return };
    let Database::Postgres(url) = &backend.settings.database else { unreachable!() };
    let pool = sqlx::PgPool::connect(url).await.unwrap();
    let catalogue = of_postgres(&pool).await;
    catalogue.check();
    let mut connection = pool.acquire().await.unwrap();
    let mut taken = 0;
    for statement in statements().iter().filter(|statement| statement.file != "server/store/sqlite.rs") {
        let plain = ["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|word| statement.sql.starts_with(word));
        // What the preparation of the server cannot hold is run by every test there is.
        if !plain {
            continue;
        }
        prepared(&mut connection, statement).await;
        taken += 1;
    }
    assert!(taken > 50, "{taken}");
    // The two stores are a pair: the same tables, the same columns but for what the sequencer keeps for itself.
    let folder = tempfile::TempDir::new().unwrap();
    let other = Backend::over(crate::support::backend::settings(Kind::Sqlite, &folder, None).await.unwrap(), tempfile::TempDir::new().unwrap()).await;
    let Database::Sqlite(path) = &other.settings.database else { unreachable!() };
    let (sqlite, _) = of_sqlite(path);
    let mut pair = catalogue.columns;
    for (table, own) in [("event", &["xid", "epoch"][..]), ("seq_state", &["snap", "epoch"])] {
        for column in own {
            assert!(pair.get_mut(table).unwrap().remove(*column), "{table}.{column}");
        }
    }
    assert_eq!(pair, sqlite.columns);
}
