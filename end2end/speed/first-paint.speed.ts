// Prints how soon the pages of a workspace of 5,000 systems and 20,000 flows are seen, and how large they are.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { expect, signUp, test } from "../support/test.ts";

const SYSTEMS = 5_000;
const FLOWS = 20_000;
const SEGMENTS = 25;
const VISITS = 5;

/** A model with hubs and segments: the same in every run. */
function estate(): string {
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const segments = Array.from({ length: SEGMENTS }, (_, number) => ({ id: `segment-${number}`, name: `Segment ${number}` }));
  const systems = Array.from({ length: SYSTEMS }, (_, number) => ({
    id: `system-${number}`,
    name: `System ${number}`,
    segment: `segment-${number % SEGMENTS}`,
  }));
  const flows = Array.from({ length: FLOWS }, (_, number) => {
    const from = random(SYSTEMS);
    const to = number % 5 === 0 ? random(20) : random(SYSTEMS);
    const element = number % 50 === 0 ? "pan" : "order_id";
    return { id: `flow-${number}`, from: `system-${from}`, to: `system-${(to + (to === from ? 1 : 0)) % SYSTEMS}`, data: [{ element }] };
  });
  return JSON.stringify({ segments, systems, flows });
}

test("first paint of a large workspace", async ({ page, server }) => {
  test.setTimeout(600_000);
  await signUp(page, server);
  const home = new URL(page.url()).pathname;
  const file = join(server.data, "large.json");
  await writeFile(file, estate());
  const imported = await server.run("import", "--data", server.data, "--workspace", home.split("/")[2], file);
  expect(imported.code, imported.stderr).toBe(0);
  console.log(`| Page of ${SYSTEMS} systems and ${FLOWS} flows | First contentful paint, median of ${VISITS} | Slowest | HTML, brotli |`);
  console.log("|---|---:|---:|---:|");
  for (const [name, path] of [
    ["Home", ""],
    ["Map", "/map"],
    ["Systems", "/systems"],
    ["Flows", "/flows"],
  ]) {
    const times: number[] = [];
    let size = 0;
    for (let visit = 0; visit < VISITS; visit += 1) {
      const answer = await page.goto(home + path);
      size = brotliCompressSync(await answer!.body()).length;
      const paint = await page.evaluate(
        () =>
          new Promise<number>((seen) => {
            new PerformanceObserver((list) => {
              const first = list.getEntriesByName("first-contentful-paint")[0];
              if (first) seen(first.startTime);
            }).observe({ type: "paint", buffered: true });
          }),
      );
      times.push(paint);
    }
    times.sort((one, other) => one - other);
    const ms = (time: number): string => `${Math.round(time)} ms`;
    console.log(`| ${name} | ${ms(times[VISITS >> 1])} | ${ms(times[VISITS - 1])} | ${(size / 1000).toFixed(1)} kB |`);
  }
});
