//! Ctrl-C while calls are on their way: the first asks for an orderly end, the second ends palc at once.

use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

use crate::base::Kind;

/// How many runs want to end in order.
static RUNS: AtomicUsize = AtomicUsize::new(0);
static PRESSED: AtomicUsize = AtomicUsize::new(0);
static WAKE: Notify = Notify::const_new();

/// As long as there is one, Ctrl-C only asks for the end.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    pub fn hold() -> Guard {
        start();
        RUNS.fetch_add(1, Ordering::SeqCst);
        Guard(())
    }

    pub fn is_asked(&self) -> bool {
        PRESSED.load(Ordering::SeqCst) > 0
    }

    /// Wait until somebody asks for the end.
    pub async fn asked(&self) {
        loop {
            let woken = WAKE.notified();
            if self.is_asked() {
                return;
            }
            woken.await;
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        RUNS.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Listen for as long as palc runs: once signals were asked for, nothing else ends the program by them.
fn start() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let listen = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async { while pressed().await {} });
        };
        // Without a thread Ctrl-C does what it does without us: it ends palc.
        let _ = std::thread::Builder::new().name("interrupt".into()).spawn(listen);
    });
}

async fn pressed() -> bool {
    if signal().await.is_none() {
        return false;
    }
    let before = PRESSED.fetch_add(1, Ordering::SeqCst);
    if before > 0 || RUNS.load(Ordering::SeqCst) == 0 {
        std::process::exit(i32::from(Kind::Interrupted.exit_code()));
    }
    WAKE.notify_waiters();
    true
}

#[cfg(unix)]
async fn signal() -> Option<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).ok()?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed.ok(),
        told = terminate.recv() => told,
    }
}

#[cfg(not(unix))]
async fn signal() -> Option<()> {
    tokio::signal::ctrl_c().await.ok()
}
