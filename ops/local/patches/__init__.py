"""Mends for moto 5.2.5. Each module states what it mends; tests/contract/test_moto_*.py watch them."""


def apply() -> None:
    pass
