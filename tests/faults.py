"""A file system whose n-th call fails, or after whose n-th call the process is gone."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Gone(BaseException):
    """The process died: nothing more of it runs, no clean-up either."""


class Failing:
    """Stands in for `kpi.files.system_call` and fails one call.

    Attributes:
        calls: How many were made.
    """

    def __init__(self, *, nth: int, failure: BaseException) -> None:
        self.calls = 0
        self._nth = nth
        self._failure = failure

    @property
    def has_failed(self) -> bool:
        """Whether as many calls were made as it took."""
        return self.calls >= self._nth

    def __call__(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What the operating system answers, or the failure."""
        self.calls += 1
        dead = isinstance(self._failure, Gone)
        if self.calls == self._nth or (dead and self.has_failed):
            if call.__name__ == os.close.__name__:  # a close that fails closes all the same
                call(*args, **kwargs)
            raise self._failure
        return call(*args, **kwargs)
