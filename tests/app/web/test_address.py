"""Where the explorer is served, and which pages may talk to it."""

from __future__ import annotations

import socket

import pytest

from mailrail.web.address import Address, listen
from mailrail_patterns.names import BadInput

HERE = Address("localhost", 8000, private=True)
OPEN = Address("0.0.0.0", 8000, private=False)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", ""),
        ("localhost:8000", "http://localhost:8000"),
        ("LOCALHOST:8000", "http://localhost:8000"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("localhost:9000", "http://localhost:9000"),  # forwarded from another port
    ],
)
def test_its_own_page_is_welcome(host: str, origin: str) -> None:
    assert HERE.welcomes(host, origin)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://example.org"),
        ("localhost:8000", "http://localhost:3000"),
        ("localhost:8000", "null"),
        ("example.org:8000", "http://example.org:8000"),  # a name that was made to point here
        ("example.org:8000", ""),
        ("", ""),
    ],
)
def test_any_other_page_is_not(host: str, origin: str) -> None:
    assert not HERE.welcomes(host, origin)


def test_who_serves_a_network_is_called_by_any_name() -> None:
    assert OPEN.welcomes("example.org:8000", "http://example.org:8000")
    assert not OPEN.welcomes("example.org:8000", "http://example.com")


def test_what_is_typed_into_a_browser() -> None:
    assert HERE.url == "http://localhost:8000"
    assert Address("::1", 80, private=True).url == "http://[::1]:80"


def test_any_free_port() -> None:
    with listen("localhost", 0) as found:
        address = Address.of("localhost", found)
        assert address.private
        assert address.port > 0
        with socket.create_connection(("127.0.0.1", address.port)):
            pass


def test_a_port_that_is_taken() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"--port: port {port} of 127.0.0.1 is in use; --port 0"):
            listen("127.0.0.1", port)


def test_a_host_that_is_none() -> None:
    with pytest.raises(BadInput, match=r"--host: 'no\.such\.invalid' cannot be found"):
        listen("no.such.invalid", 0)
