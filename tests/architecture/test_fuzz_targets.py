"""The fuzz targets and the seeds from which they start."""

from pathlib import Path

FUZZ = Path(__file__).parents[1] / "fuzz"
MAX_SEED_BYTES = 4096  # libFuzzer's usual limit of an input: what is longer would be cut


def targets() -> set[str]:
    return {path.name.removesuffix("_fuzz.cpp") for path in FUZZ.glob("*_fuzz.cpp")}


def test_there_are_targets():
    assert targets() >= {"json", "email", "date_time", "phc", "jwt", "signed_jwt", "opaque_token"}


def test_every_target_has_seeds_and_every_seed_a_target():
    seeded = {path.name for path in (FUZZ / "seeds").iterdir() if any(path.iterdir())}
    assert seeded == targets()


def test_seeds_are_small():
    too_long = [
        str(path.relative_to(FUZZ))
        for path in (FUZZ / "seeds").rglob("*")
        if path.is_file() and path.stat().st_size > MAX_SEED_BYTES
    ]
    assert too_long == []
