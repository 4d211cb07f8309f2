"""Validating keeps nothing: a server may do it for months."""

import subprocess
import sys

ROUNDS = 100_000
GROWTH = 2 * 1024 * 1024
"""Bytes: 20 that were kept in each round would be as many."""

VALIDATE = '''
import gc, os
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from pydantic import BaseModel, Field
from apiwright.core.validation import Schema
from apiwright.errors import MalformedJson, ValidationFailed

@dataclass
class Cat:
    kind: Literal["cat"]
    lives: int

@dataclass
class Dog:
    kind: Literal["dog"]
    name: str

class Item(BaseModel):
    sku: Annotated[str, Field(min_length=1)]
    quantity: int = 1

@dataclass
class Order:
    items: list[Item]
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    labels: dict[str, list[str]] = field(default_factory=dict)
    extra: Any = None

schema = Schema.of(Order)
good = b"""{"items":[{"sku":"a\\\\u00e9"}],"pet":{"lives":9,"kind":"cat"},"labels":{"x":["y"]},
           "extra":[1.5,{}]}"""
bad = b'{"items":[{"sku":"","more":1}],"pet":{"name":"x"},"labels":{"x":[1]}}'
no_json = b'{"items":[{"sku":"a"'
value = {"items": [{"sku": "a"}], "pet": Dog("dog", "Rex"), "extra": {"a": [1, "b"]}}

def one(number):
    kind = number % 4
    try:
        if kind == 3:
            schema.validate_python(value)
        else:
            schema.validate_json((good, bad, no_json)[kind])
    except (MalformedJson, ValidationFailed) as error:
        assert kind in (1, 2) and error.status == 400
    else:
        assert kind in (0, 3)

def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def run(rounds):
    for number in range(rounds):
        one(number)

run(20_000)
before = resident()
run(ROUNDS)
print(resident() - before)
'''


def test_100_000_validations_good_and_bad_do_not_make_the_process_grow():
    """In a process of its own, where nothing else comes and goes."""
    script = VALIDATE.replace("ROUNDS", str(ROUNDS))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < GROWTH
