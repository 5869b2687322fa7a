"""Where GDAL and GEOS are, without a GIS install.

django-leaflet's admin widgets load GDAL and GEOS through Django. The wheels of pyogrio and shapely bring
both libraries, so `pip` is all the installation there is.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path


def bundled_library(package: str, pattern: str) -> str | None:
    """Path of a shared library that the wheel of `package` carries, or None where it carries none."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    site_packages = Path(spec.origin).parent.parent
    folders = (f"{package}.libs", f"{package}/.dylibs")
    return next(
        (str(path) for folder in folders for path in sorted((site_packages / folder).glob(pattern))), None
    )


def gdal_library_path() -> str | None:
    return os.environ.get("GDAL_LIBRARY_PATH") or bundled_library("pyogrio", "*gdal*")


def geos_library_path() -> str | None:
    return os.environ.get("GEOS_LIBRARY_PATH") or bundled_library("shapely", "*geos_c*")
