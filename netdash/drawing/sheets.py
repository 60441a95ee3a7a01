"""Panels drawn before, so that only those that changed are drawn again."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from netdash.drawing.fronts import Option
from netdash.drawing.groups import Group
from netdash.drawing.noting import Drawn
from netdash.drawing.panel import draw_panel
from netdash.drawing.plan import PanelPlan
from netdash.drawing.scene import Scene
from netdash.drawing.shapes import Density
from netdash.drawing.sketch import Sketch, build_sketch

MAX_PANELS = 512
MAX_VARIANTS = 4

Inputs = tuple[object, ...]


@dataclass(slots=True)
class Sheet:
    """One panel's sketch, with what it was drawn from and what has been drawn of it."""

    inputs: Inputs
    sketch: Sketch
    drawn: dict[tuple[Option, float, float], Drawn] = field(default_factory=dict)

    def draw(
        self, scene: Scene, option: Option, density: Density, width: float, height: float
    ) -> Drawn:
        """Draw the panel in this way, or give it back as it was drawn."""
        key = (option, width, height)
        found = self.drawn.get(key)
        if found is None:
            if len(self.drawn) >= MAX_VARIANTS:
                self.drawn.clear()
            found = draw_panel(scene, self.sketch, option, density, width, height)
            self.drawn[key] = found
        return found


SHEETS: OrderedDict[tuple[Density, str], list[Sheet]] = OrderedDict()


def find_sheet(
    scene: Scene,
    group: Group,
    density: Density,
    open_keys: frozenset[str],
    before: PanelPlan | None,
) -> Sheet:
    """Find the sheet of a group whose containers, networks and plan are all as they were."""
    inputs = gather_inputs(scene, group, open_keys, before)
    place = (density, group.key)
    variants = SHEETS.setdefault(place, [])
    for sheet in list(variants):
        if sheet.inputs == inputs:
            return sheet
    sheet = Sheet(inputs, build_sketch(scene, group, density, open_keys, before))
    SHEETS[place] = [sheet, *variants[: MAX_VARIANTS - 1]]
    while len(SHEETS) > MAX_PANELS:
        SHEETS.popitem(last=False)
    return sheet


def gather_inputs(
    scene: Scene, group: Group, open_keys: frozenset[str], before: PanelPlan | None
) -> Inputs:
    """Gather everything that a panel is drawn from."""
    networks = sorted(scene.touched[group.key])
    facts = [
        (
            scene.networks_by_id[key],
            scene.tiers.get(key),
            scene.uses.get(key, 0),
            scene.keys_by_network_id[key],
        )
        for key in networks
    ]
    shorts = [key for key in networks if scene.is_ambiguous(key)]
    cut_ids = scene.cut_ids.intersection(container.id for container in group.containers)
    return (group, facts, shorts, cut_ids, open_keys, before)
