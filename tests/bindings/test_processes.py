"""The interpreter's end and fork: seen from outside, in processes of their own."""

import pytest

from tests.bindings.world import run_python

EXITS = 20


def test_the_interpreter_ends_with_hashes_under_way():
    script = """
        import sys
        from apiwright._core.base import Secret
        from apiwright._core.tasks import CompletionQueue
        from tests.bindings.world import pool_of, slow_hasher

        queue, pool = CompletionQueue(), pool_of(slow_hasher(), threads=2, queue_limit=100)
        for ticket in range(int(sys.argv[1])):
            pool.start_hash(queue, ticket, Secret("word"))
    """
    for turn in range(EXITS):
        run_python(script, turn)


def test_the_interpreter_ends_with_database_work_under_way(tmp_path_factory):
    script = """
        import sys
        from pathlib import Path
        from apiwright._core.repositories import Origin
        from apiwright._core.tasks import CompletionQueue
        from tests.bindings.world import World, new_user

        world, queue = World(Path(sys.argv[1])), CompletionQueue()
        ada = world.sign_up()
        exchange, origin = world.exchange(ada), Origin("", "")
        body = b'{"email": "x@example.org", "name": "x", "password": "correct horse"}'
        for turn in range(20):
            user = new_user(f"user{turn}@example.org")
            world.accounts.start_sign_up(queue, turn, world.database, world.clock, user, origin)
            world.user_operations.at("get_me").start(queue, turn, exchange, b"", b"", None)
            world.user_operations.at("create").start(queue, turn, exchange, b"", body, None)
    """
    for _ in range(EXITS):
        run_python(script, tmp_path_factory.mktemp("exit") / "core.db")


def test_the_interpreter_ends_in_the_middle_of_a_loop(tmp_path_factory):
    script = """
        import asyncio, sys
        from apiwright.runtime import Runtime
        from apiwright.settings import Settings
        from apiwright.core.accounts import Origin, Secret
        from apiwright.core.validation import check

        settings = Settings(database_url=f"sqlite:///{sys.argv[1]}", secret_key="k" * 32,
                            password_memory_kib=8192, password_iterations=8)
        runtime = Runtime(settings)
        runtime.migrations.up(runtime.database)

        class Caller:
            origin = Origin("", "")
            def count_login(self, account): pass

        async def main():
            for turn in range(10):
                body = check(runtime.registration, email=f"user{turn}@example.org", name="x",
                             password="correct horse")
                asyncio.ensure_future(runtime.parts.accounts.register(
                    body, Secret("correct horse"), Caller()))
            await asyncio.sleep(0)
            sys.exit(0)

        asyncio.run(main())
    """
    for _ in range(EXITS):
        run_python(script, tmp_path_factory.mktemp("exit") / "core.db")


def test_a_module_that_goes_away_last_is_survived():
    run_python(
        """
        import apiwright._core.passwords as passwords, sys
        from apiwright._core.base import Secret
        from apiwright._core.tasks import CompletionQueue
        from tests.bindings.world import pool_of, slow_hasher

        passwords.kept_to_the_end = pool = pool_of(slow_hasher())
        sys.kept_to_the_end = queue = CompletionQueue()
        pool.start_hash(queue, 1, Secret("word"))
        """
    )


FORK = """
    import os, sys, traceback
    from pathlib import Path
    from apiwright.runtime import Runtime
    from apiwright.settings import Settings

    settings = Settings(database_url=f"sqlite:///{sys.argv[1]}", secret_key="k" * 32,
                        password_memory_kib=8, password_iterations=1)
    runtime = Runtime(settings)

    def in_child(work):
        sys.stdout.flush()
        child = os.fork()
        if child:
            assert os.waitpid(child, 0)[1] == 0
            return
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
"""


def test_a_fork_of_a_started_core_is_told_so_and_its_parent_works_on(tmp_path):
    run_python(
        FORK
        + """
    def refused():
        try:
            runtime.parts
        except RuntimeError as error:
            assert "forked" in str(error), error
        else:
            raise AssertionError("it was not noticed")

    runtime.migrations.up(runtime.database)
    runtime.put_admin("ada@example.org", "Ada", "correct horse")
    in_child(refused)
    runtime.put_admin("grace@example.org", "Grace", "correct horse")
    runtime.stop()
    """,
        tmp_path / "core.db",
    )


def test_a_fork_of_a_started_core_ends_cleanly(tmp_path):
    finished = run_python(
        FORK
        + """
    runtime.migrations.up(runtime.database)
    runtime.put_admin("ada@example.org", "Ada", "correct horse")
    child = os.fork()
    if child:
        assert os.waitpid(child, 0)[1] == 0
        runtime.stop()
        print("parent")
    # The child leaves as any script does: modules and all are taken down.
    """,
        tmp_path / "core.db",
    )
    assert finished.stdout == "parent\n"


def test_a_fork_of_a_started_pool_ends_cleanly():
    run_python(
        """
        import os
        from apiwright._core.base import Secret
        from tests.bindings.world import cheap_hasher, pool_of, result_of

        pool = pool_of(cheap_hasher(), threads=3)
        result_of(pool.start_hash, Secret("word"))
        child = os.fork()
        if child:
            assert os.waitpid(child, 0)[1] == 0
        del pool
        """
    )


@pytest.mark.parametrize("children", [1, 3])
def test_a_core_that_had_not_started_works_in_every_child(tmp_path, children):
    run_python(
        FORK
        + """
    def work():
        runtime.migrations.up(runtime.database)
        runtime.put_admin("ada@example.org", "Ada", "correct horse")
        runtime.stop()

    for _ in range(int(sys.argv[2])):
        in_child(work)
    work()
    """,
        tmp_path / "core.db",
        children,
    )
