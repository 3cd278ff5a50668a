//! 模拟话务 (simulator): plays the sample city's seeded traffic into a backend, with a few colleagues who answer what waits
//! too long, so that the floor lives whatever the person at the desk does.
use crate::api::calls::{CallRow, Ring};
use crate::api::session::Login;
use crate::api::tickets::{NewTicket, Then};
use crate::client::{Client, ClientError, new_key};
use crate::domain::ids::CallId;
use crate::domain::limits::{Line, TicketKind};
use crate::sample::{self, Act, City, Intent, Kind, Random, Traffic};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Who answers in the background; the person at the desk is somebody else.
const COLLEAGUES: [&str; 4] = ["op02", "op03", "op04", "eop02"];
/// A colleague lets the person at the desk try first for this long, virtual milliseconds.
const COURTESY_MS: (i64, i64) = (9_000, 16_000);

/// The calls under way, by the simulator's own number.
type Calls = Arc<Mutex<HashMap<u64, CallId>>>;

/// Plays until the backend is gone. `exchange` is a client that may report calls; `run` makes this run's call ids its own.
pub async fn play(exchange: Client, seed: u64, speed: f64, run: String) {
    let calls: Calls = Arc::default();
    let free = Arc::new(Mutex::new(colleagues(&exchange).await));
    let mut random = Random::stream(seed, 77);
    let start = tokio::time::Instant::now();
    for act in Traffic::new(seed, speed) {
        tokio::time::sleep_until(start + Duration::from_millis(act.due_ms)).await;
        let gone = match act.act {
            Act::Ring(ring) => {
                let courtesy = random.between(COURTESY_MS.0, COURTESY_MS.1);
                match report(&exchange, &ring, &run).await {
                    Ok(row) => {
                        let id = row.id;
                        if let Ok(mut calls) = calls.lock() {
                            calls.insert(ring.call, id);
                        }
                        let (exchange, free) = (exchange.clone(), Arc::clone(&free));
                        tokio::spawn(one_call(exchange, id, *ring, courtesy, speed, free));
                        false
                    }
                    Err(error) => matches!(error, ClientError::Unreachable(_)),
                }
            }
            Act::Abandon { call } => {
                let id = calls.lock().ok().and_then(|mut calls| calls.remove(&call));
                match id {
                    // Refused where the call was answered: then it means nothing.
                    Some(id) => matches!(exchange.act_on_call(id, "abandon", &new_key()).await, Err(ClientError::Unreachable(_))),
                    None => false,
                }
            }
        };
        if gone {
            return;
        }
    }
}

async fn colleagues(exchange: &Client) -> Vec<Client> {
    let mut found = Vec::new();
    for login in COLLEAGUES {
        let login = Login { login: login.into(), password: sample::PASSWORD.into() };
        if let Ok(session) = exchange.login(&login).await {
            found.push(exchange.with_token(session.token));
        }
    }
    found
}

async fn report(exchange: &Client, ring: &sample::Ring, run: &str) -> Result<CallRow, ClientError> {
    let district = City::shared().districts.iter().find(|district| district.code == ring.intent.district);
    let call = Ring {
        exchange: "simulator".into(),
        exchange_call: format!("{run}-{}", ring.call),
        line: if ring.line == sample::Line::Enterprise { Line::Enterprise } else { Line::Citizen },
        number: if ring.caller.number_shown { ring.caller.number.clone() } else { String::new() },
        name: ring.caller.number_shown.then(|| ring.caller.name.clone()),
        district: district.map(|district| district.name.clone()),
    };
    exchange.ring(&call, &format!("{run}-{}", ring.call)).await
}

/// What happens to one call: a colleague takes it if nobody has by then; whoever took it, the caller hangs up in the end.
async fn one_call(exchange: Client, id: CallId, ring: sample::Ring, courtesy_ms: i64, speed: f64, free: Arc<Mutex<Vec<Client>>>) {
    let pause = |ms: u64| tokio::time::sleep(Duration::from_millis((ms as f64 / speed.max(0.01)) as u64));
    pause(courtesy_ms.unsigned_abs()).await;
    // The first caller waits for the person at the desk.
    let colleague = if ring.call == 1 { None } else { free.lock().ok().and_then(|mut free| free.pop()) };
    let mut mine = false;
    if let Some(colleague) = &colleague {
        mine = colleague.act_on_call(id, "take", &new_key()).await.is_ok();
    }
    if !mine {
        if let (Some(colleague), Ok(mut free)) = (colleague.clone(), free.lock()) {
            free.push(colleague);
        }
        // Answered by a person, or still waiting: the exchange hangs up once they have talked.
        pause(u64::from(ring.talk_s) * 1000).await;
        let _ = exchange.act_on_call(id, "hang_up", &new_key()).await;
        return;
    }
    pause(u64::from(ring.talk_s) * 1000).await;
    let _ = exchange.act_on_call(id, "hang_up", &new_key()).await;
    if let Some(colleague) = colleague {
        let _ = colleague.create_ticket(&ticket(&ring.intent, id), &new_key()).await;
        pause(8_000).await;
        let _ = colleague.act_on_call(id, "wrap_up", &new_key()).await;
        if let Ok(mut free) = free.lock() {
            free.push(colleague);
        }
    }
}

fn ticket(intent: &Intent, call: CallId) -> NewTicket {
    let unit = City::shared().route(&intent.class, &intent.district).to_owned();
    NewTicket {
        kind: match intent.kind {
            Kind::Consultation => TicketKind::Consultation,
            Kind::Help => TicketKind::HelpRequest,
            Kind::Complaint => TicketKind::Complaint,
            Kind::Report => TicketKind::Report,
            Kind::Suggestion => TicketKind::Suggestion,
        },
        class: Some(intent.class.clone()),
        urgent_class: intent.urgent_class.clone(),
        tag: None,
        green: intent.green_channel,
        line: Line::Citizen,
        title: intent.title.clone(),
        body: intent.body.clone(),
        place: Some(intent.place.clone()),
        call: Some(call),
        pins: Vec::new(),
        then: if intent.kind == Kind::Consultation { Then::Answer } else { Then::Dispatch { unit } },
        number: None,
        enterprise: None,
        promise: None,
    }
}
