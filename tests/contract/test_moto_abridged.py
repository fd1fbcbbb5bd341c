import subprocess
import sys

from tests.contract.translated import ROOT

_SEEN = """
from ops.local import cloud
from moto.ec2.models import instance_types
from moto.utilities import utils
print(len(instance_types.INSTANCE_TYPES), utils.load_resource.__module__)
"""


def test_the_start_reads_none_of_moto_s_lists_of_ec2_instances_and_changes_nothing_else() -> None:
    """Whoever imports moto's CloudFormation before ops.local.abridged undoes it; hence a process of its own."""
    seen = subprocess.run([sys.executable, "-c", _SEEN], cwd=ROOT, capture_output=True, text=True, check=True)
    assert seen.stdout.split() == ["0", "moto.utilities.utils"]
