//! The product's own source, read as text: code without comments, and the string literals in it. A lexer of a few states,
//! not a parser: enough for rules about imports and about where SQL stands.
use std::path::{Path, PathBuf};

/// A string literal.
#[derive(Debug, Clone)]
pub struct Literal {
    pub line: usize,
    pub text: String,
    /// The code just before it, blanks taken out: tells `rows!(` from `query(`.
    pub before: String,
}

/// One file.
#[derive(Debug)]
pub struct Source {
    /// From `src/`, as `server/store/log.rs`.
    pub path: String,
    /// The text as it is.
    pub text: String,
    /// Code only, comments and the insides of strings blanked out; without the tests in the file.
    pub code: String,
    pub literals: Vec<Literal>,
}

/// Every file under `src/`.
pub fn all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    files.iter().map(|file| read(file.strip_prefix(&root).unwrap().to_str().unwrap(), &std::fs::read_to_string(file).unwrap())).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
}

/// Reads one file's text.
pub fn read(path: &str, text: &str) -> Source {
    // Tests in the file stand at its end.
    let tests = ["#[cfg(test)]\nmod tests {", "#[cfg(test)]\npub mod tests {"].iter().filter_map(|mark| text.find(mark)).min();
    let (code, literals) = lexed(&text[..tests.unwrap_or(text.len())]);
    Source { path: path.into(), text: text.into(), code, literals }
}

impl Source {
    /// A file of tests, by its name.
    pub fn is_test(&self) -> bool {
        self.path.ends_with("tests.rs") || self.path.split('/').any(|part| part == "tests")
    }

    /// The room it stands in: the first part of its path.
    pub fn room(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// The rooms it names: `crate::room`, `crate::{room, …}`, and as many `super::` as lead to the root.
    pub fn names(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let module: Vec<&str> = self.path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').collect();
        for (index, line) in self.code.lines().enumerate() {
            for (at, _) in line.match_indices("crate::") {
                let rest = &line[at + "crate::".len()..];
                match rest.strip_prefix('{') {
                    Some(_) => {
                        let from: usize = self.code.lines().take(index).map(|line| line.len() + 1).sum::<usize>() + at + "crate::{".len();
                        found.extend(grouped(&self.code[from..]).into_iter().map(|name| (index + 1, name)));
                    }
                    None => found.push((index + 1, word(rest))),
                }
            }
            let up = "super::".repeat(module.len());
            if let Some(at) = line.find(&up) {
                let rest = line[at + up.len()..].trim_start_matches("super::");
                found.push((index + 1, word(rest)));
            }
        }
        found
    }
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first names of a group, up to its closing brace.
fn grouped(text: &str) -> Vec<String> {
    let (mut depth, mut start, mut names) = (0, true, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            c if start && !c.is_whitespace() => {
                names.push(word(&text[at..]));
                start = false;
            }
            _ => {}
        }
    }
    names
}

fn lexed(text: &str) -> (String, Vec<Literal>) {
    let bytes: Vec<char> = text.chars().collect();
    let (mut code, mut literals, mut at, mut line) = (String::with_capacity(text.len()), Vec::new(), 0, 1);
    let is = |at: usize, what: &str| what.chars().enumerate().all(|(offset, c)| bytes.get(at + offset) == Some(&c));
    while at < bytes.len() {
        let c = bytes[at];
        let raw = (c == 'r' && !bytes.get(at.wrapping_sub(1)).is_some_and(|c| c.is_alphanumeric() || *c == '_'))
            .then(|| bytes[at + 1..].iter().take_while(|c| **c == '#').count())
            .filter(|hashes| bytes.get(at + 1 + hashes) == Some(&'"'));
        if is(at, "//") {
            while at < bytes.len() && bytes[at] != '\n' {
                at += 1;
            }
        } else if is(at, "/*") {
            while at < bytes.len() && !is(at, "*/") {
                line += usize::from(bytes[at] == '\n');
                if bytes[at] == '\n' {
                    code.push('\n');
                }
                at += 1;
            }
            at += 2;
        } else if c == '"' || raw.is_some() {
            let before: String = code.chars().rev().filter(|c| !c.is_whitespace()).take(12).collect::<Vec<_>>().into_iter().rev().collect();
            let (from, mut inside) = (line, String::new());
            let hashes = raw.unwrap_or_default();
            let end: String = std::iter::once('"').chain("#".repeat(hashes).chars()).collect();
            at += if raw.is_some() { hashes + 2 } else { 1 };
            code.push('"');
            while at < bytes.len() && !is(at, &end) {
                if bytes[at] == '\n' {
                    line += 1;
                    code.push('\n');
                }
                if raw.is_none() && bytes[at] == '\\' {
                    // A line that goes on: the break and the blanks after it are not part of the text.
                    if bytes.get(at + 1) == Some(&'\n') {
                        at += 1;
                        while bytes.get(at).is_some_and(|c| c.is_whitespace()) {
                            if bytes[at] == '\n' {
                                line += 1;
                                code.push('\n');
                            }
                            at += 1;
                        }
                        continue;
                    }
                    inside.push(bytes[at + 1]);
                    at += 2;
                    continue;
                }
                inside.push(bytes[at]);
                at += 1;
            }
            at += end.chars().count();
            code.push('"');
            literals.push(Literal { line: from, text: inside, before });
        } else if c == '\'' && (bytes.get(at + 2) == Some(&'\'') || bytes.get(at + 1) == Some(&'\\')) {
            // A character, not a lifetime.
            code.push_str("' '");
            at += 2;
            while at < bytes.len() && bytes[at] != '\'' {
                at += 1;
            }
            at += 1;
        } else {
            line += usize::from(c == '\n');
            code.push(c);
            at += 1;
        }
    }
    (code, literals)
}
