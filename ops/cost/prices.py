"""What AWS and others ask: us-east-1, US dollars, each with where and when it was read."""

from dataclasses import dataclass

_READ = "2026-11-24"


@dataclass(frozen=True)
class Price:
    """`usd` a `unit`; `free` units of every month are free for good, not for the first year only."""

    unit: str
    usd: float
    free: float
    source: str
    read: str = _READ


PRICES = {
    # The 12 free months of a new account are not counted.
    "api_request": Price("request", 3.5e-6, 0, "https://aws.amazon.com/api-gateway/pricing/"),
    "transfer_out": Price("GB", 0.09, 100, "https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer"),
    "sqs_request": Price("request", 0.4e-6, 1_000_000, "https://aws.amazon.com/sqs/pricing/"),
    "lambda_request": Price("invocation", 0.2e-6, 1_000_000, "https://aws.amazon.com/lambda/pricing/"),
    "lambda_gb_second": Price("GB-s", 0.0000133334, 400_000, "https://aws.amazon.com/lambda/pricing/"),
    "transition": Price("transition", 0.025e-3, 4_000, "https://aws.amazon.com/step-functions/pricing/"),
    # Express workflows, for docs/scale.md; the stack has none.
    "express_request": Price("execution", 1e-6, 0, "https://aws.amazon.com/step-functions/pricing/"),
    "express_gb_second": Price("GB-s", 0.00001667, 0, "https://aws.amazon.com/step-functions/pricing/"),
    # What a new account pays since 2026-07-21. À la carte ($0.10 a thousand) is a setting of the account:
    # https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutAccountPricingAttributes.html
    "mail": Price("mail", 0.16e-3, 0, "https://aws.amazon.com/ses/pricing/"),
    "sns_publish": Price("publish", 0.5e-6, 1_000_000, "https://aws.amazon.com/sns/pricing/"),
    "write_unit": Price("write unit", 0.625e-6, 0, "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
    "read_unit": Price("read unit", 0.125e-6, 0, "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
    "table_storage": Price("GB-month", 0.25, 25, "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
    "table_backup": Price("GB-month", 0.20, 0, "https://aws.amazon.com/dynamodb/pricing/on-demand/"),
    "alarm_metric": Price("alarm metric", 0.10, 10, "https://aws.amazon.com/cloudwatch/pricing/"),
    "dashboard": Price("dashboard", 3.00, 3, "https://aws.amazon.com/cloudwatch/pricing/"),
    # By the hour, and only for hours in which it is sent.
    "metric": Price("metric-month", 0.30, 10, "https://aws.amazon.com/cloudwatch/pricing/"),
    "logs": Price("GB", 0.50, 5, "https://aws.amazon.com/cloudwatch/pricing/"),
    "kms_request": Price("request", 0.03e-4, 20_000, "https://aws.amazon.com/kms/pricing/"),
    "kms_key": Price("key-month", 1.00, 0, "https://aws.amazon.com/kms/pricing/"),
    "s3_storage": Price("GB-month", 0.023, 0, "https://aws.amazon.com/s3/pricing/"),
    "cloudfront_gb": Price("GB", 0.085, 1_000, "https://aws.amazon.com/cloudfront/pricing/pay-as-you-go/"),
    "cloudfront_request": Price(
        "request", 1e-6, 10_000_000, "https://aws.amazon.com/cloudfront/pricing/pay-as-you-go/"
    ),
    "waf_acl": Price("ACL-month", 5.00, 0, "https://aws.amazon.com/waf/pricing/"),
    "waf_rule": Price("rule-month", 1.00, 0, "https://aws.amazon.com/waf/pricing/"),
    "waf_request": Price("request", 0.6e-6, 0, "https://aws.amazon.com/waf/pricing/"),
}


@dataclass(frozen=True)
class Hosted:
    """A form service: what `submissions` a month cost in its plan."""

    service: str
    plan: str
    usd: float
    submissions: int
    source: str
    read: str

    @property
    def per_thousand(self) -> float:
        return self.usd / self.submissions * 1000


#: Only services whose price list was read. Most have a small free plan, too.
HOSTED = (
    Hosted("Formboost", "Starter", 9, 5_000, "https://formboost.app/pricing", "2026-09-02"),
    # A submission costs one credit: https://docs.netlify.com/manage/forms/usage-and-billing/
    Hosted("Netlify Forms", "Pro", 20, 3_000, "https://www.netlify.com/pricing/", "2026-08-27"),
    Hosted("Netlify Forms", "Personal", 9, 1_000, "https://www.netlify.com/pricing/", "2026-08-27"),
    # 12,000 a year; billed yearly.
    Hosted("Paperform", "Pro", 49, 1_000, "https://paperform.co/pricing/", "2026-09-14"),
)
#: ContactFlow's brief says so for 1,000 mails a month; its own items add up to $1.24.
BRIEF_USD = 12.0
