#!/usr/bin/env node
// Builds each push that Cinch hears of, one after the other: runner.mjs COMMAND [ARGUMENT...]
//
// CINCH_INGRESS_URL  where Cinch is
// CINCH_API_TOKEN    a runner's token
// CINCH_RUNNER_FILE  keeps the push that is being built, so that none is lost (runner.json)
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const cinch = process.env.CINCH_INGRESS_URL.replace(/\/+$/, "");
const token = process.env.CINCH_API_TOKEN;
const file = process.env.CINCH_RUNNER_FILE ?? "runner.json";
const pushes = "/api/v1/pushes?consumer=node";

/** Cinch says no, and why. */
class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

const pause = (seconds) => new Promise((over) => setTimeout(over, seconds * 1000));

/** What Cinch answers. While it is away this waits. */
async function ask(method, path, body) {
  for (;;) {
    let seconds = 5;
    try {
      const answer = await fetch(cinch + path, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(90_000),
      });
      const words = await answer.text();
      if (answer.ok) {
        return JSON.parse(words || "{}");
      }
      if (answer.status < 500 && answer.status !== 429) {
        throw new Refused(answer.status, words);
      }
      seconds = Number(answer.headers.get("retry-after") ?? seconds);
      console.error(`${answer.status}, trying again in ${seconds} s: ${words}`);
    } catch (e) {
      if (e instanceof Refused) {
        throw e;
      }
      console.error(`Cinch is away (${e.message}), trying again in ${seconds} s`);
    }
    await pause(seconds);
  }
}

async function report({ id, data }, state, description) {
  try {
    await ask("POST", `/api/v1/repositories/${data.repository.id}/build-states`, {
      commit: data.commit,
      ref: data.ref,
      key: "node",
      number: id,
      pushId: id,
      state,
      description,
      occurredAt: new Date().toISOString(),
    });
  } catch (e) {
    if (!(e instanceof Refused)) {
      throw e;
    }
    console.error(`${state} of ${data.commit} is not taken: ${e.message}`);
  }
}

/** A build learns what it builds, and not the token. */
function environment(more) {
  const { CINCH_API_TOKEN: secret, ...own } = process.env;
  return { ...own, ...more };
}

/** The exit code. */
function run([program, ...words], options) {
  return new Promise((over, failed) => {
    const child = spawn(program, words, { stdio: "inherit", ...options });
    child.on("error", failed);
    child.on("close", (code, signal) => over(signal ? 128 : code));
  });
}

/** From Cinch, with the token in git's environment: on no command line, in no file. */
async function checkOut(data, folder) {
  const secret = environment({
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Bearer ${token}`,
  });
  const address = `${cinch}/git/${data.repository.id}`;
  const cloned = await run(["git", "clone", "--quiet", "--no-checkout", address, folder], { env: secret });
  return (
    cloned === 0 &&
    (await run(["git", "checkout", "--quiet", "--detach", data.commit], { cwd: folder })) === 0
  );
}

async function build(push, command) {
  const { data } = push;
  await report(push, "running", "");
  const begun = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "build-"));
  let [state, words] = ["error", "git did not get it"];
  try {
    if (await checkOut(data, folder)) {
      const code = await run(command, {
        cwd: folder,
        env: environment({
          CINCH_REPO: data.repository.fullName,
          CINCH_COMMIT: data.commit,
          CINCH_REF: data.ref,
        }),
      });
      [state, words] = [code === 0 ? "success" : "failure", `exit code ${code}`];
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await report(push, state, `${words}, ${Math.round((Date.now() - begun) / 1000)} s`);
}

/** The next push, and what acknowledges it. */
async function take(after) {
  try {
    return await ask("GET", `${pushes}&limit=1&wait=55${after}`);
  } catch (e) {
    if (e.status !== 410) {
      throw e;
    }
    // What was not read is no longer kept: what is kept comes next.
    return ask("GET", `${pushes}&limit=1&wait=55&after=earliest`);
  }
}

async function main(command) {
  if (existsSync(file)) {
    await build(JSON.parse(readFileSync(file, "utf8")), command);
    rmSync(file);
  }
  let after = "";
  for (;;) {
    const batch = await take(after);
    after = `&after=${batch.next}`;
    for (const push of batch.items.filter(({ data }) => data.commit !== null)) { // null: a ref was deleted
      writeFileSync(`${file}.new`, JSON.stringify(push));
      renameSync(`${file}.new`, file);
      // It is safe here, so nobody else need be given it while it is built.
      await ask("GET", `${pushes}&limit=0${after}`);
      after = "";
      await build(push, command);
      rmSync(file);
    }
  }
}

const command = process.argv.slice(2);
if (command.length === 0) {
  console.error(readFileSync(new URL(import.meta.url), "utf8").split("\n").slice(1, 6).join("\n"));
  process.exit(1);
}
main(command).catch((e) => {
  console.error(e instanceof Refused ? `Cinch refuses with ${e.status}: ${e.message}` : e);
  process.exit(1);
});
