//! Rule, ledger-kind, limit and law files → checked [`Rule`]s that cannot go wrong at run time.

pub mod expr;
pub mod functions;

mod build;
mod calendar;
mod config;
mod diagnostic;
mod fresh;
mod law;
mod limit;
mod load;
mod nearest;
mod pack;
pub mod pages;
mod problem;
mod render;
mod review;
mod rule;
mod schema;
mod syntax;

pub use build::{Loaded, RuleSource, build};
pub use calendar::Calendar;
pub use config::{Config, RuleSetting, ScanConfig, WaiverEntry, WaiverTerms};
pub use diagnostic::{Diagnostic, Level, SourceText};
pub use fresh::fresh;
pub use law::{Grade, LawDate, Provision};
pub use limit::{
    Duration, Limit, LimitId, LimitScope, LimitType, LimitValue, Segment, Tier, Unset,
};
pub use load::{built_in, load};
pub use nearest::nearest;
pub use pack::Pack;
pub use problem::Help;
pub use review::review;
pub use rule::{
    Graded, Group, Judged, Rule, RuleTest, Scope, Template, TemplatePart, TestExpectation,
    TestTable, Window,
};
pub use schema::{schema, schemas};
