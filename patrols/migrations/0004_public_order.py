"""PostgreSQL sorts unknown days first: lists and files, which have them last, need an index of their own there.

SQLite has them last anyway, and takes the index of the model.
"""

from django.db import migrations

NAME = "patrol_public_order"


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX {NAME} ON patrols_patrol (date_start DESC NULLS LAST, uid)"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {NAME}")


class Migration(migrations.Migration):
    dependencies = [("patrols", "0003_access")]

    operations = [migrations.RunPython(create, drop)]
