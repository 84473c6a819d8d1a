"""A socket in front of the engine's socket: passes every request on, answers 500 to each, or does not answer."""

import os
import socket
import threading

REFUSAL = b'{"message":"the test has broken this engine"}\n'
ANSWER = (b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nConnection: close\r\n"
          b"Content-Length: %d\r\n\r\n%s" % (len(REFUSAL), REFUSAL))


class EngineSeam:
    """Stands for /var/run/docker.sock in the containers; behave() sets its behaviour.

    (Stopping dockerd with a signal would break more: dockerd also answers the containers' DNS queries.)
    """

    def __init__(self, path, engine_socket):
        self.path = path
        self.engine_socket = engine_socket
        self.mode = "passes"
        self.changed = threading.Condition()
        self.spoilt = 0  # Number of requests that did not get through.
        if os.path.exists(path):
            os.unlink(path)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def behave(self, mode):
        """passes, refuses or hangs. Hung connections are cut afterwards."""
        with self.changed:
            self.mode = mode
            self.changed.notify_all()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return  # Closed.
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client, socket.socket(socket.AF_UNIX) as engine:
            try:
                engine.connect(self.engine_socket)
            except OSError:
                return  # No engine: the connection ends, as it would without this socket.
            back = threading.Thread(target=self.copy, args=(engine, client), daemon=True)
            back.start()
            self.copy(client, engine, self.spoil)
            back.join()

    def spoil(self, client):
        """Whether the client's data are not passed on; checked for each piece, because connections are reused."""
        with self.changed:
            mode = self.mode
            if mode == "passes":
                return False
            self.spoilt += 1
            self.changed.wait_for(lambda: self.mode != "hangs")
        if mode == "refuses":
            client.sendall(ANSWER)
        return True

    @staticmethod
    def copy(source, sink, spoil=lambda source: False):
        try:
            while (data := source.recv(65536)) and not spoil(source):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def close(self):
        self.listener.close()
        os.unlink(self.path)
