"""Run clang-tidy over the given folders: clang_tidy.py BUILD_FOLDER JOBS FOLDER...

BUILD_FOLDER holds compile_commands.json. A source that passed is not looked at again until it, a
header of ours that it includes, the checks or clang-tidy itself change.
"""

import hashlib
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
ROOT = Path(__file__).resolve().parent.parent
# The one that requirements/lint.txt has put beside this Python, not Debian's.
TOOL = str(Path(sys.executable).with_name("clang-tidy"))
INCLUDE_FOLDERS = [ROOT / "cpp_core/include", ROOT / "cpp_core/src", ROOT / "bindings"]
# The compile commands are GCC's; clang need not know each of its warnings.
CLANG_TIDY = [
    TOOL,
    "--quiet",
    f"--config-file={ROOT / '.clang-tidy'}",
    "--extra-arg=-Wno-unknown-warning-option",
]


@cache
def included(file: Path) -> frozenset[Path]:
    """Our own headers that this file includes itself."""
    folders = [file.parent, *INCLUDE_FOLDERS]
    names = INCLUDE.findall(file.read_text())
    found = (folder / name for name in names for folder in folders if (folder / name).is_file())
    return frozenset(path.resolve() for path in found)


def reachable(source: Path) -> list[Path]:
    """The source and every header of ours that it includes, directly or not."""
    seen: set[Path] = set()
    waiting = [source]
    while waiting:
        file = waiting.pop()
        if file not in seen:
            seen.add(file)
            waiting += included(file)
    return sorted(seen)


def fingerprint(source: Path, command: str, tool: bytes) -> str:
    digest = hashlib.sha256(tool + command.encode())
    for file in reachable(source):
        digest.update(str(file).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def passes(source: Path, build: Path) -> bool:
    result = subprocess.run(
        [*CLANG_TIDY, "-p", build, source], capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        print(result.stdout or result.stderr, flush=True)
    return result.returncode == 0


def main() -> int:
    build, jobs = Path(sys.argv[1]), int(sys.argv[2])
    folders = [Path(name).resolve() for name in sys.argv[3:]]
    version = subprocess.run([TOOL, "--version"], capture_output=True, check=True).stdout
    tool = version + (ROOT / ".clang-tidy").read_bytes()
    passed = build / "clang-tidy-passed"
    passed.mkdir(exist_ok=True)

    def check(entry: dict[str, str]) -> bool:
        source = Path(entry["directory"], entry["file"]).resolve()
        if not any(source.is_relative_to(folder) for folder in folders):
            return True
        stamp = passed / fingerprint(source, entry["command"], tool)
        if stamp.exists():
            return True
        if not passes(source, build):
            return False
        stamp.touch()
        return True

    entries = json.loads((build / "compile_commands.json").read_text())
    with ThreadPoolExecutor(jobs) as pool:
        return 0 if all(list(pool.map(check, entries))) else 1


if __name__ == "__main__":
    sys.exit(main())
