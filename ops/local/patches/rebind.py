"""Replaces a name in every moto module that has imported it by value."""

import sys


def rebind(package: str, name: str, original: object, replacement: object) -> None:
    """Modules imported later take the replacement from the defining module, which is rebound too."""
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith(package) and getattr(module, name, None) is original:
            setattr(module, name, replacement)
