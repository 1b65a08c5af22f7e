//! As what files can a map be taken away? What `domain` writes as text, and the picture of pixels.

use domain::scene::{Drawing, FileFormat, Theme, file, svg};
use picture::Refused;

/// A kind of file that a map can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapFile {
    /// A text.
    Text(FileFormat),
    /// A picture of pixels.
    Png,
}

impl MapFile {
    /// How the name of such a file ends.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Text(format) => format.extension(),
            Self::Png => "png",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text(format) => format.content_type(),
            Self::Png => "image/png",
        }
    }

    /// All of them: first the pictures.
    pub fn all() -> impl Iterator<Item = Self> {
        let [svg, others @ ..] = FileFormat::ALL.map(Self::Text);
        [svg, Self::Png].into_iter().chain(others)
    }

    /// The kind of a file by the end of its name, in any case.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::all().find(|it| extension.eq_ignore_ascii_case(it.extension()))
    }

    /// The content of the file.
    ///
    /// # Errors
    /// When it would be a picture of more pixels than are drawn.
    pub fn write(self, drawing: &Drawing, theme: Theme) -> Result<Vec<u8>, Refused> {
        match self {
            Self::Text(format) => Ok(file(drawing, format, theme).into_bytes()),
            Self::Png => picture::png(&svg(drawing, theme)),
        }
    }
}
