import { describe, expect, it } from "vitest";
import { ownerOf } from "#services/api/dialects/api-dialects.ts";
import { startApiServer } from "#test/support/api-server.ts";

describe("the owner of a path", () => {
  it.each([
    ["/ft/v1/messages?limit=2", "native"],
    ["/nothing", "native"],
    ["", "native"],
    ["/?to=/api/v1", "alibaba"],
    ["/api/v1/subaccounts/demo/messages", "8x8"],
    ["/api/v1/%zz", "8x8"],
    ["/files/photo.jpg", "8x8"],
    ["/v1/messages/1", "vonage"],
    ["/v0.1/dispatch", "vonage-dispatch"],
    ["/v1/messages/workflow/v1/flows", "kaleyra"],
    ["/v1/demo/workflow/v1/flows", "kaleyra"],
    ["/v1/messagesandmore", "native"],
    ["/messages-api/1/messages", "infobip"],
    ["/sms/3/messages", "infobip"],
    ["/whatsapp/1/message/text", "infobip"],
    ["/smsandmore", "native"],
  ])("of %j is %s", (url, name) => {
    expect(ownerOf(url).name).toBe(name);
  });
});

describe("a request that no route takes", () => {
  it.each([
    ["/api/v1/nothing", { code: 1300 }],
    ["/files/photo.jpg", { code: 1300 }],
    ["/sms/3/messages", { errorCode: "E404" }],
    ["/nothing", { code: "not-found", detail: "There is no such path." }],
  ])("is answered at %s in its owner's form", async (url, body) => {
    const answer = await startApiServer().request({ method: "PATCH", url });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject(body);
  });
});
