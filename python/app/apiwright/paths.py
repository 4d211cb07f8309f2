"""Where the API is."""

from typing import Final

API: Final = "/api/v1"

BATCH: Final = f"{API}/batch"
"""Several changes at once."""
