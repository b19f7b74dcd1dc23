"""What every test shares: how hypothesis searches, and asserts that explain themselves.

`pytest --hypothesis-profile=ci` looks at fewer examples, and at the same ones each time.
"""

import pytest
from hypothesis import settings

# The suites that backends inherit are no test modules, so pytest has to be told of them.
pytest.register_assert_rewrite("tests.contracts")

# A shared machine stalls now and then; that is no finding.
settings.register_profile("counterpoint", deadline=None)
settings.register_profile("ci", deadline=None, max_examples=20, derandomize=True)
settings.load_profile("counterpoint")
