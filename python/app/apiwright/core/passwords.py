"""Passwords: Argon2id (RFC 9106), and checking the hashes of other systems until they are replaced.

hasher = Hasher()
phc = hasher.hash("correct horse battery staple")
hasher.verify("correct horse battery staple", phc)
"""

import os
import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from apiwright._core import passwords as core
from apiwright._core.base import Secret
from apiwright.core.bridge import call
from apiwright.errors import InvalidCredentials

__all__ = ["DEFAULT", "Hasher", "InvalidCredentials", "Parameters", "Secret", "calibrate"]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Argon2id's costs by RFC 9106's names. The defaults are OWASP's first choice.

    `memory_kib`: KiB of memory for each hash (8 to 1048576, which is 1 GiB); `passes` over that
    memory (1 to 64); `tag_length`: bytes of hash (16 to 64). libsodium fixes the rest:
    one lane (parallelism 1) and 16 bytes of salt.
    """

    memory_kib: int = 19456
    passes: int = 2
    tag_length: int = 32


DEFAULT = Parameters()


def calibrate(target_ms: int = 250, *, memory_kib: int = DEFAULT.memory_kib) -> Parameters:
    """The most passes over `memory_kib` whose hash takes at most `target_ms` here and now.

    Less memory only where one pass over it takes longer already (RFC 9106 §4: first the memory
    one can spare, then the passes). It measures, so it takes about ten times the target and
    differs a little each time: for setting up, not for each start of a service. Blocks.
    Raises ValidationFailed for a target outside 1 to 5000 ms, or memory out of bounds.
    """
    memory, passes = core.calibrate(target_ms=target_ms, memory_kib=memory_kib)
    return Parameters(memory_kib=memory, passes=passes)


class Hasher:
    """Hashes passwords with Argon2id, checks them, and tells which hashes to replace.

    `hash` and `verify` work on the calling thread (12 ms at the defaults), without the GIL. The
    awaitable ones, whose names begin with `a`, and `verify_many` work on `threads` threads of
    this hasher's (one for each CPU), which start with the first such call: no more than
    `threads` × `memory_kib` is in use at once. Behind them up to `queue_limit` calls wait, for at
    most `wait_limit` seconds; past either it is Unavailable, with `retry_after` in seconds.
    Any thread and any event loop may call; after a fork the child has threads of its own.

    Passwords are normalised to NFC and have 1 to 1024 bytes of UTF-8; the empty one and longer
    ones are ValidationFailed, or match nothing. Also checked, and to be replaced, are hashes
    as Django, passlib and the PHC format write them: Argon2i and Argon2id, bcrypt (up to cost 15;
    the bare form reads 72 bytes of a password), scrypt (up to 1 GiB) and PBKDF2 over SHA-256 and
    SHA-512 (up to ten million iterations). Raises InternalError for any other text as a hash.
    """

    def __init__(
        self,
        *,
        memory_kib: int = DEFAULT.memory_kib,
        passes: int = DEFAULT.passes,
        tag_length: int = DEFAULT.tag_length,
        threads: int | None = None,
        queue_limit: int = 128,
        wait_limit: float = 60.0,
    ) -> None:
        """Raises ValidationFailed naming each cost out of bounds, ValueError for the others."""
        self._core = core.Hasher(memory_kib=memory_kib, passes=passes, tag_length=tag_length)
        self._threads = _available_cpus() if threads is None else threads
        if not (0 < self._threads <= 1024 and 0 < queue_limit <= 1_000_000 and wait_limit > 0):
            raise ValueError(
                "threads must be from 1 to 1024, queue_limit from 1 to 1000000, wait_limit positive"
            )
        self.parameters = Parameters(memory_kib, passes, tag_length)
        self._queue_limit = queue_limit
        self._wait_limit_ms = round(wait_limit * 1000)
        self._lock = threading.Lock()
        self._pool: core.HashingPool | None = None
        self._stop: weakref.finalize[[], Hasher] | None = None

    @classmethod
    def of(cls, parameters: Parameters, *, threads: int | None = None) -> Self:
        """A hasher with these parameters, such as calibrate() gives."""
        return cls(
            memory_kib=parameters.memory_kib,
            passes=parameters.passes,
            tag_length=parameters.tag_length,
            threads=threads,
        )

    def hash(self, password: str) -> str:
        """A string in the PHC format, with a random salt. Blocks. Raises ValidationFailed."""
        return self._core.hash(password)

    async def ahash(self, password: str | Secret) -> str:
        """The same, awaited. Empties a Secret. Raises ValidationFailed, Unavailable."""
        phc: str = await call(self.pool.start_hash, _secret(password))
        return phc

    def verify(self, password: str, phc: str | None) -> None:
        """Returns when the password is the one behind `phc`. Blocks. Raises InvalidCredentials.

        Of None, for a user who does not exist or has no password, it takes as long and raises.
        """
        if phc is None:
            self._core.verify_nobody(password)
        self._core.verify(password, phc)

    async def averify(self, password: str | Secret, phc: str | None) -> None:
        """The same, awaited. Empties a Secret. Raises InvalidCredentials, Unavailable."""
        await self.averify_and_update(password, phc)

    async def averify_and_update(self, password: str | Secret, phc: str | None) -> str | None:
        """As averify(); then the hash to store instead when `phc` needs_rehash(), else None."""
        rehashed: str | None = await call(self.pool.start_verify, _secret(password), phc)
        return rehashed

    def verify_many(self, pairs: Iterable[tuple[str, str]]) -> list[bool]:
        """For each (password, hash), in order, whether they match; at most 10,000. Blocks.

        Works on the hasher's threads, between what else waits there. Raises ValidationFailed for
        more, InternalError naming a hash that cannot be read (both before any work), Unavailable.
        """
        return self.pool.verify_many(list(pairs))

    async def averify_many(self, pairs: Iterable[tuple[str, str]]) -> list[bool]:
        """The same, awaited."""
        matches: list[bool] = await call(self.pool.start_verify_many, list(pairs))
        return matches

    def needs_rehash(self, phc: str) -> bool:
        """True when `phc` is not Argon2id, or has a lower cost or a shorter tag than this one's."""
        return self._core.needs_rehash(phc)

    def close(self) -> None:
        """Refuses what waits, lets running hashes finish and ends the threads, for good.

        Also done when the hasher goes away and at exit. `hash` and `verify` still work.
        """
        self.pool.stop()

    @property
    def pool(self) -> core.HashingPool:
        """The threads, for what of the core shares them."""
        pool = self._pool
        if pool is None:
            with self._lock:
                pool = self._pool or self._start()
        return pool

    def _start(self) -> core.HashingPool:
        pool = core.HashingPool(
            self._core,
            threads=self._threads,
            queue_limit=self._queue_limit,
            wait_limit_ms=self._wait_limit_ms,
        )
        # Also when nobody closes it: at exit, before the interpreter takes the threads' ground.
        self._stop = weakref.finalize(self, pool.stop)
        _started.add(self)
        self._pool = pool
        return pool

    def _forked(self) -> None:
        """In a child process: the threads, and who held the lock, stayed in the parent."""
        if self._stop is not None:
            self._stop.detach()
        self._lock = threading.Lock()
        self._pool = None


_started: weakref.WeakSet[Hasher] = weakref.WeakSet()


def _mark_forked() -> None:
    for hasher in list(_started):
        hasher._forked()


os.register_at_fork(after_in_child=_mark_forked)


def _available_cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _secret(password: str | Secret) -> Secret:
    return password if isinstance(password, Secret) else Secret(password)
