"""Vonage's own client, as it is published. Reads {host, credentials: {name: {...}}, calls:
[[credentials, message, failover]]} as JSON and prints what each call returned, or the error that the
client raised of it, as JSON. It asks by https alone; REQUESTS_CA_BUNDLE says whom it believes."""
import json
import sys

from vonage import Auth, HttpClientOptions, Vonage
from vonage_messages.models import Sms, ViberText

given = json.load(sys.stdin)
MODELS = {"sms": Sms, "viber_service": ViberText}


def model(message):
    members = dict(message)
    return MODELS[members.pop("channel")](**members)


def told(credentials, message, failover):
    auth = Auth(**given["credentials"][credentials])
    messages = Vonage(auth, HttpClientOptions(api_host=given["host"])).messages
    try:
        others = {"failover": [model(each) for each in failover]} if failover else {}
        return {"uuid": messages.send(model(message), **others).message_uuid}
    except Exception as error:
        response = getattr(error, "response", None)
        about = {"error": type(error).__name__, "message": str(error)}
        if response is None:
            return about
        return {**about, "status": response.status_code, "body": response.json()}


print(json.dumps([told(*call) for call in given["calls"]]))
