"""A mask shows enough to know a person by and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.masks import (
    mask_address,
    mask_cert,
    mask_id,
    mask_name,
    mask_phone,
    mask_text,
)


def test_an_id_hides_its_birth_date():
    assert mask_id("620321196503129019") == "620321********9019"
    assert mask_id("62032119751008903x") == "620321********903X"
    assert mask_id("620321650312901") == "620321******901"


def test_a_child_s_id_hides_nearly_all():
    assert mask_id("620302201508209020", strict=True) == "620*************20"


def test_a_certificate_hides_kind_and_grade():
    assert mask_cert("62032119650312901941") == "620321********9019**"
    assert mask_cert("62032119650312901941B1") == "620321********9019**"
    assert mask_cert("62032119650312901941", strict=True) == "620*************19**"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("19900000123", "199****0123"),
        ("199 0000 0123", "199****0123"),
        ("+8619900000123", "199****0123"),
        ("0935-8212123", "0935-****123"),
        ("09358212123", "0935-****123"),
        ("010-82121234", "010-****1234"),
        ("8212123", "*******"),
        ("", ""),
    ],
)
def test_a_phone_keeps_its_ends(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("王小明", "王**"),
        ("欧阳小明", "欧阳**"),
        ("欧阳娜", "欧阳*"),
        ("欧阳", "欧*"),
        ("买买提·艾力", "买***"),
        ("阿依古丽买买提", "阿***"),
        ("张", "*"),
        ("张 三", "张*"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_surname(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("永昌县焦家庄镇杏树庄村三组12号", "永昌县焦家庄镇杏树庄村***"),
        ("河西堡镇上村村2组", "河西堡镇上村村***"),
        ("金川区新华路街道昌盛社区5栋2单元", "金川区新华路街道昌盛社区***"),
        ("金川区双湾镇8号", "金川区双湾镇***"),
        ("永昌县东大街1号", "永昌县***"),
        ("沙枣庄村一组9号", "沙枣庄村***"),
        ("杏树庄村", "杏树庄村"),
        ("3号楼302", "***"),
        ("", ""),
    ],
)
def test_an_address_goes_down_to_the_village(address, shown):
    assert mask_address(address) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("电话19900000123,在家", "电话199****0123,在家"),
        ("电话:199 0000 0123。", "电话:199****0123。"),
        ("打199-0000-0123找他", "打199****0123找他"),
        ("１９９０００００１２３已停机", "199****0123已停机"),
        ("证号620321196503129019已核", "证号620321********9019已核"),
        ("证号620321 19751008 903x", "证号620321********903X"),
        ("残疾证62032119650312901941", "残疾证620321********9019**"),
        ("旧证620321650312901", "旧证620321******901"),
        ("一折通6217000012345678901", "一折通****8901"),
        ("卡6217000012345678", "卡****5678"),
        ("村委会0935-8212123", "村委会0935-****123"),
        ("给了300元,2026年10月16日去的", "给了300元,2026年10月16日去的"),
        ("两个电话19900000123、19900000456", "两个电话199****0123、199****0456"),
    ],
)
def test_numbers_within_words_are_masked(words, shown):
    assert mask_text(words) == shown


@given(
    st.text(alphabet="来电话找他,。 \n元", max_size=8),
    st.from_regex(r"\A(1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9X])\Z"),
    st.text(alphabet="来电话找他,。 \n元", max_size=8),
)
def test_no_number_survives_in_words(before, number, after):
    masked = mask_text(before + number + after)

    assert number not in masked
    assert mask_text(masked) == masked
    assert masked.startswith(before)
    assert masked.endswith(after)
