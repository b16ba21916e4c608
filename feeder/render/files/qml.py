"""Styles that QGIS reads: how each layer of a plan is drawn and labeled.

QGIS evaluates more texts than it shows: filters, data-defined properties and, in legends,
whatever stands between ``[%`` and ``%]``. So expressions here are constants of this module, labels
name a field, and a name from a table becomes a legend entry only after ``[%`` is taken apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from xml.etree import ElementTree as ET

from feeder.district.model import LEVELS, SOURCES
from feeder.planning.identity import Community

_VERSION: Final = "3.22.0-Bialowieza"
_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_INK: Final = "20,32,43,255"
_WHITE: Final = "255,255,255,255"
_FILL_OPACITY: Final = 170
"""Of 255: a background map stays readable through a community."""
_NAMES_FROM: Final = 60_000
"""Scale denominator from which schools are named."""

LABEL: Final = "label"
"""Field of a community's number and name."""
LABEL_FIELDS: Final = ("label_lon", "label_lat")
"""Where a community's name stands; QGIS would choose the middle of an island of it."""
_KINDS: Final = {"field": "2", "expression": "3"}

_Properties = Mapping[str, str]

_LEVEL_MARKS: Final[Mapping[str, tuple[str, str, str, str]]] = MappingProxyType(
    {
        "elementary": ("Elementary", "circle", "2", _WHITE),
        "middle": ("Middle", "square", "2.3", "159,184,207,255"),
        "high": ("High", "diamond", "3.4", _INK),
        "span": ("Several levels", "hexagon", "2.8", "246,231,180,255"),
        "other": ("Other", "triangle", "2.3", "227,227,227,255"),
    }
)
"""Legend, shape, size in millimetres and color of each level, as on the shareable map."""
_SOURCE_LINES: Final[Mapping[str, tuple[str, str, int]]] = MappingProxyType(
    {
        "observed": ("counted", "solid", 160),
        "zoned": ("by attendance areas", "solid", 115),
        "zoned_by_residents": ("zoned for, by residents", "solid", 115),
        "zoned_by_land": ("zoned for, by land", "solid", 115),
        "estimated": ("estimated", "dash", 160),
    }
)
"""Legend, line and opacity (of 255) of each source of flows."""
_FLOW_PLACES: Final = (
    ("inside a community", '"inside"', "47,75,110"),
    ("between communities", 'NOT "inside"', "180,67,31"),
)
_FLOW_WIDTH: Final = 'min(3, max(0.2, sqrt("students") / 7))'
"""Millimetres: the area of a line tells its students."""


def communities_style(communities: Sequence[Community]) -> str:
    """Return the style of the communities: each in its color, labeled with number and name."""
    renderer = _categories(
        "community_id",
        [(one.id, one.label) for one in communities],
        [_community_symbol(k, one) for k, one in enumerate(communities)],
    )
    labels = _labels(LABEL, size="10", bold=True, placement="1", priority="10")
    settings = labels[0]
    _defined(
        ET.SubElement(settings, "dd_properties"),
        {
            "PositionX": ("field", LABEL_FIELDS[0]),
            "PositionY": ("field", LABEL_FIELDS[1]),
            "Hali": ("expression", "'Center'"),
            "Vali": ("expression", "'Half'"),
        },
    )
    return _document(renderer, labels)


def schools_style() -> str:
    """Return the style of the schools: a shape for each level, named when one looks closely."""
    marks = [_LEVEL_MARKS[level] for level in LEVELS]
    renderer = _categories(
        "level",
        [(level, mark[0]) for level, mark in zip(LEVELS, marks, strict=True)],
        [
            _symbol("marker", k, "SimpleMarker", _marker(shape, size, color))
            for k, (_, shape, size, color) in enumerate(marks)
        ],
    )
    near = _labels("name", size="7", bold=False, placement="6", nearer_than=_NAMES_FROM)
    return _document(renderer, near)


def flows_style(sources: Sequence[str]) -> str:
    """Return the style of the flows: line by source, color by place, width by students.

    ``sources`` are those that the flows have; others get no entry in the legend.
    """
    renderer = _element("renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0")
    rules = ET.SubElement(renderer, "rules", key="flows")
    symbols = ET.SubElement(renderer, "symbols")
    for source in [one for one in SOURCES if one in sources]:
        words, line, opacity = _SOURCE_LINES[source]
        for place, condition, color in _FLOW_PLACES:
            k = len(symbols)
            ET.SubElement(
                rules,
                "rule",
                key=f"flows-{k}",
                symbol=str(k),
                label=f"{words.capitalize()}, {place}",
                filter=f"\"source\" = '{source}' AND {condition}",
            )
            properties = _line(f"{color},{opacity}", line)
            symbols.append(_symbol("line", k, "SimpleLine", properties, width=_FLOW_WIDTH))
    return _document(renderer, None)


def tiles_style() -> str:
    """Return the style of the tiles: a thin outline, so that what lies below stays visible."""
    renderer = _element("renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0")
    symbols = ET.SubElement(renderer, "symbols")
    outline = {**_fill(_WHITE, "86,97,110,255", "0.12"), "style": "no"}
    symbols.append(_symbol("fill", 0, "SimpleFill", outline))
    return _document(renderer, None)


def legend_text(text: str) -> str:
    """Return a text that a legend shows and never evaluates, without what XML cannot hold.

    >>> legend_text("North [% 1 + 1 %]")
    'North [ % 1 + 1 % ]'
    """
    return xml_text(text).replace("[%", "[ %").replace("%]", "% ]")


def xml_text(text: str) -> str:
    """Return a text without the characters that XML 1.0 has no way to write."""
    return "".join(letter for letter in text if letter in "\t\n\r" or _is_xml(ord(letter)))


def _is_xml(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000  # noqa: PLR2004 - the ranges of the standard


def _document(renderer: ET.Element, labels: ET.Element | None) -> str:
    """Return a whole style; it speaks of symbols and labels only and leaves the rest alone."""
    root = _element(
        "qgis",
        version=_VERSION,
        styleCategories="Symbology|Labeling",
        labelsEnabled="0" if labels is None else "1",
    )
    root.append(renderer)
    if labels is not None:
        root.append(labels)
    ET.indent(root, " ")
    return _DOCTYPE + ET.tostring(root, encoding="unicode") + "\n"


def _categories(
    field: str, entries: Sequence[tuple[str, str]], symbols: Sequence[ET.Element]
) -> ET.Element:
    """Return a renderer with one symbol for each value of a field, named in the legend."""
    renderer = _element(
        "renderer-v2", type="categorizedSymbol", attr=field, symbollevels="0", enableorderby="0"
    )
    categories = ET.SubElement(renderer, "categories")
    for k, (value, words) in enumerate(entries):
        ET.SubElement(
            categories,
            "category",
            value=xml_text(value),
            type="string",
            symbol=str(k),
            label=legend_text(words),
            render="true",
        )
    ET.SubElement(renderer, "symbols").extend(symbols)
    return renderer


def _symbol(
    kind: str, name: int, layer_class: str, properties: _Properties, *, width: str = ""
) -> ET.Element:
    """Return a symbol of one layer; ``width`` is an expression for its stroke width."""
    symbol = _element("symbol", type=kind, name=str(name), alpha="1", clip_to_extent="1")
    attributes = {"class": layer_class, "pass": "0", "locked": "0", "enabled": "1"}
    layer = ET.SubElement(symbol, "layer", attributes)
    _options(layer, properties)
    if width:
        defined = ET.SubElement(layer, "data_defined_properties")
        _defined(defined, {"outlineWidth": ("expression", width)})
    return symbol


def _community_symbol(k: int, community: Community) -> ET.Element:
    """Return a filled area; where the community has one, with a dashed line inside its border."""
    fill = _fill(_rgba(community.color, _FILL_OPACITY), _INK, "0.5")
    symbol = _symbol("fill", k, "SimpleFill", fill)
    if community.dashed:
        line = {**_line(_INK, "dash"), "line_width": "1.2", "draw_inside_polygon": "1"}
        symbol.extend(_symbol("fill", k, "SimpleLine", line))
    return symbol


def _fill(color: str, outline: str, width: str) -> _Properties:
    return {
        "color": color,
        "style": "solid",
        "outline_color": outline,
        "outline_style": "solid",
        "outline_width": width,
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }


def _marker(shape: str, size: str, color: str) -> _Properties:
    return {
        "name": shape,
        "color": color,
        "size": size,
        "size_unit": "MM",
        "outline_color": _WHITE if color == _INK else _INK,
        "outline_style": "solid",
        "outline_width": "0.2",
        "outline_width_unit": "MM",
    }


def _line(color: str, style: str) -> _Properties:
    return {
        "line_color": color,
        "line_style": style,
        "line_width": "0.4",
        "line_width_unit": "MM",
        "capstyle": "flat",
        "joinstyle": "round",
    }


def _labels(
    field: str,
    *,
    size: str,
    bold: bool,
    placement: str,
    priority: str = "5",
    nearer_than: int | None = None,
) -> ET.Element:
    """Return labels that show a field as it stands, with a white halo.

    ``placement`` is QGIS' number for it: 1 over the point or the middle of a polygon, 6 around a
    point. Names of a higher ``priority``, 0 to 10, go first where there is no room for all. With
    ``nearer_than`` they appear at larger scales only.
    """
    labeling = _element("labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    style = ET.SubElement(
        settings,
        "text-style",
        fieldName=field,
        isExpression="0",
        allowHtml="0",
        fontFamily="Sans Serif",
        fontSize=size,
        fontSizeUnit="Point",
        fontWeight="75" if bold else "50",
        namedStyle="Bold" if bold else "Regular",
        textColor=_INK,
        textOpacity="1",
    )
    ET.SubElement(
        style,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.9",
        bufferSizeUnits="MM",
        bufferColor=_WHITE,
        bufferOpacity="0.85",
        bufferJoinStyle="128",
    )
    ET.SubElement(settings, "text-format", wrapChar="", autoWrapLength="18", multilineAlign="1")
    ET.SubElement(
        settings, "placement", placement=placement, priority=priority, dist="0.6", distUnits="MM"
    )
    limited = nearer_than is not None
    ET.SubElement(
        settings,
        "rendering",
        drawLabels="1",
        obstacle="0",
        scaleVisibility="1" if limited else "0",
        scaleMin="0",
        scaleMax=str(nearer_than or 0),
    )
    return labeling


def _defined(parent: ET.Element, properties: Mapping[str, tuple[str, str]]) -> None:
    """Let properties follow a ``field`` or an ``expression``, given by kind and text."""
    top = _map(parent)
    ET.SubElement(top, "Option", name="name", type="QString", value="")
    by_name = _map(top, "properties")
    for name, (kind, text) in properties.items():
        one = _map(by_name, name)
        ET.SubElement(one, "Option", name="active", type="bool", value="true")
        ET.SubElement(one, "Option", name=kind, type="QString", value=text)
        ET.SubElement(one, "Option", name="type", type="int", value=_KINDS[kind])
    ET.SubElement(top, "Option", name="type", type="QString", value="collection")


def _options(parent: ET.Element, values: _Properties) -> None:
    top = _map(parent)
    for name, value in values.items():
        ET.SubElement(top, "Option", name=name, type="QString", value=value)


def _map(parent: ET.Element, name: str = "") -> ET.Element:
    return ET.SubElement(parent, "Option", {"type": "Map", **({"name": name} if name else {})})


def _element(tag: str, **attributes: str) -> ET.Element:
    return ET.Element(tag, attributes)


def _rgba(color: str, opacity: int) -> str:
    """Return ``#RRGGBB`` as QGIS writes colors."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{opacity}"
