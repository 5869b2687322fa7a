"""What editors do in a real browser: draw, upload, add rows, pin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from patrols.models import ImportBatch, Pin
from patrols.roles import ensure_roles
from tests.scene import Scene

from .conftest import PHONE, settle

PASSWORD = "a-long-password"


@pytest.fixture
def editor(scene: Scene) -> User:
    ensure_roles()
    user = User.objects.create_user("edith", "edith@example.org", PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="editor"))
    return user


@pytest.fixture
def admin_page(open_page, editor):
    """An address of the admin, signed in as an editor."""

    def opener(address: str, **options) -> Page:
        page = open_page(f"/admin/login/?next={address}", **options)
        page.get_by_label("Username").fill(editor.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        if options.get("java_script_enabled", True) and "importbatch" not in address:
            settle(page)  # An import's page never falls silent: it asks for its progress.
        return page

    return opener


def click_on_map(page: Page, *points: tuple[float, float]) -> None:
    """Click at shares of the map's width and height."""
    box = page.locator(".leaflet-container").bounding_box()
    assert box
    # While a map zooms it takes no click.
    expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)
    for x, y in points:
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        page.wait_for_timeout(120)


def test_a_zone_is_drawn_on_the_bundled_map(admin_page, scene):
    page = admin_page(f"/admin/patrols/zone/{scene.zone.pk}/change/")
    expect(page.locator(".leaflet-container path.land").first).to_be_attached()
    expect(page.locator(".leaflet-container .name-town").first).to_be_attached()

    page.locator(".leaflet-draw-draw-polygon").scroll_into_view_if_needed()
    page.locator(".leaflet-draw-draw-polygon").click()
    click_on_map(page, (0.3, 0.3), (0.7, 0.3), (0.5, 0.8), (0.3, 0.3))
    page.get_by_label("Reason for this change").fill("Drawn from the published map")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist .success")).to_contain_text("was changed successfully")
    scene.zone.refresh_from_db()
    (ring,) = scene.zone.geometry["coordinates"]
    assert len(ring) == 4
    assert all(39 < lon < 43 and 36 < lat < 38 for lon, lat in ring)
    assert scene.zone.history.first().history_change_reason == "Drawn from the published map"


def test_a_zone_is_typed_without_a_mouse(admin_page, scene):
    page = admin_page(f"/admin/patrols/zone/{scene.zone.pk}/change/")
    page.get_by_role("button", name="Edit as GeoJSON").press("Enter")
    text = page.locator("textarea.django-leaflet-raw-textarea")
    expect(text).to_be_focused()
    text.fill('{"type": "Polygon", "coordinates": [[[40,36],[41,36],[41,37],[40,36]]]}')
    text.press("Tab")

    page.get_by_label("Reason for this change").fill("Typed")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    scene.zone.refresh_from_db()
    assert scene.zone.geometry["coordinates"] == [[[40, 36], [41, 36], [41, 37], [40, 36]]]


def test_a_route_is_drawn_between_the_stops_and_pinned(admin_page, scene):
    patrol = scene["draft"]
    page = admin_page(f"/admin/patrols/patrol/{patrol.pk}/pin/route/")
    expect(page.locator(".leaflet-container path.drawn.zone").first).to_be_attached()
    expect(page.locator(".leaflet-container path.drawn.stop")).to_have_count(2)

    page.locator(".leaflet-draw-draw-polyline").click()
    click_on_map(page, (0.3, 0.3), (0.5, 0.6), (0.8, 0.5), (0.8, 0.5))
    page.get_by_label("Reason").fill("The video shows the road")
    page.get_by_role("button", name="Pin").click()

    expect(page.locator(".messagelist .success")).to_contain_text("Pinned.")
    pin = Pin.objects.get(patrol=patrol, fact="route")
    assert pin.value["type"] == "LineString"
    assert len(pin.value["coordinates"]) == 3
    expect(page.locator("#fact-route")).to_contain_text("The video shows the road")
    expect(page.locator(".static-map path.route")).to_have_count(1)


def test_a_track_is_uploaded(admin_page, scene):
    page = admin_page(f"/admin/patrols/patrol/{scene['draft'].pk}/pin/route/")
    track = (
        '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
        '<trkpt lat="36.9" lon="40.6"/><trkpt lat="36.8" lon="40.7"/></trkseg></trk></gpx>'
    )
    upload = {"name": "day.gpx", "mimeType": "application/gpx+xml", "buffer": track.encode()}
    page.get_by_label("Upload a track").set_input_files(upload)
    page.get_by_label("Reason").fill("A published track")
    page.get_by_role("button", name="Pin").click()

    expect(page.locator("#fact-route")).to_contain_text("line, 14")


def test_a_fact_is_pinned_on_the_patrols_page(admin_page, scene):
    page = admin_page(f"/admin/patrols/patrol/{scene['draft'].pk}/change/")
    row = page.locator("#fact-vehicles")
    row.get_by_text("Pin", exact=True).first.click()
    row.get_by_label("Number").fill("12")
    row.get_by_label("Reason").fill("Counted on the photograph")
    row.get_by_role("button", name="Pin").click()

    expect(page.locator("#fact-vehicles")).to_contain_text("12")
    expect(page.locator("#fact-vehicles")).to_contain_text("pinned")


def test_stops_are_added_found_in_the_gazetteer_and_removed(admin_page, scene):
    patrol = scene["draft"]
    page = admin_page(f"/admin/patrols/patrol/{patrol.pk}/change/")
    page.locator("#stops-group .inline-deletelink").first.click()
    page.get_by_text("Add another Stop").click()
    page.locator("#id_stops-1-spelling").fill("Delta gate")
    page.locator("#id_stops-1-order").fill("9")
    page.locator("#stops-1 .select2-selection").click()
    page.locator(".select2-search__field").fill("delt")
    page.get_by_role("option", name="Delta").click()
    page.get_by_label("Reason for this change").fill("The caption names the gate")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist")).to_contain_text("Pinned: stops.")
    found = list(patrol.stops.order_by("order").values_list("spelling", "place__slug"))
    assert found == [("Hideout", "hideout"), ("Delta gate", "delta")]


def test_an_account_is_added_on_the_patrols_page(admin_page, scene):
    patrol = scene["draft"]
    scene.account(None, "second", by="paper", day="2020-06-06").delete()  # Its report stays.
    page = admin_page(f"/admin/patrols/patrol/{patrol.pk}/change/")
    page.get_by_text("Add another Account").click()
    form = page.locator("#accounts-1")
    form.locator(".field-report .select2-selection").click()
    page.locator(".select2-search__field").fill("second")
    page.get_by_role("option", name="Local paper, 2020-06-07").click()
    form.locator("[name=accounts-1-vehicles]").fill("about 40")
    form.get_by_label("TR", exact=True).first.fill("24")
    page.get_by_label("Reason for this change").fill("A second report")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    account = patrol.accounts.get(report__url="https://example.org/second")
    assert (account.vehicles, account.qualifiers["vehicles"]) == (40, "about")
    assert account.personnel_by_side == {"TR": 24}


@pytest.mark.parametrize(
    "address", ["", "patrols/patrol/", "patrols/patrol/{pk}/change/", "patrols/zone/{zone}/change/"]
)
def test_nothing_is_wider_than_a_phone(admin_page, scene, address):
    where = "/admin/" + address.format(pk=scene["contested"].pk, zone=scene.zone.pk)
    page = admin_page(where, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_an_imports_page_follows_its_progress(admin_page, editor, scene):
    batch = ImportBatch.objects.create(name="file.csv", content=b"x", by=editor, state="applying", read=3)
    page = admin_page(f"/admin/patrols/importbatch/{batch.pk}/change/")
    expect(page.locator("[data-text]")).to_contain_text("being brought in")

    ImportBatch.objects.filter(pk=batch.pk).update(state="done", created=3)

    expect(page.get_by_role("link", name="Undo this import")).to_be_visible()


def test_an_imports_page_can_be_followed_without_scripts(admin_page, editor, scene):
    batch = ImportBatch.objects.create(name="file.csv", content=b"x", by=editor, state="applying", read=3)
    page = admin_page(f"/admin/patrols/importbatch/{batch.pk}/change/", java_script_enabled=False)
    ImportBatch.objects.filter(pk=batch.pk).update(state="done", created=3)
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("link", name="Undo this import")).to_be_visible()
