"""API Gateway's REST behaviour, and the site's static files, for one stack on the loopback interface.

Emulated: routes, request validators, models, mapping templates, mock and AWS integrations, gateway responses,
throttles. Refused when the definition is loaded: proxy integrations, greedy and ANY routes, authorizers.
Not emulated: API keys, usage plans, WAF, caching, binary media types, access logs.
"""
