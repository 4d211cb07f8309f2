"""Who asks."""

from typing import Never

from .base import _Class

class Principal(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @property
    def user(self) -> str: ...
    @property
    def session(self) -> str: ...
    @property
    def roles(self) -> list[str]: ...
