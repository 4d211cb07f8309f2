import pytest

from apiwright._core.access import Principal


def test_nobody_makes_a_principal_in_python():
    with pytest.raises(TypeError, match="No constructor"):
        Principal()
