"""The API: what every address answers, page by page, and how it refuses."""

from __future__ import annotations

import csv
import json
import random
import shutil
import subprocess
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrols.models import ApiToken, Patrol, State
from patrols.publish.features import COLLECTIONS, PLAIN
from patrols.record import workflow
from patrols.record.workflow import RecordError
from patrols.views.api_parameters import names
from tests.scene import Scene, add_sensitive

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/api/",
    "/api/conformance",
    "/api/collections",
    "/api/openapi.json",
    *(
        f"/api/collections/{name}{rest}"
        for name in COLLECTIONS
        for rest in ("", "/schema", "/queryables", "/items")
    ),
    *(f"/api/{name}" for name in PLAIN),
]


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> None:
    cache.clear()
    settings.API_RATE = 100_000


def features(client: Client, query: str = "", name: str = "patrols") -> list[dict[str, Any]]:
    """Every feature, following the next links."""
    address, found = f"/api/collections/{name}/items?{query}", []
    while address:
        body = client.get(address).json()
        found += body["features"]
        address = next((one["href"] for one in body["links"] if one["rel"] == "next"), "")
        address = address[address.index("/api/") :] if address else ""
    return found


class TestAnswers:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_every_address_answers_and_says_its_version(
        self, client: Client, scene: Scene, address: str
    ) -> None:
        response = client.get(address)
        assert response.status_code == 200
        assert response["ETag"]
        assert response["X-Data-Version"]
        json.loads(response.content)

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_a_copy_of_now_costs_two_queries(
        self, client: Client, scene: Scene, address: str, django_assert_max_num_queries: Any
    ) -> None:
        tag = client.get(address)["ETag"]
        with django_assert_max_num_queries(2):
            response = client.get(address, headers={"if-none-match": tag})
        assert (response.status_code, response.content) == (304, b"")

    @pytest.mark.parametrize("name", COLLECTIONS)
    def test_features_have_one_geometry_type_and_every_property(
        self, client: Client, scene: Scene, name: str
    ) -> None:
        schema = client.get(f"/api/collections/{name}/schema").json()["properties"]
        found = features(client, name=name)
        assert found or name == "incidents"
        for one in found:
            assert one["geometry"] is None or one["geometry"]["type"] == COLLECTIONS[name].geometry_type
            assert set(one["properties"]) == set(schema) - {"geometry"}
            assert client.get(f"/api/collections/{name}/items/{one['id']}").json()["id"] == one["id"]

    def test_pages_neither_repeat_nor_skip(self, client: Client, scene: Scene) -> None:
        ids = [one["id"] for one in features(client, "limit=2")]
        assert sorted(ids) == ids
        assert set(ids) == set(Patrol.objects.visible_to(None).values_list("uid", flat=True))
        assert len(set(ids)) == len(ids)
        assert client.get("/api/collections/patrols/items?limit=1").json()["numberMatched"] == len(ids)

    def test_what_was_read_once_is_not_read_again_until_it_changes(
        self, client: Client, scene: Scene, django_assert_max_num_queries: Any
    ) -> None:
        address = "/api/collections/patrols/items?limit=3"
        first = client.get(address).json()["features"]
        with django_assert_max_num_queries(3):
            assert client.get(address).json()["features"] == first
        Patrol.objects.filter(uid=first[0]["id"]).update(sector="Elsewhere", updated_at=timezone.now())
        again = client.get(address).json()["features"]
        assert again[0]["properties"]["sector"] == "Elsewhere"
        assert again[1:] == first[1:]
        more = client.get("/api/collections/patrols/items?limit=5").json()["features"]
        assert more[:3] == again
        assert len({one["id"] for one in more}) == 5

    def test_the_filter_is_that_of_the_pages(self, client: Client, scene: Scene) -> None:
        ids = {one["id"] for one in features(client, "status=completed&incident=any")}
        rows = csv.DictReader(
            b"".join(client.get("/data/patrols.csv?status=completed&incident=any").streaming_content)
            .decode()
            .splitlines()
        )
        assert ids == {row["id"] for row in rows}

    def test_only_the_fields_asked_for_come(self, client: Client, scene: Scene) -> None:
        [one, *_rest] = features(client, "fields=id,status")
        assert list(one["properties"]) == ["id", "status"]

    @pytest.mark.parametrize(
        ("accept", "media"),
        [
            ("application/geo+json", "application/geo+json"),
            ("text/csv", "text/csv; charset=utf-8"),
            ("text/html", "text/html; charset=utf-8"),
            ("*/*", "application/geo+json"),
        ],
    )
    def test_the_format_follows_the_accept_header(
        self, client: Client, scene: Scene, accept: str, media: str
    ) -> None:
        assert (
            client.get("/api/collections/patrols/items", headers={"accept": accept})["Content-Type"] == media
        )

    def test_an_editor_gets_no_more_than_anybody(
        self, client: Client, staff_client: Client, scene: Scene
    ) -> None:
        add_sensitive(scene)
        for address in ADDRESSES:
            body = staff_client.get(address).content
            for name in ("draft", "in review", "embargoed", "withdrawn"):
                assert scene[name].uid.encode() not in body or address == "/api/deletions"
        assert len(features(staff_client)) == len(features(client))

    def test_a_box_over_the_antimeridian_is_two(self, client: Client, scene: Scene) -> None:
        assert features(client, "bbox=170,-10,-170,10") == []
        everywhere = features(client, "bbox=-180,-90,180,90")
        assert len(everywhere) == sum(one["geometry"] is not None for one in features(client))


class TestRefusals:
    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("bogus=1", "bogus"),
            ("limit=0", "limit"),
            ("limit=-1", "limit"),
            ("limit=1e9", "limit"),
            ("limit=99999999999", "limit"),
            ("limit=1&limit=2", "limit"),
            ("datetime=yesterday", "datetime"),
            ("datetime=2020-01-02/2020-01-01", "to"),
            ("datetime=../..", "datetime"),
            ("datetime=2020-13-01", "from"),
            ("from=2020-01-01&datetime=2020-01-01", "datetime"),
            ("bbox=1,2,3", "bbox"),
            ("bbox=0,50,10,40", "bbox"),
            ("bbox=nan,0,1,1", "bbox"),
            ("cursor=abc", "cursor"),
            ("format=xml", "format"),
            ("f=xml", "f"),
            ("fields=nope", "fields"),
            ("changed_since=soon", "changed_since"),
            ("changed_since=", "changed_since"),
            ("status=unheard-of", "status"),
            ("q=" + "x" * 10_000, "q"),
            ("q=%00", "q"),
            ("%00=1", "�"),
        ],
    )
    def test_a_parameter_that_cannot_be_answered_is_named(
        self, client: Client, scene: Scene, query: str, parameter: str
    ) -> None:
        response = client.get(f"/api/collections/patrols/items?{query}")
        assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
        assert response.json()["parameter"] == parameter

    def test_a_cursor_is_good_for_its_query_only(self, client: Client, scene: Scene) -> None:
        links = client.get("/api/collections/patrols/items?limit=1").json()["links"]
        after = next(one["href"] for one in links if one["rel"] == "next").partition("cursor=")[2]
        assert client.get(f"/api/collections/patrols/items?limit=1&cursor={after}").status_code == 200
        for other in (f"limit=2&cursor={after}", f"limit=1&cursor={after[:-1]}x"):
            assert client.get(f"/api/collections/patrols/items?{other}").status_code == 400
        assert client.get(f"/api/collections/zones/items?limit=1&cursor={after}").status_code == 400

    @pytest.mark.parametrize(
        "address",
        ["/api/nothing", "/api/collections/nothing", "/api/a/b/c", "/api/collections/patrols/items/x"],
    )
    def test_what_is_not_there_is_a_problem_document(
        self, client: Client, scene: Scene, address: str
    ) -> None:
        response = client.get(address)
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")

    @pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
    def test_nothing_can_be_written(self, client: Client, scene: Scene, method: str) -> None:
        assert getattr(client, method)("/api/collections/patrols/items").status_code == 405

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(["patrols", "incidents", "zones"]),
        st.lists(
            st.tuples(
                st.one_of(st.sampled_from(names(COLLECTIONS["patrols"])), st.text(max_size=6)),
                st.one_of(st.text(max_size=20), st.sampled_from(["1", "0", "..", "2020-01-01", "-1,2,3,4"])),
            ),
            max_size=3,
        ),
    )
    def test_no_query_breaks_it(self, scene: Scene, name: str, pairs: list[tuple[str, str]]) -> None:
        from django.http import QueryDict

        query = QueryDict(mutable=True)
        for key, value in pairs:
            query.appendlist(key.encode(errors="replace").decode(), value.encode(errors="replace").decode())
        response = Client().get(f"/api/collections/{name}/items?{query.urlencode()}")
        assert response.status_code in (200, 400)


class TestFairUse:
    def test_too_many_requests_are_told_when_to_come_back(self, client: Client, settings: Any) -> None:
        settings.API_RATE = 2
        codes = [client.get("/api/conformance") for _call in range(3)]
        assert [one.status_code for one in codes] == [200, 200, 429]
        assert 0 < int(codes[-1]["Retry-After"]) <= 60
        assert codes[-1].json()["status"] == 429

    def test_a_token_raises_the_limit_and_a_revoked_one_is_refused(
        self, client: Client, settings: Any
    ) -> None:
        settings.API_RATE, settings.API_TOKEN_RATE = 1, 3
        token = ApiToken(name="A university")
        secret = token.draw()
        token.save()
        assert secret not in str(ApiToken.objects.values())
        given = {"authorization": f"Bearer {secret}"}
        codes = [client.get("/api/conformance", headers=given).status_code for _call in range(4)]
        assert codes == [200, 200, 200, 429]
        token.refresh_from_db()
        assert token.last_used
        ApiToken.objects.update(revoked_at=timezone.now())
        assert client.get("/api/conformance", headers=given).status_code == 401

    def test_a_forged_address_is_not_believed(self, client: Client, settings: Any) -> None:
        settings.API_RATE = 1
        codes = [
            client.get("/api/conformance", headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code
            for n in range(2)
        ]
        assert codes == [200, 429]


class TestKeepingInStep:
    def test_a_copy_follows_a_hundred_edits(self, client: Client, scene: Scene) -> None:
        """As acledR does it: take what changed, remove what was deleted."""
        chance = random.Random(7)
        editor = User.objects.create_user("edith", is_staff=True)
        reviewer = User.objects.create_user("rita", is_staff=True)
        for user, role in ((editor, "editor"), (reviewer, "reviewer")):
            user.groups.add(Group.objects.get(name=role))
        for number in range(12):
            day = f"2020-03-{number + 1:02}"
            scene.add(f"extra {number}", {"day": day, "vehicles": 4 + number, "by": "wire"})
        copy = {one["id"]: one["properties"] for one in features(client)}
        since = timezone.now()
        for step in range(100):
            with suppress(RecordError):  # What is refused changes nothing.
                edit(chance, editor, reviewer, scene, step)
            if step % 4 == 3:
                since = follow(client, copy, since)
        follow(client, copy, since)
        assert copy == {one["id"]: one["properties"] for one in features(client)}


def follow(client: Client, copy: dict[str, Any], since: Any) -> Any:
    now = timezone.now()
    stamp = since.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for one in features(client, f"changed_since={stamp}&limit=5"):
        copy[one["id"]] = one["properties"]
    for gone in client.get("/api/deletions?limit=1000").json()["rows"]:
        copy.pop(gone["id"], None)
    return now


def edit(chance: random.Random, editor: User, reviewer: User, scene: Scene, step: int) -> None:
    """One random thing that happens to a record."""
    public = list(Patrol.objects.visible_to(None).order_by("uid"))
    if not public:
        return
    patrol = chance.choice(public)
    match chance.choice(["pin", "account", "hold", "free", "withdraw", "merge", "embargo ends", "sensitive"]):
        case "pin":
            workflow.pin(patrol, "vehicles", 5 + step, "seen", editor)
            workflow.approve(patrol, reviewer)
        case "account":
            scene.account(patrol, f"more-{step}", day=str(patrol.date_start or "2020-03-01"), reviewed=False)
            Patrol.objects.filter(pk=patrol.pk).update(last_writer=editor)
            workflow.approve(patrol, reviewer)
        case "hold":
            later = timezone.now() + timedelta(days=1)
            workflow.set_publication(
                patrol, editor, sensitive=patrol.sensitive, embargo_until=later, why="held"
            )
        case "free" | "embargo ends":
            held = Patrol.objects.filter(state=State.PUBLISHED, public_from__gt=timezone.now()).first()
            if held:
                # As if the day had come.
                now = timezone.now()
                Patrol.objects.filter(pk=held.pk).update(public_from=now, embargo_until=now)
        case "withdraw" if len(public) > 6:
            workflow.withdraw(patrol, reviewer, "wrong")
        case "merge" if len(public) > 6:
            other = chance.choice([one for one in public if one.pk != patrol.pk])
            workflow.merge(patrol, other, reviewer, "the same")
        case "sensitive":
            workflow.set_publication(
                patrol, reviewer if patrol.sensitive else editor, sensitive=True,
                embargo_until=patrol.embargo_until, why="care",
            )  # fmt: skip


@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="GDAL's ogrinfo is not installed (gdal-bin)")
class TestGdal:
    """The OAPIF driver of GDAL, as QGIS and R use it."""

    pytestmark = pytest.mark.django_db(transaction=True)

    def count(self, url: str, layer: str, *options: str) -> int:
        done = subprocess.run(
            ["ogrinfo", "-ro", "-so", f"OAPIF:{url}/api/", layer, *options],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        [line] = [line for line in done.stdout.splitlines() if line.startswith("Feature Count")]
        return int(line.split(": ")[1])

    @pytest.fixture
    def url(self, live_server: Any, settings: Any, transactional_db: None) -> str:
        from tests.scene import full_scene

        full_scene()
        settings.SITE_URL = live_server.url
        return str(live_server.url)

    @pytest.mark.parametrize("layer", COLLECTIONS)
    def test_it_reads_every_collection(self, url: str, client: Client, layer: str) -> None:
        assert self.count(url, layer) == len(features(client, name=layer))

    def test_it_filters_by_attribute_and_box(self, url: str, client: Client) -> None:
        assert self.count(url, "patrols", "-where", "status='completed'") == len(
            features(client, "status=completed")
        )
        assert self.count(url, "places", "-spat", "40", "36", "41", "37") == len(
            features(client, "bbox=40,36,41,37", name="places")
        )


class TestItsDocument:
    def test_it_says_what_clients_look_for(self, client: Client) -> None:
        response = client.get("/api/openapi.json")
        assert response["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
        document = response.json()
        assert document["openapi"].startswith("3.0")
        assert document["components"]["parameters"]["limit"]["schema"]["maximum"] == 10_000


@pytest.mark.parametrize("address", ["/api/", "/api/collections/patrols/items"])
def test_a_page_has_a_language_and_a_theme(scene: Scene, client: Client, address: str) -> None:
    told = client.get(f"{address}?f=html&lang=tr&theme=dark")

    assert told.status_code == 200
    assert 'lang="tr"' in told.content.decode()
    assert told["ETag"] != client.get(f"{address}?f=html&lang=en")["ETag"]
    assert client.get(f"{address}?f=json&lang=tr").status_code == 400


def test_a_page_lists_several_codes_as_the_csv_does(scene: Scene, client: Client) -> None:
    page = client.get("/api/collections/patrols/items?f=html").content.decode()

    assert "<td>RU;TR</td>" in page
