from django.contrib.sitemaps.views import index as sitemap_index
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, path

from .views import api, citing, data, follow, packages, pages, snapshot
from .views import map as map_views

urlpatterns: list[URLPattern] = [
    path("", map_views.home, name="home"),
    path("map/patrols.json", map_views.map_payload, name="map-payload"),
    path("map/<slug:audience>/current.json", snapshot.map_current, name="map-current"),
    path("map/<slug:audience>/<slug:revision>/columns.bin", snapshot.map_columns, name="map-columns"),
    path("map/<slug:audience>/<slug:revision>/matching", snapshot.map_matching, name="map-matching"),
    path("map/<slug:audience>/<slug:revision>/rows.json", snapshot.map_rows, name="map-rows"),
    path("map/<slug:audience>/<slug:revision>/table", snapshot.map_table, name="map-table"),
    path("patrols/", pages.patrol_list, name="patrols"),
    path("patrols/feed.atom", follow.patrols_feed, name="patrols-feed"),
    path("patrols/cite.<slug:ending>", citing.cite_view, name="cite-view"),
    path("patrols/<slug:uid>/", pages.patrol_detail, name="patrol"),
    path("patrols/<slug:uid>/cite.<slug:ending>", citing.cite_patrol, name="cite-patrol"),
    path("programmes/", pages.programme_list, name="programmes"),
    path("programmes/<slug:slug>/", pages.programme_detail, name="programme"),
    path("programmes/<slug:slug>/cite.<slug:ending>", citing.cite_programme, name="cite-programme"),
    path("zones/<slug:slug>/", pages.zone_detail, name="zone"),
    path("forces/<slug:slug>/", pages.force_detail, name="force"),
    path("data/", data.data_index, name="data"),
    path("data/codebook/", data.codebook_page, name="codebook"),
    path("data/codebook.md", data.codebook_markdown, name="codebook-md"),
    path("data/catalog.jsonld", data.catalog, name="catalog"),
    path("data/package.zip", packages.package_zip, name="package"),
    path("data/releases/", packages.release_list, name="releases"),
    path("data/releases/<str:name>/", packages.release_page, name="release"),
    path("data/releases/<str:name>/<path:path>", packages.release_file, name="release-file"),
    path("data/<slug:name>.csv-metadata.json", data.table_metadata, name="table-metadata"),
    path("data/<slug:name>.csv", data.table_csv, name="table-csv"),
    *api.urlpatterns,
    path("corrections/", follow.corrections, name="corrections"),
    path("corrections/feed.atom", follow.corrections_feed, name="corrections-feed"),
    path(
        "sitemap.xml",
        sitemap_index,
        {"sitemaps": follow.SITEMAPS, "sitemap_url_name": "sitemap-part"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": follow.SITEMAPS}, name="sitemap-part"),
    path("robots.txt", follow.robots, name="robots"),
    path("about/", pages.about, name="about"),
    path("healthz", pages.healthz, name="healthz"),
]
