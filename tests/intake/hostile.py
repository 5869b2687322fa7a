"""A local server that does to its readers what hostile and broken servers do.

    with HostileServer() as server:
        server.url("/endless")          an address of one of the traps below
        server.serve("/page", body, content_type="text/html", headers={...}, status=200)
        server.seen                     what was asked, as (path, headers)

Plain sockets, so that it can lie about anything. `tls=` takes an `ssl.SSLContext`.
"""

from __future__ import annotations

import gzip
import socket
import socketserver
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType

Trap = Callable[[socket.socket], None]

BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + b"".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(10))
    + b"]><rss version='2.0'><channel><title>&k;</title><item><title>&k;</title>"
    b"<link>http://example.org/1</link></item></channel></rss>"
)
OUTSIDE_ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY leak SYSTEM "file:///etc/passwd">]>'
    b"<rss version='2.0'><channel><item><title>&leak;</title><link>http://example.org/1</link>"
    b"</item></channel></rss>"
)


def answer(
    body: bytes = b"",
    status: int = 200,
    content_type: str = "text/html",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A whole, honest answer; `headers` may add to it or contradict it."""
    lines = {"Content-Type": content_type, "Content-Length": str(len(body)), "Connection": "close"}
    lines |= headers or {}
    head = f"HTTP/1.1 {status} As it is\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in lines.items()
    )
    return head.encode("utf-8") + b"\r\n" + body


def _send_slowly(connection: socket.socket, start: bytes, drop: bytes, pause: float) -> None:
    connection.sendall(start)
    for _ in range(int(30 / pause)):
        connection.sendall(drop)
        time.sleep(pause)


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        connection.sendall(b"<p>and so on" * 4096)


def endless_chunks(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")


def endless_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Padding: " + b"p" * 1000 + b"\r\n")


def one_long_header(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Padding: ")
    while True:
        connection.sendall(b"p" * 1000)


def slow_headers(connection: socket.socket) -> None:
    _send_slowly(connection, b"HTTP/1.1 200 OK\r\n", b"a", 0.05)


def slow_body(connection: socket.socket) -> None:
    _send_slowly(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"a", 0.05)


def slow_body_of_no_length(connection: socket.socket) -> None:
    _send_slowly(connection, b"HTTP/1.1 200 OK\r\n\r\n", b"a", 0.05)


def silence(connection: socket.socket) -> None:
    time.sleep(30)


def more_than_promised(connection: socket.socket) -> None:
    connection.sendall(answer(b"12345" + b"67890" * 1000, headers={"Content-Length": "5"}))


def less_than_promised(connection: socket.socket) -> None:
    connection.sendall(answer(b"12345", headers={"Content-Length": "500"}))


def promises_too_much(connection: socket.socket) -> None:
    connection.sendall(answer(b"12345", headers={"Content-Length": "999999999999"}))


def two_lengths(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 500\r\n\r\n12345")


def reset(connection: socket.socket) -> None:
    connection.sendall(answer(b"a" * 100, headers={"Content-Length": "100000"}))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def not_http(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example.org ESMTP ready\r\n")


def gzip_bomb(connection: socket.socket) -> None:
    connection.sendall(answer(gzip.compress(bytes(30 << 20)), headers={"Content-Encoding": "gzip"}))


def deflate_bomb(connection: socket.socket) -> None:
    connection.sendall(answer(zlib.compress(bytes(30 << 20)), headers={"Content-Encoding": "deflate"}))


def many_member_bomb(connection: socket.socket) -> None:
    member = gzip.compress(bytes(1 << 20))
    connection.sendall(answer(member * 30, headers={"Content-Encoding": "gzip"}))


def nested_bomb(connection: socket.socket) -> None:
    inner = gzip.compress(gzip.compress(bytes(30 << 20)))
    connection.sendall(answer(inner, headers={"Content-Encoding": "gzip, gzip"}))


def broken_gzip(connection: socket.socket) -> None:
    connection.sendall(answer(b"<p>not packed at all</p>", headers={"Content-Encoding": "gzip"}))


def cut_gzip(connection: socket.socket) -> None:
    connection.sendall(
        answer(gzip.compress(b"<p>hello</p>" * 50)[:-20], headers={"Content-Encoding": "gzip"})
    )


def brotli(connection: socket.socket) -> None:
    connection.sendall(answer(b"\x0b\x02\x80hello\x03", headers={"Content-Encoding": "br"}))


def billion_laughs(connection: socket.socket) -> None:
    connection.sendall(answer(BILLION_LAUGHS, content_type="application/rss+xml"))


def long_title(connection: socket.socket) -> None:
    page = b"<html><head><title>" + b"patrol " * 1_500_000 + b"</title></head><body><p>x</p></body></html>"
    connection.sendall(answer(page))


TRAPS: dict[str, Trap] = {
    "/" + trap.__name__: trap
    for trap in (
        endless,
        endless_chunks,
        endless_headers,
        one_long_header,
        slow_headers,
        slow_body,
        slow_body_of_no_length,
        silence,
        more_than_promised,
        less_than_promised,
        promises_too_much,
        two_lengths,
        reset,
        not_http,
        gzip_bomb,
        deflate_bomb,
        many_member_bomb,
        nested_bomb,
        broken_gzip,
        cut_gzip,
        brotli,
        billion_laughs,
        long_title,
    )
}


class HostileServer:
    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[tuple[str, dict[str, str]]] = []
        self._answers: dict[str, bytes] = {}
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                connection = self.request
                with suppress(OSError):
                    if tls is not None:
                        connection = tls.wrap_socket(connection, server_side=True)
                    outer._handle(connection)
                if tls is not None:
                    with suppress(OSError):
                        connection.close()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self.scheme = "http" if tls is None else "https"

    @property
    def host_and_port(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def serve(
        self,
        path: str,
        body: bytes = b"",
        status: int = 200,
        content_type: str = "text/html",
        headers: Mapping[str, str] | None = None,
    ) -> str:
        self._answers[path] = answer(body, status, content_type, headers)
        return self.url(path)

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        return self.serve(path, status=status, headers={"Location": to})

    def _handle(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as reader:
            path = reader.readline().split()[1].decode()
            headers = {}
            while (line := reader.readline().strip()) != b"":
                name, _, value = line.decode().partition(": ")
                headers[name.lower()] = value
        self.seen.append((path, headers))
        fixed = self._answers.get(path)
        if fixed is not None:
            connection.sendall(fixed)
        elif path in TRAPS:
            TRAPS[path](connection)
        else:
            connection.sendall(answer(status=404))

    def __enter__(self) -> HostileServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
