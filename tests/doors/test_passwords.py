"""AU-04: how passwords are kept, and which are too easily guessed."""

import gzip
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cadres import authentication
from cadres.authentication import AT_THE_DOOR, OwnArgon2Hasher
from cadres.enums import Role
from cadres.models import User
from tests import cast

OWN = "cadres.authentication.OwnArgon2Hasher"
DJANGOS = "django.contrib.auth.hashers.Argon2PasswordHasher"


@pytest.fixture
def argon2(settings) -> None:
    settings.PASSWORD_HASHERS = [OWN]


@pytest.fixture
def person(cadre) -> User:
    """赵军, account cadre, phone 19900000205."""
    return cadre.user


def common_passwords() -> list[str]:
    folder = Path(password_validation.__file__).parent
    with gzip.open(folder / "common-passwords.txt.gz", "rt") as file:
        return [line.strip() for line in file]


def test_each_of_the_commonest_passwords_is_refused():
    listed = common_passwords()
    accepted = [word for word in listed if is_accepted(word, None)]

    assert len(listed) > 19_000
    assert accepted == []


def is_accepted(password: str, user: User | None) -> bool:
    try:
        validate_password(password, user=user)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "guess",
    [
        *("zhaojun123456", "ZhaoJun-2026!", "zj1234567890", "赵军赵军20261111"),
        *("19900000205", "zhao19900000205", "cadre2026cadre", "jun.zhao.888888"),
        *("jinchang2026", "JinChang@2026", "金昌金昌金昌2026", "关爱2026关爱2026"),
        *("guanai123456", "jinchang-demo", "金昌关爱jinchang1", "aixingansu2026"),
    ],
)
def test_own_words_and_those_of_the_place_are_refused(person, guess):
    assert not is_accepted(guess, person)


@pytest.mark.parametrize(
    "chosen",
    [
        *("今天的风从祁连山上来", "correct horse battery", "7301948265013"),
        *("金昌的羊肉面最好吃啦", "jinchang noodles at dawn", " 前后有空格也行吧 "),
        *("~~~~~~~~~~~#", "🐑" * 10),
        "x9" * 100,
    ],
)
def test_any_composition_is_allowed(person, chosen):
    assert is_accepted(chosen, person)


@pytest.mark.parametrize("filler", ["长", "a", "🐑"])
def test_two_hundred_characters_count_to_the_last(argon2, filler):
    password = filler * 199
    kept = make_password(password + "甲")

    assert check_password(password + "甲", kept)
    assert not check_password(password + "乙", kept)
    assert not check_password(password, kept)


def test_a_password_is_kept_by_argon2id_with_our_own_parameters(argon2):
    kept = make_password("一句很长的话没人知道")

    assert kept.startswith("argon2$argon2id$v=19$m=48128,t=2,p=1$")


def test_a_hash_of_other_parameters_is_made_anew_at_log_in(argon2, areas, settings):
    user = cast.make_user("someone", Role.AUDITOR)
    settings.PASSWORD_HASHERS = [DJANGOS]
    user.set_password("jinchang-demo")
    user.save()
    settings.PASSWORD_HASHERS = [OWN]

    assert user.check_password("jinchang-demo")

    user.refresh_from_db()
    assert "m=48128,t=2,p=1" in user.password
    assert not identify_hasher(user.password).must_update(user.password)


def test_never_more_than_two_hashes_are_made_at_once(monkeypatch):
    together, most = [], []

    def slow(self, password, salt):
        together.append(password)
        most.append(len(together))
        gathered.wait(0.2)
        together.remove(password)
        return "hash"

    gathered = threading.Event()
    monkeypatch.setattr(authentication.Argon2PasswordHasher, "encode", slow)
    hands = [
        threading.Thread(target=OwnArgon2Hasher().encode, args=(f"{number}", "salt"))
        for number in range(AT_THE_DOOR)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert max(most) == 2


def test_whoever_comes_to_a_crowded_door_is_asked_to_come_again(
    argon2, areas, client, monkeypatch
):
    monkeypatch.setattr(authentication, "COME_AGAIN_AFTER", 7)
    cast.make_user("someone", Role.AUDITOR)
    sent = {"username": "someone", "password": "jinchang-demo"}

    with ExitStack() as crowd:
        for _ in range(AT_THE_DOOR):
            crowd.enter_context(authentication._door)
        turned_away = client.post("/login/", sent)

    assert turned_away.status_code == 503
    assert turned_away.headers["Retry-After"] == "7"
    assert "现在登录的人很多,请等 7 秒再试一次。" in turned_away.content.decode()
    assert client.post("/login/", sent).status_code == 302
