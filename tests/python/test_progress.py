import io

from apiwright.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """Seconds, moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_terminal_has_a_bar_which_goes_away():
    stream, clock = Terminal(), Clock()
    with Progress(stream, "importing", 10, "rows", clock=clock) as shown:
        shown.at(5)
        assert stream.getvalue().endswith("importing [###############...............]  50%")
        clock.now += 0.05
        shown.at(6)
        assert "60%" not in stream.getvalue(), "ten pictures a second are enough"
    assert stream.getvalue().endswith("\r\x1b[K")


def test_of_nothing_all_is_done():
    stream, clock = Terminal(), Clock()
    with Progress(stream, "importing", 0, "rows", clock=clock) as shown:
        shown.at(0)
    assert "100%" in stream.getvalue()


def test_elsewhere_what_takes_long_is_told_in_lines():
    stream, clock = io.StringIO(), Clock()
    with Progress(stream, "checking", 10, "bytes", clock=clock) as shown:
        shown.at(1)
        clock.now += 5
        shown.at(5)
        shown.at(6)
    assert stream.getvalue() == "checking: 5 of 10 bytes\n"
