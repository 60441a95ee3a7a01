"""Read a file whose format nobody may have named."""

from __future__ import annotations

import re

from netdash.jobs.bulk_files.compose_rows import read_compose
from netdash.jobs.bulk_files.csv_rows import read_csv
from netdash.jobs.bulk_files.problems import MOST_BYTES, Reading, UnreadableFile
from netdash.jobs.bulk_files.yaml_rows import read_yaml

FORMATS = ("csv", "yaml", "compose")
SURROGATE = re.compile("[\ud800-\udfff]")
TOP_NETWORKS = re.compile(r"^networks[ \t]*:", re.MULTILINE)


def read_file(text: str, form: str = "", project: str = "") -> Reading:
    """Read the networks that a text lists; what is wrong comes as problems, with lines.

    ``form`` is one of ``FORMATS``, or empty to find out. ``project`` is the Compose project's
    name where the file has none.
    """
    try:
        check_text(text)
        chosen = form or find_format(text)
        if chosen == "compose":
            return read_compose(text, project)
        return read_csv(text) if chosen == "csv" else read_yaml(text)
    except UnreadableFile as error:
        return Reading(problems=(str(error),))


def decode_text(raw: bytes) -> str:
    """Read bytes as UTF-8, with or without a byte order mark; raises UnreadableFile."""
    if len(raw) > MOST_BYTES:
        raise UnreadableFile(f"The file is larger than {MOST_BYTES // 1024:,} KiB.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        words = "it is not written in UTF-8. Save it as UTF-8 (in Excel: CSV UTF-8)."
        raise UnreadableFile(words, line) from None


def check_text(text: str) -> None:
    """Refuse what no reader shall see; raises UnreadableFile."""
    if len(text) > MOST_BYTES or len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise UnreadableFile(f"The text is larger than {MOST_BYTES // 1024:,} KiB.")
    if broken := SURROGATE.search(text):
        line = text[: broken.start()].count("\n") + 1
        raise UnreadableFile("it holds half of a character.", line)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise UnreadableFile("it holds a NUL: this is no text.", line)
    if not text.strip():
        raise UnreadableFile("The file is empty.")


def find_format(text: str) -> str:
    """Find out the format: Compose has ``networks:`` at the margin, CSV a header with name."""
    if TOP_NETWORKS.search(text):
        return "compose"
    head = next((line for line in text[:10_000].splitlines() if line.strip()), "")
    cells = [cell.strip(" \"'\ufeff").lower() for cell in re.split(r"[;,\t]", head)]
    is_yaml = ":" in head.replace("label:", "").replace("option:", "") or head.startswith(
        ("-", "[", "{", "#", "%")
    )
    return "csv" if "name" in cells or not is_yaml else "yaml"
