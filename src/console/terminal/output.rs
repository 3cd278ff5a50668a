//! Where frames are written: collected, then sent as one write between the marks of a synchronized update.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::guard::{WRITING, in_console};

const BEGIN_UPDATE: &[u8] = b"\x1b[?2026h";
const END_UPDATE: &[u8] = b"\x1b[?2026l";

/// A handle on the frame being drawn; the backend holds one, the screen the other.
#[derive(Clone)]
pub(super) struct Output {
    frame: Arc<Mutex<PendingFrame>>,
}

struct PendingFrame {
    bytes: Vec<u8>,
    sink: Box<dyn Write + Send>,
}

impl Output {
    pub(super) fn new(sink: Box<dyn Write + Send>) -> Output {
        let frame = PendingFrame {
            bytes: Vec::new(),
            sink,
        };
        Output {
            frame: Arc::new(Mutex::new(frame)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, PendingFrame> {
        // Only a panic between two pushes could poison it; the bytes are still in order.
        self.frame
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Opens a frame. What was queued before it (a cleared page) becomes part of it.
    pub(super) fn begin_frame(&self) {
        let mut frame = self.lock();
        let before = std::mem::take(&mut frame.bytes);
        frame.bytes.extend_from_slice(BEGIN_UPDATE);
        frame.bytes.extend(before);
    }

    /// Sends the frame as one write; nothing of it when drawing failed.
    pub(super) fn end_frame(&self, drawn: io::Result<()>) -> io::Result<()> {
        let mut frame = self.lock();
        let mut bytes = std::mem::take(&mut frame.bytes);
        drawn?;
        bytes.extend_from_slice(END_UPDATE);
        let sent = frame.sink.write_all(&bytes);
        // Keep the room for the next frame.
        bytes.clear();
        frame.bytes = bytes;
        sent
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Nothing: the backend flushes several times within a frame, and a frame is one write.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Standard output without Rust's line buffer, which would cut a frame at its last line feed.
pub(super) struct TerminalSink(File);

impl TerminalSink {
    pub(super) fn open() -> io::Result<TerminalSink> {
        let own = io::stdout().as_fd().try_clone_to_owned()?;
        Ok(TerminalSink(File::from(own)))
    }

    /// Sends all bytes without asking whose the terminal is. A slow line is waited for, at most
    /// `patience` where one is given.
    pub(super) fn send(&mut self, mut bytes: &[u8], patience: Option<Duration>) -> io::Result<()> {
        let begin = Instant::now();
        while !bytes.is_empty() {
            match self.0.write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // Another program left the terminal non-blocking; a slow line then says "later".
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if patience.is_some_and(|patience| begin.elapsed() > patience) {
                        return Err(error);
                    }
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Write for TerminalSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    /// All of it, unless the terminal was given back meanwhile (a panic in another thread).
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let _writing = WRITING
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        if !in_console() {
            return Err(io::ErrorKind::NotConnected.into());
        }
        self.send(bytes, None)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
