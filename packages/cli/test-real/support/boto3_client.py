"""What boto3 does with a bucket. First argument: the name of a function here; what that returns is printed as JSON."""

import hashlib
import json
import os
import sys
import urllib.error
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

BUCKET = f"boto3-{sys.argv[1].replace('_', '-')}-{os.getpid()}"
KEY = "boto3/un ü+1.txt"

s3 = boto3.client("s3")


def identity():
    return boto3.client("sts").get_caller_identity()["Arn"]


def upload_and_download():
    content = os.urandom(12 * 1024 * 1024)
    with open("boto3.bin", "wb") as file:
        file.write(content)
    s3.upload_file("boto3.bin", BUCKET, KEY)
    s3.download_file(BUCKET, KEY, "boto3.back")
    with open("boto3.back", "rb") as file:
        is_same = hashlib.sha256(file.read()).digest() == hashlib.sha256(content).digest()
    head = s3.head_object(Bucket=BUCKET, Key=KEY)
    return [is_same, head["ContentLength"], head["ETag"].strip('"').split("-")[1]]


def put_and_get():
    s3.put_object(Bucket=BUCKET, Key=KEY, Body="¡Hola!".encode(), ContentType="text/plain", Metadata={"a": "b c"})
    got = s3.get_object(Bucket=BUCKET, Key=KEY)
    ranged = s3.get_object(Bucket=BUCKET, Key=KEY, Range="bytes=2-5")["Body"].read().decode()
    return [got["Body"].read().decode(), got["ContentType"], got["Metadata"], ranged]


def list_in_pages():
    for name in ["a/1", "a/2", "b ü/1", "c"]:
        s3.put_object(Bucket=BUCKET, Key=name, Body=b"x")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 3})
    keys = [[found["Key"] for found in page["Contents"]] for page in pages]
    grouped = s3.list_objects_v2(Bucket=BUCKET, Delimiter="/")
    return [keys, [prefix["Prefix"] for prefix in grouped["CommonPrefixes"]]]


def presigned_urls():
    signer = boto3.client("s3", config=Config(signature_version="s3v4"))
    target = {"Bucket": BUCKET, "Key": KEY}
    put = urllib.request.Request(
        signer.generate_presigned_url("put_object", Params=target, ExpiresIn=60), data=b"presigned", method="PUT"
    )
    with urllib.request.urlopen(put) as answer:
        put_status = answer.status
    url = signer.generate_presigned_url("get_object", Params=target, ExpiresIn=60)
    with urllib.request.urlopen(url) as answer:
        content = answer.read().decode()
    try:
        urllib.request.urlopen(url.replace("X-Amz-Expires=60", "X-Amz-Expires=61"))
        tampered = 200
    except urllib.error.HTTPError as error:
        tampered = error.code
    return [put_status, content, tampered]


def delete():
    for name in ["one", "two", KEY]:
        s3.put_object(Bucket=BUCKET, Key=name, Body=b"x")
    s3.delete_object(Bucket=BUCKET, Key="one")
    deleted = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "two"}, {"Key": KEY}]})["Deleted"]
    try:
        s3.get_object(Bucket=BUCKET, Key="one")
    except ClientError as error:
        code = error.response["Error"]["Code"]
    s3.delete_bucket(Bucket=BUCKET)
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    return [sorted(found["Key"] for found in deleted), code, BUCKET in names]


if sys.argv[1] != "identity":
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
print(json.dumps(globals()[sys.argv[1]](), ensure_ascii=False))
