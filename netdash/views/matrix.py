"""The matrix: containers down, networks across, one table for each group."""

from __future__ import annotations

from html import escape

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from netdash.drawing.matrix import MatrixCell, MatrixRow, MatrixSection, draw_matrix
from netdash.drawing.shapes import Grouping
from netdash.topology.filters import Filter, narrow
from netdash.topology.snapshot import Snapshot

from .engines import EnginePage, find_engine
from .filter_menus import build_bar
from .filters import ViewQuery, read_query
from .list_page import say_counts, say_empty
from .rendering import render_page
from .toolbar import build_toolbar


@require_safe
def matrix(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who is on which network, as tables."""
    page = find_engine(request, slug)
    query = read_query(request.GET, page.snapshot)
    shown = narrow(page.snapshot, query.filter)
    total = page.counts.containers
    context = {
        **page.context,
        "bar": build_bar(page.snapshot, query, {}),
        "toolbar": build_toolbar(slug, "matrix", query),
        "sections": render_sections(page, query, shown),
        "shown_words": say_counts(len(shown.containers), total),
        "empty_words": say_empty(page, "containers", total),
    }
    return render_page(request, "matrix/matrix.html", context, {"list": "matrix/_matrix.html"})


Key = tuple[str, int, Filter, Grouping]
MOST_RENDERED = 8
_rendered: dict[Key, str] = {}


def render_sections(page: EnginePage, query: ViewQuery, shown: Snapshot) -> str:
    """Render the tables; readers of one version share them (0.3 s at 2,000 containers)."""
    if page.stored is None:
        return ""
    key = (page.engine.slug, page.stored.version, query.filter, query.grouping)
    tables = _rendered.get(key)
    if tables is None:
        sections = draw_matrix(shown, query.grouping)
        tables = render_tables(page, sections) if sections else ""
        while len(_rendered) >= MOST_RENDERED:
            _rendered.pop(next(iter(_rendered), key), None)
        _rendered[key] = tables
    return tables


def render_tables(page: EnginePage, sections: tuple[MatrixSection, ...]) -> str:
    """Render the tables of all groups."""
    address = reverse("containers", args=[page.engine.slug])
    written = [(section, write_rows(section, address)) for section in sections]
    context = {"engine": page.engine, "sections": written}
    return render_to_string("matrix/_sections.html", context)


def write_rows(section: MatrixSection, address: str) -> SafeString:
    """Write a table's rows: at 2,000 of them the template engine takes five times as long."""
    return mark_safe("".join([write_row(row, address) for row in section.rows]))  # noqa: S308


def write_row(row: MatrixRow, address: str) -> str:
    """Write one container's row."""
    sign = f'<span class="glyph glyph-{row.glyph}" role="img" aria-label="{row.glyph}"></span>'
    link = f'href="{address}{escape(row.container_id[:12])}" title="{escape(row.name)}"'
    head = f'<th scope="row">{sign}<a {link}><bdi>{escape(row.label)}</bdi></a></th>'
    return f"\n<tr>{head}{''.join([write_cell(cell) for cell in row.cells])}</tr>"


def write_cell(cell: MatrixCell) -> str:
    """Write one cell: a dot where the container is on the network, lines to its other dots."""
    if cell.state == "off":
        return "<td></td>"
    if cell.state == "passed":
        return '<td class="l r"></td>'
    kind = f"{'l ' * cell.joins_left}{'r ' * cell.joins_right}role-{cell.role}"
    is_live = cell.endpoint is not None and cell.endpoint.is_live
    dot = "<i></i>" if is_live else '<i class="idle"></i>'
    address = escape(cell.endpoint.ipv4) if cell.endpoint else ""
    return f'<td class="{kind}">{dot}<b>on {address}</b></td>'
