"""Fetch the documentation pages' scripts: fetch_docs_assets.py PIN FOLDER.

PIN is a requirements file that names one wheel by version and SHA-512. pip downloads and checks it
(so mirrors, proxies and certificates are configured as usual); nothing in it is run or installed.
FOLDER receives only the files below, each project's licence beside them.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = "drf_spectacular_sidecar/static/drf_spectacular_sidecar"
FILES = {
    "swagger-ui.css": f"{ROOT}/swagger-ui-dist/swagger-ui.css",
    "oauth2-redirect.html": f"{ROOT}/swagger-ui-dist/oauth2-redirect.html",
    "oauth2-redirect.js": f"{ROOT}/swagger-ui-dist/oauth2-redirect.js",
    "favicon-32x32.png": f"{ROOT}/swagger-ui-dist/favicon-32x32.png",
    "swagger-ui.LICENSE.txt": f"{ROOT}/swagger-ui-dist/LICENSE",
    "redoc.standalone.js": f"{ROOT}/redoc/bundles/redoc.standalone.js",
    "redoc.standalone.js.LICENSE.txt": f"{ROOT}/redoc/bundles/redoc.standalone.js.LICENSE.txt",
    "redoc.LICENSE.txt": f"{ROOT}/redoc/LICENSE",
    # Last: the build takes its presence for the whole.
    "swagger-ui-bundle.js": f"{ROOT}/swagger-ui-dist/swagger-ui-bundle.js",
}
# Section 4(d) of swagger-ui's licence asks for its notice, which the wheel leaves out.
NOTICE = "swagger-ui\nCopyright 2020-2021 SmartBear Software Inc.\n"


def download(pin: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes"]
    subprocess.run([*command, "--requirement", pin, "--dest", folder], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def unpack(wheel: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "swagger-ui.NOTICE.txt").write_text(NOTICE)
    with zipfile.ZipFile(wheel) as archive:
        for name, member in FILES.items():
            (folder / name).write_bytes(archive.read(member))


def main() -> None:
    pin, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as temporary:
        unpack(download(pin, Path(temporary)), folder)


if __name__ == "__main__":
    main()
