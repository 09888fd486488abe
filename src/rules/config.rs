//! What `heyan.toml` says, checked.

use crate::finding::Severity;
use crate::lang::Lang;
use crate::ledger::{Day, Hints};

/// What `heyan.toml` says, apart from limits and rules, which are part of the [`Pack`](super::Pack) already.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `[scan]`: what the flags of `scan` would say.
    pub scan: ScanConfig,
    /// `[headers."…"]` and `[villages]`.
    pub hints: Hints,
    /// `[rules."…"]`, in the order of the file.
    pub rules: Vec<RuleSetting>,
    /// `[[waiver]]`, in the order of the file.
    pub waivers: Vec<WaiverEntry>,
    /// `[waivers]`
    pub waiver_terms: WaiverTerms,
}

/// `[scan]`: what the flags of `scan` would say. Flags win.
#[derive(Clone, Debug, Default)]
pub struct ScanConfig {
    /// `as_of`
    pub as_of: Option<Day>,
    /// `lang`
    pub lang: Option<Lang>,
    /// `min_severity`
    pub min_severity: Option<Severity>,
    /// `fail_on`
    pub fail_on: Option<Severity>,
    /// `fail_on_undetermined`
    pub fail_on_undetermined: bool,
    /// `only`
    pub only: Vec<String>,
    /// `skip`
    pub skip: Vec<String>,
    /// `rules`: folders, relative to the file.
    pub rules: Vec<String>,
    /// `baseline`, relative to the file.
    pub baseline: Option<String>,
    /// `by_folder`
    pub by_folder: bool,
    /// `seconds_per_file`: how long reading a file may take.
    pub seconds_per_file: Option<u32>,
    /// `megabytes_per_file`: the memory of a process that reads one file.
    pub megabytes_per_file: Option<u32>,
}

/// `[rules."<id>"]`
#[derive(Clone, Debug)]
pub struct RuleSetting {
    /// The rule's id.
    pub rule: String,
    /// Whether it is left out.
    pub disable: bool,
    /// Its severity here.
    pub severity: Option<Severity>,
    /// Why.
    pub reason: String,
    /// The line of the file, counted from 1.
    pub line: u32,
}

/// `[[waiver]]`
#[derive(Clone, Debug)]
pub struct WaiverEntry {
    /// The rule's id.
    pub rule: String,
    /// Which record: `村` and key fields with their values, in the order of the file.
    pub record: Vec<(String, String)>,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// The last day on which it counts.
    pub expires: Day,
    /// The line of the file it begins at, counted from 1.
    pub line: u32,
}

/// `[waivers]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaiverTerms {
    /// How many months ahead of the as-of date a waiver may expire at most.
    pub longest_months: u32,
    /// From how many days before its end a waiver is reported as about to expire.
    pub near_days: u32,
}

impl Default for WaiverTerms {
    fn default() -> Self {
        Self {
            longest_months: 12,
            near_days: 30,
        }
    }
}
