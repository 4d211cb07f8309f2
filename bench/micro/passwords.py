"""Argon2id, m=19456, t=2, p=1, on the calling thread.

Each takes its memory anew; ours in huge pages, where the system has them.
"""

import ctypes
import ctypes.util
import os

import argon2

from apiwright.core.passwords import Hasher
from bench.micro.measure import Row

_MEMORY_KIB, _PASSES = 19456, 2
_ARGON2ID13 = 2
_WORD = "correct horse battery staple"


def rows() -> list[Row]:
    ours = Hasher(memory_kib=_MEMORY_KIB, passes=_PASSES)
    theirs = argon2.PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)
    phc = ours.hash(_WORD)
    return [
        Row("Argon2id hash", "passwords.Hasher", lambda: ours.hash(_WORD), 1),
        Row("Argon2id hash", "argon2-cffi", lambda: theirs.hash(_WORD), 1),
        *_libsodium(),
        Row("Argon2id verify", "passwords.Hasher", lambda: ours.verify(_WORD, phc), 1),
        Row("Argon2id verify", "argon2-cffi", lambda: theirs.verify(phc, _WORD), 1),
    ]


def _libsodium() -> list[Row]:
    """The system's library through ctypes, where there is one: what C would pay."""
    found = ctypes.util.find_library("sodium")
    if found is None:
        return []
    sodium = ctypes.CDLL(found)
    if sodium.sodium_init() < 0:
        raise RuntimeError("libsodium does not start")
    word, out = _WORD.encode(), ctypes.create_string_buffer(32)

    def crypto_pwhash() -> None:
        failed = sodium.crypto_pwhash(
            out,
            ctypes.c_ulonglong(32),
            word,
            ctypes.c_ulonglong(len(word)),
            os.urandom(16),
            ctypes.c_ulonglong(_PASSES),
            ctypes.c_size_t(_MEMORY_KIB * 1024),
            ctypes.c_int(_ARGON2ID13),
        )
        if failed:
            raise MemoryError

    return [Row("Argon2id hash", "libsodium's crypto_pwhash by ctypes", crypto_pwhash, 1)]
