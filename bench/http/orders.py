"""What rows cost with what they lead to: the orders of examples/orders, plain and with their items.

./dev bench orders
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from bench.http.measure import Pace, measure
from bench.http.rows import ROOT, Row, Work
from bench.http.rows import load as load_rows
from bench.http.servers import LOAD_CORE, Server, Wrong

ORDERS, ITEMS = 60, 5
_WORKS = {
    "20 orders": "/api/v1/orders?limit=20",
    "with 5 items each": "/api/v1/orders?limit=20&include=items",
}
_PLACE = {
    "items": [{"sku": f"sku-{n}", "quantity": n + 1, "unitPrice": "9.99"} for n in range(ITEMS)]
}


def main() -> None:
    start = f"{sys.executable} -m apiwright serve shop:app --port {{port}}"
    row = Row("orders", "the orders of examples/orders", start, False, False, False, ())
    _, _, environment = load_rows()
    environment |= {"PYTHONPATH": str(ROOT / "examples/orders"), "APIWRIGHT_ENV": "development"}
    os.sched_setaffinity(0, {LOAD_CORE})
    with tempfile.TemporaryDirectory() as folder, Server(row, Path(folder), environment) as server:
        server.start(users=1)  # nobody: this server has no users of the plan
        server.tokens = [_customer(server)]
        print("| list | CPU µs for each request |\n| --- | --: |")
        for name, path in _WORKS.items():
            work = Work(name, "list", path, auth=True, connections=8)
            runs = sorted(measure(server, work, Pace()).cpu_us_runs)
            print(f"| {name} | {', '.join(f'{run:.1f}' for run in runs)} |")


def _customer(server: Server) -> str:
    """The token of one who has ordered."""
    body = {"email": "ada@example.org", "name": "Ada", "password": "correct horse battery"}
    with server.client() as client:
        status, answer = client.ask("POST", "/api/v1/auth/register", body=json.dumps(body))
        token: str = answer["data"]["accessToken"]
        for _ in range(ORDERS):
            status, answer = client.ask(
                "POST", "/api/v1/orders", token=token, body=json.dumps(_PLACE)
            )
            if status != 201:
                raise Wrong(f"an order is answered {status} {answer}")
    return token


if __name__ == "__main__":
    main()
