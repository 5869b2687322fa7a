from django.urls import URLPattern, path

from .views import api, data, pages
from .views import map as map_views

urlpatterns: list[URLPattern] = [
    path("", map_views.home, name="home"),
    path("map/patrols.json", map_views.map_payload, name="map-payload"),
    path("patrols/", pages.patrol_list, name="patrols"),
    path("patrols/<slug:uid>/", pages.patrol_detail, name="patrol"),
    path("programmes/", pages.programme_list, name="programmes"),
    path("programmes/<slug:slug>/", pages.programme_detail, name="programme"),
    path("zones/<slug:slug>/", pages.zone_detail, name="zone"),
    path("forces/<slug:slug>/", pages.force_detail, name="force"),
    path("data/", data.data_index, name="data"),
    path("data/<slug:name>.csv", data.table_csv, name="table-csv"),
    *api.urlpatterns,
    path("about/", pages.about, name="about"),
    path("healthz", pages.healthz, name="healthz"),
]
