"""The mailbox page: the mails that the local SES accepted, and what SES shall do next."""

from ops.local.mailbox.app import create_app

__all__ = ["create_app"]
