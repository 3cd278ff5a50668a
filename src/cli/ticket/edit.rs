//! `ticket edit`: a correction of what was registered. Where somebody else saved since, nothing is overwritten: the fields are
//! told as they stand now, and the version to go on from.
use super::args::EditOf;
use super::{Exit, Failure, Session, done, resolve, words_or_stdin};
use crate::api::tickets::{EditRequest, TicketDetail};
use crate::client::ClientError;
use crate::domain::refusal::Refusal;
use crate::words;

pub(super) async fn run(session: &Session, edit: EditOf) -> Result<Exit, Failure> {
    let body = edit.body.map(|body| words_or_stdin(Some(body))).transpose()?;
    let request = EditRequest { kind: edit.kind, class: edit.class, title: edit.title, body, place: edit.place };
    if request == EditRequest::default() {
        return Err(Failure::Usage(words!("cli-edit-nothing")));
    }
    let client = session.connect().await?;
    let id = resolve(&client, &edit.ticket).await?;
    let from = match edit.from {
        Some(from) => from,
        None => client.ticket(id).await?.row.version,
    };
    match client.edit(id, &request, from, &session.key()).await {
        Ok(row) => done(session, &row),
        Err(error) => {
            if let ClientError::Problem(problem) = &error
                && matches!(problem.refusal, Some(Refusal::Stale { .. }))
                && !session.out.json
            {
                told(session, &request, &client.ticket(id).await?);
            }
            Err(error.into())
        }
    }
}

/// Each field that was to change, as it stands now.
fn told(session: &Session, request: &EditRequest, now: &TicketDetail) {
    let kind = words::find(&format!("kind-{}", now.row.kind.code())).unwrap_or_else(|| now.row.kind.code().to_owned());
    let fields = [
        (request.kind.is_some(), words!("field-kind"), kind),
        (request.title.is_some(), words!("field-title"), now.row.title.clone()),
        (request.class.is_some(), words!("field-matter"), now.row.class.clone().unwrap_or_default()),
        (request.place.is_some(), words!("field-place"), now.place.clone().unwrap_or_default()),
        (request.body.is_some(), words!("field-demand"), now.body.clone()),
    ];
    session.out.error(&words!("cli-edit-stale", version = now.row.version));
    for (_, field, stands) in fields.into_iter().filter(|(asked, _, _)| *asked) {
        session.out.error(&format!("{field}  {stands}"));
    }
}
