// What several kinds of settings hold. The schemas of this folder, one file for what changes together,
// check what a caller writes and what is read from the topic, and the API shows them.
import { Type } from "typebox";
import { NAME_LENGTH_MAX, TTL_SECONDS_MAX } from "#libs/contracts/limits.ts";
import { channels } from "#libs/contracts/topics.ts";

/** No slash: names are parts of a record's key. A space and a plus occur in senders. */
export const SETTING_NAME = /^[A-Za-z0-9+][A-Za-z0-9+\-._& ]{0,63}$/;

export const strict = { additionalProperties: false };

export const Name = Type.String({ pattern: SETTING_NAME.source });
/** A name for people. */
export const Title = Type.String({ minLength: 1, maxLength: 100 });
export const Sender = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX });
export const Instant = Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$" });
export const ChannelName = Type.Enum(channels);
/** As a newer version may name one that this version does not know. */
export const CHANNEL_NAME_PATTERN = "^[a-z0-9-]{1,64}$";

export const SENDER_COUNT_MAX = 100;
/** WhatsApp's are from 30 s (authentication) to 30 days (marketing). */
export const TTL_SECONDS = { minimum: 30, maximum: TTL_SECONDS_MAX };
