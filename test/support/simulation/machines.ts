// The processes of a deployment: two of each service, which are stopped, killed and started again.
import { startPatiently } from "#libs/lifecycle/start-patiently.ts";
import type { Random } from "./random.ts";
import { type Deployment, starts } from "./services.ts";
import type { Process, Timeline } from "./timeline.ts";

/** How likely it is that a service has two processes; each costs a tenth of a schedule. */
const TWO_RATE = 0.5;
/** How long an orchestrator takes to start a process again that ended by itself. */
const RESTART_MS = 500;
/** One that does not end by then is killed. */
const STOP_LIMIT_MS = 25_000;

type Machine = {
  service: string;
  name: string;
  process: Process;
  running: AsyncDisposable | undefined;
};

export class Machines {
  readonly #deployment: Deployment;
  readonly #timeline: Timeline;
  readonly #machines: Machine[] = [];
  #lifeCount = 0;

  constructor(deployment: Deployment, timeline: Timeline) {
    this.#deployment = deployment;
    this.#timeline = timeline;
  }

  get names(): string[] {
    return this.#machines.map(({ name }) => name);
  }

  /** Two of a service, or one: who takes over may be its own successor. */
  startAll(random: Random): void {
    for (const service of Object.keys(starts)) {
      this.#add(service, `${service}-1`);
      if (random.isTrue(TWO_RATE)) this.#add(service, `${service}-2`);
    }
  }

  stop(name: string): void {
    const { process } = this.#find(name);
    if (process.state === "running") process.state = "stopped";
  }

  goOn(name: string): void {
    const { process } = this.#find(name);
    if (process.state === "stopped") this.#timeline.goOn(process);
  }

  /** As SIGKILL does it; it is started again later. */
  kill(name: string, restartMs: number): void {
    const machine = this.#find(name);
    if (machine.process.state === "killed") return;
    machine.process.state = "killed";
    this.#timeline.after(restartMs, () => this.#start(machine), null);
  }

  /** As SIGTERM does it; it is started again once it has ended. */
  restart(name: string): void {
    const machine = this.#find(name);
    const { process, running } = machine;
    if (process.state !== "running" || !running) return;
    const again = () => {
      if (machine.process === process && process.state !== "killed") this.kill(name, RESTART_MS);
    };
    this.#timeline.after(STOP_LIMIT_MS, again, null);
    machine.running = undefined;
    this.#timeline.enter(process, () => void running[Symbol.asyncDispose]().then(again, again));
  }

  setClock(name: string, offsetMs: number): void {
    this.#find(name).process.clockOffsetMs = offsetMs;
  }

  /** Everybody runs, by the right clock. */
  heal(): void {
    for (const { name } of this.#machines) {
      this.setClock(name, 0);
      this.goOn(name);
    }
  }

  #find(name: string): Machine {
    const found = this.#machines.find((each) => each.name === name);
    if (!found) throw new Error(`There is no machine ${name}.`);
    return found;
  }

  #add(service: string, name: string): void {
    const machine = { service, name, process: newProcess(name, 0), running: undefined };
    this.#machines.push(machine);
    this.#start(machine);
  }

  #start(machine: Machine): void {
    const { service, name } = machine;
    const { clockOffsetMs } = machine.process;
    const process = newProcess(`${name}/${++this.#lifeCount}`, clockOffsetMs);
    machine.process = process;
    machine.running = undefined;
    const { trace } = this.#deployment;
    trace.note(() => "starts", process.name);
    const log = trace.log();
    const stop = new AbortController().signal;
    const onFatal = (error: unknown) => {
      trace.note(() => `ends: ${String(error)}`, process.name);
      if (machine.process === process) this.kill(name, RESTART_MS);
    };
    const start = () => starts[service]!(process, this.#deployment, onFatal);
    this.#timeline.enter(process, () => {
      startPatiently(start, { log, onWait: () => undefined, stop }).then((running) => {
        machine.running = running;
      }, onFatal);
    });
  }
}

function newProcess(name: string, clockOffsetMs: number): Process {
  return { name, state: "running", clockOffsetMs, held: [] };
}
