import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.messaging.links import is_loopback, linkable


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/q/1",
        "http://127.9.8.7",
        "http://localhost:8080",
        "https://LOCALHOST./q",
        "http://[::1]:8080/q",
    ],
)
def test_addresses_of_the_own_machine_are_told(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://quotes.example.org/127.0.0.1",
        "https://localhost.example.org",
        "http://128.0.0.1",
        "http://10.0.0.1",
        "http://[::2]",
        "http://[nonsense",
        "localhost",
        "",
    ],
)
def test_others_are_not(url: str) -> None:
    assert not is_loopback(url)


@given(st.text())
def test_any_text_is_told_and_what_is_linked_breaks_no_markup(text: str) -> None:
    is_loopback(text)
    address = linkable(f"https://e.org/{text}")
    assert address is None or not set(address) & set(" ()<>[]\\\n")
