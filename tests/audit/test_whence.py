"""Whence a deed came: coarse, and only while a request is being answered."""

import pytest
from django.test import Client
from django.urls import reverse

from audit import whence
from audit.models import Event

PHONE = (
    "Mozilla/5.0 (Linux; Android 11; V2034A) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/86.0.4240.99 Mobile Safari/537.36 MicroMessenger/8.0.2"
)

DESK = "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36"


@pytest.mark.parametrize(
    ("address", "coarse"),
    [
        ("10.20.30.40", "10.20.30.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("rubbish", ""),
        ("", ""),
    ],
)
def test_an_address_is_told_coarsely(address: str, coarse: str):
    assert whence.coarse(address) == coarse


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "安卓手机 微信"),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36",
            "视窗电脑 谷歌浏览器",
        ),
        ("curl/8", "其他"),
        ("", ""),
    ],
)
def test_a_device_is_told_by_its_kind(agent: str, device: str):
    assert whence.device(agent) == device


def test_an_event_says_whence_it_came(client: Client, child, yongchang_office):
    client.force_login(yongchang_office)

    client.get(
        reverse("recipients:recipient_detail", args=[child.pk]),
        REMOTE_ADDR="10.20.30.40",
        headers={"user-agent": PHONE},
    )

    event = Event.objects.get(kind="person.seen")
    assert (event.address, event.device) == ("10.20.30.0/24", "安卓手机 微信")
    assert whence.whence() == whence.Whence()
