"""An HTTP cache with a fault, in front of a folder: faulty.py FAULT FOLDER FILE writes its URL to FILE.

Entries and blobs are at first served as they lie in FOLDER (ac/…, cas/…); then, by FAULT:
status 500, 401, half of the bytes, other bytes, an answer after an hour; or, only of bodies of more than a
megabyte, half of the bytes ("broken"), and then nothing more for an hour ("stalled", either way).
"""
import http.server, os, sys, time

fault, folder, file = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"", length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if fault in ("500", "401"):
            return self.answer(int(fault), b"no")
        if fault == "slow":
            time.sleep(3600)
        try:
            with open(folder + self.path, "rb") as content:
                body = content.read()
        except OSError:
            return self.answer(404)
        if fault == "wrong":
            body = bytes([body[0] ^ 1]) + body[1:] if body else b"x"
        if fault == "truncated" or fault == "broken" and len(body) > 1 << 20:
            self.answer(200, body[: len(body) // 2], len(body))
            self.close_connection = True
            return
        if fault == "stalled" and len(body) > 1 << 20:
            self.answer(200, body[: len(body) // 2], len(body))
            time.sleep(3600)
        self.answer(200, body)

    def do_PUT(self):
        length = int(self.headers["Content-Length"])
        if fault == "stalled" and length > 1 << 20:
            self.rfile.read(length // 2)
            time.sleep(3600)
        self.rfile.read(length)
        if fault == "slow":
            time.sleep(3600)
        self.answer(int(fault) if fault in ("500", "401") else 201)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
with open(file + ".new", "w") as out:
    out.write(f"http://127.0.0.1:{server.server_address[1]}")
os.rename(file + ".new", file)
server.serve_forever()
