//! Why a file was not read.

use crate::lang::Bilingual;

/// Why a file was not read, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The kind, a stable word of the report.
    pub kind: ReasonKind,
    /// What a person is told: what is wrong and what to do.
    pub message: Bilingual,
}

/// The kinds of reason, stable words of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReasonKind {
    /// The file asks for a password.
    Encrypted,
    /// The file is of a known format, but broken.
    Damaged,
    /// The file has no bytes.
    Empty,
    /// The content is no spreadsheet, whatever its name says.
    NotASpreadsheet,
    /// A spreadsheet of a format that is not read.
    Unsupported,
    /// A bound on sizes was hit.
    TooLarge,
    /// The time bound was hit.
    TimedOut,
    /// A lock file that an open office program left.
    LockFile,
    /// The reader failed in a way it should not: a bug.
    Crashed,
}

impl ReasonKind {
    /// Every kind, in the order of the report's documentation.
    pub const ALL: [Self; 9] = [
        Self::Encrypted,
        Self::Damaged,
        Self::Empty,
        Self::NotASpreadsheet,
        Self::Unsupported,
        Self::TooLarge,
        Self::TimedOut,
        Self::LockFile,
        Self::Crashed,
    ];

    /// The word that stands in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::Empty => "empty",
            Self::NotASpreadsheet => "not-a-spreadsheet",
            Self::Unsupported => "unsupported",
            Self::TooLarge => "too-large",
            Self::TimedOut => "timed-out",
            Self::LockFile => "lock-file",
            Self::Crashed => "crashed",
        }
    }
}

impl Reason {
    /// The file asks for a password.
    pub fn encrypted() -> Self {
        Self {
            kind: ReasonKind::Encrypted,
            message: Bilingual::new(
                "文件设有打开密码，未读取；请提供密码解除后的文件（用 WPS 或 Excel 打开，取消密码后另存为 xlsx）",
                "The file is protected by a password and was not read; supply it without the password (open it in Excel or WPS, remove the password, save as xlsx)",
            ),
        }
    }

    /// The file is broken; `zh` and `en` say where.
    pub fn damaged(zh: &str, en: &str) -> Self {
        Self {
            kind: ReasonKind::Damaged,
            message: Bilingual::new(
                format!(
                    "文件损坏或不完整（{zh}），未读取；请重新取得原文件，或用 WPS、Excel 打开修复后另存为 xlsx"
                ),
                format!(
                    "The file is damaged or incomplete ({en}) and was not read; get the original again, or open and repair it in Excel or WPS and save it as xlsx"
                ),
            ),
        }
    }

    /// The file could not be opened or read from the disk.
    pub fn unreadable(error: &std::io::Error) -> Self {
        Self {
            kind: ReasonKind::Damaged,
            message: Bilingual::new(
                format!(
                    "无法从磁盘读取（{error}）；请检查文件是否仍在、是否有读取权限、是否被其他程序占用"
                ),
                format!(
                    "It cannot be read from the disk ({error}); check that it is still there, that you may read it, and that no other program holds it"
                ),
            ),
        }
    }

    /// The file has no bytes.
    pub fn empty() -> Self {
        Self {
            kind: ReasonKind::Empty,
            message: Bilingual::new(
                "文件为空（0 字节）；请重新取得原文件",
                "The file is empty (0 bytes); get the original again",
            ),
        }
    }

    /// The content is no spreadsheet, although the name says so.
    pub fn not_a_spreadsheet() -> Self {
        Self {
            kind: ReasonKind::NotASpreadsheet,
            message: Bilingual::new(
                "内容不是电子表格，与扩展名不符；请提供原始台账，或用 WPS、Excel 另存为 xlsx",
                "The content is no spreadsheet, whatever the name says; supply the original ledger, or save it as xlsx in Excel or WPS",
            ),
        }
    }

    /// A file that neither its name nor its content makes a spreadsheet.
    pub fn other_file() -> Self {
        Self {
            kind: ReasonKind::NotASpreadsheet,
            message: Bilingual::new(
                "不是电子表格，已跳过；若其中有台账，请用 WPS、Excel 另存为 xlsx",
                "No spreadsheet: skipped; if it holds a ledger, save it as xlsx in Excel or WPS",
            ),
        }
    }

    /// Something in the folder that is no file or was listed already; `zh` and `en` say what.
    pub fn no_file(zh: &str, en: &str) -> Self {
        Self {
            kind: ReasonKind::NotASpreadsheet,
            message: Bilingual::new(
                format!("{zh}，已跳过；若其中有台账，请将文件复制到检查的文件夹内"),
                format!(
                    "{en}: skipped; if it leads to a ledger, copy the file into the folder that is checked"
                ),
            ),
        }
    }

    /// A spreadsheet of a format that is not read; `zh` and `en` name it.
    pub fn unsupported(zh: &str, en: &str) -> Self {
        Self {
            kind: ReasonKind::Unsupported,
            message: Bilingual::new(
                format!("暂不支持的格式（{zh}），未读取；请用 WPS、Excel 另存为 xlsx"),
                format!(
                    "A format that is not supported ({en}): not read; save it as xlsx in Excel or WPS"
                ),
            ),
        }
    }

    /// A bound on sizes was hit; `zh` and `en` say which, with its value.
    pub fn too_large(zh: &str, en: &str) -> Self {
        Self {
            kind: ReasonKind::TooLarge,
            message: Bilingual::new(
                format!(
                    "超出读取上限（{zh}），未读取；请删去空白行列和图片、将台账拆分后用 WPS、Excel 另存为 xlsx"
                ),
                format!(
                    "It exceeds a bound on reading ({en}) and was not read; delete blank rows, columns and pictures, or split the ledger, and save it as xlsx in Excel or WPS"
                ),
            ),
        }
    }

    /// Reading took too long.
    pub fn timed_out(seconds: u64) -> Self {
        Self {
            kind: ReasonKind::TimedOut,
            message: Bilingual::new(
                format!("读取超过 {seconds} 秒，已放弃；请将台账拆分后用 WPS、Excel 另存为 xlsx"),
                format!(
                    "Reading took more than {seconds} seconds and was given up; split the ledger and save it as xlsx in Excel or WPS"
                ),
            ),
        }
    }

    /// A lock file of a program that has the workbook open.
    pub fn lock_file() -> Self {
        Self {
            kind: ReasonKind::LockFile,
            message: Bilingual::new(
                "办公软件打开文件时留下的临时锁文件，已跳过；如同名台账正在编辑，请保存并关闭后重新检查",
                "A lock file of an office program: skipped; if the workbook is being edited, save and close it, then check again",
            ),
        }
    }

    /// The reader failed in a way it should not.
    pub fn crashed() -> Self {
        Self {
            kind: ReasonKind::Crashed,
            message: Bilingual::new(
                "读取程序内部出错，该文件未读取；请用 WPS、Excel 另存为 xlsx 后重试，并将此文件报告给开发者",
                "The reader failed inside and this file was not read; save it as xlsx in Excel or WPS and try again, and report the file to the developers",
            ),
        }
    }
}
