//! 补全与手册 (completions and manual): made from the very tree of verbs that is read, so they cannot tell of another.
use super::{Cli, Exit, Failure, Session};
use crate::words;
use clap::CommandFactory;
use clap_complete::Shell;

/// `hotline completions SHELL`. Made whole, then written: the maker would stop with a panic at a closed pipe.
pub(super) fn completions(session: &Session, shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "hotline", &mut script);
    session.out.exact(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}

/// `hotline man [VERB]…`: the page of the program, or of one verb.
pub(super) fn man(session: &Session, verbs: &[String]) -> Result<Exit, Failure> {
    let mut program = Cli::command();
    program.build();
    let mut command = &program;
    for verb in verbs {
        command = command.find_subcommand(verb).ok_or_else(|| Failure::Usage(words!("usage-no-verb", value = verb.as_str())))?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(|error| Failure::Broken(error.to_string()))?;
    session.out.exact(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Ok)
}
