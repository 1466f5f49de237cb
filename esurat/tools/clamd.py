"""Asks a ClamAV daemon (clamd) about a file.

Our own, since the clients that are kept up are under the GPL version 2 alone: a socket and the command INSTREAM of
clamd(8) take less than a page.
"""

import socket
import struct

TIMEOUT = 30  # seconds
_PIECE = 1 << 18


class ClamdError(Exception):
    """The daemon does not answer, or not in its own words."""


def scan(address, content):
    """Let clamd look through a file.

    :param str address: ``host:port``, or the path of a socket
    :param bytes content: the file
    :return: name of what was found, empty where nothing was
    :rtype: str
    :raises ClamdError: where that cannot be learnt
    """
    try:
        with _connect(address) as daemon:
            daemon.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _PIECE):
                piece = content[start : start + _PIECE]
                daemon.sendall(struct.pack("!I", len(piece)) + piece)
            daemon.sendall(struct.pack("!I", 0))
            answer = b""
            while not answer.endswith(b"\0"):
                part = daemon.recv(4096)
                if not part or len(answer) > 4096:
                    break
                answer += part
    except (OSError, ValueError) as error:
        raise ClamdError(str(error)) from error
    words = answer.rstrip(b"\0").decode(errors="replace").removeprefix("stream:").strip()
    if words == "OK":
        return ""
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND")
    raise ClamdError(words)


def _connect(address):
    if address.startswith("/"):
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(TIMEOUT)
        daemon.connect(address)
        return daemon
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), TIMEOUT)
