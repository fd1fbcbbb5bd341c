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
