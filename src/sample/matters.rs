//! Ticket templates: what people call about, and how a template becomes one caller's words. Which template is drawn,
//! and when, is decided by `tickets` and `traffic`.
use serde::{Deserialize, Serialize};

use super::places::{self, District, Place};
use super::random::Random;

/// 诉求类型 (kind of request).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 咨询 (consultation).
    Consultation,
    /// 求助 (help).
    Help,
    /// 投诉 (complaint).
    Complaint,
    /// 举报 (report of wrongdoing).
    Report,
    /// 建议 (suggestion).
    Suggestion,
}

/// 线路 (line) a call comes in on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// 市民热线 (citizens' line).
    Citizen,
    /// 亲清e线 (companies' line).
    Enterprise,
}

/// A ticket template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// `M001` and on.
    pub code: String,
    /// Kind of request.
    pub kind: Kind,
    /// The line it comes in on.
    pub line: Line,
    /// Class of matters.
    pub class: String,
    /// 急难愁盼 class, when it is one.
    #[serde(default)]
    pub urgent_class: Option<String>,
    /// 涉企 class, on the companies' line.
    #[serde(default)]
    pub enterprise_class: Option<String>,
    /// The article that answers it.
    #[serde(default)]
    pub article: Option<String>,
    /// Whether it can come as a storm of calls.
    #[serde(default)]
    pub storm: bool,
    /// 绿色通道 (green channel): due the same day.
    #[serde(default)]
    pub green_channel: bool,
    /// The only district it happens in, by unit code.
    #[serde(default)]
    pub district: Option<String>,
    /// Title; may hold `{days}` and `{people}`.
    pub title: String,
    /// Body; may hold `{place}`, `{days}` and `{people}`.
    pub body: String,
}

/// What one caller wants, in that caller's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Intent {
    /// Code of the template.
    pub matter: String,
    /// Kind of request.
    pub kind: Kind,
    /// Class of matters.
    pub class: String,
    /// 急难愁盼 class.
    pub urgent_class: Option<String>,
    /// 涉企 class.
    pub enterprise_class: Option<String>,
    /// 绿色通道 (green channel).
    pub green_channel: bool,
    /// The article that answers it.
    pub article: Option<String>,
    /// Title, filled in.
    pub title: String,
    /// Body, filled in.
    pub body: String,
    /// Where, in words.
    pub place: String,
    /// Code of the district of the place.
    pub district: String,
}

impl Matter {
    /// Draws where it happens: its own district or any, a street for a company, a street or an estate for a citizen.
    pub fn place(&self, districts: &[District], random: &mut Random) -> Place {
        places::place(districts, self.district.as_deref(), self.line == Line::Enterprise, random)
    }

    /// Fills the slots for one caller at one place.
    pub fn fill(&self, place: &Place, random: &mut Random) -> Intent {
        let days = random.between(2, 9).to_string();
        let people = random.between(3, 40).to_string();
        let fill =
            |text: &str| text.replace("{place}", &place.words).replace("{days}", &days).replace("{people}", &people);
        Intent {
            matter: self.code.clone(),
            kind: self.kind,
            class: self.class.clone(),
            urgent_class: self.urgent_class.clone(),
            enterprise_class: self.enterprise_class.clone(),
            green_channel: self.green_channel,
            article: self.article.clone(),
            title: fill(&self.title),
            body: fill(&self.body),
            place: place.words.clone(),
            district: place.district.clone(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MatterFile {
    pub matter: Vec<Matter>,
}
