"""Photographs with the corners that were found, each beside its rectified picture, on one sheet to look at.

    npm run -s measure-photo -- FOLDER --rectified RECTIFIED
    python3 -m photo.contact_sheet FOLDER RECTIFIED --out FILE.jpg

RECTIFIED holds NAME.png and corners.jsonl, one line `{"file", "corners"}` a photograph: of each proposal, likeliest first.
"""

import argparse
import json
from pathlib import Path

from PIL import Image, ImageDraw

SIDE = 210
COLUMNS = 4
CAPTION = 14
FOUND, OTHER = (255, 60, 60), (255, 190, 40)


def fitted(picture: Image.Image) -> Image.Image:
    """On a grey square."""
    picture.thumbnail((SIDE, SIDE))
    square = Image.new("RGB", (SIDE, SIDE), (90, 90, 90))
    square.paste(picture, ((SIDE - picture.width) // 2, (SIDE - picture.height) // 2))
    return square


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path)
    parser.add_argument("rectified", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--columns", type=int, default=COLUMNS)
    options = parser.parse_args()
    lines = [json.loads(line) for line in (options.rectified / "corners.jsonl").read_text().splitlines()]
    rows = -(-len(lines) // options.columns)
    sheet = Image.new("RGB", (options.columns * (2 * SIDE + 8), rows * (SIDE + CAPTION)), (255, 255, 255))
    for index, line in enumerate(lines):
        photograph = Image.open(options.photographs / line["file"]).convert("RGB")
        pen = ImageDraw.Draw(photograph)
        for corners, colour in reversed(list(zip(line["corners"], [FOUND, OTHER, OTHER]))):
            points = [(corner["x"], corner["y"]) for corner in corners]
            pen.line([*points, points[0]], fill=colour, width=max(2, photograph.width // 160))
        x, y = index % options.columns * (2 * SIDE + 8), index // options.columns * (SIDE + CAPTION)
        rectified = Image.open((options.rectified / line["file"]).with_suffix(".png")).convert("RGB")
        sheet.paste(fitted(photograph), (x, y + CAPTION))
        sheet.paste(fitted(rectified), (x + SIDE + 2, y + CAPTION))
        ImageDraw.Draw(sheet).text((x + 2, y + 1), Path(line["file"]).stem.replace("-", " "), fill=(0, 0, 0))
    sheet.save(options.out, quality=78, optimize=True)


if __name__ == "__main__":
    main()
