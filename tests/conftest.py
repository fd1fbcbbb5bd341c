from hypothesis import settings

# Hypothesis fails an example that takes longer than 200 ms: a clock's word on the machine, not on the code.
# https://hypothesis.readthedocs.io/en/latest/reference/api.html#hypothesis.settings.deadline
settings.register_profile("untimed", settings(deadline=None))
settings.load_profile("untimed")
