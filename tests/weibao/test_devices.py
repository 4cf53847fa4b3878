"""A device is called what its owner calls it."""

import pytest
from flask import Flask
from flask_babel import force_locale

from weibao.devices import described

SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome · Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/138", "Edge · Windows"),
        (f"Mozilla/5.0 (Linux; Android 14; V2309A) {CHROME} Safari/537.36 MicroMessenger/8", "微信 · Android"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {SAFARI} wxwork/4.1 MicroMessenger/7",
         "企业微信 · iPhone"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Version/17.5 Safari/605.1.15", "Safari · Mac"),
        (f"Mozilla/5.0 (Linux; Android 12; HarmonyOS; ALN-AL00) {CHROME} HuaweiBrowser/15.0 Mobile Safari/537.36",
         "华为浏览器 · HarmonyOS"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "未知设备"),
    ],
)  # fmt: skip
def test_a_device_is_told_by_its_program_and_its_system(app: Flask, user_agent: str, expected: str) -> None:
    with app.test_request_context("/"), force_locale("zh_Hans_CN"):
        assert described(user_agent) == expected
