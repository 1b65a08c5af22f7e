#!/usr/bin/env python3
"""Writes server/picture/fonts: Inter in two weights as the renderers of pictures and documents read it.

Cuts the variable fonts of style/fonts down to the characters that names and labels have, one file for each weight. Needs
`pip install fonttools brotli`. Run it after scripts/icons.mjs brought a new version of Inter.
"""

from io import BytesIO
from pathlib import Path
from shutil import copyfile

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "style" / "fonts"
TARGET = ROOT / "server" / "picture" / "fonts"
# Basic Latin to Latin Extended-A, as domain/src/layout/advances.rs has them, and the usual punctuation.
CHARACTERS = [*range(0x20, 0x180), *map(ord, "‐‑–—‘’‚“”„•…€←→−\ufffd")]
WEIGHTS = {400: "Regular", 600: "SemiBold"}


def part(name: str, weight: int) -> BytesIO:
    font = TTFont(SOURCE / f"{name}.woff2")
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
    font = merge.Merger().merge([part("inter-latin", weight), part("inter-latin-ext", weight)])
    font["OS/2"].usWeightClass = weight
    for number, text in {1: "Inter", 2: style, 4: f"Inter {style}", 6: f"Inter-{style}"}.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    # The date of the source, so that the same source gives the same bytes.
    date = TTFont(SOURCE / "inter-latin.woff2")["head"].modified
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = date
    font.save(TARGET / f"inter-{weight}.ttf")
copyfile(SOURCE / "inter-LICENSE.txt", TARGET / "LICENSE.txt")
