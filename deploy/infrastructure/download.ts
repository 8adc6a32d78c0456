// Plain HTTPS download of pinned files from a Maven repository, for machines without Maven.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "./progress.ts";
import { SetupError } from "./setup-error.ts";

/** Enough to hide the latency of small files without burdening a public server. */
const DOWNLOAD_COUNT_MAX = 4;
const TRY_COUNT_MAX = 3;
const RETRY_PAUSE_MS = 1_000;
/** The largest file has 142 MB: ten minutes serve a line of 2 Mbit/s. */
const FILE_LIMIT_MS = 600_000;

/** A file of a Maven repository: its path there, and what its bytes must be. */
export type LockedFile = { path: string; sizeBytes: number; sha256: string };
type DownloadOptions = { folder: string; baseUrl: string; progress: Progress; signal: AbortSignal };

/**
 * Brings every file to `folder/<path>`; one that is there already is left alone. A file appears
 * under its name only when its checksum is right. Throws SetupError when one cannot be had.
 */
export async function downloadAll(files: readonly LockedFile[], options: DownloadOptions) {
  const totalMb = files.reduce((sum, file) => sum + file.sizeBytes, 0) / 1e6;
  const queue = [...files];
  let doneBytes = 0;
  const onBytes = (count: number) => {
    doneBytes += count;
    const doneMb = (doneBytes / 1e6).toFixed(0);
    options.progress.update(`Downloading: ${doneMb} of ${totalMb.toFixed(0)} MB`);
  };
  // The first that fails for good ends the others, or they would go on for nobody.
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const work = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const target = join(options.folder, file.path);
      if (existsSync(target)) onBytes(file.sizeBytes);
      else await downloadWithRetries(file, target, { ...options, signal }, onBytes);
    }
  };
  const stopOthers = (error: unknown) => {
    failure.abort(error);
    throw error;
  };
  await Promise.all(Array.from({ length: DOWNLOAD_COUNT_MAX }, () => work().catch(stopOthers)));
}

type OnBytes = (count: number) => void;

async function downloadWithRetries(
  file: LockedFile,
  target: string,
  options: DownloadOptions,
  onBytes: OnBytes,
): Promise<void> {
  const url = `${options.baseUrl.replace(/\/$/, "")}/${file.path}`;
  for (let tryIndex = 0; ; tryIndex += 1) {
    let takenBytes = 0;
    const count: OnBytes = (bytes) => {
      takenBytes += bytes;
      onBytes(bytes);
    };
    try {
      return await download(url, file, target, { signal: options.signal, onBytes: count });
    } catch (cause) {
      options.signal.throwIfAborted();
      onBytes(-takenBytes);
      if (tryIndex + 1 >= TRY_COUNT_MAX) throw refusal(url, cause);
      await sleep(RETRY_PAUSE_MS * (tryIndex + 1), undefined, { signal: options.signal });
    }
  }
}

async function download(
  url: string,
  file: LockedFile,
  target: string,
  { signal, onBytes }: { signal: AbortSignal; onBytes: OnBytes },
): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(FILE_LIMIT_MS)]);
  const response = await fetch(url, { signal: limit });
  if (!response.ok || !response.body) throw new SetupError(`it answers ${response.status}`);
  const chunks: Uint8Array[] = [];
  const hash = createHash("sha256");
  for await (const chunk of response.body) {
    chunks.push(chunk);
    hash.update(chunk);
    onBytes(chunk.length);
  }
  if (hash.digest("hex") !== file.sha256)
    throw new SetupError("its checksum is not the pinned one");
  await mkdir(dirname(target), { recursive: true });
  await writeFile(`${target}.part`, Buffer.concat(chunks));
  await rename(`${target}.part`, target);
}

function refusal(url: string, cause: unknown): SetupError {
  const reason = cause instanceof Error ? (cause.cause ?? cause) : cause;
  return new SetupError(
    `${url} cannot be downloaded: ${reason instanceof Error ? reason.message : String(reason)}. ` +
      "Check the network, or name a mirror of Maven Central in MAVEN_BASE_URL.",
    { cause },
  );
}
