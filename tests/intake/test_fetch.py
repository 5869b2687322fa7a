from __future__ import annotations

import gzip
import hashlib
import ipaddress
import socket
import ssl
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from patrols.intake.addresses import check_url, is_public
from patrols.intake.errors import (
    BadAddress,
    BadCertificate,
    BadStatus,
    BrokenAnswer,
    HostNotFound,
    NoConnection,
    PackedTooTight,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    UnknownPacking,
    UnsafeAddress,
)
from patrols.intake.fetch import Policy, fetch, retry_after

from .hostile import HostileServer


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


@pytest.fixture
def policy(server: HostileServer) -> Policy:
    """Admits the test server, with bounds small enough to meet quickly."""
    return Policy(
        allowed_hosts=frozenset({server.host_and_port}), seconds=5, idle_seconds=2, max_bytes=2 << 20
    )


class TestWhatComesBack:
    def test_a_page_comes_with_its_hash_type_charset_and_validators(
        self, server: HostileServer, policy: Policy
    ) -> None:
        url = server.serve(
            "/a",
            "<p>Türkiye</p>".encode(),
            content_type="Text/HTML; charset=UTF-8",
            headers={"ETag": '"v1"', "Last-Modified": "Fri, 08 Nov 2019 10:00:00 GMT", "Set-Cookie": "a=b"},
        )
        got = fetch(url, policy)
        assert (got.status, got.body.decode(), got.content_type, got.charset) == (
            200,
            "<p>Türkiye</p>",
            "text/html",
            "UTF-8",
        )
        assert (got.etag, got.last_modified) == ('"v1"', "Fri, 08 Nov 2019 10:00:00 GMT")
        assert got.sha256 == hashlib.sha256(got.body).hexdigest()
        assert got.retrieved_at.tzinfo is UTC
        assert "set-cookie" not in got.headers

    @pytest.mark.parametrize(
        ("packed", "name"),
        [
            (gzip.compress(b"hello" * 100), "gzip"),
            (gzip.compress(b"hello" * 60) + gzip.compress(b"hello" * 40), "x-gzip"),
            (zlib.compress(b"hello" * 100), "deflate"),
            (zlib.compress(b"hello" * 100)[2:-4], "deflate"),
            (b"hello" * 100, "identity"),
        ],
        ids=["gzip", "gzip in two members", "deflate", "bare deflate", "identity"],
    )
    def test_packed_pages_are_unpacked(
        self, server: HostileServer, policy: Policy, packed: bytes, name: str
    ) -> None:
        url = server.serve("/a", packed, headers={"Content-Encoding": name})
        assert fetch(url, policy).body == b"hello" * 100

    def test_an_unchanged_page_is_not_sent_again(self, server: HostileServer, policy: Policy) -> None:
        url = server.serve("/a", status=304, headers={"ETag": '"v1"'})
        got = fetch(url, policy, etag='"v1"', last_modified="Fri, 08 Nov 2019 10:00:00 GMT")
        assert got.not_modified
        assert got.body == b""
        assert server.seen[0][1]["if-none-match"] == '"v1"'
        assert server.seen[0][1]["if-modified-since"] == "Fri, 08 Nov 2019 10:00:00 GMT"

    def test_304_without_having_asked_is_an_error(self, server: HostileServer, policy: Policy) -> None:
        with pytest.raises(BadStatus):
            fetch(server.serve("/a", status=304), policy)

    def test_a_validator_cannot_smuggle_headers(self, server: HostileServer, policy: Policy) -> None:
        fetch(server.serve("/a", b"x"), policy, etag='"v1"\r\nX-Evil: 1')
        assert "if-none-match" not in server.seen[0][1]
        assert "x-evil" not in server.seen[0][1]

    def test_no_cookie_password_or_proxy_is_used(
        self, server: HostileServer, policy: Policy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
        server.serve("/b", b"x")
        fetch(server.serve("/a", status=302, headers={"Location": "/b", "Set-Cookie": "a=b; Path=/"}), policy)
        for _path, headers in server.seen:
            assert not {"cookie", "authorization", "proxy-authorization", "referer"} & set(headers)

    @pytest.mark.parametrize(
        ("status", "transient"),
        [(404, False), (403, False), (410, False), (429, True), (503, True), (500, True)],
    )
    def test_other_statuses_are_errors_that_say_whether_to_try_again(
        self, server: HostileServer, policy: Policy, status: int, transient: bool
    ) -> None:
        with pytest.raises(BadStatus) as caught:
            fetch(server.serve("/a", status=status, headers={"Retry-After": "120"}), policy)
        assert (caught.value.status, caught.value.transient, caught.value.retry_after) == (
            status,
            transient,
            120,
        )
        assert str(status) in str(caught.value)

    def test_retry_after_may_be_a_date(self) -> None:
        now = datetime(2019, 11, 8, 10, 0, tzinfo=UTC)
        assert retry_after("Fri, 08 Nov 2019 10:01:30 GMT", now) == 90
        assert retry_after("Fri, 08 Nov 2019 09:00:00 GMT", now) == 0
        assert retry_after("soon", now) is None


class TestRedirects:
    def test_they_are_followed_and_told(self, server: HostileServer, policy: Policy) -> None:
        server.serve("/c", b"there")
        server.redirect("/b", server.url("/c"), status=301)
        got = fetch(server.redirect("/a", "b"), policy)
        assert (got.body, got.url, got.final_url) == (b"there", server.url("/a"), server.url("/c"))
        assert got.redirects == (server.url("/b"), server.url("/c"))

    def test_one_may_hold_an_address_in_its_own_letters(self, server: HostileServer, policy: Policy) -> None:
        server.serve("/haber/%C5%9Eanl%C4%B1urfa", b"there")
        assert fetch(server.redirect("/a", "/haber/Şanlıurfa"), policy).body == b"there"

    def test_a_loop_is_recognised(self, server: HostileServer, policy: Policy) -> None:
        server.redirect("/b", "/a")
        with pytest.raises(TooManyRedirects, match="in a circle"):
            fetch(server.redirect("/a", "/b"), policy)
        assert len(server.seen) == 2

    def test_a_chain_without_end_is_left(self, server: HostileServer, policy: Policy) -> None:
        for n in range(20):
            server.redirect(f"/{n}", f"/{n + 1}")
        with pytest.raises(TooManyRedirects, match="too many times"):
            fetch(server.url("/0"), policy)
        assert len(server.seen) == policy.max_redirects + 1

    @pytest.mark.parametrize(
        "to",
        [
            "file:///etc/passwd",
            "gopher://example.org/",
            "http://127.0.0.1:1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]/",
            "http://10.0.0.1/",
            "//localhost/",
            "http://user:secret@example.org/",
        ],
    )
    def test_one_to_a_file_or_a_private_address_is_not_followed(
        self, server: HostileServer, policy: Policy, to: str
    ) -> None:
        with pytest.raises(UnsafeAddress) as caught:
            fetch(server.redirect("/a", to), policy)
        assert not caught.value.transient


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd",
            "ftp://example.org/",
            "http://user@example.org/",
            "http://user:secret@example.org/",
            "http://example.org:22/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://0x7f.0.0.1/",
            "http://0x7f000001/",
            "http://127.1/",
            "http://①②⑦.1/",
        ],
    )
    def test_unsafe_ones_are_refused_before_anything_is_called(self, url: str) -> None:
        with pytest.raises(UnsafeAddress):
            fetch(url)

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "http://",
            "http:///path",
            "http://exa mple.org/",
            "http://example.org\\@127.0.0.1/",
            "http://example.org/\r\nHost: evil",
            "http://[fe80::1%25eth0]/",
            "http://example.org:99999/",
            "http://a..b/",
            "http://" + "a" * 3000,
        ],
    )
    def test_those_that_are_none_are_refused(self, url: str) -> None:
        with pytest.raises(BadAddress):
            fetch(url)

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "240.0.0.1",
            "192.0.0.192",
            "198.18.0.1",
            "203.0.113.5",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:7f00:1::1",
            "2001:0:7f00:1::1",
            "2001:db8::1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
        ],
    )
    def test_no_private_address_passes_in_any_wrapping(self, address: str) -> None:
        assert not is_public(ipaddress.ip_address(address))

    @pytest.mark.parametrize(
        "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
    )
    def test_public_ones_pass(self, address: str) -> None:
        assert is_public(ipaddress.ip_address(address))

    def test_a_host_in_its_own_letters_becomes_ascii(self) -> None:
        target = check_url("https://Örnek.example/Haber/ğ?q=ş#top", ports={443})
        assert target.url == "https://xn--rnek-4qa.example/Haber/%C4%9F?q=%C5%9F"

    def test_literals_that_are_not_public_are_refused(self) -> None:
        for host in ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0"):
            with pytest.raises(UnsafeAddress):
                fetch(f"http://{host}/")

    def test_a_test_host_is_admitted_by_name_and_port_only(self, server: HostileServer) -> None:
        url = server.serve("/a", b"x")
        for admitted in ("127.0.0.1", "127.0.0.1:1", f"localhost:{server.port}"):
            with pytest.raises(UnsafeAddress):
                fetch(url, Policy(allowed_hosts=frozenset({admitted})))
        assert server.seen == []

    def test_an_unknown_name_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def lookup(*_args: object, **_kwargs: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        with pytest.raises(HostNotFound, match="cannot be found"):
            fetch("http://nowhere.example/")

    def test_a_name_server_that_does_not_answer_is_not_waited_for(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: time.sleep(5))
        started = time.monotonic()
        with pytest.raises(TooSlow):
            fetch("http://nowhere.example/", Policy(connect_seconds=0.2))
        assert time.monotonic() - started < 10


class TestRebinding:
    """A name that is public when checked and private when called."""

    @pytest.fixture
    def answers(self, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        """What the name resolves to, question by question; the last answer stays."""
        queue: list[list[str]] = []

        def lookup(host: str, port: int, *_args: object, **_kwargs: object) -> list[tuple[object, ...]]:
            found = queue.pop(0) if len(queue) > 1 else queue[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        return queue

    @pytest.fixture
    def dialled(self, monkeypatch: pytest.MonkeyPatch) -> list[object]:
        calls: list[object] = []

        def connect(_self: socket.socket, address: object) -> None:
            calls.append(address)
            raise OSError("no network in tests")

        monkeypatch.setattr("socket.socket.connect", connect, raising=False)
        return calls

    def test_the_checked_address_is_the_one_that_is_called(
        self, answers: list[list[str]], dialled: list[object]
    ) -> None:
        answers += [["93.184.216.34"], ["127.0.0.1"]]
        with pytest.raises(NoConnection):
            fetch("http://rebind.example/")
        assert dialled == [("93.184.216.34", 80)]
        assert answers == [["127.0.0.1"]], "the name is asked for once only"

    def test_one_private_address_among_public_ones_refuses_the_name(
        self, answers: list[list[str]], dialled: list[object]
    ) -> None:
        answers += [["93.184.216.34", "127.0.0.1"]]
        with pytest.raises(UnsafeAddress):
            fetch("http://rebind.example/")
        assert dialled == []

    def test_every_hop_is_resolved_and_checked_again(
        self, server: HostileServer, answers: list[list[str]]
    ) -> None:
        url = server.redirect("/a", "http://rebind.example/b").replace("127.0.0.1", "test.example")
        answers += [["127.0.0.1"], ["192.168.1.1"]]
        with pytest.raises(UnsafeAddress):
            fetch(url, Policy(allowed_hosts=frozenset({f"test.example:{server.port}"})))

    def test_the_host_header_keeps_the_name(self, server: HostileServer, answers: list[list[str]]) -> None:
        answers += [["127.0.0.1"]]
        server.serve("/a", b"x")
        admitted = f"test.example:{server.port}"
        fetch(f"http://{admitted}/a", Policy(allowed_hosts=frozenset({admitted})))
        assert server.seen[0][1]["host"] == admitted


class TestTls:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @pytest.fixture
    def secure(self, authority: trustme.CA) -> Iterator[HostileServer]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("test.example").configure_cert(context)
        with HostileServer(tls=context) as running:
            yield running

    @pytest.fixture(autouse=True)
    def _names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def lookup(_host: str, port: int, *_args: object, **_kwargs: object) -> list[tuple[object, ...]]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr(socket, "getaddrinfo", lookup)

    def _policy(self, server: HostileServer, authority: trustme.CA | None, tmp_path: Path) -> Policy:
        ca_file = ""
        if authority is not None:
            ca_file = str(tmp_path / "ca.pem")
            authority.cert_pem.write_to_path(ca_file)
        hosts = frozenset({f"test.example:{server.port}", f"other.example:{server.port}"})
        return Policy(allowed_hosts=hosts, ca_file=ca_file, seconds=5)

    def test_the_certificate_is_checked_against_the_name(
        self, secure: HostileServer, authority: trustme.CA, tmp_path: Path
    ) -> None:
        secure.serve("/a", b"x")
        policy = self._policy(secure, authority, tmp_path)
        assert fetch(secure.url("/a", "test.example"), policy).body == b"x"
        with pytest.raises(BadCertificate):
            fetch(secure.url("/a", "other.example"), policy)

    def test_a_certificate_nobody_vouches_for_is_refused(self, secure: HostileServer, tmp_path: Path) -> None:
        with pytest.raises(BadCertificate, match="could not be verified"):
            fetch(secure.url("/a", "test.example"), self._policy(secure, None, tmp_path))

    def test_a_slow_body_is_left_under_tls_too(
        self, secure: HostileServer, authority: trustme.CA, tmp_path: Path
    ) -> None:
        policy = replace(self._policy(secure, authority, tmp_path), seconds=0.6)
        with pytest.raises(TooSlow):
            fetch(secure.url("/slow_body", "test.example"), policy)


class TestBounds:
    @pytest.mark.parametrize("path", ["/slow_headers", "/slow_body", "/slow_body_of_no_length"])
    def test_a_server_that_drips_is_left_at_the_deadline(
        self, server: HostileServer, policy: Policy, path: str
    ) -> None:
        started = time.monotonic()
        with pytest.raises(TooSlow) as caught:
            fetch(server.url(path), replace(policy, seconds=0.6))
        assert time.monotonic() - started < 10
        assert caught.value.transient

    def test_a_silent_server_is_left(self, server: HostileServer, policy: Policy) -> None:
        with pytest.raises(TooSlow):
            fetch(server.url("/silence"), replace(policy, idle_seconds=0.3))

    def test_redirects_share_one_deadline(self, server: HostileServer, policy: Policy) -> None:
        server.redirect("/a", "/slow_body")
        started = time.monotonic()
        with pytest.raises(TooSlow):
            fetch(server.url("/a"), replace(policy, seconds=0.6))
        assert time.monotonic() - started < 10

    @pytest.mark.parametrize("path", ["/endless", "/endless_chunks", "/promises_too_much", "/long_title"])
    def test_too_much_is_left_at_the_limit(self, server: HostileServer, policy: Policy, path: str) -> None:
        tracemalloc.start()
        with pytest.raises(TooLarge) as caught:
            fetch(server.url(path), policy)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 40 << 20
        assert "2,097,152" in str(caught.value)

    @pytest.mark.parametrize("path", ["/endless_headers", "/one_long_header"])
    def test_oversized_headers_are_left(self, server: HostileServer, policy: Policy, path: str) -> None:
        with pytest.raises(TooLarge, match="headers"):
            fetch(server.url(path), policy)

    @pytest.mark.parametrize("path", ["/gzip_bomb", "/deflate_bomb", "/many_member_bomb"])
    def test_bombs_are_not_unpacked(self, server: HostileServer, policy: Policy, path: str) -> None:
        tracemalloc.start()
        with pytest.raises(PackedTooTight):
            fetch(server.url(path), replace(policy, max_bytes=20 << 20))
        _size, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 60 << 20, "the server's own copy included"

    @pytest.mark.parametrize("path", ["/nested_bomb", "/brotli"])
    def test_packing_that_was_not_asked_for_is_refused(
        self, server: HostileServer, policy: Policy, path: str
    ) -> None:
        with pytest.raises(UnknownPacking):
            fetch(server.url(path), policy)

    def test_the_first_part_of_a_large_answer_may_be_kept(
        self, server: HostileServer, policy: Policy
    ) -> None:
        assert len(fetch(server.url("/endless"), replace(policy, cut=True, max_bytes=1000)).body) == 1000


class TestBrokenServers:
    @pytest.mark.parametrize(
        "path", ["/less_than_promised", "/reset", "/not_http", "/broken_gzip", "/cut_gzip", "/two_lengths"]
    )
    def test_a_broken_answer_is_worth_another_try(
        self, server: HostileServer, policy: Policy, path: str
    ) -> None:
        with pytest.raises(BrokenAnswer) as caught:
            fetch(server.url(path), policy)
        assert caught.value.transient

    def test_nothing_is_read_past_the_promised_length(self, server: HostileServer, policy: Policy) -> None:
        assert fetch(server.url("/more_than_promised"), policy).body == b"12345"

    def test_a_closed_port_says_so(self, policy: Policy) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with pytest.raises(NoConnection):
            fetch(
                f"http://127.0.0.1:{port}/", replace(policy, allowed_hosts=frozenset({f"127.0.0.1:{port}"}))
            )
