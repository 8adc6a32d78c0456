"""An SMSC by smpp34, as it is published. Arguments: its port, and how its message ids begin. Prints a
line of JSON for each bind, submit_sm and end of a bind. Reads lines of JSON: {deliver: [[text, more]]},
receipts for whoever may receive, each printed with what it was answered."""
import asyncio
import json
import sys

import smpp34

PORT, PREFIX = int(sys.argv[1]), sys.argv[2]
esmes = {}
count = 0


def tell(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


def take(submit):
    global count
    text = submit.short_message
    if b"refuse" in text:
        return submit.reject(smpp34.ESME_RINVDSTADR)
    count += 1
    message_id = f"{PREFIX}{count}"
    tell(
        "submit",
        id=message_id,
        source=[submit.source_addr_ton, submit.source_addr_npi, submit.source_addr],
        destination=[submit.dest_addr_ton, submit.dest_addr_npi, submit.destination_addr],
        esmClass=submit.esm_class,
        dataCoding=submit.data_coding,
        registeredDelivery=submit.registered_delivery,
        message=text.hex(),
        tlvs=[[tlv.tag, tlv.value.hex()] for tlv in submit.tlvs],
    )
    submit.accept(message_id)


async def deliver(text, tlvs):
    esme = next(esme for esme in esmes.values() if esme.can_receive)
    answer = await esme.deliver_sm(
        "FALLTHRU",
        text.encode(),
        source_addr="6599990000",
        esm_class=4,
        tlvs=[smpp34.Tlv(tag, bytes.fromhex(value)) for tag, value in tlvs],
    )
    tell("answered", status=answer.command_status)


async def read_commands():
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        for text, tlvs in json.loads(line)["deliver"]:
            asyncio.ensure_future(deliver(text, tlvs))


async def main():
    server = smpp34.Server("127.0.0.1", PORT, system_id="independent")
    await server.start()
    tell("listening")
    commands = asyncio.ensure_future(read_commands())
    while True:
        event = await server.next()
        if isinstance(event, smpp34.SubmitSmEvent):
            take(event)
        elif isinstance(event, smpp34.Unbound):
            esmes.pop(event.session_id, None)
            tell("unbound")
        else:
            esmes[event.session_id] = event
            tell("bound", systemId=event.system_id)


asyncio.run(main())
