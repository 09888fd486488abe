//! What `heyan.toml` tells about headers and villages.

/// What `heyan.toml` tells about headers and villages.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Headers that mean a certain field.
    pub headers: Vec<HeaderHint>,
    /// The villages expected.
    pub villages: Vec<VillageHint>,
}

/// A header that means a certain field.
#[derive(Clone, Debug, Default)]
pub struct HeaderHint {
    /// The ledger kind's word or Chinese name.
    pub kind: String,
    /// The files it holds for: a pattern with `*`; every file where it is left out.
    pub file: Option<String>,
    /// The header as it stands in the table.
    pub header: String,
    /// The field; `None` where the column is to be left alone.
    pub field: Option<String>,
}

/// A village that is expected.
#[derive(Clone, Debug, Default)]
pub struct VillageHint {
    /// Its town.
    pub town: String,
    /// Its name.
    pub name: String,
    /// Names it had before, or is also written as.
    pub former: Vec<String>,
    /// 责任单位
    pub responsible: String,
}
