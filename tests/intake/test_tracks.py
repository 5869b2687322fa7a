"""Routes from uploaded files: what is read, and the sentence for each file that is not."""

from __future__ import annotations

import contextlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrols.intake import tracks
from patrols.intake.tracks import TrackError, read_track

GPX = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'


def points(tag: str, *pairs: tuple[float, float]) -> str:
    return "".join(f'<{tag} lat="{lat}" lon="{lon}"/>' for lon, lat in pairs)


def gpx(body: str) -> bytes:
    return GPX.format(body).encode()


def kml(body: str) -> bytes:
    return KML.format(f"<Placemark>{body}</Placemark>").encode()


def geojson(kind: str, coordinates: object) -> bytes:
    return json.dumps({"type": kind, "coordinates": coordinates}).encode()


LINE = [[40.1, 36.9], [40.2, 36.95]]


def test_a_gpx_track_whose_segments_touch_is_one_line():
    segments = "".join(
        f"<trkseg>{points('trkpt', *pairs)}</trkseg>"
        for pairs in ([(40.1, 36.9), (40.2, 36.91)], [(40.2, 36.91), (40.3, 36.95)])
    )
    track = read_track("day.GPX", gpx(f"<trk>{segments}</trk>"))

    assert track.geometry == {
        "type": "LineString",
        "coordinates": [[40.1, 36.9], [40.2, 36.91], [40.3, 36.95]],
    }
    assert not track.simplified


def test_separate_segments_stay_separate():
    segments = "".join(
        f"<trkseg>{points('trkpt', *pairs)}</trkseg>"
        for pairs in ([(40.1, 36.9), (40.2, 36.91)], [(41, 36.91), (41.3, 36.95)])
    )
    assert read_track("a.gpx", gpx(f"<trk>{segments}</trk>")).geometry["type"] == "MultiLineString"


def test_a_gpx_route_is_read_where_there_is_no_track():
    track = read_track("a.gpx", gpx(f"<rte>{points('rtept', (40.1, 36.9), (40.2, 36.95))}</rte>"))
    assert track.geometry == {"type": "LineString", "coordinates": LINE}


def test_heights_are_dropped_and_points_beside_a_line_ignored():
    body = (
        "<MultiGeometry><Point><coordinates>40,36</coordinates></Point>"
        "<LineString><coordinates>40.1,36.9,812 40.2,36.95,800</coordinates></LineString></MultiGeometry>"
    )
    assert read_track("a.kml", kml(body)).geometry == {"type": "LineString", "coordinates": LINE}


def test_a_kml_track_with_times_is_a_line():
    body = (
        '<gx:Track xmlns:gx="http://www.google.com/kml/ext/2.2"><when>2020-01-01T00:00:00Z</when>'
        "<when>2020-01-01T00:01:00Z</when><gx:coord>40.1 36.9 0</gx:coord>"
        "<gx:coord>40.2 36.95 0</gx:coord></gx:Track>"
    )
    assert read_track("a.kml", kml(body)).geometry == {"type": "LineString", "coordinates": LINE}


def test_lines_in_every_folder_of_a_kml_file_are_read():
    folders = "".join(
        f"<Folder><name>{n}</name><Placemark><LineString><coordinates>{n},36 {n}.5,36</coordinates>"
        "</LineString></Placemark></Folder>"
        for n in (40, 41)
    )
    geometry = read_track("a.kml", KML.format(folders).encode()).geometry
    assert len(geometry["coordinates"]) == 2


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
def test_geojson_is_read_with_and_without_a_byte_order_mark(prefix):
    assert read_track("a.geojson", prefix + geojson("LineString", LINE)).geometry["coordinates"] == LINE


def test_a_long_track_is_simplified_and_says_so():
    wave = [[40 + i / 20_000, 36 + math.sin(i / 100) / 10] for i in range(20_000)]
    track = read_track("a.json", geojson("LineString", wave))

    assert track.simplified
    assert (track.points_read, track.points_kept <= tracks.MAX_POINTS) == (20_000, True)


BOMB = b'<!DOCTYPE g [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><gpx>&b;</gpx>'
WAYPOINTS = gpx(points("wpt", (40.1, 36.9), (40.2, 36.9)))
PROJECTED = json.dumps(
    {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "LineString", "coordinates": LINE},
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}},
    }
).encode()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.gpx", b" \n", "The file is empty."),
        ("a.pdf", b"%PDF", "Upload a GPX, KML or GeoJSON file"),
        ("a", b"x", "Upload a GPX, KML or GeoJSON file"),
        ("a.gpx", BOMB, "declares a document type or entities"),
        ("a.gpx", b"<gpx><trk>", "its XML is broken"),
        ("a.gpx", b"\xff\xfe\x00", "its XML is broken"),
        ("a.gpx", kml("<LineString/>"), "The file is not GPX: it starts with <kml>."),
        ("a.gpx", b"<OGRVRTDataSource/>", "The file is not GPX"),
        ("a.gpx", WAYPOINTS, "waypoints only"),
        ("a.gpx", gpx(""), "holds no line"),
        (
            "a.kml",
            kml("<NetworkLink><Link><href>http://example.org</href></Link></NetworkLink>"),
            "only links",
        ),
        ("a.kml", kml(""), "holds no line"),
        ("a.geojson", b"{", "not readable as GeoJSON"),
        ("a.geojson", b"[1, 2]", "no known"),
        ("a.geojson", b'{"type": "Topology"}', "no known"),
        ("a.geojson", b"[" * 100_000, "not readable as GeoJSON"),
        ("a.geojson", geojson("Point", [40, 36]), "waypoints only"),
        ("a.geojson", geojson("Polygon", [[[40, 36], [41, 36], [41, 37], [40, 36]]]), "an area, not a line"),
        ("a.geojson", geojson("LineString", []), "holds no line"),
        ("a.geojson", geojson("LineString", [[40, 36], [40, 36]]), "no length"),
        ("a.geojson", geojson("LineString", [[36, 140], [37, 141]]), "outside the world"),
        ("a.geojson", geojson("LineString", [[4463000, 4400000], [4473000, 4410000]]), "projected system"),
        ("a.geojson", geojson("LineString", [[float("nan"), 1], [1, 2]]), "not a number"),
        ("a.geojson", PROJECTED, "EPSG:3857"),
    ],
)
def test_a_file_that_is_not_taken_says_why(name, content, says):
    with pytest.raises(TrackError, match=says.replace("(", r"\(")):
        read_track(name, content)


def test_a_file_over_the_limit_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(tracks, "MAX_BYTES", 1024 * 1024)
    with pytest.raises(TrackError, match="larger than 1 MB"):
        read_track("a.gpx", b"x" * (1024 * 1024 + 1))


@given(st.binary(max_size=400), st.sampled_from(["a.gpx", "a.kml", "a.geojson"]))
def test_whatever_the_bytes_it_is_a_track_or_a_sentence(content, name):
    with contextlib.suppress(TrackError):
        assert read_track(name, content).geometry["type"] in ("LineString", "MultiLineString")


lines = st.lists(
    st.tuples(st.integers(-1800, 1800), st.integers(-900, 900)), min_size=2, max_size=20, unique=True
)


@given(lines)
def test_a_short_line_comes_back_as_it_was_given(pairs):
    wanted = [[lon / 10, lat / 10] for lon, lat in pairs]
    assert read_track("a.json", geojson("LineString", wanted)).geometry == {
        "type": "LineString",
        "coordinates": wanted,
    }
