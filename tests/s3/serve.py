"""Runs a command beside an S3-compatible server on this machine, and ends as the command ends.

    python tests/s3/serve.py cargo nextest run -p opora-results --features s3 -E 'binary(s3)'

The server is moto (requirements.txt) on a free port of 127.0.0.1. It keeps everything in memory and forgets it at the
end. The command finds it by the usual variables AWS_..., and a bucket of its own by OPORA_TEST_S3.
"""

import logging
import os
import subprocess
import sys
import urllib.request

from moto.server import ThreadedMotoServer

BUCKET = "opora-test"


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        urllib.request.urlopen(urllib.request.Request(f"{address}/{BUCKET}", method="PUT"), timeout=60)
        environment = dict(
            os.environ,
            AWS_ENDPOINT=address,
            AWS_ALLOW_HTTP="true",
            AWS_REGION="us-east-1",
            AWS_ACCESS_KEY_ID="test",
            AWS_SECRET_ACCESS_KEY="test",
            OPORA_TEST_S3=f"s3://{BUCKET}",
        )
        return subprocess.run(sys.argv[1:], env=environment).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
