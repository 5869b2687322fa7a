"""The record as search engines and data catalogues read it: schema.org, DCAT, and CSVW beside each file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings

from ..filters import with_query
from ..record.columns import LISTS, TABLES, Column, Table, Type
from .cite import AUTHOR, LICENCE_URL, Work

Json = dict[str, Any]
TITLE = "PatrolWatch: the public record of joint military patrols"
SUMMARY = (
    "Joint military patrols from published reports: who patrolled with whom, when, where and with what, who "
    "says so, and where the reports differ. Compiled by editors, published after a delay, nothing live."
)
SERVICE = (
    "The record page by page: collections of features and plain tables as GeoJSON, JSON or CSV, filtered as "
    "every page is, with what changed since a moment and what was deleted."
)
KEYWORDS = ("joint patrols", "armed conflict", "Syria", "Türkiye", "Russia", "M4", "Mekong", "CORPAT")
CSVW: dict[Type, str] = {
    Type.INTEGER: "integer",
    Type.NUMBER: "double",
    Type.DATE: "date",
    Type.TIME: "dateTime",
    Type.BOOLEAN: "boolean",
    Type.URL: "anyURI",
}


def _at(address: str) -> str:
    return f"{settings.SITE_URL}{address}"


def _span(first: date | None, last: date | None) -> str:
    return f"{first.isoformat() if first else '..'}/{last.isoformat() if last else '..'}"


def schema_org(
    *, version: str, modified: datetime | None, first: date | None, last: date | None, work: Work
) -> Json:
    """https://schema.org/Dataset, as Google's Dataset Search reads it."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": _at("/data/"),
        "name": TITLE,
        "description": SUMMARY,
        "url": _at("/data/"),
        "version": version,
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": AUTHOR, "url": _at("/")},
        "keywords": list(KEYWORDS),
        "dateModified": modified.isoformat() if modified else None,
        "temporalCoverage": _span(first, last),
        "citation": work.plain(),
        "measurementTechnique": "Compiled by editors from published reports",
        "distribution": [
            {
                "@type": "DataDownload",
                "name": table.title,
                "encodingFormat": "text/csv",
                "contentUrl": _at(f"/data/{table.name}.csv"),
            }
            for table in TABLES.values()
        ],
    }


def dcat(*, version: str, modified: datetime | None, first: date | None, last: date | None) -> Json:
    """The W3C Data Catalog Vocabulary (DCAT 3) as JSON-LD."""
    files = [
        _distribution(table.title, f"/data/{table.name}.csv", "text/csv", table.description)
        for table in TABLES.values()
    ]
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": _at("/data/catalog.jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": {"@value": TITLE, "@language": "en"},
        "dct:description": {"@value": SUMMARY, "@language": "en"},
        "dct:publisher": _publisher(),
        "foaf:homepage": {"@id": _at("/")},
        "dcat:dataset": [
            {
                "@id": _at("/data/"),
                "@type": "dcat:Dataset",
                "dct:title": {"@value": TITLE, "@language": "en"},
                "dct:description": {"@value": SUMMARY, "@language": "en"},
                "dct:identifier": _at("/data/"),
                "dct:publisher": _publisher(),
                "dct:license": {"@id": LICENCE_URL},
                "dcat:version": version,
                "dcat:keyword": list(KEYWORDS),
                "dcat:landingPage": {"@id": _at("/data/")},
                **(
                    {"dct:modified": {"@value": modified.isoformat(), "@type": "xsd:dateTime"}}
                    if modified
                    else {}
                ),
                **(
                    {
                        "dct:temporal": {
                            "@type": "dct:PeriodOfTime",
                            "dcat:startDate": {"@value": first.isoformat(), "@type": "xsd:date"},
                            "dcat:endDate": {"@value": last.isoformat(), "@type": "xsd:date"},
                        }
                    }
                    if first and last
                    else {}
                ),
                "dcat:distribution": files,
            }
        ],
        "dcat:service": {
            "@id": _at("/api/"),
            "@type": "dcat:DataService",
            "dct:title": {"@value": "PatrolWatch API (OGC API - Features)", "@language": "en"},
            "dct:description": {"@value": SERVICE, "@language": "en"},
            "dcat:endpointURL": {"@id": _at("/api/")},
            "dcat:endpointDescription": {"@id": _at("/api/openapi.json")},
            "dcat:servesDataset": {"@id": _at("/data/")},
        },
    }


def _publisher() -> Json:
    return {"@id": _at("/"), "@type": "foaf:Organization", "foaf:name": AUTHOR}


def _distribution(title: str, address: str, media: str, description: str) -> Json:
    return {
        "@id": _at(address),
        "@type": "dcat:Distribution",
        "dct:title": {"@value": title, "@language": "en"},
        "dct:description": {"@value": description, "@language": "en"},
        "dcat:accessURL": {"@id": _at("/data/")},
        "dcat:downloadURL": {"@id": _at(address)},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
        "dct:license": {"@id": LICENCE_URL},
    }


def csvw(table: Table, *, query: str, version: str, made: datetime, rows: int, work: Work) -> Json:
    """CSV on the Web: what a CSV file cannot say itself, beside it (RFC 4180 has no place for it)."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": _at(with_query(f"/data/{table.name}.csv", query)),
        "dc:title": table.title,
        "dc:description": table.description,
        "dc:publisher": AUTHOR,
        "dc:license": {"@id": LICENCE_URL},
        "dc:created": {"@value": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "@type": "xsd:dateTime"},
        "dc:bibliographicCitation": work.plain(),
        "schema:version": version,
        "schema:query": query,
        "schema:numberOfItems": rows,
        "tableSchema": {"columns": list(_columns(table.columns)), "primaryKey": list(table.key)},
    }


def _columns(columns: Iterable[Column]) -> Iterable[Json]:
    for column in columns:
        told: Json = {
            "name": column.name,
            "titles": column.name,
            "dc:description": column.meaning,
            "datatype": CSVW.get(column.type, "string"),
        }
        if column.type in LISTS:
            told["separator"] = ";"
        if column.unit:
            told["schema:unitText"] = column.unit
        yield told
