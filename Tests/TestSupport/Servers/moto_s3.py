"""An S3 on loopback which checks signatures: moto_s3.py FILE writes endpoint, key id and secret to FILE.

moto checks Signature Version 4 after the calls that make the user, its key, its policy and the bucket.
"""
import os, sys, time

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "4"
import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
endpoint = f"http://{host}:{port}"
options = dict(endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="a",
               aws_secret_access_key="b")
iam = boto3.client("iam", **options)
iam.create_user(UserName="tester")
key = iam.create_access_key(UserName="tester")["AccessKey"]
iam.put_user_policy(UserName="tester", PolicyName="all", PolicyDocument=(
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'))
boto3.client("s3", **options).create_bucket(Bucket="lab")
with open(sys.argv[1] + ".new", "w") as file:
    file.write("\n".join([endpoint, key["AccessKeyId"], key["SecretAccessKey"]]))
os.rename(sys.argv[1] + ".new", sys.argv[1])
while True:
    time.sleep(1)
