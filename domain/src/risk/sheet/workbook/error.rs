//! Why a workbook cannot be read.

/// Why a workbook cannot be read. As a text it says what is wrong, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkbookError {
    /// The file is larger than allowed.
    #[error("the file is larger than {most} MiB")]
    TooLarge {
        /// In MiB.
        most: usize,
    },
    /// It is no ZIP archive, or a damaged one.
    #[error("the file is no workbook, or it is damaged: {0}")]
    NoArchive(&'static str),
    /// It is protected with a password, or packed in a way that is not read.
    #[error("a part of the file is encrypted or packed in a way that is not read here")]
    Packed,
    /// It unpacks to more than is read.
    #[error("the file unpacks to more than {most} MiB")]
    Unpacked {
        /// In MiB.
        most: u64,
    },
    /// A part that every workbook has is not there.
    #[error("the part {0:?} is not in the file")]
    NoPart(String),
    /// A part is no XML, or XML that no workbook has.
    #[error("the part {part:?} is damaged: {what}")]
    Damaged {
        /// The name of the part.
        part: String,
        /// What is wrong with it.
        what: String,
    },
    /// A part declares a document type, which no workbook does.
    #[error("the part {0:?} declares a document type")]
    DocumentType(String),
    /// There is no sheet of this name.
    #[error("there is no sheet {asked:?}; there are: {there}")]
    NoSheet {
        /// The name that was asked for.
        asked: String,
        /// The names that there are, divided by commas.
        there: String,
    },
    /// It has no sheet with cells.
    #[error("the file has no sheet with cells that is shown")]
    NoSheets,
    /// The sheet has nothing in it.
    #[error("the sheet is empty")]
    Empty,
    /// There are more rows than allowed.
    #[error("the sheet has more than {most} rows")]
    Rows {
        /// How many are allowed.
        most: usize,
    },
    /// There are more columns than allowed.
    #[error("the sheet has more than {most} columns")]
    Columns {
        /// The row in which one lies beyond.
        row: usize,
        /// How many are allowed.
        most: usize,
    },
    /// A cell is longer than allowed.
    #[error("a cell has more than {most} characters")]
    Cell {
        /// The row of the sheet.
        row: usize,
        /// How many are allowed.
        most: usize,
    },
    /// All texts together are longer than allowed.
    #[error("the texts of the sheet have more than {most} MiB together")]
    Texts {
        /// In MiB.
        most: usize,
    },
    /// A cell names a text that the workbook does not have.
    #[error("the cell names a text that the file does not have")]
    NoText {
        /// The row of the sheet.
        row: usize,
    },
}

impl WorkbookError {
    /// What to do about it, without a full stop.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } | Self::Unpacked { .. } | Self::Rows { .. } | Self::Texts { .. } => {
                "split it into several files and import one after the other"
            }
            Self::Packed => "remove the password and save it as an Excel workbook (.xlsx), or save the sheet as CSV",
            Self::NoArchive(_)
            | Self::NoPart(_)
            | Self::Damaged { .. }
            | Self::DocumentType(_)
            | Self::NoText { .. } => "open it and save it again as an Excel workbook (.xlsx), or save the sheet as CSV",
            Self::NoSheet { .. } => "name one of them, or leave the name empty for the first",
            Self::NoSheets | Self::Empty => {
                "put the register on a sheet, with the names of its columns in the first row"
            }
            Self::Columns { .. } => "delete the columns that do not belong to the register",
            Self::Cell { .. } => "shorten it",
        }
    }

    /// The row that it is about, where it is about one.
    #[must_use]
    pub const fn row(&self) -> Option<usize> {
        match self {
            Self::Columns { row, .. } | Self::Cell { row, .. } | Self::NoText { row } => Some(*row),
            _ => None,
        }
    }
}
