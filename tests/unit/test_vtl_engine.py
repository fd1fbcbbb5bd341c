"""Each patch of airspeed, with a check that stock airspeed still needs it."""

import subprocess
import sys

import pytest

from ops.local.gateway.velocity import Template

_STOCK = "import sys, airspeed; sys.stdout.write(airspeed.Template(sys.argv[1]).merge({'text': sys.argv[2]}))"


@pytest.mark.parametrize(
    ("source", "text", "stock", "mended"),
    [
        ("#if($absent)there#{else}none#end", "", "there", "none"),
        ("#if(!$absent)none#{else}there#end", "", "there", "none"),
        ("MSG#$text", "a", "MSG#$text", "MSG#a"),
        ("#, $text", "a", "#, $text", "#, a"),
        ("<$text>", "__FORMAL_REFERENCE__REPLACE_TEXT__", "<$text>", "<__FORMAL_REFERENCE__REPLACE_TEXT__>"),
    ],
)
def test_a_patch_mends_what_airspeed_still_does(source: str, text: str, stock: str, mended: str) -> None:
    command = [sys.executable, "-c", _STOCK, source, text]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == stock
    assert Template(source).render({"text": text}) == mended.encode()


def test_a_method_of_a_map_goes_before_its_entry_which_stock_airspeed_still_confuses() -> None:
    stock = (
        "import airspeed; print(airspeed.Template(\"$map.get('a')\").merge({'map': {'a': 'A', 'get': 'x'}}))"
    )
    ended = subprocess.run([sys.executable, "-c", stock], check=False, capture_output=True, text=True)
    assert "'str' object is not callable" in ended.stderr
    assert Template("$map.get('a')").render({"map": {"a": "A", "get": "x"}}) == b"A"
