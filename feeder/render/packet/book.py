"""The board packet as a PDF: an overview, the district's figures, a page a community.

Vector throughout, fonts embedded; with SOURCE_DATE_EPOCH set, the same plan gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Final

from feeder.language import Words
from feeder.publishing.published import PublishedPlan
from feeder.render.packet.community import community_page, lists
from feeder.render.packet.data import PacketData, packet_data
from feeder.render.packet.district import district_pages
from feeder.render.packet.lettering import fitted, width
from feeder.render.packet.overview import overview
from feeder.render.packet.paper import SOFT, Sheet
from feeder.render.page.page import PageInfo

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LETTER: Final = "letter"
_SMALL: Final = 6.5
_SETTINGS: Final = {
    "pdf.fonttype": 42,  # whole letters are embedded, so that text can be copied and searched
    "pdf.compression": 6,
    "text.usetex": False,
    "text.parse_math": False,
    "path.simplify": False,
}


def render_packet(
    published: PublishedPlan,
    info: PageInfo,
    words: Words,
    *,
    paper: str = LETTER,
) -> bytes:
    """Return the packet as the bytes of a PDF file.

    Parameters
    ----------
    published
        The plan.
    info
        Date, plan id and what was suppressed.
    words
        The language.
    paper
        ``letter`` or ``a4``.
    """
    from matplotlib.backends.backend_pdf import PdfPages

    out = BytesIO()
    data = packet_data(published, info, words, paper)
    about = {
        "Title": f"{data.place}: {words('packet.title')}",
        "Subject": words("packet.made", plan=info.plan_id, date=info.run_date),
        "Creator": "feeder",
    }
    with _drawn(), PdfPages(out, metadata=about) as pages:
        for figure in packet_pages(data):
            pages.savefig(figure)
    return out.getvalue()


def packet_pages(data: PacketData) -> Iterator[Figure]:
    """Yield the pages in order, each with its line at the foot."""
    sheets = [overview(data), *district_pages(data)]
    for community in range(data.plan.n_communities):
        sheets += community_page(data, community)
    outside = data.members(-1)
    if len(outside):
        sheets += lists(data, outside, data.words("packet.outside"))
    for number, sheet in enumerate(sheets, start=1):
        _foot(sheet, data, number, len(sheets))
        yield sheet.figure


def _foot(sheet: Sheet, data: PacketData, number: int, count: int) -> None:
    """Say on every page what it belongs to."""
    words, body = data.words, sheet.body
    made = words("packet.made", plan=data.info.plan_id, date=data.info.run_date)
    if data.plan.district.synthetic:
        made = f"{words('report.invented')}. {made}"
    page = words("packet.page", number=number, count=count)
    y = sheet.height - 28
    sheet.rule(body.left, y - 10, body.width)
    edge = body.right - width(page, _SMALL) - 10 - width(made, _SMALL) - 10
    place = fitted(data.place, edge - body.left, _SMALL)
    sheet.text(body.left, y, place, size=_SMALL, color=SOFT, role="foot")
    sheet.text(body.left + width(place, _SMALL) + 10, y, made, size=_SMALL, color=SOFT, role="foot")
    sheet.text(body.right, y, page, size=_SMALL, color=SOFT, align="right", role="foot")


@contextmanager
def _drawn() -> Iterator[None]:
    """Draw by the library's own settings and ours, whatever those of the reader are."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)  # type: ignore[arg-type]  # names of settings
        yield
