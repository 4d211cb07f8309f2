from dataclasses import dataclass, field

import pytest

from apiwright.services.accounts import AccountsService
from apiwright.services.auth import AuthService
from tests.python.services.fakes import (
    FakeCaller,
    FakeHashing,
    FakeIssuer,
    FakeStore,
    FakeUser,
    Notes,
)


@dataclass
class Bench:
    """Both services over fakes that share one list of notes."""

    notes: Notes = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hashing = FakeHashing(self.notes)
        self.store = FakeStore(self.notes)
        self.issuer = FakeIssuer(self.notes)
        self.caller = FakeCaller(self.notes)
        self.auth = AuthService(self.store, self.hashing, self.issuer)
        self.accounts = AccountsService(self.store, self.hashing, self.auth)
        self.store.users = {
            "ada@example.org": FakeUser("ada", "phc:right"),
            "gone@example.org": FakeUser("gone", "phc:right", active=False),
            "made@example.org": FakeUser("made", None),
        }

    @property
    def steps(self) -> list[str]:
        return [note[0] for note in self.notes]


@pytest.fixture
def bench() -> Bench:
    return Bench()
