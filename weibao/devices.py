"""What a person calls a device: the program and the system that its browser names.

A library's patterns know ten thousand devices and not 微信; and whoever logs in writes this text as they like, so it is
looked through for fixed words alone.
"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

# What stands in the text -> its name; the first found counts, for most browsers also call themselves Chrome or Safari.
_PROGRAMS = {
    "wxwork": _l("WeCom"),
    "MicroMessenger": _l("WeChat"),
    "DingTalk": _l("DingTalk"),
    "HuaweiBrowser": _l("Huawei Browser"),
    "MiuiBrowser": _l("Mi Browser"),
    "VivoBrowser": _l("vivo Browser"),
    "HeyTapBrowser": _l("OPPO Browser"),
    "UCBrowser": _l("UC Browser"),
    "QQBrowser": _l("QQ Browser"),
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def described(user_agent: str) -> str:
    """Program and system in the reader's words; what names neither is shown as it is, and nothing as unknown."""
    found = [
        str(next((name for word, name in names.items() if word in user_agent), "")) for names in (_PROGRAMS, _SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or user_agent or _("Unknown device")
