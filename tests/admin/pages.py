"""Reading and posting admin pages as a browser does: every field as it was shown, and what is changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from lxml import html


def parsed(response: HttpResponse) -> Any:
    return html.fromstring(response.content.decode())


def words(response: HttpResponse) -> str:
    """The page's text with single spaces."""
    page = parsed(response)
    for element in page.xpath("//script|//style"):
        element.drop_tree()
    return " ".join(" ".join(page.itertext()).split())


def errors(response: HttpResponse) -> list[str]:
    """Every error that the page shows, by the field it stands at."""
    found = []
    for item in parsed(response).xpath("//ul[contains(@class, 'errorlist')]/li"):
        # In a row of several fields the error stands before its own field.
        beside = item.xpath("../following-sibling::*[1][contains(@class, 'fieldBox')]/@class")
        row = beside or item.xpath("ancestor::*[contains(concat(' ', @class), ' field-')][1]/@class")
        names = [name for name in (row[0].split() if row else []) if name.startswith("field-")]
        found.append(f"{names[0].removeprefix('field-') if names else 'page'}: {item.text_content().strip()}")
    return found


def shown_form(client: Client, url: str, form_id: str) -> dict[str, Any]:
    """The values that the browser would post from the form, untouched."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    (form,) = parsed(response).xpath(f"//form[@id='{form_id}']")
    values: dict[str, Any] = {}
    for field in form.inputs:
        if not field.name or "__prefix__" in field.name or field.get("type") in ("submit", "button", "file"):
            continue
        if field.get("type") == "checkbox":
            if field.checked:
                values.setdefault(field.name, []).append(field.get("value", "on"))
            continue
        value = field.value
        values[field.name] = list(value) if field.get("multiple") is not None else value or ""
    return values


def post_changed(client: Client, url: str, form_id: str, **changes: Any) -> HttpResponse:
    values = shown_form(client, url, form_id)
    values.update({name.replace("__dash__", "-"): value for name, value in changes.items()})
    return client.post(url, {name: value for name, value in values.items() if value is not None})


def messages_of(response: HttpResponse) -> list[str]:
    return [item.text_content().strip() for item in parsed(response).xpath("//ul[@class='messagelist']/li")]
