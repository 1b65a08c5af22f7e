// The real binary, started on a free port of this machine with a data folder of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const BINARY = resolve(process.env.PLUMBLINE_BINARY ?? join(import.meta.dirname, "../../target/debug/plumbline"));
const SETUP_LINK = /^Set-up link: (http:\/\/\S+)$/m;
const STARTS_WITHIN = 30_000;
const STOPS_WITHIN = 10_000;

export class Plumbline {
  /** Whether the first account has been made; `signUp` keeps it. */
  hasAccount = false;

  private constructor(
    private readonly server: ChildProcess,
    readonly data: string,
    /** `http://127.0.0.1:PORT` */
    readonly origin: string,
    /** The one-time link to the first account; it carries its token in the fragment. */
    readonly setupLink: string,
    private readonly printed: string[],
  ) {}

  static readonly binary = BINARY;

  /** Starts a server that nobody has used yet. `options` go to `plumbline serve`. */
  static async start(options: string[] = []): Promise<Plumbline> {
    if (!existsSync(BINARY)) throw new Error(`There is no binary at ${BINARY}. Run: cargo build -p server`);
    const data = await mkdtemp(join(tmpdir(), "plumbline-e2e-"));
    const listen = `127.0.0.1:${await freePort()}`;
    const server = spawn(BINARY, ["serve", "--data", data, "--listen", listen, "--admin-listen", "127.0.0.1:0", ...options], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, TZ: "UTC" },
    });
    const printed: string[] = [];
    server.stderr.on("data", (text: Buffer) => printed.push(text.toString()));
    try {
      const link = await setupLink(server, printed);
      await answers(`http://${listen}/sign-in`, server);
      return new Plumbline(server, data, `http://${listen}`, link, printed);
    } catch (error) {
      server.kill("SIGKILL");
      await rm(data, { recursive: true, force: true });
      throw new Error(`plumbline serve did not start: ${(error as Error).message}\n${printed.join("")}`);
    }
  }

  /** Everything the server has printed so far, for the report of a failed test. */
  get log(): string {
    return this.printed.join("");
  }

  /** Runs a command of the same binary against this server's data folder and answers what it printed. */
  async run(...command: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const child = spawn(BINARY, command, { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
    const code = await new Promise<number>((done, failed) => {
      child.on("error", failed);
      child.on("close", (status) => done(status ?? -1));
    });
    return { code, stdout, stderr };
  }

  /** Stops the server and removes its data. Says whether it ended when asked to. */
  async stop(): Promise<"ended" | "killed"> {
    const ended = this.server.exitCode !== null || this.server.signalCode !== null;
    const outcome = ended
      ? "ended"
      : await new Promise<"ended" | "killed">((done) => {
          const patience = setTimeout(() => {
            this.server.kill("SIGKILL");
            done("killed");
          }, STOPS_WITHIN);
          this.server.once("exit", () => {
            clearTimeout(patience);
            done("ended");
          });
          this.server.kill("SIGTERM");
        });
    await rm(this.data, { recursive: true, force: true });
    return outcome;
  }
}

/** Waits for the line that a server without users prints. */
function setupLink(server: ChildProcess, printed: string[]): Promise<string> {
  return new Promise((found, failed) => {
    let output = "";
    const patience = setTimeout(() => failed(new Error("no set-up link within 30 seconds")), STARTS_WITHIN);
    server.once("exit", (code) => failed(new Error(`it ended with exit code ${code}`)));
    server.once("error", failed);
    server.stdout?.on("data", (text: Buffer) => {
      printed.push(text.toString());
      output += text.toString();
      const link = SETUP_LINK.exec(output)?.[1];
      if (link) {
        clearTimeout(patience);
        found(link);
      }
    });
  });
}

/** Waits until the address answers at all: the link may be printed before the socket listens. */
async function answers(address: string, server: ChildProcess): Promise<void> {
  const until = Date.now() + STARTS_WITHIN;
  for (;;) {
    try {
      await fetch(address, { redirect: "manual" });
      return;
    } catch (error) {
      if (server.exitCode !== null) throw new Error(`it ended with exit code ${server.exitCode}`);
      if (Date.now() > until) throw error;
      await new Promise((later) => setTimeout(later, 50));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? found(address.port) : failed(new Error("no port"))));
    });
  });
}
