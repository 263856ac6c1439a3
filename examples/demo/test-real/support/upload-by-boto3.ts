/** A Python program: uploads and reads by the profile, then tries with spoilt credentials and prints what came of it. */
export const UPLOAD_BY_BOTO3 = `
import json, os
import boto3
from botocore.exceptions import ClientError

s3 = boto3.client('s3')
s3.create_bucket(Bucket='by-boto3')
s3.put_object(Bucket='by-boto3', Key='a b/ü.txt', Body='¡Hola!'.encode())
text = s3.get_object(Bucket='by-boto3', Key='a b/ü.txt')['Body'].read().decode()
listed = [o['Key'] for o in s3.list_objects_v2(Bucket='by-boto3')['Contents']]
ours = boto3.Session().get_credentials().get_frozen_credentials()

def outcome(secret=ours.secret_key, token=ours.token, change=None):
    client = boto3.client(
        's3', aws_access_key_id=ours.access_key, aws_secret_access_key=secret, aws_session_token=token
    )
    if change is not None:
        client.meta.events.register('before-send.s3', change)
    try:
        client.get_object(Bucket='by-boto3', Key='a b/ü.txt')
        return 'accepted'
    except ClientError as error:
        return f"{error.response['ResponseMetadata']['HTTPStatusCode']} {error.response['Error']['Code']}"

def other_path(request, **kwargs):
    request.url = request.url.replace('/a%20b/', '/')

print(json.dumps({
    'text': text,
    'listed': listed,
    'unchanged': outcome(),
    'wrongSecret': outcome(secret=os.environ['FOREIGN_SECRET']),
    'noToken': outcome(token=None),
    'foreignToken': outcome(token=os.environ['FOREIGN_TOKEN']),
    'tamperedPath': outcome(change=other_path),
}))
`;
