// The scripts that a connection of the dispatchers has to load.
import { readClockedScript } from "#libs/redis/clocked-script.ts";
import { readScript } from "#libs/redis/read-script.ts";

const shared = new URL("lua/lanes.lua", import.meta.url);

// By a clock that is far off nothing is taken or called. What became of a call is kept whatever the clock.
export const takeInScript = readClockedScript(shared, new URL("lua/take-in.lua", import.meta.url));
export const takeScript = readClockedScript(shared, new URL("lua/take.lua", import.meta.url));
export const beginCallScript = readClockedScript(
  shared,
  new URL("lua/begin-call.lua", import.meta.url),
);
export const noteEndScript = readScript(shared, new URL("lua/note-end.lua", import.meta.url));
export const saveAnswerScript = readScript(shared, new URL("lua/save-answer.lua", import.meta.url));
export const putOffScript = readScript(shared, new URL("lua/put-off.lua", import.meta.url));
export const forgetScript = readScript(shared, new URL("lua/forget.lua", import.meta.url));

export const DISPATCH_SCRIPTS = [
  takeInScript,
  takeScript,
  beginCallScript,
  noteEndScript,
  saveAnswerScript,
  putOffScript,
  forgetScript,
];
