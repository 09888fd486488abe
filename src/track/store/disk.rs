//! The forms in which the store keeps what is not a column: acts, changes, waivers, the head of a scan.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::StoreError;
use crate::finding::{ResolvedChange, WaiverNote};
use crate::track::{Act, Judgement};

/// An act, version 1.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
enum ActV1 {
    Assign {
        to: String,
    },
    Due {
        on: String,
    },
    Note {
        text: String,
    },
    Waive {
        reason: String,
        approved_by: String,
        expires: String,
    },
    Judge {
        result: String,
        evidence: String,
    },
    Close {
        evidence: String,
    },
}

/// The head of a scan, version 1.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ScanV1 {
    pub(super) as_of: String,
    pub(super) version: String,
    pub(super) rules: String,
    pub(super) findings: u32,
    /// SHA-256 of the report's text in hex.
    pub(super) sha256: String,
}

/// A changed cell, version 1.
#[derive(Debug, Serialize, Deserialize)]
struct ChangeV1 {
    field: String,
    cell: String,
    before: String,
    after: String,
}

/// A waiver, version 1.
#[derive(Debug, Serialize, Deserialize)]
struct WaiverV1 {
    reason: String,
    approved_by: String,
    expires: String,
}

fn to_text(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::damaged(&error.to_string()))
}

fn from_text<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::damaged(&error.to_string()))
}

pub(super) fn act_text(act: &Act) -> Result<String, StoreError> {
    let act = match act.clone() {
        Act::Assign(to) => ActV1::Assign { to },
        Act::Due(on) => ActV1::Due { on },
        Act::Note(text) => ActV1::Note { text },
        Act::Waive {
            reason,
            approved_by,
            expires,
        } => ActV1::Waive {
            reason,
            approved_by,
            expires,
        },
        Act::Judge { result, evidence } => ActV1::Judge {
            result: result.id().to_owned(),
            evidence,
        },
        Act::Close { evidence } => ActV1::Close { evidence },
    };
    to_text(&act)
}

pub(super) fn act_of(text: &str) -> Result<Act, StoreError> {
    Ok(match from_text(text)? {
        ActV1::Assign { to } => Act::Assign(to),
        ActV1::Due { on } => Act::Due(on),
        ActV1::Note { text } => Act::Note(text),
        ActV1::Waive {
            reason,
            approved_by,
            expires,
        } => Act::Waive {
            reason,
            approved_by,
            expires,
        },
        ActV1::Judge { result, evidence } => Act::Judge {
            result: Judgement::from_word(&result)
                .ok_or_else(|| StoreError::damaged(&format!("judgement {result}")))?,
            evidence,
        },
        ActV1::Close { evidence } => Act::Close { evidence },
    })
}

pub(super) fn scan_text(scan: &ScanV1) -> Result<String, StoreError> {
    to_text(scan)
}

pub(super) fn scan_of(text: &str) -> Result<ScanV1, StoreError> {
    from_text(text)
}

pub(super) fn changes_text(changes: &[ResolvedChange]) -> Result<String, StoreError> {
    let changes: Vec<ChangeV1> = changes
        .iter()
        .map(|change| ChangeV1 {
            field: change.field.clone(),
            cell: change.cell.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
        })
        .collect();
    to_text(&changes)
}

pub(super) fn changes_of(text: &str) -> Result<Vec<ResolvedChange>, StoreError> {
    let changes: Vec<ChangeV1> = from_text(text)?;
    let change = |change: ChangeV1| ResolvedChange {
        field: change.field,
        cell: change.cell,
        before: change.before,
        after: change.after,
    };
    Ok(changes.into_iter().map(change).collect())
}

/// A waiver as text; empty for none.
pub(super) fn waiver_text(waiver: Option<&WaiverNote>) -> Result<String, StoreError> {
    let Some(note) = waiver else {
        return Ok(String::new());
    };
    to_text(&WaiverV1 {
        reason: note.reason.clone(),
        approved_by: note.approved_by.clone(),
        expires: note.expires.clone(),
    })
}

pub(super) fn waiver_of(text: &str) -> Result<Option<WaiverNote>, StoreError> {
    if text.is_empty() {
        return Ok(None);
    }
    let waiver: WaiverV1 = from_text(text)?;
    Ok(Some(WaiverNote {
        reason: waiver.reason,
        approved_by: waiver.approved_by,
        expires: waiver.expires,
    }))
}

/// SHA-256 in hex.
pub(super) fn sha256(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length before each part keeps ("ab", "c") and ("a", "bc") apart.
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(part);
    }
    let mut digits = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing into a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
