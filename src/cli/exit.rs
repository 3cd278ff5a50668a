//! How a command ends: the codes scripts may rely on, and failures told apart by them.
use super::output::Out;
use crate::api::Problem;
use crate::client::ClientError;
use crate::config::Fault;
use crate::words;

/// 退出码 (exit code). Stable: scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Ok = 0,
    /// The rules said no, or rows of an import or of a rebuild were found wanting.
    Refused = 1,
    /// Wrong arguments, or faults in a settings file, keymap, theme, map or input.
    Usage = 2,
    /// Nobody answers at the server's address.
    Unreachable = 3,
    /// No login, or it has ended, or it is not allowed to do this.
    NotAllowed = 4,
    /// Something broke: the server's 5xx, an answer that cannot be read, a disk.
    Broken = 5,
    /// A server that cannot start as things are: its port, its database, its keys; nothing was changed.
    CannotStart = 6,
    /// Stopped by ctrl-c; what was kept has been said.
    Interrupted = 130,
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// The backend's answer, or none.
    Client(ClientError),
    /// The login has ended or never was; the command that logs in again.
    Ended(Box<Problem>, String),
    /// Faults in files, flags, variables.
    Faults(Vec<Fault>),
    /// Wrong arguments.
    Usage(String),
    /// The rules said no; the words have been or are these.
    Refused(String),
    /// Something broke here.
    Broken(String),
    /// A server cannot start.
    CannotStart(String),
    /// Stopped by ctrl-c.
    Interrupted(String),
    /// Nobody reads the output any more: not worth a word.
    Closed,
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Failure::Client(error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<ClientError>() {
            Ok(error) => Failure::Client(error),
            Err(error) => Failure::Broken(format!("{error:#}")),
        }
    }
}

impl Failure {
    /// The code it ends with.
    pub fn exit(&self) -> Exit {
        match self {
            Failure::Closed => Exit::Ok,
            Failure::Ended(..) => Exit::NotAllowed,
            Failure::Faults(_) | Failure::Usage(_) | Failure::Client(ClientError::Address(_)) => Exit::Usage,
            Failure::Refused(_) => Exit::Refused,
            Failure::CannotStart(_) => Exit::CannotStart,
            Failure::Interrupted(_) => Exit::Interrupted,
            Failure::Broken(_) | Failure::Client(ClientError::Unexpected(_)) => Exit::Broken,
            Failure::Client(ClientError::Unreachable(_)) => Exit::Unreachable,
            Failure::Client(ClientError::Problem(problem)) => match problem.status {
                401 | 403 => Exit::NotAllowed,
                500.. => Exit::Broken,
                _ => Exit::Refused,
            },
        }
    }

    /// A stable code for `--json`.
    fn code(&self) -> String {
        match self {
            Failure::Client(error) => error.code().map_or_else(|| if self.exit() == Exit::Unreachable { "unreachable" } else { "unexpected" }.to_owned(), str::to_owned),
            Failure::Ended(problem, _) => problem.code.clone(),
            Failure::Faults(_) => "faults".into(),
            Failure::Usage(_) => "usage".into(),
            Failure::Refused(_) => "refused".into(),
            Failure::CannotStart(_) => "cannot_start".into(),
            Failure::Interrupted(_) => "interrupted".into(),
            Failure::Broken(_) | Failure::Closed => "broken".into(),
        }
    }

    fn words(&self) -> String {
        match self {
            // One speaks TLS, the other does not: told in words, not in the library's.
            Failure::Client(ClientError::Unreachable(why)) if why.contains("InvalidContentType") => words!("cli-plain-server"),
            Failure::Client(ClientError::Unreachable(why)) if why.contains("invalid HTTP version") => words!("cli-secure-server"),
            Failure::Client(ClientError::Unreachable(why)) => words!("cli-unreachable", why = why.as_str()),
            Failure::Client(ClientError::Unexpected(why)) => words!("cli-unexpected", why = why.as_str()),
            Failure::Client(ClientError::Address(why)) => words!("cli-bad-server", value = why.as_str()),
            Failure::Client(error) => error.to_string(),
            Failure::Ended(_, command) => words!("cli-log-in-again", command = command.as_str()),
            Failure::Faults(faults) => words!("command-check-faults", count = faults.len()),
            Failure::Usage(text) | Failure::Refused(text) | Failure::Broken(text) | Failure::CannotStart(text) | Failure::Interrupted(text) => text.clone(),
            Failure::Closed => String::new(),
        }
    }

    /// Says it on standard error, scrubbed, and gives the code.
    pub fn tell(&self, out: &Out) -> Exit {
        let exit = self.exit();
        if matches!(self, Failure::Closed) {
            return exit;
        }
        let faults: &[Fault] = if let Failure::Faults(faults) = self { faults } else { &[] };
        if out.json {
            let faults: Vec<_> = faults.iter().map(|fault| serde_json::json!({ "place": fault.place, "line": fault.line, "text": fault.text })).collect();
            let problem = if let Failure::Client(ClientError::Problem(problem)) | Failure::Ended(problem, _) = self { serde_json::to_value(problem).ok() } else { None };
            let error = serde_json::json!({ "code": self.code(), "message": self.words(), "exit": exit as u8, "faults": faults, "problem": problem });
            out.error_json(&serde_json::json!({ "error": error }));
        } else {
            for fault in faults {
                out.error(&fault.to_string());
            }
            let words = self.words();
            if !words.is_empty() {
                out.error(&format!("hotline: {words}"));
            }
        }
        exit
    }
}
