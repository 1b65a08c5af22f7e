// bench.mjs CHROMIUM FOLDER SYSTEMS FLOWS: times the engine in a page, and prints one row of a table.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [executablePath, folder, systems, flows] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });
try {
  const page = await browser.newPage();
  // The script asks where it came from, so the page needs an address; nothing is fetched from it.
  await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Bench</title>" }));
  await page.goto("http://localhost/");
  await page.addScriptTag({ content: readFileSync(join(folder, "engine.js"), "utf8") });
  const module = readFileSync(join(folder, "engine_bg.wasm")).toString("base64");
  const times = await page.evaluate(
    async ([module, systems, flows]) => {
      const bytes = Uint8Array.from(atob(module), (character) => character.charCodeAt(0));
      await wasm_bindgen({ module_or_path: bytes });
      const estate = new wasm_bindgen.Page(systems, flows);
      // The clock of a page is coarse, so short work is repeated within one measurement.
      const time = (repeats, work) => {
        const runs = [];
        for (let run = 0; run < 60; run += 1) {
          const start = performance.now();
          for (let repeat = 0; repeat < repeats; repeat += 1) work();
          runs.push((performance.now() - start) / repeats);
        }
        return runs.sort((one, other) => one - other);
      };
      return { search: time(50, () => estate.search()), scope: time(2, () => estate.scope()) };
    },
    [module, Number(systems), Number(flows)],
  );
  const median = (sorted) => sorted[Math.floor(sorted.length / 2)];
  const [search, scope] = [median(times.search), median(times.scope)];
  const count = (text) => Number(text).toLocaleString("en");
  const cells = [
    `Chromium ${browser.version()}`,
    count(systems),
    count(flows),
    `${search.toFixed(3)} ms`,
    `${scope.toFixed(2)} ms`,
    `${times.scope[0].toFixed(2)} ms`,
    (scope / search).toFixed(1),
  ];
  console.log(`| ${cells.join(" | ")} |`);
} finally {
  await browser.close();
}
