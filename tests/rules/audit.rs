//! 审计: everything that was done, found by person, kind and time, page by page; the chain names the first break, and a
//! head that was kept elsewhere shows a log that was written anew.
use super::{no, on_both, ring};
use crate::api::matrix::new_ticket;
use crate::store::raw::Raw;
use crate::support::backend::{Backend, Kind};
use crate::support::until;
use hotline::api::audit::{AuditQuery, ChainQuery};
use hotline::api::import::{ImportedTicket, Numbered};
use hotline::client::new_key;

async fn what_was_done_is_found(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let auditor = backend.with_roles("t.auditor", &["auditor"], None).await;
    let operator = backend.with_roles("t.one", &["operator"], None).await;
    let before = backend.admin.advance_clock(0).await.unwrap().now;
    let ticket = operator.create_ticket(&new_ticket(None), &new_key()).await.unwrap();
    let after = backend.admin.advance_clock(60).await.unwrap().now;
    for call in 0..7 {
        backend.admin.ring(&ring(&call.to_string(), None), &new_key()).await.unwrap();
    }
    let of = |query: AuditQuery| {
        let auditor = auditor.clone();
        async move { auditor.audit(&query).await.unwrap().items }
    };
    until("everything has its position", 20, || async { Some(of(AuditQuery { kind: Some("call".into()), ..Default::default() }).await).filter(|rows| rows.len() == 7) }).await;
    let own = of(AuditQuery { person: Some("t.one".into()), ..Default::default() }).await;
    assert_eq!(own.iter().map(|row| (row.by.as_str(), row.kind.as_str(), row.number.as_deref())).collect::<Vec<_>>(), [("t.one", "ticket.accepted", Some(ticket.number.as_str()))]);
    assert_eq!(of(AuditQuery { person: Some("nobody".into()), ..Default::default() }).await, []);
    assert_eq!(of(AuditQuery { kind: Some("user.added".into()), from: Some(before), ..Default::default() }).await.len(), 0);
    let added = of(AuditQuery { kind: Some("user".into()), limit: Some(2), ..Default::default() }).await;
    assert!(added.iter().all(|row| row.by == "admin01"), "{added:?}");
    // A kind that is none is not "nothing was done".
    for kind in ["foo", "access.reveald", "ticket.created", "user.taken"] {
        let query = AuditQuery { kind: Some(kind.into()), ..Default::default() };
        assert_eq!(no(auditor.audit(&query).await), (422, "unknown".into()), "{kind}");
    }
    for kind in ["access.revealed", "ticket.flag_raised", "table.year_imported"] {
        of(AuditQuery { kind: Some(kind.into()), ..Default::default() }).await;
    }
    let between = of(AuditQuery { from: Some(before), to: Some(after), ..Default::default() }).await;
    assert!(between.iter().any(|row| row.kind == "ticket.accepted") && between.iter().all(|row| row.at >= before && row.at < after), "{between:?}");
    // What was imported, and by whom.
    let row = ImportedTicket {
        external_id: "old-1".into(),
        kind: hotline::domain::limits::TicketKind::Complaint,
        line: Default::default(),
        urgent_class: None,
        title: "示例".into(),
        body: String::new(),
        place: None,
        unit: Some("city.dc.zjj".into()),
        accepted_at: "2026-01-05T00:00:00Z".parse().unwrap(),
        replied_at: Some("2026-01-06T00:00:00Z".parse().unwrap()),
        reply: Some("示例答复".into()),
    };
    assert_eq!(backend.admin.import_tickets(&[Numbered { line: 1, row }].into(), &new_key()).await.unwrap().created, 1);
    let imports = AuditQuery { kind: Some("import".into()), from: Some(before), ..Default::default() };
    let imported = until("the import has its position", 20, || async { Some(of(imports.clone()).await).filter(|rows| !rows.is_empty()) }).await;
    assert_eq!(imported.iter().map(|row| (row.by.as_str(), row.kind.as_str())).collect::<Vec<_>>(), [("admin01", "ticket.accepted")]);
    // Page by page it is the same log, each entry once, newest first.
    let (mut cursor, mut positions) = (None, Vec::new());
    loop {
        let page = auditor.audit(&AuditQuery { cursor, limit: Some(3), ..Default::default() }).await.unwrap();
        positions.extend(page.items.iter().map(|row| row.position));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert!(positions.windows(2).all(|two| two[0] == two[1] + 1) && positions.last() == Some(&1), "{positions:?}");
}

async fn the_chain_names_its_first_break(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let auditor = backend.with_roles("t.auditor", &["auditor"], None).await;
    for call in 0..5 {
        backend.admin.ring(&ring(&call.to_string(), None), &new_key()).await.unwrap();
    }
    let raw = Raw::open(&backend.settings.database).await;
    until("every event has its position", 60, || async {
        let count = |table: &'static str| raw.rows(table);
        (count("SELECT count(*) FROM event").await == count("SELECT count(*) FROM event_position").await).then_some(())
    })
    .await;
    let head = auditor.audit_head().await.unwrap();
    let whole = auditor.audit_chain(&ChainQuery::default()).await.unwrap();
    assert_eq!((whole.broken_at, whole.ended, &whole.head), (None, true, &head));
    assert!(head.hash.len() == 64 && head.position > 7);
    // In two stretches it is the same chain.
    let first = auditor.audit_chain(&ChainQuery { after: 0, limit: Some(4) }).await.unwrap();
    assert_eq!((first.broken_at, first.ended, first.head.position), (None, false, 4));
    assert_eq!(auditor.audit_chain(&ChainQuery { after: 4, limit: None }).await.unwrap(), whole);
    raw.unguard().await;
    // Changed, in two places: the first is named. Then one is taken out of the order.
    for position in [head.position - 1, 5] {
        raw.run(&format!("UPDATE event SET actor = 'system' || actor WHERE id = (SELECT event_id FROM event_position WHERE centre = 1 AND position = {position})")).await;
        assert_eq!(auditor.audit_chain(&ChainQuery::default()).await.unwrap().broken_at, Some(position));
    }
    raw.run("DELETE FROM event_position WHERE centre = 1 AND position = 3").await;
    assert_eq!(auditor.audit_chain(&ChainQuery::default()).await.unwrap().broken_at, Some(4), "the one after the hole");
    // The end cut off: the head says there was more.
    raw.run(&format!("DELETE FROM event_position WHERE centre = 1 AND position = {}", head.position)).await;
    let cut = auditor.audit_chain(&ChainQuery { after: 5, limit: None }).await.unwrap();
    assert_eq!((cut.broken_at, cut.ended), (Some(head.position - 1), true), "changed above, and the end is missing");
    assert_eq!(auditor.audit_chain(&ChainQuery { after: head.position, limit: None }).await.unwrap().broken_at, Some(head.position));
}

on_both! {
    what_was_done_is_found => what_was_done_is_found_on_sqlite, what_was_done_is_found_on_postgres;
    the_chain_names_its_first_break => the_chain_names_its_first_break_on_sqlite, the_chain_names_its_first_break_on_postgres;
}
