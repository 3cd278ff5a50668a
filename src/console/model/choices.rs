//! Names one chooses from by typing: units, matters, reasons, acts. Found by the same index as the knowledge base:
//! initials, pinyin, hanzi.
use crate::api::settings::TablesView;
use crate::domain::limits::DayEnd;
use crate::domain::tables::PhraseRow;
use crate::search::{Entry, Index, Session};
use crate::words::Language;

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is sent.
    pub code: String,
    /// What is shown.
    pub label: String,
    /// What stands at the right of it.
    pub hint: String,
}

/// A list to choose from.
#[derive(Debug, Default)]
pub struct Choices {
    /// All of it, in order.
    pub items: Vec<Item>,
    index: Index,
}

impl Choices {
    /// From items and words that also lead to each.
    pub fn new(items: Vec<(Item, String)>) -> Choices {
        let entry = |(at, (item, keywords)): (usize, &(Item, String))| Entry {
            id: u32::try_from(at).unwrap_or(u32::MAX),
            title: item.label.clone(),
            keywords: keywords.clone(),
            code: item.code.clone(),
            document_number: String::new(),
        };
        let index = Index::build(items.iter().enumerate().map(entry));
        Choices { items: items.into_iter().map(|(item, _)| item).collect(), index }
    }

    /// The same of items that have another name too, by which each is found as well.
    pub fn also_called(items: Vec<(Item, String, String)>) -> Choices {
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let other = |(at, (_, _, title)): (u32, &(Item, String, String))| Entry { id: count.saturating_add(at), title: title.clone(), ..Entry::default() };
        let others: Vec<Entry> = (0..count).zip(&items).map(other).collect();
        let mut choices = Choices::new(items.iter().map(|(item, keywords, _)| (item.clone(), keywords.clone())).collect());
        others.iter().for_each(|entry| choices.index.add(entry));
        choices
    }

    /// The places of the best matches; all in order where nothing is typed.
    pub fn find(&self, text: &str, limit: usize) -> Vec<usize> {
        if text.trim().is_empty() {
            return (0..self.items.len().min(limit)).collect();
        }
        let found = self.index.search(text, limit, &mut Session::new(), &|| false).unwrap_or_default();
        let mut places: Vec<usize> = Vec::new();
        // One that has two names is found once.
        for at in found.hits.into_iter().filter_map(|hit| (hit.id as usize).checked_rem(self.items.len())) {
            if !places.contains(&at) {
                places.push(at);
            }
        }
        places
    }

    /// The item of a code.
    pub fn of(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }
}

/// The tables as one chooses from them.
#[derive(Debug, Default)]
pub struct Names {
    /// As they came.
    pub view: TablesView,
    /// 承办单位.
    pub units: Choices,
    /// 事项.
    pub matters: Choices,
}

impl Names {
    /// Indexes the tables.
    pub fn new(view: TablesView) -> Names {
        let item = |code: &str, label: String, hint: &str| Item { code: code.to_owned(), label, hint: hint.to_owned() };
        let units = view.units.iter().map(|row| (item(&row.code, row.name.clone(), ""), row.name_en.clone())).collect();
        let matters = view
            .classes
            .iter()
            .map(|row| (item(&row.code, row.name.clone(), &row.parent), format!("{} {}", row.parent, row.keywords.join(" "))))
            .chain(view.enterprise.iter().map(|row| (item(&row.code, row.name.clone(), ""), String::new())))
            .collect();
        Names { units: Choices::new(units), matters: Choices::new(matters), view }
    }

    /// The first unit a matter goes to by the catalogue.
    pub fn unit_of_matter(&self, matter: &str) -> Option<&Item> {
        let row = self.view.classes.iter().find(|row| row.code == matter)?;
        row.units.first().and_then(|unit| self.units.of(unit))
    }

    /// 下班时间 of a unit, or of the nearest above it that says; of the whole city where no unit is chosen.
    pub fn office_close(&self, unit: Option<&str>) -> Option<DayEnd> {
        let of = |code: &str| self.view.units.iter().find(|row| row.code == code).and_then(|row| DayEnd::parse(row.office_close.as_deref()?));
        let mut code = unit.unwrap_or_default();
        while !code.is_empty() {
            if let Some(close) = of(code) {
                return Some(close);
            }
            code = code.rsplit_once('.').map_or("", |(above, _)| above);
        }
        self.view.units.iter().find(|row| !row.code.contains('.')).and_then(|row| DayEnd::parse(row.office_close.as_deref()?))
    }

    /// 值班电话 of a unit.
    pub fn duty_phone(&self, unit: &str) -> Option<&str> {
        self.view.units.iter().find(|row| row.code == unit)?.duty_phone.as_deref()
    }

    /// Units whose names begin as what was typed does, where none is meant by all of it: the nearest first.
    pub fn nearest_units(&self, typed: &str) -> Vec<&str> {
        let typed: Vec<char> = typed.trim().chars().collect();
        let found = (1..=typed.len()).rev().map(|length| self.units.find(&typed[..length].iter().collect::<String>(), 3)).find(|found| !found.is_empty());
        found.unwrap_or_default().into_iter().map(|at| self.units.items[at].label.as_str()).collect()
    }

    /// 常用语, to choose from.
    pub fn phrases(&self) -> Choices {
        let item = |row: &PhraseRow| (Item { code: row.code.clone(), label: format!("{}  {}", row.name, row.text), hint: String::new() }, row.text.clone());
        Choices::new(self.view.phrases.iter().map(item).collect())
    }

    /// 急难愁盼 by code, in the current language.
    pub fn urgent(&self, code: &str) -> Option<&str> {
        self.view.urgent.iter().find(|row| row.code == code).map(|row| named(&row.name, &row.name_en))
    }

    /// The reasons of one table.
    pub fn reasons(&self, table: &str) -> Choices {
        let rows = self.view.reasons.iter().filter(|row| row.table == table);
        Choices::new(rows.map(|row| (Item { code: row.code.clone(), label: named(&row.name, &row.name_en).to_owned(), hint: String::new() }, row.name_en.clone())).collect())
    }
}

/// The name in the current language.
pub fn named<'a>(chinese: &'a str, english: &'a str) -> &'a str {
    if crate::words::current() == Language::English && !english.is_empty() { english } else { chinese }
}
