"""The core's parts as Python calls them, beside the libraries one would take instead.

./dev bench micro [GROUP...]. Prints Markdown: CPU of one call, best of 7 runs of about 0.2 s, and
how far the peak memory of a child process grows with so many calls whose results are kept.
"""

import sys

from bench.micro import collections, imports, passwords, repositories, resources, tokens, validation
from bench.micro.measure import growth_kib, table

_GROUPS = {
    "tokens": tokens.rows,
    "passwords": passwords.rows,
    "validation": validation.rows,
    "repositories": repositories.rows,
    "resources": resources.rows,
    "collections": collections.rows,
}


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--memory"]:
        row = _GROUPS[arguments[1]]()[int(arguments[2])]
        print(growth_kib(row.call, row.memory_calls))
        return
    print("| work | by | CPU | memory |\n| --- | --- | --: | --: |")
    for group in arguments or [*_GROUPS, "imports"]:
        if group == "imports":
            imports.table()
        else:
            table(group, _GROUPS[group]())
            if group == "resources":
                resources.table()


main(sys.argv[1:])
