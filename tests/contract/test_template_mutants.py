"""The tests of the template bite: each defect is noticed by the test named for it."""

from copy import deepcopy

import pytest

from tests.contract.template_mutants import MUTANTS, Mutant
from tests.contract.translated import judged, template


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_defect_of_the_template_is_noticed(mutant: Mutant) -> None:
    defect = deepcopy(template())
    mutant.edit(defect)
    assert defect != template()
    mutant.killer()
    with judged(defect), pytest.raises((AssertionError, KeyError)):
        mutant.killer()
