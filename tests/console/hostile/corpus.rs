//! Texts that drive a terminal, hide or deform. Each also holds plain letters, so that something remains to be seen.
use crate::support::real_data;

/// What an honest caller may be called, and what must be shown as it is.
pub const KEPT: [&str; 5] = ["ئۇيغۇر", "𠮷𪚥", "བོད་", "👍", "啰嗦"];

pub fn corpus() -> Vec<String> {
    let mut texts = vec![format!("维 {}", KEPT.join(" "))];
    texts.extend(
        [
            "甲\u{1b}[2J\u{1b}[H乙",
            "甲\u{1b}]0;title\u{7}乙",
            "甲\u{1b}]8;;http://example.invalid/\u{1b}\\乙\u{1b}]8;;\u{1b}\\",
            "甲\u{1b}]52;c;aGFja2Vk\u{7}乙",
            "甲\u{1b}P1$r0m\u{1b}\\乙",
            "甲\u{1b}_Gf=100;AAAA\u{1b}\\乙",
            "甲\u{1b}^private\u{1b}\\乙\u{1b}Xstring\u{1b}\\",
            "甲\u{1b}c\u{1b}7\u{1b}8\u{1b}M\u{1b}(0乙",
            "甲\u{1b}[?1049l\u{1b}[?25l\u{1b}[6n\u{1b}[c乙",
            "甲\u{1b}[200~\u{1b}[1;1H乙\r\n丙",
            "甲\u{7}\u{8}\u{8}\u{c}\u{b}\u{e}\u{f}\u{7f}乙",
            "甲\u{80}\u{84}\u{85}\u{8d}\u{90}q\u{9c}\u{98}\u{9b}31m\u{9d}0;x\u{9c}\u{9e}\u{9f}乙",
            "甲\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}乙",
            "甲\u{202e}改为：已同意\u{202c}乙",
            "甲\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{180e}乙",
            "\u{feff}甲\u{ad}\u{ad}乙",
            "甲\u{e0001}\u{e0041}\u{e0042}\u{e007f}乙",
            "甲\u{2028}乙\u{2029}丙",
            "甲\u{3164}\u{115f}\u{1160}\u{ffa0}\u{2800}乙",
            "\u{fe0f}甲 \u{fe0f}\u{e0100}a\u{fe0e}乙",
            "甲👨\u{200d}👩\u{200d}👧🏳\u{fe0f}\u{200d}🌈🇨🇳👍🏽乙",
            "甲\u{fff9}注\u{fffa}音\u{fffb}\u{fffc}\u{e000}\u{fdd0}乙",
            "甲\u{1d173}\u{1bca0}\u{13430}\u{110bd}乙",
            "ﷺ﷽甲ྀྀྀ乙ក្ស",
            "维 می\u{200c}خواهم 甲乙",
            "甲\t乙\r丙\n丁",
        ]
        .map(str::to_owned),
    );
    texts.push(format!("甲a{}乙", "\u{301}".repeat(1000)));
    texts.push(format!("甲{}乙", "\u{e0041}".repeat(500)));
    texts.push(format!("甲{}乙", "长".repeat(21_000)));
    texts.push(format!("甲{}乙", "\u{1b}[31m".repeat(9_000)));
    texts
}

/// The big list of naughty strings, several to a text, where there is one.
pub fn naughty() -> Vec<String> {
    let Some(folder) = real_data() else { return Vec::new() };
    let text = std::fs::read_to_string(folder.join("terminal/blns.json")).unwrap();
    let all: Vec<String> = serde_json::from_str(&text).unwrap();
    let mut texts = vec![String::new()];
    for one in all {
        let last = texts.last_mut().expect("there is one");
        if last.chars().count() + one.chars().count() > 150 && !last.is_empty() {
            texts.push(one);
        } else {
            last.push_str(&one);
            last.push(' ');
        }
    }
    texts
}

/// At most so many characters of it, and no NUL, which the server refuses.
pub fn cut(text: &str, characters: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(characters).collect()
}

/// The same in a TOML text: what TOML does not take as it is, is escaped.
pub fn toml_text(text: &str) -> String {
    let escaped: String = text.chars().map(|c| if c.is_alphanumeric() { c.to_string() } else { format!("\\U{:08x}", c as u32) }).collect();
    format!("\"{escaped}\"")
}
