//! Heyan 核验 checks village contract and engineering-project ledgers against rule files and lists what does not comply.
//!
//! The modules stand in the order of the work: [`discover`] → [`read`] → [`ledger`] → ([`rules`]) → [`scan`] →
//! [`finding`] → [`report`] | [`track`]; [`cli`] alone knows them all.
//!
//! The stages are functions that can be called one by one; only `discover` and `read` touch files. Here a ledger that is
//! held in memory is judged:
//!
//! ```
//! use heyan::finding::FileId;
//! use heyan::lang::Lang;
//! use heyan::ledger::{self, Day, FileInfo, Hints};
//! use heyan::{discover::FileFormat, read, rules, scan};
//!
//! let csv = "青石村合同台账\n合同编号,合同名称,合同类别,签订日期,开工日期\nA-1,村道硬化,工程,2024-03-10,2024-03-01\n";
//! let workbook = read::parse(csv.as_bytes(), FileFormat::Csv, &read::Limits::default()).expect("a csv file");
//!
//! let pack = rules::build(&rules::built_in(), None).pack;
//! let file = FileInfo { id: FileId(0), name: "青石村.csv".into(), village: None };
//! let mapped = ledger::map(&workbook, &file, &pack.kinds, &Hints::default(), Lang::En);
//! let (villages, _) = ledger::gather(mapped.ledgers, &pack.kinds);
//!
//! let as_of = Day::from_ymd(2025, 6, 30).expect("a day");
//! let settings = scan::Settings { as_of, lang: Lang::En, records: false };
//! let scan = scan::run(&pack, &villages, &settings);
//! assert!(scan.findings.iter().any(|finding| finding.rule == "signed-after-start"));
//! ```
//!
//! `examples/scan_folder.rs` goes from a folder to findings, `examples/sheets_in_memory.rs` from a sheet built in memory.
//! Before 1.0 a minor version may change this interface; the written formats carry versions of their own. Nothing panics,
//! whatever the input.

pub mod cli;
pub mod discover;
pub mod finding;
pub mod lang;
pub mod ledger;
pub mod read;
pub mod report;
pub mod rules;
pub mod scan;
pub mod track;
