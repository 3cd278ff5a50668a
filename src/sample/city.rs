//! The city as one value: every data file parsed, and the look-ups the rest needs. What must hold between the files is
//! in `faults`.
use std::sync::LazyLock;

use serde::de::DeserializeOwned;

use super::articles::{Article, ArticleFile};
use super::matters::{Matter, MatterFile};
use super::places::{District, Names, PlaceFile};
use super::tables::{
    CatalogueFile, EnterpriseClass, EnterpriseFile, MatterClass, MatterParent, Reason, ReasonFile, UrgentClass,
    UrgentFile,
};
use super::units::Unit;

/// The sample city 示例市.
#[derive(Debug, Clone)]
pub struct City {
    /// 单位 (units); a parent stands before its children.
    pub units: Vec<Unit>,
    /// 事项目录, first level.
    pub parents: Vec<MatterParent>,
    /// 事项目录, second level.
    pub classes: Vec<MatterClass>,
    /// 急难愁盼 classes.
    pub urgent_classes: Vec<UrgentClass>,
    /// 涉企 classes.
    pub enterprise_classes: Vec<EnterpriseClass>,
    /// Limit of the 涉企 classes in working days.
    pub enterprise_working_days: u32,
    /// The limit it replaced, in working days.
    pub enterprise_working_days_before: u32,
    /// Reasons of every table.
    pub reasons: Vec<Reason>,
    /// 知识条目 (articles), by code.
    pub articles: Vec<Article>,
    /// Ticket templates.
    pub matters: Vec<Matter>,
    /// Districts with their streets.
    pub districts: Vec<District>,
    /// Words that names are made of.
    pub names: Names,
}

const ARTICLE_FILES: [&str; 5] = [
    include_str!("data/articles/employment.toml"),
    include_str!("data/articles/finance_tax.toml"),
    include_str!("data/articles/market.toml"),
    include_str!("data/articles/insurance_fund.toml"),
    include_str!("data/articles/life.toml"),
];

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitFile {
    unit: Vec<Unit>,
}

fn parse<File: DeserializeOwned>(text: &str) -> File {
    // invariant: the text is embedded in the binary and `the_embedded_city_has_no_faults` parses every file.
    #[allow(clippy::expect_used)]
    toml::from_str(text).expect("embedded sample data parses")
}

impl City {
    /// Parses the embedded files. Costs milliseconds: [`City::shared`] does it once.
    pub fn load() -> Self {
        let units: UnitFile = parse(include_str!("data/units.toml"));
        let catalogue: CatalogueFile = parse(include_str!("data/catalogue.toml"));
        let urgent: UrgentFile = parse(include_str!("data/urgent.toml"));
        let enterprise: EnterpriseFile = parse(include_str!("data/enterprise.toml"));
        let reasons: ReasonFile = parse(include_str!("data/reasons.toml"));
        let matters: MatterFile = parse(include_str!("data/matters.toml"));
        let places: PlaceFile = parse(include_str!("data/places.toml"));
        let mut articles: Vec<Article> =
            ARTICLE_FILES.iter().flat_map(|text| parse::<ArticleFile>(text).article).collect();
        articles.sort_by(|one, other| one.code.cmp(&other.code));
        Self {
            units: units.unit,
            parents: catalogue.parent,
            classes: catalogue.class,
            urgent_classes: urgent.class,
            enterprise_classes: enterprise.class,
            enterprise_working_days: enterprise.working_days,
            enterprise_working_days_before: enterprise.working_days_before,
            reasons: reasons.reason,
            articles,
            matters: matters.matter,
            districts: places.district,
            names: places.names,
        }
    }

    /// The city, parsed once in the life of the process.
    pub fn shared() -> &'static Self {
        static CITY: LazyLock<City> = LazyLock::new(City::load);
        &CITY
    }

    /// The unit with this code.
    pub fn unit(&self, code: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.code == code)
    }

    /// The second-level class with this code.
    pub fn class(&self, code: &str) -> Option<&MatterClass> {
        self.classes.iter().find(|class| class.code == code)
    }

    /// The article with this code.
    pub fn article(&self, code: &str) -> Option<&Article> {
        self.articles.iter().find(|article| article.code == code)
    }

    /// The template with this code.
    pub fn matter(&self, code: &str) -> Option<&Matter> {
        self.matters.iter().find(|matter| matter.code == code)
    }

    /// The reasons of one table, in order.
    pub fn reasons_of<'city>(&'city self, table: &'city str) -> impl Iterator<Item = &'city Reason> {
        self.reasons.iter().filter(move |reason| reason.table == table)
    }

    /// Where a matter of this class goes from a place in this district: the local bureau first (属地), else the class's
    /// own lead. The root when the class is unknown, so that nothing is ever sent nowhere.
    pub fn route(&self, class: &str, district: &str) -> &str {
        let Some(class) = self.class(class) else { return "city" };
        let local = class.bureau.as_ref().and_then(|bureau| self.unit(&format!("{district}.{bureau}")));
        match local {
            Some(unit) => &unit.code,
            None => class.units.first().map_or("city", String::as_str),
        }
    }

    /// 工单直派 (direct dispatch): the city-level company of an industry.
    pub fn utility_of(&self, industry: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.industry.as_deref() == Some(industry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_matter_goes_to_the_bureau_of_its_district_and_a_utility_matter_straight_to_the_company() {
        let city = City::shared();
        assert_eq!(city.route("labour.wages", "city.dc"), "city.dc.rsj");
        assert_eq!(city.route("utility.water", "city.dc"), "city.sw");
        assert_eq!(city.route("housing.fund", "city.sx"), "city.gjj");
        assert_eq!(city.route("no.such", "city.sx"), "city");
        assert_eq!(city.utility_of("heating").map(|unit| unit.code.as_str()), Some("city.rl"));
    }
}
