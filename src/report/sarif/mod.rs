//! `sarif`: SARIF 2.1.0 for code-scanning platforms. Sheets and cells are logical locations, rows and columns the region;
//! undetermined findings are of kind `review`, waived ones suppressed, those of the baseline `unchanged`.

mod model;

use std::collections::BTreeMap;
use std::io::{self, Write};

use model::{
    Artifact, ArtifactContent, ArtifactLocation, Configuration, Descriptor, Driver, Hashes,
    Invocation, Location, Log, LogicalLocation, Message, Notification, PhysicalLocation, Region,
    Reporting, Result, Run, Suppression, Tool,
};

use super::address;
use super::clean::visible;
use super::json::money;
use super::labels;
use super::view::View;
use crate::discover::FileFormat;
use crate::finding::{Evidence, Finding, Input, InputStatus, Severity, Stage, Status, Verdict};
use crate::lang::Lang;

/// The base of all relative paths: the folder that was scanned.
const BASE: &str = "SCANROOT";

/// Writes the log.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = view.lang;
    let rules = rules(view);
    let index: BTreeMap<&str, usize> = rules
        .iter()
        .enumerate()
        .map(|(index, rule)| (rule.id.as_str(), index))
        .collect();
    let files: BTreeMap<&str, usize> = view
        .report
        .inputs
        .iter()
        .enumerate()
        .map(|(index, input)| (input.file.as_str(), index))
        .collect();
    let maker = Maker {
        lang,
        index: &index,
        files: &files,
    };
    let mut results: Vec<Result> = view
        .lines
        .iter()
        .flat_map(super::view::Line::findings)
        .map(|finding| maker.result(finding))
        .collect();
    for resolved in view.report.resolved.iter().flatten() {
        let mut result = maker.result(&resolved.finding);
        result.baseline_state = Some("absent");
        result.properties.insert(
            "resolved".into(),
            format!(
                "{} {}",
                labels::resolved(resolved.status, lang),
                visible(&resolved.why)
            ),
        );
        results.push(result);
    }
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "heyan",
                    version: &view.report.tool.version,
                    full_description: Message::of(labels::head(lang)),
                    rules,
                },
            },
            language: lang.pick("zh-CN", "en-US"),
            column_kind: "unicodeCodePoints",
            original_uri_base_ids: BTreeMap::from([(
                BASE,
                ArtifactContent {
                    description: Message::of(
                        lang.pick("被检查的文件夹", "The folder that was scanned"),
                    ),
                },
            )]),
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: notifications(view),
            }],
            artifacts: view.report.inputs.iter().map(artifact).collect(),
            results,
            properties: BTreeMap::from([
                ("asOf", view.report.as_of.clone()),
                ("rules", view.report.tool.rules.clone()),
            ]),
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

/// The level of a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::Major => "error",
        Severity::Minor => "warning",
        Severity::Info => "note",
    }
}

/// Every rule of the balance, then the kinds of data issue that were found.
fn rules(view: &View<'_>) -> Vec<Descriptor> {
    let mut rules: Vec<Descriptor> = view
        .rules
        .iter()
        .map(|rule| {
            let (why, advice) = rule
                .info
                .map_or(("", ""), |info| (info.why.as_str(), info.advice.as_str()));
            let severity = rule
                .info
                .map(|info| info.severity)
                .or(rule.example.map(|finding| finding.severity))
                .unwrap_or(Severity::Info);
            let topic = rule
                .info
                .map(|info| info.topic)
                .or(rule.example.map(|finding| finding.topic));
            let basis = rule
                .info
                .map(|info| info.basis.join(" "))
                .unwrap_or_default();
            let help = [why, advice, basis.as_str()]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("\n\n");
            Descriptor {
                id: rule.balance.rule.clone(),
                short_description: Message::of(rule.title),
                help: (!help.is_empty()).then(|| Message::of(&help)),
                default_configuration: Configuration {
                    level: level(severity),
                },
                properties: topic
                    .map(|topic| Reporting {
                        tags: vec![topic.id()],
                    })
                    .unwrap_or_default(),
            }
        })
        .collect();
    let known: std::collections::BTreeSet<&str> = view
        .rules
        .iter()
        .map(|rule| rule.balance.rule.as_str())
        .collect();
    let issues: BTreeMap<&str, &Finding> = view
        .report
        .findings
        .iter()
        .filter(|finding| !known.contains(finding.rule.as_str()))
        .map(|finding| (finding.rule.as_str(), finding))
        .collect();
    rules.extend(issues.into_values().map(|finding| Descriptor {
        id: finding.rule.clone(),
        short_description: Message::of(&finding.title),
        help: (!finding.advice.is_empty()).then(|| Message::of(&finding.advice)),
        default_configuration: Configuration {
            level: level(finding.severity),
        },
        properties: Reporting {
            tags: vec![finding.topic.id()],
        },
    }));
    rules
}

/// Files that could not be read.
fn notifications(view: &View<'_>) -> Vec<Notification> {
    view.report
        .inputs
        .iter()
        .enumerate()
        .filter(|(_, input)| input.status == InputStatus::Unreadable)
        .map(|(index, input)| Notification {
            level: "error",
            message: Message::of(
                input
                    .reason
                    .as_ref()
                    .map_or("", |reason| reason.message.get(view.lang)),
            ),
            locations: [Location {
                physical_location: Some(PhysicalLocation {
                    artifact_location: ArtifactLocation {
                        uri: address::uri(&input.file),
                        uri_base_id: BASE,
                        index: Some(index),
                    },
                    region: None,
                }),
                ..Location::default()
            }],
        })
        .collect()
}

fn artifact(input: &Input) -> Artifact<'_> {
    Artifact {
        location: ArtifactLocation {
            uri: address::uri(&input.file),
            uri_base_id: BASE,
            index: None,
        },
        length: input.bytes,
        hashes: (!input.sha256.is_empty()).then_some(Hashes {
            sha256: &input.sha256,
        }),
        mime_type: input.format.map(mime),
    }
}

fn mime(format: FileFormat) -> &'static str {
    match format {
        FileFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FileFormat::Xlsb => "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        FileFormat::Xls => "application/vnd.ms-excel",
        FileFormat::Ods => "application/vnd.oasis.opendocument.spreadsheet",
        FileFormat::Csv => "text/csv",
        FileFormat::Html => "text/html",
        FileFormat::XmlSpreadsheet => "application/xml",
    }
}

struct Maker<'a> {
    lang: Lang,
    index: &'a BTreeMap<&'a str, usize>,
    files: &'a BTreeMap<&'a str, usize>,
}

impl Maker<'_> {
    fn result(&self, finding: &Finding) -> Result {
        let lang = self.lang;
        let review = finding.verdict == Verdict::Undetermined;
        let mut cells = finding.evidence.iter().map(|cell| self.cell(cell));
        let first = cells.next().or_else(|| {
            finding.records.first().map(|record| {
                self.location(
                    &record.file,
                    &record.sheet,
                    "",
                    Some(Region {
                        start_line: record.row,
                        start_column: None,
                    }),
                    &record.key,
                )
            })
        });
        let related: Vec<Location> = (1..)
            .zip(cells)
            .map(|(id, mut location)| {
                location.id = Some(id);
                location
            })
            .collect();
        let mut text = finding.message.clone();
        for (word, more) in [
            (lang.pick("依据", "Basis"), labels::basis(finding, lang)),
            (lang.pick("建议", "Advice"), finding.advice.clone()),
        ] {
            if !more.is_empty() {
                text.push_str(lang.pick("。", ". "));
                text.push_str(word);
                text.push_str(lang.pick("：", ": "));
                text.push_str(&more);
            }
        }
        Result {
            rule_id: finding.rule.clone(),
            rule_index: self.index.get(finding.rule.as_str()).copied(),
            kind: if review { "review" } else { "fail" },
            level: if review {
                "none"
            } else if finding.stage == Some(Stage::Trial) {
                "note"
            } else {
                level(finding.severity)
            },
            message: Message::of(&text),
            locations: first.into_iter().collect(),
            related_locations: related,
            partial_fingerprints: BTreeMap::from([(
                "heyanFinding/v1",
                finding.fingerprint.to_string(),
            )]),
            baseline_state: finding.status.map(|status| match (status, finding.was) {
                (Status::New, _) => "new",
                (Status::Unchanged, None) => "unchanged",
                (Status::Unchanged, Some(_)) => "updated",
            }),
            suppressions: finding
                .waiver
                .iter()
                .map(|waiver| Suppression {
                    kind: "external",
                    status: "accepted",
                    justification: labels::waiver(waiver, lang),
                })
                .collect(),
            properties: properties(finding),
        }
    }

    fn cell(&self, cell: &Evidence) -> Location {
        let region = address::parse(&cell.cell).map(|(row, column)| Region {
            start_line: row,
            start_column: Some(column),
        });
        let shown = format!(
            "{} {}",
            visible(&cell.header),
            labels::raw(&cell.raw, self.lang)
        );
        self.location(&cell.file, &cell.sheet, &cell.cell, region, &shown)
    }

    fn location(
        &self,
        file: &str,
        sheet: &str,
        cell: &str,
        region: Option<Region>,
        message: &str,
    ) -> Location {
        let mut logical = Vec::new();
        if !cell.is_empty() {
            logical.push(LogicalLocation {
                name: visible(cell).into_owned(),
                fully_qualified_name: labels::place("", sheet, cell),
                kind: "cell",
            });
        }
        if !sheet.is_empty() {
            logical.push(LogicalLocation {
                name: visible(sheet).into_owned(),
                fully_qualified_name: visible(sheet).into_owned(),
                kind: "sheet",
            });
        }
        Location {
            id: None,
            physical_location: Some(PhysicalLocation {
                artifact_location: ArtifactLocation {
                    uri: address::uri(file),
                    uri_base_id: BASE,
                    index: self.files.get(file).copied(),
                },
                region,
            }),
            logical_locations: logical,
            message: Some(Message::of(message)),
        }
    }
}

fn properties(finding: &Finding) -> BTreeMap<String, String> {
    let mut properties = BTreeMap::from([
        ("village".to_owned(), finding.village.clone()),
        ("town".to_owned(), finding.town.clone()),
        ("topic".to_owned(), finding.topic.id().to_owned()),
        ("severity".to_owned(), finding.severity.id().to_owned()),
    ]);
    if let Some(amount) = finding.amount {
        properties.insert("amount".into(), money(amount));
    }
    if let Some(date) = &finding.date {
        properties.insert("date".into(), date.clone());
    }
    properties
}
