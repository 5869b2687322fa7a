"""manage.py release NAME: freeze the public record as a data package with its own address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from patrols.publish.package import ReleaseError, release


class Command(BaseCommand):
    help = "Freeze the public record under a name such as 2026.1. A release is never changed again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="letters, digits, dots and hyphens, such as 2026.1")

    def handle(self, *args: Any, **options: Any) -> None:
        def progress(done: int, total: int) -> None:
            if options["verbosity"] > 1:
                self.stdout.write(f"{done} of {total}")

        try:
            folder = release(options["name"], progress)
        except ReleaseError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Released {folder.name}: {settings.SITE_URL}/data/releases/{folder.name}/")
