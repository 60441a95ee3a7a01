"""A process that is warm compiles nothing for its first page."""

from __future__ import annotations

from django.template import engines

from netdash.views.warming import list_templates, warm


def test_every_template_of_netdash_is_compiled_before_the_first_page() -> None:
    warm()
    loader = engines["django"].engine.template_loaders[0]  # type: ignore[attr-defined]
    compiled = {str(key) for key in loader.get_template_cache}
    assert "topology/_panel.html" in compiled
    assert set(list_templates()) <= compiled
