// The scripts that a connection of the dispatchers has to load.
import { readClockedScript } from "#libs/redis/clocked-script.ts";
import { readOpenClockedScript, readOpenScript } from "#libs/redis/open-script.ts";

const shared = new URL("lua/lanes.lua", import.meta.url);

// By a clock that is far off nothing is taken or called. What became of a call is kept whatever the clock.
export const takeInScript = readOpenClockedScript(
  shared,
  new URL("lua/take-in.lua", import.meta.url),
);
export const takeScript = readOpenClockedScript(shared, new URL("lua/take.lua", import.meta.url));
export const beginCallScript = readOpenClockedScript(
  shared,
  new URL("lua/begin-call.lua", import.meta.url),
);
// No mark: paces that are lost are nothing that anybody restores, and who is called says the claim.
export const askPaceScript = readClockedScript(new URL("lua/ask-pace.lua", import.meta.url));
export const noteEndScript = readOpenScript(shared, new URL("lua/note-end.lua", import.meta.url));
export const saveAnswerScript = readOpenScript(
  shared,
  new URL("lua/save-answer.lua", import.meta.url),
);
export const putOffScript = readOpenScript(shared, new URL("lua/put-off.lua", import.meta.url));
export const forgetScript = readOpenScript(shared, new URL("lua/forget.lua", import.meta.url));

export const DISPATCH_SCRIPTS = [
  takeInScript,
  takeScript,
  beginCallScript,
  askPaceScript,
  noteEndScript,
  saveAnswerScript,
  putOffScript,
  forgetScript,
];
