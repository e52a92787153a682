"""Django's admin: every module in this package registers what it shows; there is no list to edit.

It stands on the models, as no other entrypoint may. What it changes it changes through use cases.
"""

from importlib import import_module
from pkgutil import iter_modules

from django.contrib.admin import site

__all__ = ["site"]

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
