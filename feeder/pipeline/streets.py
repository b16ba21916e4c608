"""The streets of a district folder, downloaded."""

from __future__ import annotations

from pathlib import Path

from feeder.district.read import read_district
from feeder.network.streets.download import district_outline, download_streets


def download_district_streets(folder: Path | str, *, margin_km: float = 2.0) -> bytes:
    """Download the streets of a district from OpenStreetMap.

    Parameters
    ----------
    folder
        District folder.
    margin_km
        How far around the district streets are wanted, in kilometres.

    Returns
    -------
    bytes
        GraphML with speeds and travel times, to be written into the folder.

    Raises
    ------
    InputError
        Where the folder cannot be used, or the server cannot be reached.

    Examples
    --------
    >>> graphml = download_district_streets("my-district")  # doctest: +SKIP
    >>> Path("my-district/streets.graphml").write_bytes(graphml)  # doctest: +SKIP
    """
    district = read_district(Path(folder))
    outline = district_outline(district, margin_km)
    return download_streets(outline, district.access.speed_km_h)
