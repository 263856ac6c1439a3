"""Calls that AWS refuses. First argument: what is wrong with them; code and status of S3 and STS are printed as JSON."""

import datetime
import json
import sys

import boto3
import botocore.auth
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

session = boto3.Session()
known = session.get_credentials().get_frozen_credentials()
credentials = {
    "aws_access_key_id": known.access_key,
    "aws_secret_access_key": known.secret_key,
    "aws_session_token": known.token,
}
CHANGES = {
    "wrong secret": {"aws_secret_access_key": "wrong"},
    "unknown key": {"aws_access_key_id": "ASIAUNKNOWN000000000"},
    "missing token": {"aws_session_token": None},
    "foreign token": {"aws_session_token": sys.argv[2] if len(sys.argv) > 2 else ""},
}
HOURS = {"clock an hour behind": -1, "clock an hour ahead": 1}
CASE = sys.argv[1]


def shift_clock(hours):
    real = botocore.auth.get_current_datetime
    botocore.auth.get_current_datetime = lambda *args, **options: real(*args, **options) + datetime.timedelta(
        hours=hours
    )


def tamper(request, **_):
    # Signing is done: what goes out from here is not what was signed.
    if CASE == "tampered path":
        request.url = request.url.replace("/boto3-refusals/a", "/boto3-refusals/b")
    if CASE == "tampered query":
        request.url += "&prefix=a" if "?" in request.url else "?prefix=a"


def refusal_of(call):
    try:
        call()
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
    return ["none", 200]


if CASE in HOURS:
    shift_clock(HOURS[CASE])
options = {"retries": {"total_max_attempts": 1}}
if CASE == "anonymous":
    options["signature_version"] = UNSIGNED
    credentials = {}
credentials = {**credentials, **CHANGES.get(CASE, {})}
# A client of its own credentials: what the session would find must not fill in what is missing.
clients = {
    name: boto3.Session().client(name, config=Config(**options), **credentials) for name in ["s3", "sts"]
}
clients["s3"].meta.events.register("before-send.s3", tamper)
clients["sts"].meta.events.register("before-send.sts", tamper)
print(
    json.dumps(
        {
            "s3": refusal_of(lambda: clients["s3"].get_object(Bucket="boto3-refusals", Key="a")),
            "sts": refusal_of(clients["sts"].get_caller_identity),
        }
    )
)
