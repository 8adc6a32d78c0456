// The Kafka Streams application: its jars, from Maven, each known by its hash, and its classes.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "#deploy/infrastructure/run-command.ts";
import { madeOnce } from "#test/support/made-once.ts";

const POM = join(import.meta.dirname, "pom.xml");
const SOURCES = join(import.meta.dirname, "src");
const FOLDER = join(import.meta.dirname, "../../../../.fallthrough/streams-4.3.1");
/** 100 MB, of which RocksDB is most. */
const FETCH_LIMIT_MS = 600_000;
const COMPILE_LIMIT_MS = 60_000;
const SHA256: Readonly<Record<string, string>> = {
  "avro-1.12.0.jar": "1f5fbfff9b7427d6832cc3031a3c81413d3e21d9e2551847d9231c28493f9492",
  "commons-codec-1.17.0.jar": "f700de80ac270d0344fdea7468201d8b9c805e5c648331c3619f2ee067ccfc59",
  "commons-compress-1.26.2.jar": "9168a03141d8fc7eda21a2360d83cc0412bcbb1d6204d992bd48c2573cb3c6b8",
  "commons-io-2.16.1.jar": "f41f7baacd716896447ace9758621f62c1c6b0a91d89acee488da26fc477c84f",
  "commons-lang3-3.14.0.jar": "7b96bf3ee68949abb5bc465559ac270e0551596fa34523fddf890ec418dde13c",
  "jackson-annotations-2.21.jar":
    "53ca085f4a150f703f49e1aabd935bd03b43e1ea3d55d135438292af22cef56b",
  "jackson-core-2.21.2.jar": "12e8655b100267b44d0f14d01b1f5082a5105e616174dc4307be1a761e92407b",
  "jackson-databind-2.21.2.jar": "8c982f01f148d805f0aaac2339011244757e0df7c6ff8951f2fa3f433b8ed849",
  "kafka-clients-4.3.1.jar": "52501b7b47510c66f898871adaf6d2968ab7246561d44ced43643a8a587f0b36",
  "kafka-streams-4.3.1.jar": "bd73f3805e116f711e8456ee89a8a5b43ff5dcf5a5bb865afae29deae89e7c4b",
  "lz4-java-1.10.2.jar": "252dabd586d22149a31661a8afc1a50747714eb1a298bd4a6e780c8c91a13866",
  "rocksdbjni-10.1.3.jar": "e7f925287d9fe2574fb7c7a86f7facaa9b8ab602a2eed0e598bf633528121498",
  "slf4j-api-1.7.36.jar": "d3ef575e3e4979678dc01bf1dcce51021493b4d11fb7f1be8ad982877c16a1c0",
  "slf4j-simple-1.7.36.jar": "2f39bed943d624dfa8f4102d0571283a10870b6aa36f197a8a506f147010c10f",
  "snappy-java-1.1.10.7.jar": "4c766cb3f855415ee734b2392949a0b6f12a60879334a74518deaf6270d32e36",
  "zstd-jni-1.5.6-10.jar": "b6c3237e24b8252a5a9c3a0e1ae30ef8f323412e74bd358548b7a9e527d676df",
};

/** Its class path. Rejects where there is no JDK, or Maven cannot fetch what it needs. */
export async function buildStreams(signal: AbortSignal): Promise<string> {
  const jars = await madeOnce(FOLDER, (making) => fetchJars(making, signal));
  const sources = (await readdir(SOURCES)).toSorted().map((name) => join(SOURCES, name));
  const classes = await madeOnce(`${FOLDER}-classes-${await hashOf(sources)}`, (making) => {
    const args = ["-d", making, "-cp", join(jars, "*"), ...sources];
    return mustRun("javac", args, { timeoutMs: COMPILE_LIMIT_MS, signal });
  });
  return `${join(jars, "*")}:${classes}`;
}

async function fetchJars(folder: string, signal: AbortSignal): Promise<void> {
  await mkdir(folder, { recursive: true });
  const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${folder}`];
  await mustRun("mvn", ["-B", "-q", "-f", POM, ...goal], { timeoutMs: FETCH_LIMIT_MS, signal });
  for (const [name, wanted] of Object.entries(SHA256)) {
    const found = await hashOf([join(folder, name)]);
    if (found !== wanted) throw new Error(`${name} is another one: ${found}.`);
  }
}

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file));
  return hash.digest("hex");
}
