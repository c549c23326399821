"""Stands before a server and keeps every byte that passes, as whoever runs it could."""

import socket
import threading


class Capture:
    """Forwards connections to a port of this machine. connections: each [to the server, from the server]."""

    def __init__(self, port):
        self.port = port
        self.connections = []
        self.sockets = []
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.uri = f'ws://127.0.0.1:{self.listener.getsockname()[1]}'
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(('127.0.0.1', self.port))
            kept = [bytearray(), bytearray()]
            self.connections.append(kept)
            self.sockets += [client, server]
            for source, sink, into in ((client, server, kept[0]), (server, client, kept[1])):
                threading.Thread(target=self.carry, args=(source, sink, into), daemon=True).start()

    @staticmethod
    def carry(source, sink, into):
        try:
            while data := source.recv(65536):
                into.extend(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        for one in [self.listener, *self.sockets]:
            one.close()


def messages(stream):
    """The head of the HTTP message that a stream begins with, and the texts of its WebSocket frames (RFC 6455, 5.2)."""
    head, _, rest = bytes(stream).partition(b'\r\n\r\n')
    texts, at = [], 0
    while at + 2 <= len(rest):
        opcode, masked, length = rest[at] & 15, rest[at + 1] & 128, rest[at + 1] & 127
        at += 2
        if length >= 126:
            size = 2 if length == 126 else 8
            length = int.from_bytes(rest[at:at + size], 'big')
            at += size
        mask = rest[at:at + 4] if masked else bytes(4)
        at += 4 if masked else 0
        body = bytes(byte ^ mask[index % 4] for index, byte in enumerate(rest[at:at + length]))
        at += length
        if opcode == 1:
            texts.append(body)
        elif opcode == 0:
            texts[-1] += body
    return head, texts
