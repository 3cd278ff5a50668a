//! A TCP proxy that does harm on purpose: it cuts after a request was sent and before its reply, ends connections by FIN
//! or RST after a random life, or freezes (nothing passes, nothing closes).
use crate::support::dice::Dice;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the proxy does to its connections.
pub struct Rules {
    upstreams: Mutex<Vec<SocketAddr>>,
    /// How often a reply is cut, of a thousand.
    pub cut_replies: AtomicU64,
    /// How long a connection lives, milliseconds; 0: for ever.
    pub life: AtomicU64,
    frozen: watch::Sender<bool>,
    dice: Dice,
    /// Replies cut so far.
    pub cuts: AtomicU64,
    /// Connections taken so far.
    pub taken: AtomicU64,
}

/// The proxy; it ends with this value.
pub struct Proxy {
    pub address: SocketAddr,
    pub rules: Arc<Rules>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// In front of these servers; each connection goes to one of them by chance.
    pub async fn before(upstreams: &[SocketAddr], seed: u64) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let rules = Arc::new(Rules {
            upstreams: Mutex::new(upstreams.to_vec()),
            cut_replies: AtomicU64::new(0),
            life: AtomicU64::new(0),
            frozen: watch::channel(false).0,
            dice: Dice::new(seed),
            cuts: AtomicU64::new(0),
            taken: AtomicU64::new(0),
        });
        let shared = Arc::clone(&rules);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                shared.taken.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(relay(client, Arc::clone(&shared)));
            }
        });
        Proxy { address, rules, task }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on new connections go here.
    pub fn point_at(&self, upstreams: &[SocketAddr]) {
        *self.rules.upstreams.lock().unwrap() = upstreams.to_vec();
    }

    /// Lets nothing pass any more, and closes nothing.
    pub fn freeze(&self, frozen: bool) {
        self.rules.frozen.send_replace(frozen);
    }
}

async fn relay(mut client: TcpStream, rules: Arc<Rules>) {
    let upstream = {
        let upstreams = rules.upstreams.lock().unwrap();
        upstreams[rules.dice.below(upstreams.len() as u64) as usize]
    };
    let Ok(mut server) = TcpStream::connect(upstream).await else { return };
    let (_, _) = (client.set_nodelay(true), server.set_nodelay(true));
    {
        let (mut client_out, mut client_in) = client.split();
        let (mut server_out, mut server_in) = server.split();
        let (mut up_frozen, mut down_frozen) = (rules.frozen.subscribe(), rules.frozen.subscribe());
        let up = async {
            let mut bytes = vec![0; 16 * 1024];
            while let Ok(count @ 1..) = client_out.read(&mut bytes).await {
                let _ = up_frozen.wait_for(|frozen| !frozen).await;
                if server_in.write_all(&bytes[..count]).await.is_err() {
                    return;
                }
            }
        };
        let down = async {
            let mut bytes = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = server_out.read(&mut bytes).await {
                let _ = down_frozen.wait_for(|frozen| !frozen).await;
                if rules.dice.below(1000) < rules.cut_replies.load(Ordering::Relaxed) {
                    rules.cuts.fetch_add(1, Ordering::Relaxed);
                    return;
                }
                if client_in.write_all(&bytes[..count]).await.is_err() {
                    return;
                }
            }
        };
        let ends = async {
            match rules.life.load(Ordering::Relaxed) {
                0 => std::future::pending().await,
                life => tokio::time::sleep(Duration::from_millis(life / 2 + rules.dice.below(life))).await,
            }
        };
        tokio::select! { () = up => {}, () = down => {}, () = ends => {} }
    }
    if rules.dice.below(2) == 0 {
        // RST instead of FIN, to both sides.
        let (_, _) = (client.set_zero_linger(), server.set_zero_linger());
    }
}
