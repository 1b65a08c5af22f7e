// Writes style/icons.svg, the one sprite with every icon of the product, and copies the fonts with their licences.
//
// The icons come from lucide-static (ISC) and the shapes of the scope categories are our own. The output is checked in,
// so that a build needs neither this script nor the packages it reads; run `make icons` after changing a list below.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "scripts", "npm", "node_modules");

// The name in the sprite, then the name in lucide. The left side says what the icon means here.
const ICONS = {
  home: "house",
  map: "map",
  inventory: "boxes",
  fields: "text-cursor-input",
  findings: "triangle-alert",
  risks: "scale",
  reviews: "calendar-check",
  evidence: "file-check",
  settings: "settings",
  search: "search",
  bell: "bell",
  sun: "sun",
  moon: "moon",
  monitor: "monitor",
  user: "user",
  users: "users",
  "sign-out": "log-out",
  menu: "menu",
  plus: "plus",
  edit: "pencil",
  delete: "trash-2",
  close: "x",
  check: "check",
  "circle-check": "circle-check",
  "circle-alert": "circle-alert",
  info: "info",
  "chevron-down": "chevron-down",
  "chevron-right": "chevron-right",
  "chevron-left": "chevron-left",
  "chevrons-up-down": "chevrons-up-down",
  "arrow-right": "arrow-right",
  "arrow-left": "arrow-left",
  "arrow-up": "arrow-up",
  "arrow-down": "arrow-down",
  "arrow-left-right": "arrow-left-right",
  "external-link": "external-link",
  download: "download",
  upload: "upload",
  file: "file-text",
  filter: "list-filter",
  more: "ellipsis-vertical",
  link: "link",
  key: "key-round",
  lock: "lock",
  shield: "shield",
  system: "server",
  database: "database",
  globe: "globe",
  cloud: "cloud",
  vendor: "building-2",
  flow: "route",
  segment: "network",
  compare: "git-compare-arrows",
  history: "history",
  calendar: "calendar",
  clock: "clock",
  eye: "eye",
  "eye-off": "eye-off",
  copy: "copy",
  "zoom-in": "zoom-in",
  "zoom-out": "zoom-out",
  fit: "maximize",
  focus: "crosshair",
  explain: "waypoints",
  blast: "radar",
  print: "printer",
  undo: "undo-2",
  tag: "tag",
  columns: "columns-3",
  checklist: "list-checks",
  keyboard: "keyboard",
};

// The shapes that stand for scope categories, on a 16 x 16 grid. They are the same shapes as on the map and in chips.
const SHAPES = {
  "scope-cde": `<path fill="currentColor" d="M8 1.2 14.8 8 8 14.8 1.2 8z"/>`,
  "scope-cde-outline": `<path fill="none" stroke="currentColor" stroke-width="1.6" d="M8 2.2 13.8 8 8 13.8 2.2 8z"/>`,
  "scope-sec": `<path fill="currentColor" d="M8 1.2 14 4v4.6c0 3.1-2.6 5.2-6 6.4-3.4-1.2-6-3.3-6-6.4V4z"/>`,
  "scope-sec-outline": `<path fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" d="M8 2.1 13.2 4.5v4c0 2.6-2.2 4.4-5.2 5.5-3-1.1-5.2-2.9-5.2-5.5v-4z"/>`,
  "scope-con": `<path fill="currentColor" d="M2.5 2.5h11v11h-11z"/>`,
  "scope-out": `<path fill="none" stroke="currentColor" stroke-width="1.6" d="M8 2a6 6 0 1 0 .01 0zM3.8 12.2l8.4-8.4"/>`,
  "scope-new": `<circle fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2 1.6" cx="8" cy="8" r="6"/><path fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" d="M6.3 6.4C6.4 5.4 7.1 4.9 8 4.9s1.7.5 1.7 1.4c0 1.2-1.7 1.3-1.7 2.5"/><circle fill="currentColor" cx="8" cy="11" r=".95"/>`,
  "scope-ext": `<path fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" d="M12.8 9.4v3.4a1 1 0 0 1-1 1H3.2a1 1 0 0 1-1-1V4.2a1 1 0 0 1 1-1h3.4M9.6 2.2h4.2v4.2M13.4 2.6 7.4 8.6"/>`,
  "scope-pub": `<circle fill="none" stroke="currentColor" stroke-width="1.6" cx="8" cy="8" r="6"/><path fill="none" stroke="currentColor" stroke-width="1.3" d="M2 8h12M8 2c4 3.6 4 8.4 0 12M8 2c-4 3.6-4 8.4 0 12"/>`,
  "scope-not-live": `<path fill="none" stroke="currentColor" stroke-width="1.6" d="M8 2a6 6 0 1 0 .01 0zM8 4.6V8l2.4 1.6"/>`,
  "scope-open-end": `<path fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" d="M1.6 8h3.6"/><circle fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2 1.5" cx="10" cy="8" r="4.4"/>`,
  brand: `<path fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" d="M3 1.6h10M8 1.6V7"/><path fill="currentColor" d="M8 6.4 11.2 8.8 8 15.2 4.8 8.8z"/>`,
};

function lucide(name) {
  const text = readFileSync(join(modules, "lucide-static", "icons", `${name}.svg`), "utf8");
  const body = text.slice(text.indexOf(">", text.indexOf("<svg")) + 1, text.lastIndexOf("</svg>"));
  return body.replace(/\s*\n\s*/g, "").replace(/\s*\/>/g, "/>");
}

const version = JSON.parse(readFileSync(join(modules, "lucide-static", "package.json"), "utf8")).version;
const symbols = [
  ...Object.entries(ICONS).map(
    ([id, name]) =>
      `<symbol id="${id}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${lucide(name)}</symbol>`,
  ),
  ...Object.entries(SHAPES).map(
    ([id, body]) => `<symbol id="${id}" viewBox="0 0 16 16">${body}</symbol>`,
  ),
];
writeFileSync(
  join(root, "style", "icons.svg"),
  `<!-- Lucide ${version}, ISC licence (icons-LICENSE.txt); the scope-* shapes and the brand are Plumbline's own. Written by scripts/icons.mjs. -->\n` +
    `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`,
);
copyFileSync(join(modules, "lucide-static", "LICENSE"), join(root, "style", "icons-LICENSE.txt"));

const fonts = join(root, "style", "fonts");
mkdirSync(fonts, { recursive: true });
for (const family of ["inter", "jetbrains-mono"]) {
  const from = join(modules, "@fontsource-variable", family);
  for (const subset of ["latin", "latin-ext"]) {
    copyFileSync(
      join(from, "files", `${family}-${subset}-wght-normal.woff2`),
      join(fonts, `${family}-${subset}.woff2`),
    );
  }
  copyFileSync(join(from, "LICENSE"), join(fonts, `${family}-LICENSE.txt`));
}

console.log(`style/icons.svg: ${symbols.length} icons; style/fonts: 2 families`);
