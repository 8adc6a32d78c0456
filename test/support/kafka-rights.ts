// Gives a user of a broker with an authorizer its rights, as deploy/least-rights.ts lists them.
import kafkajs, { type AclEntry } from "kafkajs";
import type { KafkaRights } from "#deploy/least-rights.ts";
import type { KafkaConnection } from "#libs/config/connections.ts";
import { kafkajsClient } from "#libs/kafka/kafkajs/kafkajs-client.ts";
import { createLog } from "#libs/telemetry/log.ts";

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

type ResourceType = (typeof AclResourceTypes)["TOPIC"] | (typeof AclResourceTypes)["GROUP"];
type Operation = (typeof AclOperationTypes)["READ" | "DESCRIBE" | "WRITE"];

export async function grant(connection: KafkaConnection, user: string, rights: KafkaRights) {
  const acl = toAcl(user, rights);
  if (acl.length === 0) return;
  const admin = kafkajsClient({ ...connection, log: createLog("grant", "fatal") }).admin();
  await admin.connect();
  try {
    await admin.createAcls({ acl });
  } finally {
    await admin.disconnect();
  }
}

/** A name that ends with `*` stands for all that begin so. */
function toAcl(user: string, { read, describe = [], write, groups }: KafkaRights): AclEntry[] {
  const { READ, DESCRIBE, WRITE } = AclOperationTypes;
  const { TOPIC, GROUP } = AclResourceTypes;
  const entry = (resourceType: ResourceType, name: string, operation: Operation): AclEntry => ({
    resourceType,
    resourceName: name.replace(/\*$/, ""),
    resourcePatternType: name.endsWith("*")
      ? ResourcePatternTypes.PREFIXED
      : ResourcePatternTypes.LITERAL,
    principal: `User:${user}`,
    host: "*",
    operation,
    permissionType: AclPermissionTypes.ALLOW,
  });
  return [
    ...read.map((name) => entry(TOPIC, name, READ)),
    ...describe.map((name) => entry(TOPIC, name, DESCRIBE)),
    ...write.map((name) => entry(TOPIC, name, WRITE)),
    ...groups.map((name) => entry(GROUP, name, READ)),
  ];
}
