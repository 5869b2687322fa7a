"""Importing a file: upload, dry run, confirm, result, rejected rows, undo, and taking up again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from patrols.models import Account, ImportBatch, Patrol
from patrols.record import workflow
from patrolwatch.celery import app

from .pages import errors, messages_of, parsed, words

pytestmark = pytest.mark.django_db

HEADER = (
    "row,programme,number,number_series,date,date_precision,date_basis,status,sector,vehicles_total,"
    "source_name,source_url,source_date,source_lang"
)
GOOD = "a1,north,,,2020-09-01,day,stated,completed,Alpha,7,Wire service,https://example.org/i1,2020-09-02,en"
BAD = "a2,north,,,2020-09-41,day,stated,completed,Alpha,-3,Wire service,https://example.org/i2,2020-09-02,en"


def csv(*rows: str) -> bytes:
    return "\r\n".join([HEADER, *rows, ""]).encode()


@pytest.fixture(autouse=True)
def worker_at_once() -> Iterator[None]:
    """The worker does its work as soon as it is asked for."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def post(django_capture_on_commit_callbacks):
    def send(client, name: str, *args: int, **data: object):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse(f"admin:patrols_importbatch_{name}", args=args), data)

    return send


@pytest.fixture
def upload(post, as_editor):
    def send(content: bytes, name: str = "file.csv"):
        response = post(as_editor, "add", file=SimpleUploadedFile(name, content, "text/csv"))
        return response, ImportBatch.objects.order_by("-pk").first()

    return send


def page(batch: ImportBatch) -> str:
    return reverse("admin:patrols_importbatch_change", args=[batch.pk])


def outcomes(client, batch: ImportBatch) -> dict[str, int]:
    shown = parsed(client.get(page(batch))).xpath("//ul[@class='outcomes']/li")
    return {item.get("class"): int(item.xpath(".//b")[0].text) for item in shown}


def test_a_file_is_checked_shown_and_brought_in(as_editor, scene, upload, post):
    before = Account.objects.count()
    response, batch = upload(csv(GOOD, BAD))

    assert response.url == page(batch)
    text = words(as_editor.get(page(batch)))
    assert "Dry run" in text
    assert Account.objects.count() == before
    assert outcomes(as_editor, batch) == {
        "all": 2, "new": 1, "matched": 0, "waiting": 0, "claim": 0, "changed": 0, "unchanged": 0,
        "rejected": 1,
    }  # fmt: skip

    assert post(as_editor, "confirm", batch.pk).url == page(batch)
    assert Account.objects.count() == before + 1
    made = Patrol.objects.get(accounts__row="a1")
    assert made.state == "draft"
    assert str(made) in words(as_editor.get(page(batch)))


def test_reasons_stand_with_line_and_column(as_editor, scene, upload):
    _response, batch = upload(csv(GOOD, BAD))
    row = parsed(as_editor.get(page(batch) + "?outcome=rejected")).xpath("//table[@class='rows']/tbody/tr")

    assert len(row) == 1
    text = " ".join(" ".join(row[0].itertext()).split())
    assert text.startswith("3 a2 rejected")
    assert "date" in text
    assert "vehicles_total" in text


def test_rejected_rows_are_downloaded(as_editor, scene, upload):
    _response, batch = upload(csv(GOOD, BAD))
    response = as_editor.get(reverse("admin:patrols_importbatch_rejected", args=[batch.pk]))

    content = b"".join(response.streaming_content).decode("utf-8-sig")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    assert content.count("\r\n") == 2
    assert "a2,north" in content


def test_an_import_is_undone_as_a_whole(as_editor, scene, upload, post):
    patrols = Patrol.objects.count()
    _response, batch = upload(csv(GOOD))
    post(as_editor, "confirm", batch.pk)
    assert Patrol.objects.count() == patrols + 1

    asked = words(as_editor.get(reverse("admin:patrols_importbatch_undo", args=[batch.pk])))
    assert "Everything that this file brought in goes out again" in asked
    response = post(as_editor, "undo", batch.pk)

    assert "undone" in words(as_editor.get(response.url))
    assert Patrol.objects.count() == patrols


def test_undoing_that_would_lose_work_says_so(as_editor, scene, upload, post, reviewer):
    _response, batch = upload(csv(GOOD))
    post(as_editor, "confirm", batch.pk)
    workflow.write_account(Account.objects.get(row="a1"), {"vehicles": 9}, reviewer, "Misread")

    response = post(as_editor, "undo", batch.pk)

    assert "Not undone" in words(as_editor.get(response.url))
    assert Account.objects.filter(row="a1").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"x" * (1024 * 1024 + 1), "at most 1 MB are taken"),
    ],
)
def test_a_file_that_is_not_taken_says_why(scene, upload, settings, content, says):
    settings.IMPORT_MAX_MB = 1
    response, batch = upload(content)

    assert batch is None
    assert any(says in text for text in errors(response)), errors(response)


def test_uploading_nothing_asks_for_a_file(as_editor, post):
    assert errors(post(as_editor, "add")) == ["page: This field is required."]


def test_confirming_twice_brings_in_once(as_editor, scene, upload, post):
    _response, batch = upload(csv(GOOD))
    post(as_editor, "confirm", batch.pk)
    before = Account.objects.count()
    told = messages_of(as_editor.get(post(as_editor, "confirm", batch.pk).url))

    assert any("nothing to confirm" in text for text in told)
    assert Account.objects.count() == before


def test_only_what_was_brought_in_can_be_undone(as_editor, scene, upload, post):
    _response, batch = upload(csv(GOOD))
    told = messages_of(as_editor.get(post(as_editor, "undo", batch.pk).url))
    assert told == ["Only an import that was brought in can be undone."]


def test_progress_is_told_to_scripts(as_editor, scene, upload):
    _response, batch = upload(csv(GOOD))
    response = as_editor.get(reverse("admin:patrols_importbatch_progress", args=[batch.pk]))

    found = response.json()
    assert (found["state"], found["busy"], found["stale"]) == ("checked", False, False)
    assert "no-store" in response["Cache-Control"]


def test_a_silent_import_is_taken_up_again(as_editor, scene, editor, post):
    batch = ImportBatch.objects.create(
        name="left.csv", content=csv(GOOD), by=editor, state="checking", tries=1
    )
    ImportBatch.objects.filter(pk=batch.pk).update(updated_at=timezone.now() - timedelta(hours=1))

    assert "Nothing has been heard of its worker" in words(as_editor.get(page(batch)))
    post(as_editor, "resume", batch.pk)
    batch.refresh_from_db()
    assert batch.state == "checked"


def test_a_busy_import_is_left_alone(as_editor, editor, post):
    batch = ImportBatch.objects.create(name="busy.csv", content=csv(GOOD), by=editor, state="applying")
    told = messages_of(as_editor.get(post(as_editor, "resume", batch.pk).url))
    assert any("nothing to take up again" in text for text in told)
    text = words(as_editor.get(page(batch)))
    assert "being brought in" in text
    assert "Look again" in text


def test_many_rows_are_paged(as_editor, scene, upload):
    rows = [GOOD.replace("a1", f"r{n}").replace("i1", f"p{n}") for n in range(150)]
    _response, batch = upload(csv(*rows))

    first = parsed(as_editor.get(page(batch))).xpath("//table[@class='rows']/tbody/tr")
    second = parsed(as_editor.get(page(batch) + "?p=2")).xpath("//table[@class='rows']/tbody/tr")
    assert (len(first), len(second)) == (100, 50)


def test_analysts_and_strangers_see_no_import(as_analyst, client, editor):
    batch = ImportBatch.objects.create(name="x.csv", content=b"x", by=editor)
    for who in (as_analyst, client):
        for name in ("change", "progress", "rejected", "undo"):
            address = reverse(f"admin:patrols_importbatch_{name}", args=[batch.pk])
            assert who.get(address).status_code == 302, name


def test_the_upload_page_leads_to_the_format(as_editor):
    response = as_editor.get(reverse("admin:patrols_importbatch_add"))
    assert parsed(response).xpath("//a[@href='/data/']")
    assert reverse("admin:patrols_importbatch_add") in as_editor.get(reverse("admin:index")).content.decode()
