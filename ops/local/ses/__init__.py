"""Amazon SES for the local stack: `service.create` makes it, `service.install` puts it in moto's place."""
