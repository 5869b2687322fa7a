"""The ledger of a programme as its readers see it: on the page, in words, as CSV; and the sums beside it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from patrols.models import Counter, Force, Incident, Patrol, Programme, State
from tests.scene import Scene, add_claim, add_sensitive

pytestmark = pytest.mark.django_db

PAGE = "/programmes/north/"
FILE = "/programmes/north/ledger.csv"


def text_of(client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.text.split())


def words_of(client, address: str = PAGE) -> str:
    """What stands on the page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(client, address)).split())


def rows_of(client, address: str = FILE) -> list[str]:
    return b"".join(client.get(address).streaming_content).decode().split("\r\n")


def square(text: str, number: int) -> str:
    """What the square of a number of the area's count says; nothing where there is none."""
    own = text.split('id="count-area"')[1].split("</article>")[0]
    return "".join(re.findall(rf'title="(No\. {number}, [^"]*)"', own))


@pytest.fixture
def count(scene: Scene) -> Counter:
    """An area's count: 2 and 5 recorded, 3 under two patrols, 1 and 4 missing."""
    area = Counter.objects.create(programme=scene.programme, slug="area", name="Area count")
    for name, day, number in (("two", "2020-08-02", 2), ("five", "2020-08-09", 5)):
        scene.add(name, {"day": day, "number": number, "counter": area})
    for name, day in (("three", "2020-08-03"), ("third", "2020-08-04")):
        scene.add(name, {"day": day, "number": 3, "counter": area})
    return area


class TestThePage:
    def test_each_square_says_what_is_known_of_its_number(self, client, count):
        text = text_of(client)

        assert square(text, 2) == "No. 2, recorded: 2 August 2020, completed, 1 account"
        assert square(text, 1).endswith("missing: no report known; before No. 2 (2 August 2020)")
        assert square(text, 3) == (
            "No. 3, conflicting: two patrols under one number; 3 August 2020, completed, 1 account "
            "and 4 August 2020, completed, 1 account"
        )
        between = "between No. 2 (2 August 2020) and No. 5 (9 August 2020)"
        assert square(text, 4) == f"No. 4, missing: no report known; {between}"

    def test_a_recorded_number_leads_to_its_patrol_and_a_doubled_one_to_both(self, client, scene, count):
        text = text_of(client)

        assert re.search(rf'<a href="/patrols/{scene["two"].uid}/" aria-label="No. 2, [^"]*">2</a>', text)
        assert 'href="#conflict-area-3"' in text
        below = text.split('id="conflict-area-3"')[1].split("</li>")[0]
        assert scene["three"].uid in below
        assert scene["third"].uid in below

    def test_the_key_counts_the_squares(self, client, count):
        words = words_of(client)

        assert "2 recorded 1 conflicting 2 missing" in words
        assert "The count runs to 5; the record holds 3 of its numbers, with 2 known to be missing." in words

    def test_missing_numbers_are_told_as_ranges(self, client, scene, count):
        scene.add("twelve", {"day": "2020-09-01", "number": 12, "counter": count})
        words = words_of(client)

        assert "6–11 6 between No. 5 (9 August 2020) and No. 12 (1 September 2020) no report known" in words

    def test_a_number_of_no_stated_count_is_told_where_it_may_belong(self, client, scene, count):
        unstated = Counter.objects.create(programme=scene.programme, slug="unstated", name="Count not stated")
        scene.add("loose", {"day": "2020-08-06", "number": 4, "counter": unstated})
        text = text_of(client)

        assert "one gives it without saying whose count (6 August 2020)" in square(text, 4)
        assert "Numbers whose report does not say whose count they belong to: <a" in text
        assert "1 of these reported without saying whose count" in words_of(client)

    def test_party_counts_begin_with_the_numbers_that_all_share(self, client, scene):
        turkish = Counter.objects.create(
            programme=scene.programme, slug="tr", name="Turkish count", party="TR"
        )
        scene.add("turkish", {"day": "2020-08-02", "number": 15, "counter": turkish})
        rows = rows_of(client)

        assert not [row for row in rows if row.startswith("north,overall,")]
        recorded = [row.split(",")[3] for row in rows if ",recorded," in row]
        assert recorded == ["13", "15"]

    def test_it_says_of_which_data_version_it_is_and_that_it_is_reported(self, client, count):
        version = client.get(FILE)["X-Data-Version"]

        assert f"Everything here is as reported; data version {version}." in words_of(client)

    def test_a_programme_without_numbers_and_totals_has_no_ledger(self, client, scene):
        Programme.objects.create(slug="bare", code="bare", name="Bare", parties=["TR"])

        assert 'id="ledger"' not in text_of(client, "/programmes/bare/")

    def test_a_number_that_cannot_be_is_named_and_not_drawn(self, client, scene, count):
        scene.add("slip", {"day": "2020-09-01", "number": 999_999, "counter": count})
        text = text_of(client)

        assert "Numbers outside what is drawn: 999999." in text
        assert len(text) < 200_000


class TestTheDifference:
    def test_a_total_stands_against_the_record_in_one_sentence(self, client, scene):
        add_claim(
            scene, 15, date_from=date(2020, 1, 1), date_to=date(2020, 3, 31), date_from_precision=4,
            date_to_precision=4,
        )  # fmt: skip
        words = words_of(client)

        assert (
            "Turkish ministry says 15 (January 2020 – March 2020); the record holds 3 of them, "
            "with 14 numbers known to be missing." in words
        )
        assert (
            "2 recorded patrols bear no number of this count and may be some of these; "
            "at least 12 patrols have no report here at all." in words
        )

    @pytest.mark.parametrize(
        ("count", "values", "sentence"),
        [
            (
                1,
                {"published": date(2020, 1, 20)},
                "Turkish ministry says 1 (until 20 January 2020); the record holds as many, with "
                "1 number known to be missing.",
            ),
            (
                14,
                {"published": date(2020, 1, 20)},
                "Turkish ministry says 14 (until 20 January 2020); the record holds 1 of them, with "
                "13 numbers known to be missing.",
            ),
            (
                2,
                {"published": date(2020, 8, 1)},
                "Turkish ministry says 2 (until 1 August 2020); the record holds 4 in that time, 2 more, "
                "with 2 numbers known to be missing.",
            ),
            (
                3,
                {"date_from": date(2020, 2, 1), "date_to": date(2020, 2, 29), "qualifier": "over"},
                "Turkish ministry says over 3 (1 February 2020 – 29 February 2020); the record holds 1 of "
                "them.",
            ),
            (
                20,
                {"published": date(2019, 1, 1), "qualifier": "about"},
                "Turkish ministry says about 20 (until 1 January 2019); the record holds none of them.",
            ),
            (
                13,
                {},
                "Turkish ministry says 13, at no stated time; of its numbers the record holds 1, with "
                "12 numbers known to be missing.",
            ),
        ],
    )  # fmt: skip
    def test_it_is_right_in_singular_and_plural_and_for_more_than_claimed(
        self, client, scene, count, values, sentence
    ):
        add_claim(scene, count, **values)

        assert sentence in words_of(client)

    def test_a_total_without_a_count_is_of_its_speakers_own(self, client, scene):
        turkish = Counter.objects.create(
            programme=scene.programme, slug="tr", name="Turkish count", party="TR"
        )
        scene.add("turkish", {"day": "2020-08-02", "number": 15, "counter": turkish})
        add_claim(scene, 17)
        rows = [row for row in rows_of(client) if row.startswith("north,tr,")]

        assert len(rows) == 17

    def test_without_a_total_patrols_without_a_number_are_told_all_the_same(self, client, scene):
        scene.add("fifteen", {"day": "2020-08-02", "number": 15, "counter": scene.counter})
        words = words_of(client)

        assert (
            "The count runs to 15; the record holds 2 of its numbers, with 13 known to be missing." in words
        )
        assert (
            "3 recorded patrols bear no number of this count and may be some of these; "
            "at least 10 patrols have no report here at all." in words
        )

    def test_the_lines_name_the_total_and_what_is_held(self, client, scene):
        add_claim(scene, 30, date_to=date(2020, 6, 1))
        text = text_of(client)

        assert "30, Turkish ministry" in text
        assert "4 in the record" in text
        assert "style=" not in text


class TestTheFile:
    def test_it_is_the_whole_ledger(self, client, scene, count):
        unstated = Counter.objects.create(programme=scene.programme, slug="unstated", name="Count not stated")
        scene.add("loose", {"day": "2020-08-06", "number": 4, "counter": unstated})
        Counter.objects.filter(pk=count.pk).update(name="=Area, “count”")
        add_claim(scene, 1, published=date(2020, 1, 14), counter=scene.counter)
        Patrol.objects.get(pk=scene["contested"].pk).ordinals.update(number=2)
        uids = {name: scene[name].uid for name in ("two", "five", "three", "third", "loose", "contested")}
        both = ";".join((uids["three"], uids["third"]))

        assert rows_of(client) == [
            "programme,counter,counter_name,number,state,reason,patrols,date_start,date_end,accounts",
            "north,overall,Overall,1,missing,no_report,,,2020-01-14,0",
            f"north,overall,Overall,2,recorded,,{uids['contested']},2020-01-14,2020-01-14,1",
            '''north,area,"'=Area, “count”",1,missing,no_report,,,2020-08-02,0''',
            f'''north,area,"'=Area, “count”",2,recorded,,{uids["two"]},2020-08-02,2020-08-02,1''',
            f'''north,area,"'=Area, “count”",3,conflicting,two_patrols,{both},2020-08-03,2020-08-04,2''',
            f'''north,area,"'=Area, “count”",4,missing,unstated,{uids["loose"]},2020-08-02,2020-08-09,0''',
            f'''north,area,"'=Area, “count”",5,recorded,,{uids["five"]},2020-08-09,2020-08-09,1''',
            "",
        ]  # fmt: skip

    def test_it_names_itself_and_its_licence(self, client, scene):
        response = client.get(FILE)

        assert response["Content-Type"] == "text/csv; charset=utf-8"
        today = timezone.now().date().isoformat()
        assert response["Content-Disposition"] == (
            f'attachment; filename="patrolwatch-ledger-north-{today}.csv"'
        )
        assert 'rel="license"' in response["Link"]

    def test_a_ledger_of_thousands_comes_whole(self, client, scene, count):
        scene.add("far", {"day": "2020-09-01", "number": 4000, "counter": count})
        rows = [row for row in rows_of(client) if row.startswith("north,area,")]

        assert [row.split(",")[3] for row in rows] == [str(n) for n in range(1, 4001)]

    def test_it_takes_a_byte_order_mark_and_refuses_what_it_does_not_know(self, client, scene):
        assert b"".join(client.get(f"{FILE}?bom=1").streaming_content).startswith(b"\xef\xbb\xbfprogramme,")
        for query, problem in (("bom=x", "bom: give 1"), ("status=completed", "status: no such parameter.")):
            response = client.get(f"{FILE}?{query}")
            assert response.status_code == 400
            assert response.text.startswith(problem)

    def test_what_does_not_exist_is_not_found(self, client, db):
        assert client.get("/programmes/none/ledger.csv").status_code == 404

    def test_it_can_be_asked_for_but_not_posted_to(self, client, scene):
        assert client.post(FILE).status_code == 405


class TestWhoSeesWhat:
    def test_a_number_of_a_patrol_that_is_not_public_is_missing(self, client, scene, count):
        hidden = {"day": "2020-08-05", "number": 4, "counter": count}
        scene.add("hidden draft", hidden, state=State.DRAFT, published_at=None)
        scene.add("later", hidden, embargo_until=timezone.now() + timedelta(days=30))
        scene.add("hidden beyond", hidden | {"number": 9}, state=State.IN_REVIEW, published_at=None)

        assert "missing: no report known" in square(text_of(client), 4)
        assert [row.split(",")[3] for row in rows_of(client) if ",area," in row] == ["1", "2", "3", "4", "5"]

    def test_editors_see_drafts_but_nobody_counts_a_withdrawn_patrol(
        self, staff_client, client, scene, count
    ):
        scene.add(
            "draft four",
            {"day": "2020-08-05", "number": 4, "counter": count},
            state=State.DRAFT,
            published_at=None,
        )
        scene.add(
            "gone",
            {"day": "2020-08-02", "number": 2, "counter": count},
            state=State.WITHDRAWN,
            withdrawn_reason="A repeat",
        )

        assert square(text_of(staff_client), 4).startswith("No. 4, recorded: 5 August 2020")
        assert square(text_of(staff_client), 2).startswith("No. 2, recorded")

    def test_a_claim_that_waits_for_review_lengthens_no_ledger(self, client, scene, count):
        add_claim(scene, 40, counter=count, reviewed=False)

        assert square(text_of(client), 5)
        assert not square(text_of(client), 6)

    def test_the_note_and_place_of_a_sensitive_incident_are_not_told(self, client, scene):
        add_sensitive(scene)
        text = text_of(client)

        assert "Protest" in text
        assert "Hideout" not in text


class TestTheSums:
    @pytest.mark.parametrize("address", [PAGE, "/zones/east-strip/"])
    def test_who_patrolled_with_whom_and_how_often(self, client, scene, address):
        row = words_of(client, address).split("Who patrolled with whom, and how often")[1]
        shown = {PAGE: "4", "/zones/east-strip/": "3"}[address]

        assert f"Russian Military Police Russia Turkish Land Forces Türkiye {shown} " in row

    def test_a_force_with_services_shows_which_of_them_patrolled_with_whom(self, client, scene):
        words = words_of(client, "/forces/tr-forces/")

        assert "Turkish Land Forces Türkiye Russian Military Police Russia 4" in words

    def test_forces_of_one_state_are_no_pair(self, client, scene):
        Force.objects.create(slug="tr-border", name="Turkish border guards", country="TR")
        scene.add("three forces", {"day": "2020-08-01", "forces": ["ru-police", "tr-land", "tr-border"]})
        rows = words_of(client).split("Who patrolled with whom, and how often")[1].split("Incidents")[0]

        assert "Russian Military Police Russia Turkish border guards Türkiye 1" in rows
        assert "Turkish Land Forces Türkiye Turkish border guards" not in rows

    def test_incidents_are_counted_by_kind_of_the_patrols_that_set_out(self, client, scene):
        Incident.objects.create(patrol=scene["again"], type="attack")
        Incident.objects.create(patrol=scene["near"], type="none")
        Incident.objects.create(patrol=scene["nowhere"], type="attack")
        words = words_of(client)

        assert "Attack 1 reported on 1 of 4 patrols that set out" in words
        assert "Protest 1 reported on 1 of 4 patrols that set out" in words
        assert "None" not in words.split("How often")[1].split("Zones")[0]

    def test_a_rate_is_given_where_there_are_enough_patrols(self, client, scene):
        for number in range(30):
            scene.add(f"more {number}", {"day": "2021-01-01"})

        assert "reported on 1 of 34 patrols that set out, about 3 in 100" in words_of(client)

    def test_sources_are_counted_by_kind_and_patrols_of_one_source_are_told(self, client, scene):
        words = words_of(client)

        assert "7 accounts by 4 publishers." in words
        assert "4 of 5 patrols (80 in 100) are known from one publisher alone." in words
        assert "News agency 1 4" in words

    def test_zones_and_programmes_are_counted(self, client, scene):
        assert "East strip 3" in words_of(client)
        assert "North programme 3" in words_of(client, "/zones/east-strip/")
        assert "North programme 4" in words_of(client, "/forces/ru-police/")

    def test_a_zone_shows_the_numbers_that_patrols_bear_there(self, client, scene):
        words = words_of(client, "/zones/east-strip/")

        assert "Overall North programme 13" in words
        assert "Numbers borne by patrols here" not in words_of(client, "/zones/west-strip/")


@pytest.mark.parametrize(
    ("address", "queries"),
    [(PAGE, 26), (FILE, 10), ("/zones/east-strip/", 20), ("/forces/tr-forces/", 22)],
)
def test_a_page_takes_as_many_queries_for_many_patrols_as_for_few(
    client, staff_client, scene, count, django_assert_max_num_queries, address, queries
):
    both = {"forces": ["ru-police", "tr-land"], "incident_type": "protest"}
    for number in range(10, 40):
        facts = {"day": "2020-09-01", "sector": "East strip", "number": number, "counter": count}
        scene.add(f"more {number}", facts | both)
    for number in range(5):
        add_claim(scene, 60 + number)
    for one in (client, staff_client):
        with django_assert_max_num_queries(queries):
            response = one.get(address)
            b"".join(response)
