"""A Workload API on grpcio: python agent.py ADDRESS MESSAGE_FILE ok|old|deny|other

`old` tells each connection after 0.7 s that it goes away, `other` serves another method."""
import sys
import time
from concurrent import futures

import grpc

address, message_file, kind = sys.argv[1:]
with open(message_file, "rb") as file:
    message = file.read()


def fetch(_, context):
    if dict(context.invocation_metadata()).get("workload.spiffe.io") != "true":
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "security header missing")
    if kind == "deny":
        context.abort(grpc.StatusCode.PERMISSION_DENIED, "no identity issued \u2013 yet")
    while context.is_active():
        yield message
        time.sleep(0.2)


class Handler(grpc.GenericRpcHandler):
    def service(self, details):
        if details.method == "/SpiffeWorkloadAPI/FetchX509SVID" and kind != "other":
            return grpc.unary_stream_rpc_method_handler(fetch)
        return None


age = [("grpc.max_connection_age_ms", 700), ("grpc.max_connection_age_grace_ms", 300)]
server = grpc.server(futures.ThreadPoolExecutor(8), options=age if kind == "old" else [])
server.add_generic_rpc_handlers((Handler(),))
server.add_insecure_port(address)
server.start()
print("ready", flush=True)
server.wait_for_termination()
