"""The service's own settings. The template never touches this file again.

    class CustomSettings(BaseModel):
        invoice_prefix: str = "INV"

is read from INVOICE_PREFIX, and is `settings.invoice_prefix` wherever there are settings.
"""

from pydantic import BaseModel


class CustomSettings(BaseModel):
    pass
