//! One stored cell.

use super::TextId;

/// One stored cell that is not blank.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Row of the sheet, counted from zero.
    pub row: u32,
    /// Column of the sheet, counted from zero.
    pub col: u16,
    /// What the cell holds.
    pub content: Content,
}

/// What a stored cell holds, before it means anything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Content {
    /// Text, by its place in the workbook's [`Texts`](super::Texts). Never empty.
    Text(TextId),
    /// A number.
    Number(f64),
    /// A number that the file formats as a date, as a serial of the sheet's [`DateSystem`](super::DateSystem).
    DateSerial(f64),
    /// A truth value.
    Bool(bool),
    /// An error value.
    Error(CellError),
    /// A formula whose value the file does not store.
    FormulaWithoutValue,
}

/// The error values a cell can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CellError {
    /// `#DIV/0!`
    Div0,
    /// `#N/A`
    NA,
    /// `#NAME?`
    Name,
    /// `#NULL!`
    Null,
    /// `#NUM!`
    Num,
    /// `#REF!`
    Ref,
    /// `#VALUE!`
    Value,
    /// `#GETTING_DATA`
    GettingData,
}

impl CellError {
    /// Every error value.
    pub const ALL: [Self; 8] = [
        Self::Div0,
        Self::NA,
        Self::Name,
        Self::Null,
        Self::Num,
        Self::Ref,
        Self::Value,
        Self::GettingData,
    ];

    /// The error value that a spreadsheet program shows as this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|error| error.text() == text)
    }

    /// The text a spreadsheet program shows.
    pub fn text(self) -> &'static str {
        match self {
            Self::Div0 => "#DIV/0!",
            Self::NA => "#N/A",
            Self::Name => "#NAME?",
            Self::Null => "#NULL!",
            Self::Num => "#NUM!",
            Self::Ref => "#REF!",
            Self::Value => "#VALUE!",
            Self::GettingData => "#GETTING_DATA",
        }
    }
}

/// The letters of a column counted from zero: 0 is `A`, 27 is `AB`.
pub fn column_letters(col: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(col) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// The A1 address of a cell whose row and column are counted from zero.
pub fn address(row: u32, col: u16) -> String {
    format!("{}{}", column_letters(col), u64::from(row) + 1)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_those_of_a_spreadsheet_program() {
        for (row, col, want) in [
            (0, 0, "A1"),
            (11, 5, "F12"),
            (0, 25, "Z1"),
            (0, 26, "AA1"),
            (1_048_575, 16_383, "XFD1048576"),
        ] {
            assert_eq!(address(row, col), want);
        }
    }
}
