"""A headless Chromium, asked over its own protocol: no driver and no library between.

It reads commands from a pipe and answers on another, each message JSON with a zero byte
after it. Where no Chromium is installed, or axe-core is not in `build/axe`, the tests that
need them are skipped with the reason.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parent.parent / "build" / "axe" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--remote-debugging-pipe",
)
_PATIENCE = 60


class Page:
    """A tab of the browser: what it shows can be asked, and keys pressed.

    Attributes:
        requests: The addresses that were asked for, the page's own included.
        is_loaded: Whether all of it is there.
    """

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self._session = session
        self.requests: list[str] = []
        self.is_loaded = False

    def do(self, method: str, **params: Any) -> dict[str, Any]:
        """What a command of the protocol gives back."""
        return self._browser.ask(method, params, session=self._session, page=self)

    def evaluate(self, script: str) -> Any:
        """The value of an expression, awaited where it is a promise."""
        answer = self.do(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def show(self, path: Path) -> None:
        """Opens a file and waits until all of it is there."""
        self.requests.clear()
        self.is_loaded = False
        self.do("Page.navigate", url=path.as_uri())
        while not self.is_loaded:
            self.hear(self._browser.next())

    def hear(self, told: dict[str, Any]) -> None:
        """Notes what the browser tells of a page unasked."""
        if told.get("sessionId") == self._session:
            if told.get("method") == "Network.requestWillBeSent":
                self.requests.append(told["params"]["request"]["url"])
            self.is_loaded |= told.get("method") == "Page.loadEventFired"

    def look(self, *, width: int = 1280, scheme: str = "light", media: str = "screen") -> None:
        """Sets the window's width, light or dark, and screen or print."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.do("Emulation.setDeviceMetricsOverride", **size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.do("Emulation.setEmulatedMedia", media=media, features=features)

    def press(self, key: str, *, code: int) -> None:
        """Presses and releases a key."""
        told: dict[str, Any] = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        text = {"text": "\r"} if key == "Enter" else {}
        self.do("Input.dispatchKeyEvent", type="keyDown", **told, **text)
        self.do("Input.dispatchKeyEvent", type="keyUp", **told)


class Browser:
    """A running Chromium."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._held = b""
        self._count = 0

    def open(self) -> Page:
        """A new tab."""
        target = self.ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = {"targetId": target, "flatten": True}
        page = Page(self, self.ask("Target.attachToTarget", attached)["sessionId"])
        for domain in ("Page", "Runtime", "Network"):
            page.do(f"{domain}.enable")
        return page

    def ask(
        self, method: str, params: dict[str, Any], *, session: str = "", page: Page | None = None
    ) -> dict[str, Any]:
        """The answer to a command; what is told meanwhile is noted at the page."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": params}
        said = message | ({"sessionId": session} if session else {})
        _write_all(self._commands, json.dumps(said).encode() + b"\0")
        while True:
            told = self.next()
            if page:
                page.hear(told)
            if told.get("id") == self._count:
                assert "error" not in told, told["error"]
                result: dict[str, Any] = told["result"]
                return result

    def next(self) -> dict[str, Any]:
        """The next message."""
        while b"\0" not in self._held:
            ready, _, _ = select.select([self._answers], [], [], _PATIENCE)
            assert ready, "the browser does not answer"
            part = os.read(self._answers, 1 << 16)
            assert part, "the browser went away"
            self._held += part
        message, _, self._held = self._held.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told


def chromium() -> str:
    """The browser's path; the test is skipped where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None or os.name == "nt":
        pytest.skip("no Chromium is installed here")
    return found


def axe() -> str:
    """The source of axe-core; the test is skipped where it was not fetched."""
    if not AXE.exists():
        pytest.skip("axe-core is not in build/axe")
    return AXE.read_text(encoding="utf-8")


@contextmanager
def a_browser(folder: Path) -> Iterator[Browser]:
    """A Chromium that keeps its things in a folder, and ends with the block."""
    path = chromium()
    (commanded, commands), (answers, answered) = os.pipe(), os.pipe()
    # It reads from 3 and writes to 4; a shell moves the ends of the pipes there.
    moved = f'exec "$0" "$@" 3<&{commanded} 4>&{answered}'
    words = ["bash", "-c", moved, path, *_OPTIONS, f"--user-data-dir={folder}", "about:blank"]
    with subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(commanded, answered),
    ) as process:
        os.close(commanded)
        os.close(answered)
        try:
            browser = Browser(commands, answers)
            yield browser
            with suppress(AssertionError, OSError):
                browser.ask("Browser.close", {})
        finally:
            os.close(commands)
            os.close(answers)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            process.kill()


def _write_all(end: int, content: bytes) -> None:
    while content:
        content = content[os.write(end, content) :]
