"""Alibaba's own client, as it is published. Reads {endpoint, secret, calls: [[method, request]]} as
JSON and prints what each call returned, or the error that the client raised of it, as JSON."""
import json
import sys

from alibabacloud_cams20200606 import models
from alibabacloud_cams20200606.client import Client
from alibabacloud_tea_openapi.utils_models import Config

REQUESTS = {
    "send_chatapp_message": models.SendChatappMessageRequest,
    "list_chatapp_message": models.ListChatappMessageRequest,
}

given = json.load(sys.stdin)
client = Client(
    Config(
        access_key_id="demo",
        access_key_secret=given["secret"],
        endpoint=given["endpoint"],
        protocol="HTTP",
    )
)


def told(method, request):
    try:
        answer = getattr(client, method)(REQUESTS[method](**request))
        return {"status": answer.status_code, "body": answer.body.to_map()}
    except Exception as error:
        about = {name: getattr(error, name, None) for name in ("code", "message", "status_code")}
        return {"error": type(error).__name__, **about}


print(json.dumps([told(method, request) for method, request in given["calls"]]))
