#!/usr/bin/env python3
"""Writes server/picture/fonts: Inter in two weights as the renderers of pictures and documents read it.

Cuts the variable font down to the characters that names and labels have, one file for each weight: Latin, Greek and
Cyrillic. Needs `pip install fonttools brotli` and `npm ci` in scripts/npm. Run it after a new version of Inter.
"""

from io import BytesIO
from pathlib import Path
from shutil import copyfile

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "scripts" / "npm" / "node_modules" / "@fontsource-variable" / "inter"
SUBSETS = ["latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext"]
TARGET = ROOT / "server" / "picture" / "fonts"
# Basic Latin to Latin Extended-B, Greek, Cyrillic with its supplement, Latin Extended Additional (Vietnamese, Welsh), Greek
# Extended, and the usual punctuation. domain/src/layout/advances.rs has the widths of the first 352.
CHARACTERS = [*range(0x20, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000), *map(ord, "‐‑–—‘’‚“”„•…€₫₴₽←→−\ufffd")]
WEIGHTS = {400: "Regular", 600: "SemiBold"}


def part(name: str, weight: int) -> BytesIO:
    font = TTFont(SOURCE / "files" / f"inter-{name}-wght-normal.woff2")
    font.flavor = None
    font = instancer.instantiateVariableFont(font, {"wght": weight})
    options = subset.Options(hinting=False, layout_features=["kern", "mark", "ccmp"], name_IDs=[0, 1, 2, 4, 5, 6, 13, 14])
    options.drop_tables += ["STAT", "gasp"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    file = BytesIO()
    font.save(file)
    file.seek(0)
    return file


for weight, style in WEIGHTS.items():
    font = merge.Merger().merge([part(name, weight) for name in SUBSETS])
    font["OS/2"].usWeightClass = weight
    for number, text in {1: "Inter", 2: style, 4: f"Inter {style}", 6: f"Inter-{style}"}.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    # The date of the source, so that the same source gives the same bytes.
    date = TTFont(SOURCE / "files" / "inter-latin-wght-normal.woff2")["head"].modified
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = date
    font.save(TARGET / f"inter-{weight}.ttf")
copyfile(SOURCE / "LICENSE", TARGET / "LICENSE.txt")
