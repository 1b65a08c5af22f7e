// Puts verify.html together: the page, the style of the product, and the engine with what calls it.
// node build.mjs ROOT FOLDER-OF-WASM-BINDGEN OUT
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [root, built, out] = process.argv.slice(2);
const text = (...path) => readFileSync(join(...path), "utf8");
const page = (name) => text(root, "verifier/page", name);
const style = (name) => text(root, "style", `${name}.css`);

// The one font that everything is written in; the others fall back to those of the machine.
const font = readFileSync(join(root, "style/fonts/inter-latin.woff2")).toString("base64");
const face = `@font-face{font-family:"Inter Variable";font-style:normal;font-weight:100 900;src:url("data:font/woff2;base64,${font}") format("woff2")}`;
const components = ["basics", "buttons", "categories", "chips", "disclosure", "fields", "messages", "surfaces", "tables"];
const css = [
  ...["reset", "tokens", "base"].map(style),
  face,
  ...components.map((name) => style(`components/${name}`)),
  page("page.css"),
]
  .join("\n")
  .replace(/@font-face \{[^}]*url\("fonts\/[^}]*\}/g, "")
  .replace(/\/\*[\s\S]*?\*\//g, "")
  .replace(/^\s+/gm, "");

const script = page("page.js");
const worker = `${text(built, "verifier.js")}\n${page("worker.js")}`;
// The header of gzip has neither a time nor a name, so that the same module gives the same bytes.
const engine = gzipSync(readFileSync(join(built, "verifier_bg.wasm")), { level: 9 }).toString("base64");
for (const [name, code] of Object.entries({ script, worker, css })) {
  if (/<\/(script|style)|<!--/i.test(code)) throw new Error(`${name} would end its element`);
}

const hash = (code) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)} 'wasm-unsafe-eval'`,
  "worker-src blob:",
  `style-src ${hash(css)}`,
  "img-src data:",
  "font-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const icons = text(root, "style/icons.svg");
const icon = (name) => {
  const [, box, inner] = new RegExp(`<symbol id="${name}" ([^>]*)>(.*?)</symbol>`).exec(icons);
  return `<svg class="icon" ${box} aria-hidden="true">${inner}</svg>`;
};
const parts = { policy, style: css, script, worker, engine, icon: Buffer.from(text(root, "style/favicon.svg")).toString("base64") };
const html = page("page.html").replace(/\{\{(icon:)?([a-z]+)\}\}/g, (_, isIcon, name) => (isIcon ? icon(name) : parts[name]));
writeFileSync(out, html);

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } }).length;
const line = (name, bytes) => console.log(`    ${name.padEnd(18)} ${(bytes.length / 1000).toFixed(1).padStart(8)} kB raw ${(brotli(bytes) / 1000).toFixed(1).padStart(8)} kB brotli`);
line("verifier_bg.wasm", readFileSync(join(built, "verifier_bg.wasm")));
line("verify.html", Buffer.from(html));
