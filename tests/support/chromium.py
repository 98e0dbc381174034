"""Headless Chromium, spoken to through its debugging pipe (two file descriptors, messages ended by a zero byte)."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time


def installed():
    return shutil.which("chromium") is not None


class Chromium:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="chromium-test-")
        to_browser, self.out = os.pipe()
        self.into, from_browser = os.pipe()
        # The browser reads from 3 and writes to 4, which may be taken here.
        command = 'exec 3<&"$0" 4>&"$1" && shift && exec "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", command, str(to_browser), str(from_browser), "chromium", "--headless=new", "--no-sandbox",
             "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe",
             f"--user-data-dir={self.folder}", "about:blank"],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self.folder})
        os.close(to_browser)
        os.close(from_browser)
        self.read, self.number, self.session = b"", 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        os.close(self.out)
        os.close(self.into)
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = json.loads(self._message())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def _message(self):
        while b"\0" not in self.read:
            more = os.read(self.into, 1 << 16)
            if not more:
                raise RuntimeError("Chromium has ended")
            self.read += more
        message, _, self.read = self.read.partition(b"\0")
        return message

    def open(self, url):
        self.call("Page.navigate", url=url)

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def within(self, seconds, expression, what):
        """Its value, once that is true."""
        end = time.monotonic() + seconds
        while True:
            value = self.evaluate(expression)
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {what}\n{self.evaluate('document.body.innerText')}")

    def screenshot(self, path, size, dark=False):
        width, height = size
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=False)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
