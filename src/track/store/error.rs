//! Why the store did not do something.

use std::fmt;

use crate::lang::{Bilingual, Lang};

/// Why the store did not do something, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// What kind of failure.
    pub kind: StoreErrorKind,
    /// What a person is told.
    pub message: Bilingual,
}

/// Kinds of failure of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreErrorKind {
    /// The store is not there.
    Missing,
    /// Another process is writing.
    Busy,
    /// The file is no store, a damaged one, or of a newer version.
    Damaged,
    /// What was asked for cannot be done.
    Refused,
    /// The disk or the system refused.
    System,
}

impl StoreError {
    pub(super) fn new(kind: StoreErrorKind, zh: String, en: String) -> Self {
        Self {
            kind,
            message: Bilingual::new(zh, en),
        }
    }

    pub(super) fn refused(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Refused, zh.into(), en.into())
    }

    pub(super) fn damaged(what: &str) -> Self {
        Self::new(
            StoreErrorKind::Damaged,
            format!("整改台账数据库已损坏（{what}）；请用备份恢复"),
            format!("the rectification store is damaged ({what}); restore it from a backup"),
        )
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::new(
                StoreErrorKind::Busy,
                "另一个 heyan 正在写入整改台账，请稍后再试".to_owned(),
                "another heyan is writing to the rectification store; try again in a moment"
                    .to_owned(),
            ),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::damaged(&error.to_string())
            }
            Some(
                ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure,
            ) => Self::new(
                StoreErrorKind::System,
                format!("无法读写整改台账数据库：{error}；请检查路径、权限和磁盘空间"),
                format!(
                    "cannot read or write the rectification store: {error}; check its path, permissions and the disk"
                ),
            ),
            _ => Self::damaged(&error.to_string()),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.get(Lang::En))
    }
}

impl std::error::Error for StoreError {}
