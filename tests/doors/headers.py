"""What every answer must carry, and what it must not say."""

import re
from typing import Any

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
# A picture by itself may do nothing at all.
PHOTO = {"default-src": "'none'", "sandbox": ""}


def faults_of(answer: Any) -> list[str]:
    """Return what this answer lacks, or says too much of."""
    headers = answer.headers
    found = [
        f"{name}: {headers.get(name)}"
        for name, value in ALWAYS.items()
        if headers.get(name) != value
    ]
    policy = policy_of(headers.get("Content-Security-Policy", ""))
    wanted = PHOTO if "sandbox" in policy else POLICY
    found += [
        f"{name} {policy.get(name)}"
        for name in wanted
        if policy.get(name) != wanted[name]
    ]
    if "unsafe" in headers.get("Content-Security-Policy", ""):
        found.append("unsafe")
    for sensor in ("camera=()", "geolocation=()", "microphone=()"):
        if sensor not in headers.get("Permissions-Policy", ""):
            found.append(sensor)
    if re.search(r"\d", headers.get("Server", "")) or "X-Powered-By" in headers:
        found.append("names its version")
    return found


def policy_of(text: str) -> dict[str, str]:
    parts = (part.strip().split(" ", 1) for part in text.split(";") if part.strip())
    return {name: " ".join(rest) for name, *rest in parts}


def faults_of_own(answer: Any) -> list[str]:
    """Return also what an answer of our own pages, not a file for all, does wrong."""
    found = faults_of(answer)
    if "no-store" not in answer.headers.get("Cache-Control", ""):
        found.append("may be stored")
    for cookie in answer.cookies.values():
        strict = cookie["httponly"] and cookie["samesite"] == "Strict"
        if cookie.key not in ("sessionid", "csrftoken") or cookie["domain"]:
            found.append(f"cookie {cookie.key}")
        # An empty one takes a cookie away.
        if cookie.value and not (strict and len(cookie.value) < 4000):
            found.append(f"cookie {cookie.key} is open")
    return found
