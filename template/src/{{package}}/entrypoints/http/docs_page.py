"""The page that shows the OpenAPI document, and the content security policy that it needs."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).with_name("docs_page.html").read_text()


def _source_of_script() -> str:
    """Return what allows the one script that is written in the page, and no other."""
    (script,) = re.findall(r"<script>(.*)</script>", PAGE)
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; "
    f"script-src https://cdn.jsdelivr.net {_source_of_script()}; "
    "style-src https://cdn.jsdelivr.net 'unsafe-inline'; "
    "img-src data:; connect-src 'self'; frame-ancestors 'none'"
)
