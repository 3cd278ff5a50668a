//! Carries effects out: one task each, one answer each, in whatever order the world gives them.
use super::asks;
use super::effect::Effect;
use super::files::Files;
use super::keep::{Job, Keeper};
use super::moment;
use super::msg::{Answer, Msg};
use super::Reattach;
use super::searcher::Searcher;
use crate::api::articles::ArticleQuery;
use crate::api::audit::AuditQuery;
use crate::api::calls::CallQuery;
use crate::api::session::{Login, Me};
use crate::api::tickets::TicketQuery;
use crate::domain::access::Subject;
use crate::client::{self, Client, ClientError, Target};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Article heads a page.
const HEADS: u32 = 5000;

/// The worker.
pub struct Worker {
    client: Arc<Mutex<Client>>,
    answers: mpsc::Sender<Msg>,
    searcher: Arc<Searcher>,
    keeper: Keeper,
    following: Option<JoinHandle<()>>,
    reattach: Option<Reattach>,
    files: Files,
}

impl Worker {
    /// A worker that answers into this channel and keeps drafts in this folder.
    pub fn new(client: Client, answers: mpsc::Sender<Msg>, drafts: Option<PathBuf>, reattach: Option<Reattach>, files: Files) -> Worker {
        let searcher = Arc::new(Searcher::start(answers.clone()));
        let keeper = Keeper::start(drafts, answers.clone());
        Worker { client: Arc::new(Mutex::new(client)), answers, searcher, keeper, following: None, reattach, files }
    }

    fn client(&self) -> Client {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Carries one effect out.
    pub fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Search { serial, query } => return self.searcher.search(serial, query),
            Effect::AddHead(head) => return self.searcher.add(head),
            Effect::Follow { after } => return self.follow(after),
            Effect::FindDrafts { owner } => return self.keeper.job(Job::Find(owner)),
            Effect::KeepDrafts { owner, keep, forget } => return self.keeper.job(Job::Keep { owner, keep, forget }),
            _ => {}
        }
        let (client, answers) = (self.client(), self.answers.clone());
        let files = self.files.clone();
        let (shared, searcher, reattach) = (self.client.clone(), self.searcher.clone(), self.reattach.clone());
        tokio::spawn(async move {
            let answer = match effect {
                Effect::LogIn { login, password } => {
                    let result = client.login(&Login { login, password: password.0 }).await;
                    if let Ok(session) = &result {
                        let mut held = shared.lock().unwrap_or_else(PoisonError::into_inner);
                        *held = held.with_token(session.token.clone());
                    }
                    Answer::LoggedIn(result)
                }
                Effect::Reattach => Answer::Reattached(match reattach {
                    Some(reattach) => found_again(reattach().await, &shared).await.map_err(|error| error.to_string()),
                    None => return,
                }),
                Effect::WhoAmI => Answer::Me(client.me().await),
                Effect::LoadTables => Answer::Tables(client.tables().await),
                Effect::LoadCalls => Answer::Calls(client.calls(&CallQuery { live: Some(true), cursor: None, limit: Some(200) }).await),
                Effect::LoadTickets { ask, want, generation, query } => {
                    Answer::Tickets { ask, want, generation, result: client.tickets(&query).await }
                }
                Effect::LoadCounts => {
                    Answer::Counts(client.tickets(&TicketQuery { open: Some(true), limit: Some(1), ..TicketQuery::default() }).await)
                }
                Effect::LoadFigures => Answer::Figures(client.calls(&CallQuery { live: Some(true), cursor: None, limit: Some(1) }).await),
                Effect::LoadDetail(id) => Answer::Detail(id, client.ticket(id).await),
                Effect::LoadCard(call) => Answer::Card(call, client.caller_card(call).await),
                Effect::Reveal { of, request, key } => {
                    let result = match of {
                        Subject::Ticket(ticket) => client.reveal_ticket(ticket, &request, &key).await,
                        Subject::Call(call) => client.reveal_call(call, &request, &key).await,
                    };
                    Answer::Revealed { key, result }
                }
                Effect::Admin(ask) => Answer::Told(Box::new(asks::carry(&client, *ask).await)),
                Effect::LoadLooks(ticket) => Answer::Looks(ticket, client.looks(ticket).await),
                Effect::LoadAlarm { since } => {
                    let query = AuditQuery { kind: Some("access.overused".into()), from: Some(since), limit: Some(1), ..AuditQuery::default() };
                    Answer::Alarm(client.audit(&query).await)
                }
                Effect::LoadHeads => match heads(&client).await {
                    // The searcher answers for this one.
                    Ok(heads) => return searcher.build(heads),
                    Err(error) => Answer::Indexed(Err(error)),
                },
                Effect::LoadArticle(id) => Answer::Article(id, client.article(id).await),
                Effect::SetSeat(state) => Answer::Seat(state, client.seat(state).await.map(|_| ())),
                Effect::Call { call, act, key } => Answer::Call { call, act, result: client.act_on_call(call, act, &key).await },
                Effect::Unpin { call, pin, code, key } => Answer::Unpinned { code, result: client.unpin(call, &pin, &key).await },
                Effect::Pin { call, pin, code, key } => Answer::Pinned { code, result: client.pin(call, &pin, &key).await },
                Effect::Create { ticket, answered, key, given } => {
                    let now = moment::now();
                    let result = match &given {
                        Some(given) => client.create_ticket_of(&ticket, &key, given.age(&now)).await,
                        None => client.create_ticket(&ticket, &key).await,
                    };
                    Answer::Created { key, answered, given: given.unwrap_or(now), result }
                }
                Effect::FindThemes { theme } => Answer::Themes(files.themes(&theme)),
                Effect::ReadAgain { theme } => Answer::Reread(Box::new(files.again(&theme))),
                Effect::LeaseNumbers { count, key } => Answer::Numbers(client.lease_numbers(count, &key).await),
                Effect::Act { ticket, act, request, key } => {
                    let result = client.act(ticket, act, &request, &key).await;
                    Answer::Acted { key, result }
                }
                Effect::Search { .. } | Effect::AddHead(_) | Effect::Follow { .. } | Effect::FindDrafts { .. } | Effect::KeepDrafts { .. } => return,
            };
            // The channel is closed only when the console has ended.
            let _ = answers.send(Msg::Answer(Box::new(answer))).await;
        });
    }

    /// Waits until what is to be kept is kept.
    pub fn finish(self) {
        self.keeper.finish();
    }

    fn follow(&mut self, after: i64) {
        if let Some(old) = self.following.take() {
            old.abort();
        }
        let (client, answers) = (self.client(), self.answers.clone());
        self.following = Some(tokio::spawn(async move {
            let mut live = client::live(client, after);
            if answers.send(Msg::Answer(Box::new(Answer::Following))).await.is_err() {
                return;
            }
            while let Some(told) = live.recv().await {
                if answers.send(Msg::Live(Box::new(told))).await.is_err() {
                    return;
                }
            }
        }));
    }
}

/// From now on everything goes to the backend that was found.
async fn found_again(target: anyhow::Result<Target>, shared: &Mutex<Client>) -> anyhow::Result<Me> {
    let client = Client::new(&target?)?;
    let me = client.me().await?;
    *shared.lock().unwrap_or_else(PoisonError::into_inner) = client;
    Ok(me)
}

async fn heads(client: &Client) -> Result<Vec<crate::api::articles::ArticleHead>, ClientError> {
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let page = client.article_heads(&ArticleQuery { cursor, limit: Some(HEADS) }).await?;
        all.extend(page.items);
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(all),
        }
    }
}
