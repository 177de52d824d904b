"""The contract of a connector as a suite of tests. A subclass of `Conformance` gives a `Case`."""

import pytest

# Before the suite is imported, so that its assertions explain themselves.
pytest.register_assert_rewrite("connectors.testing.suite")

from connectors.testing.suite import CANARY, Conformance  # noqa: E402
from connectors.testing.visits import Case  # noqa: E402
from connectors.testing.worlds import Answer, FolderPlace, World, served  # noqa: E402

__all__ = ["CANARY", "Answer", "Case", "Conformance", "FolderPlace", "World", "served"]
