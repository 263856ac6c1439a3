#!/usr/bin/env python3
"""Verifies the vectors: python3 verify.py [folder]

Needs Python 3.9 and `cryptography` 43 or newer; for ML-DSA a `cryptography` that has it, 48 or newer.
Prints one line for each file below the folder (default: the folder of this program).
Exit code: 0 all is right, 1 something is wrong, 2 nothing is wrong but not every signature could be verified.
"""

import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from urllib.parse import quote, unquote

from cryptography import __version__, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

# What the kind of key in the certificate (RFC 3279, RFC 5480, RFC 9881) decides: the algorithm, and how to verify.
RSA = ("AWS4-X509-RSA-SHA256", [padding.PKCS1v15(), hashes.SHA256()])
ECDSA = ("AWS4-X509-ECDSA-SHA256", [ec.ECDSA(hashes.SHA256())])  # in DER; SHA-256 for every curve
ML_DSA = ("AWS4-X509-MLDSA", [])  # the message is not hashed before, the context is empty
KINDS = {"1.2.840.113549.1.1.1": RSA, "1.2.840.10045.2.1": ECDSA}
KINDS.update({f"2.16.840.1.101.3.4.3.{number}": ML_DSA for number in (17, 18, 19)})
AUTHORIZATION = re.compile(
    r"(AWS4-X509-\S+) Credential=(\d+)/(\d{8}/[^/]+/rolesanywhere/aws4_request), "
    r"SignedHeaders=(\S+), Signature=([0-9a-f]+)"
)


def header(request, name):
    """All values of a header, trimmed, runs of spaces made one, joined by commas."""
    values = [value for key, value in request["rawHeaders"] if key.lower() == name]
    return ",".join(re.sub(" +", " ", value.strip(" ")) for value in values)


def canonical_request(request, signed_headers):
    """Task 1. The path is encoded once more than on the wire; the query is encoded afresh, then sorted."""
    pairs = [pair.partition("=") for pair in request["rawQuery"].split("&") if pair]
    query = sorted((quote(unquote(name), safe=""), quote(unquote(value), safe="")) for name, _, value in pairs)
    return "\n".join([
        request["method"], quote(request["path"], safe="/"), "&".join(f"{name}={value}" for name, value in query),
        *(f"{name}:{header(request, name)}" for name in signed_headers), "",
        ";".join(signed_headers), hashlib.sha256(request["body"].encode()).hexdigest(),
    ])


def rebuild(request):
    """Tasks 1 and 2, from the request alone: all of `expected` but `deterministic`."""
    algorithm, serial, scope, signed, signature = AUTHORIZATION.fullmatch(header(request, "authorization")).groups()
    canonical = canonical_request(request, signed.split(";"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return {
        "algorithm": algorithm, "credentialScope": scope, "serialDecimal": serial,
        "signedHeaders": signed.split(";"), "canonicalRequest": canonical, "canonicalRequestSha256": digest,
        "stringToSign": "\n".join([algorithm, header(request, "x-amz-date"), scope, digest]), "signatureHex": signature,
    }


def is_signature_right(public_key, how, signature, message):
    """Task 3: the key signs the string to sign itself, no other key is derived from it."""
    try:
        public_key.verify(signature, message, *how)
    except InvalidSignature:
        return False
    return True


def changed_requests(request, signed_headers):
    """The request with one thing changed, for each thing that the signature covers."""
    for field in ("method", "path", "rawQuery", "body"):
        yield field, {**request, field: request[field] + "x"}
    for name in signed_headers:
        headers = [[key, value + ("x" if key.lower() == name else "")] for key, value in request["rawHeaders"]]
        yield name, {**request, "rawHeaders": headers}


def checks_without_certificate(vector, rebuilt):
    """What can be compared before the certificate is read: by name, whether it is right."""
    inputs, request, expected = vector["inputs"], vector["request"], vector["expected"]
    date, region = rebuilt["credentialScope"].split("/")[:2]
    query = {name: unquote(value) for name, value in (pair.split("=") for pair in request["rawQuery"].split("&"))}
    given = {**query, **json.loads(request["body"])}
    leaf, *chain = ["".join(pem.splitlines()[1:-1]) for pem in (inputs["certificatePem"], *inputs["chainPem"])]
    needed = {"host", "x-amz-date", "x-amz-x509", *(["x-amz-x509-chain"] if chain else [])}
    arguments = ("profileArn", "roleArn", "trustAnchorArn", "durationSeconds", "roleSessionName")
    return {
        **{name: rebuilt[name] == expected[name] for name in rebuilt},
        **{name: inputs.get(name) == given.get(name) for name in arguments},
        "certificatePem": header(request, "x-amz-x509") == leaf,
        "chainPem": header(request, "x-amz-x509-chain") == ",".join(chain),
        "region": inputs["region"] == region,
        "date": header(request, "x-amz-date").startswith(f"{date}T"),
        "headers that must be signed": needed <= set(rebuilt["signedHeaders"]),
    }


def verify(vector):
    """Every check of a vector, by name, and in words what became of its signature."""
    inputs, request = vector["inputs"], vector["request"]
    rebuilt = rebuild(request)
    certificate = x509.load_der_x509_certificate(base64.b64decode(header(request, "x-amz-x509"), validate=True))
    kind = KINDS[certificate.public_key_algorithm_oid.dotted_string]
    checks = checks_without_certificate(vector, rebuilt)
    checks["serial number"] = rebuilt["serialDecimal"] == str(certificate.serial_number)
    checks["kind of key"] = rebuilt["algorithm"] == kind[0]
    checks["deterministic"] = vector["expected"]["deterministic"] == (kind is RSA) or kind is ML_DSA
    try:
        public_key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        if kind is not ML_DSA:
            raise
        return checks, f"not verified, cryptography {__version__} has no ML-DSA"
    signature, message = bytes.fromhex(rebuilt["signatureHex"]), rebuilt["stringToSign"].encode()
    checks["signature"] = is_signature_right(public_key, kind[1], signature, message)
    for name, changed in changed_requests(request, rebuilt["signedHeaders"]):
        other = rebuild(changed)["stringToSign"].encode()
        checks[f"refusal of another {name}"] = not is_signature_right(public_key, kind[1], signature, other)
    if kind is not RSA or "privateKeyPem" not in inputs:
        return checks, "verified"
    passphrase = inputs["privateKeyPassphrase"].encode() if "privateKeyPassphrase" in inputs else None
    key = serialization.load_pem_private_key(inputs["privateKeyPem"].encode(), passphrase)
    checks["signature made again"] = key.sign(message, *kind[1]) == signature
    return checks, "verified, and made again"


def main(folder):
    files = sorted(path for path in folder.rglob("*.json") if path.name != "schema.json")
    if not files:
        sys.exit(f"There is no vector in {folder}. Name the folder that holds them.")
    verdicts = set()
    for path in files:
        try:
            checks, signature = verify(json.loads(path.read_text(encoding="utf-8")))
            wrong = [name for name, is_right in checks.items() if not is_right]
        except Exception as error:  # a file that cannot be read must not hide the others
            wrong = [f"{type(error).__name__}: {error}"]
        verdict = "FAILED" if wrong else "partly" if signature.startswith("not") else "ok"
        outcome = f"wrong: {', '.join(wrong)}" if wrong else f"signature {signature}"
        print(f"{verdict:6} {path.relative_to(folder).as_posix()}: {outcome}")
        verdicts.add(verdict)
    return 1 if "FAILED" in verdicts else 2 if "partly" in verdicts else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
