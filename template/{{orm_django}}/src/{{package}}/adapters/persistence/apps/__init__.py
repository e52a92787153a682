"""The apps of Django, each a feature: models, and a line of migrations in `migrations` beside this package."""
