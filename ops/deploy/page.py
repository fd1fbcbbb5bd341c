"""The contact page: the files of site/ and a config.json that says where the API is, in the stack's bucket."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ops.deploy.account import Account

SITE = Path(__file__).parents[2] / "site"
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
#: A browser asks each time whether its copy is still good, so that it never mixes scripts of two versions; CloudFront
#: keeps its copies until the upload invalidates them, or for a day if that failed.
CACHE_CONTROL = "public, max-age=0, s-maxage=86400, must-revalidate"


def assemble(outputs: Mapping[str, str], folder: Path) -> list[Path]:
    """Lay out the whole page in `folder`, ready for any host. The pages come last: what they load is there by then."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SITE, folder)
    (folder / "config.json").write_text(json.dumps({"apiUrl": outputs["ApiUrl"]}))
    return sorted(folder.iterdir(), key=lambda path: (path.suffix == ".html", path.name))


def upload(account: Account, outputs: Mapping[str, str], files: list[Path], reference: str) -> None:
    """`reference` tells this upload from any other, since CloudFront takes each one once."""
    s3 = account.client("s3")
    for path in files:
        s3.put_object(
            Bucket=outputs["SiteBucketName"],
            Key=path.name,
            Body=path.read_bytes(),
            ContentType=CONTENT_TYPES[path.suffix],
            CacheControl=CACHE_CONTROL,
        )
    if distribution := outputs.get("SiteDistributionId"):
        account.client("cloudfront").create_invalidation(
            DistributionId=distribution, InvalidationBatch=_everything(reference)
        )


def _everything(reference: str) -> dict[str, Any]:
    # One path with a star counts as one, and 1,000 a month are free:
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PayingForInvalidation.html
    return {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": reference}
