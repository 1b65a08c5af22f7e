//! `plumbline map`: the map of a model file as a picture or a diagram, without a database.

use std::path::Path;

use domain::scene::estate::{ViewOptions, drawing};
use domain::scene::{FileFormat, Theme};
use domain::scope::compute;

use super::files::{print, read_model_noting_gaps};
use super::{Failure, Streams};
use crate::config::engine::{MapOptions, MapTheme};
use crate::drawn::MapFile;

/// Draws the map of a model file. The same model and the same options give the same bytes.
pub(super) fn map(options: &MapOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let format = format_of(&options.out)?;
    let model = read_model_noting_gaps(&options.model, streams)?;
    let view = ViewOptions { title: title(&options.model), all: options.all, ..ViewOptions::default() };
    let theme = match options.theme {
        MapTheme::Light => Theme::Light,
        MapTheme::Dark => Theme::Dark,
    };
    let drawing = drawing(&model.model, &compute(&model.model), &view);
    let drawn = format.write(&drawing, theme).map_err(|refused| Failure::usage(refused.to_string()))?;
    if options.out == Path::new("-") {
        streams.output.write_all(&drawn)?;
        return Ok(streams.output.flush()?);
    }
    std::fs::write(&options.out, drawn).map_err(|error| {
        Failure::usage(format!("{} cannot be written: {error}. Give another path.", options.out.display()))
    })?;
    print(streams.output, &drawing.counts.sentence())
}

/// The format of the file to be written, by the end of its name.
fn format_of(out: &Path) -> Result<MapFile, Failure> {
    if out == Path::new("-") {
        return Ok(MapFile::Text(FileFormat::Svg));
    }
    let extension = out.extension().and_then(|it| it.to_str()).unwrap_or_default();
    MapFile::of_extension(extension).ok_or_else(|| {
        let known: Vec<String> = MapFile::all().map(|it| format!(".{}", it.extension())).collect();
        Failure::usage(format!(
            "{} does not say what kind of file it is. Let its name end in one of {}.",
            out.display(),
            known.join(", ")
        ))
    })
}

/// What the picture is called: the name of the file without its ending.
fn title(model: &Path) -> String {
    let name = model.file_stem().filter(|_| model != Path::new("-"));
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
