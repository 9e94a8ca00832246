"""HD-02: whatever a browser complains of on one of our pages is heard."""

import pytest

from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser

SAID = {
    "a style in the page": (
        "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')"
    ),
    "a script in the page": (
        "const made = document.createElement('script');"
        " made.textContent = '1'; document.body.append(made)"
    ),
    "a picture from elsewhere": (
        "document.body.append(Object.assign(new Image(),"
        " { src: 'https://elsewhere.example/p.png' }))"
    ),
    "an error that was said": "console.error('planted')",
}


@pytest.mark.parametrize("planted", SAID)
def test_what_is_said_in_the_console_is_heard(phone: Screen, planted: str):
    page = phone.open("cadres:login")

    with page.expect_console_message():
        page.evaluate(f"() => {{ {SAID[planted]}; }}")

    assert phone.complaints
    phone.complaints.clear()


def test_a_script_that_breaks_is_heard(phone: Screen):
    page = phone.open("cadres:login")

    with page.expect_event("pageerror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('planted'); }); }")

    assert phone.complaints
    phone.complaints.clear()
