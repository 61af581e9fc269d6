"""What a public page shows of a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.issuance.certificate.masking import mask_email, mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳小三", "欧**三"),
        ("阿卜杜拉·买买提", "阿**提"),
        ("王𬭎", "王*"),
        ("葛\U000e0100城\U000e0100", "葛*"),
        ("三", "*"),
        ("", "*"),
        ("  张三 ", "张*"),
        ("John Smith", "J*** S***"),
        ("John Ronald Reuel Smith", "J*** S***"),
        ("Madonna", "M***"),
        ("张 三", "张*** 三***"),
    ],
)
def test_names(name, masked):
    """Family name and last character, or initials; never the length of a long name."""
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800138000", "138******00"),
        ("+86 138-0013-8000", "138******00"),
        ("010-1234", "0****34"),
        ("12", "*2"),
        ("", ""),
        ("+1 (212) 555-0100", "121******00"),
    ],
)
def test_phones(phone, masked):
    """At most five digits, whatever the notation."""
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("zhang.san@example.com", "z***@e***.com"),
        ("z@zhang-san.cn", "z***@z***.cn"),
        ("nobody", "***"),
        ("@example.com", "***"),
        ("a@localhost", "***"),
    ],
)
def test_addresses(address, masked):
    """Neither the local part nor the domain can be read."""
    assert mask_email(address) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("330102199003071234", "330***********1234"),
        ("33010219900307123X", "330***********123X"),
        ("E12345678", "E1*****78"),
        ("1234", "1**4"),
        ("1", "*"),
    ],
)
def test_identity_numbers(number, masked):
    """The form of the reference for 18 digits, less of shorter ones."""
    assert mask_id_number(number) == masked


@given(st.text(alphabet="0123456789X", max_size=40))
def test_at_least_half_is_hidden(number):
    """No number keeps more than half of its characters, and none changes its length."""
    for masked in (mask_id_number(number), mask_phone(number.replace("X", ""))):
        assert masked.count("*") * 2 >= len(masked)
    assert len(mask_id_number(number)) == len(number)
