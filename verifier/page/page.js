"use strict";

const ROWS = 200;
const OPTIONS = 300;
const $ = (id) => document.getElementById(id);

// ---- Elements. Texts of a pack are only ever put in as texts.

function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((it) => it !== undefined && it !== null && it !== ""));
  return element;
}

const PATHS = {
  good: ["M21.8 10A10 10 0 1 1 17 3.335", "m9 11 3 3L22 4"],
  bad: ["M15 9l-6 6", "M9 9l6 6", "M7.86 2h8.28L22 7.86v8.28L16.14 22H7.86L2 16.14V7.86z"],
  open: ["M9.09 9a3 3 0 0 1 5.83 1c0 2-3 3-3 3", "M12 17h.01", "M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20"],
  arrow: ["M5 12h14", "m12 5 7 7-7 7"],
};

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const attributes = { class: "icon", viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const d of PATHS[name]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB"];
  let at = 0;
  for (; bytes >= 1000 && at < units.length - 1; at += 1) bytes /= 1000;
  return `${at ? bytes.toFixed(1) : bytes} ${units[at]}`;
}

const chip = (it) => (it ? el("span", { class: "scope-chip", "data-category": it.key, "data-sub": it.part }, el("b", { class: "code" }, it.code), it.sub || it.label) : el("span", { class: "muted" }, "not there"));

const say = (text) => ($("live").textContent = text);

// ---- The engine, in a worker of its own: to cancel is to end it.

class Engine {
  #worker;
  #waiting = new Map();
  #next = 0;
  onread = () => {};

  static #module;

  static async start() {
    Engine.#module ??= await unpacked();
    const engine = new Engine();
    const address = URL.createObjectURL(new Blob([$("worker").textContent], { type: "text/javascript" }));
    engine.#worker = new Worker(address);
    engine.#worker.onmessage = ({ data }) => engine.#answer(data);
    engine.#worker.onerror = (event) => engine.#end(new Error(event.message || "the engine did not start"));
    await engine.ask("start", Engine.#module);
    URL.revokeObjectURL(address);
    return engine;
  }

  ask(call, ...args) {
    return new Promise((resolve, reject) => {
      const id = (this.#next += 1);
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call, args });
    });
  }

  cancel() {
    this.#worker.terminate();
    this.#end(new DOMException("cancelled", "AbortError"));
  }

  #answer({ id, value, error, isTold, read, of }) {
    if (id === undefined) return this.onread(read, of);
    const { resolve, reject } = this.#waiting.get(id) ?? {};
    this.#waiting.delete(id);
    if (error === undefined) resolve?.(value);
    else reject?.(Object.assign(new Error(error), { isTold }));
  }

  #end(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** The module, which lies in this page packed and as text. */
async function unpacked() {
  const packed = Uint8Array.from(atob($("engine").textContent.trim()), (it) => it.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

// ---- What is chosen.

/** `{ name, archive }` or `{ name, files: [{ name, file }] }` */
let chosen;
let engine;
let isRead = false;

function choose(what) {
  chosen = what;
  isRead = false;
  const bytes = what.archive ? what.archive.size : what.files.reduce((sum, { file }) => sum + file.size, 0);
  const told = what.archive ? size(bytes) : `${count(what.files.length, "file")}, ${size(bytes)}`;
  $("chosen").replaceChildren(el("strong", {}, what.name), ` (${told})`);
  $("verify").disabled = false;
  $("verify-hint").textContent = "";
  run();
}

$("choose-file").onclick = () => $("file").click();
$("choose-folder").onclick = () => $("folder").click();
$("choose-note").onclick = () => $("note").click();
$("file").onchange = ({ target }) => {
  const [archive] = target.files;
  if (archive) choose({ name: archive.name, archive });
  target.value = "";
};
$("folder").onchange = ({ target }) => {
  const files = [...target.files].map((file) => ({ name: file.webkitRelativePath.split("/").slice(1).join("/"), file }));
  if (files.length) choose({ name: target.files[0].webkitRelativePath.split("/")[0], files });
  target.value = "";
};
$("note").onchange = async ({ target }) => {
  const [file] = target.files;
  if (file) $("checkpoint").value = await file.slice(0, 8 * 1024 * 1024).text();
  target.value = "";
};

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    $("drop").classList.add("is-over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) $("drop").classList.remove("is-over");
});
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  $("drop").classList.remove("is-over");
  const [item] = event.dataTransfer.items;
  const entry = item?.webkitGetAsEntry?.();
  const file = event.dataTransfer.files[0];
  if (entry?.isDirectory) choose({ name: entry.name, files: await within(entry, "") });
  else if (file) choose({ name: file.name, archive: file });
});

/** The files of a folder that was dropped, with their names from it on. */
async function within(folder, before) {
  const reader = folder.createReader();
  const files = [];
  for (;;) {
    // A browser gives them in parts.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return files;
    for (const entry of entries) {
      const name = before + entry.name;
      if (entry.isDirectory) files.push(...(await within(entry, `${name}/`)));
      else files.push({ name, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) });
    }
  }
}

$("form").onsubmit = (event) => {
  event.preventDefault();
  if (chosen) run();
};

$("cancel").onclick = () => engine?.cancel();

// ---- Verifying.

let isRunning = false;

async function run() {
  if (isRunning) engine?.cancel();
  while (isRunning) await new Promise((later) => setTimeout(later, 10));
  isRunning = true;
  const what = chosen;
  $("refused").hidden = true;
  $("result").hidden = true;
  $("progress").hidden = false;
  $("bar").removeAttribute("value");
  $("key-error")?.remove();
  $("key").removeAttribute("aria-invalid");
  $("key").setAttribute("aria-describedby", "key-hint");
  try {
    if (!isRead) {
      engine?.cancel();
      stage("Starting the engine");
      engine = await Engine.start();
      engine.onread = (read, of) => {
        $("bar").value = of ? read / of : 0;
        $("read").textContent = `${size(read)} of ${size(of)}`;
      };
      stage("Reading the pack");
      await (what.archive ? engine.ask("archive", what.archive) : engine.ask("folder", what.files));
      isRead = true;
    }
    stage("Computing scope and findings again");
    $("bar").removeAttribute("value");
    show(await engine.ask("verify", $("key").value, $("checkpoint").value), what);
  } catch (error) {
    failed(error, what);
  } finally {
    $("progress").hidden = true;
    isRunning = false;
  }
}

function stage(words) {
  $("progress-title").textContent = words;
  $("read").textContent = "";
  say(`${words}.`);
}

function failed(error, what) {
  if (error.name === "AbortError") {
    isRead = false;
    return say("Cancelled.");
  }
  if (error.isTold && isRead) {
    $("key").before(el("p", { class: "error", id: "key-error" }, el("span", { class: "visually-hidden" }, "Error: "), error.message));
    $("key").setAttribute("aria-invalid", "true");
    $("key").setAttribute("aria-describedby", "key-hint key-error");
    $("key").focus();
    return say("");
  }
  const wasRead = isRead;
  isRead = false;
  // What is no archive any more is not what was made.
  const sentence = error.isTold
    ? `${what.name} is not what was made: ${error.message}.`
    : wasRead ? `The engine stopped while it computed (${error.message}). Use plumbline verify-pack instead.` : `${what.name} cannot be read: ${error.message}. Choose it again.`;
  const words = error.isTold ? "Altered" : "Not verified";
  $("refused").replaceChildren(verdict(error.isTold ? "altered" : "unknown", words, sentence));
  $("refused").hidden = false;
  announce($("refused"));
}

function announce(within) {
  say("");
  const heading = within.querySelector("h2");
  heading.focus({ preventScroll: true });
  within.scrollIntoView({ block: "start" });
}

// ---- The result.

const TONES = { intact: "ok", unknown: "warn", altered: "error" };
const ICONS = { intact: "good", unknown: "open", altered: "bad" };

function verdict(kind, words, sentence) {
  return el("section", { class: "verify-verdict", "data-tone": TONES[kind], "aria-labelledby": "verdict" }, icon(ICONS[kind]), el("div", { class: "stack tight" }, el("h2", { id: "verdict", tabindex: "-1" }, words), el("p", {}, sentence)));
}

function words(it) {
  const draft = it.about && !it.about.seal ? " It is a draft: nobody signed the scope." : "";
  if (it.verdict === "intact") return ["Intact", `Nothing was altered, and the key that you trust signed it.${draft}`];
  if (it.verdict === "unknown") return ["Intact, signer not known", "Nothing in it contradicts itself. Whose key signed it, nobody said: type in the fingerprint that you got on another way, and verify again."];
  return ["Altered", `This pack is not what was made: ${count(it.faults.length, "thing")} ${it.faults.length === 1 ? "is" : "are"} wrong.`];
}

function show(it, what) {
  const parts = [verdict(it.verdict, ...words(it)), checks(it)];
  if (it.faults.length) parts.push(faults(it));
  if (it.about) parts.push(about(it, what));
  if (it.is_computed) parts.push(computed(it), systems(it), rules(it), whatif());
  $("result").replaceChildren(...parts);
  $("result").hidden = false;
  announce($("result"));
}

function card(id, title, ...children) {
  return el("section", { class: "card", id, "aria-labelledby": `${id}-title` }, el("h2", { id: `${id}-title` }, title), ...children);
}

const STATES = { good: ["ok", "In order"], bad: ["error", "Wrong"], open: ["warn", "Not told"] };

function checks(it) {
  const line = ({ title, state, sentence }) =>
    el("li", { "data-tone": STATES[state][0] }, icon(state), el("strong", {}, title, el("span", { class: "visually-hidden" }, `: ${STATES[state][1]}`)), el("p", {}, sentence));
  return card("checks", "What was looked at", el("ul", { class: "verify-checks" }, it.checks.map(line)));
}

function table(caption, heads, rows, attributes = {}) {
  const head = el("thead", {}, el("tr", {}, heads.map((it) => el("th", { scope: "col", class: it.startsWith("#") && "number" }, it.replace("#", "")))));
  const body = el("tbody");
  const cell = (it, at) => {
    if (at === 0) return el("th", { scope: "row" }, it);
    return el("td", { "data-label": heads[at].replace("#", ""), class: heads[at].startsWith("#") && "number" }, it);
  };
  body.append(...rows.map((row) => el("tr", {}, row.map(cell))));
  return el("div", { class: "table-wrap", role: "group", tabindex: "0", "aria-label": caption }, el("table", { class: "table", ...attributes }, el("caption", { class: "visually-hidden" }, caption), head, body));
}

function faults(it) {
  const rows = it.faults.map(([file, sentence]) => [el("code", {}, file), sentence]);
  return card("faults", "What is wrong", table("What is wrong", ["File", "What"], rows));
}

function about(it, what) {
  const { about } = it;
  const [chain, first, last, head] = about.trail;
  const facts = [
    ["Pack", `${what.name}: ${count(it.files, "file")}, ${size(it.bytes)}`],
    ["Workspace", about.workspace],
    ["Seal", about.seal ? [about.seal[0], ", hash ", el("code", {}, about.seal[1])] : el("strong", {}, "Draft: nobody signed the scope.")],
    ["As of", `${about.as_of}; sealed at ${about.at}`],
    ["Profile", about.profile],
    ["Engine", about.engine === about.here ? `${about.engine}, the same as in this page` : `${about.engine}; this page has ${about.here}`],
    ["Signed by", it.signer ? el("code", {}, it.signer) : "no signature that can be read"],
    ["Audit trail", [`${chain}, entries ${first} to ${last}, the last one `, el("code", {}, head)]],
  ];
  if (!about.seal) facts[3][1] = about.as_of;
  return card("about", "What the pack says of itself", el("dl", { class: "verify-facts" }, facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
}

function computed(it) {
  const line = ([said, again], one, many) => [el("strong", {}, `${again.toLocaleString("en")} of ${count(said, one, many)}`), again === said ? " agree." : " agree; the others are named above."];
  const files = it.derived[0] ? [el("strong", {}, `${it.derived[1]} of ${count(it.derived[0], "file")}`), " that follow from the model and the seal are the same to the byte."] : ["Another version made the files that follow from the model; they were not compared."];
  const stats = it.counts.map(([category, number]) =>
    el("li", {}, el("div", { class: "stat", "data-category": category.key }, el("span", { class: "stat-label" }, category.label), el("span", { class: "stat-value" }, number.toLocaleString("en")))));
  return card(
    "computed",
    "Computed again from the model",
    el("ul", { class: "stack tight", id: "agreement" }, [line(it.verdicts, "verdict"), line(it.findings, "finding"), files].map((them) => el("li", {}, them))),
    el("ul", { class: "stats" }, stats),
    it.explained.length ? el("details", { class: "disclosure" }, el("summary", {}, `${count(it.explained.length, "difference")} because a rule changed since`), el("ul", {}, it.explained.map((text) => el("li", {}, text)))) : undefined,
  );
}

const agrees = (yes) => el("span", { class: "verify-agree", "data-tone": yes ? "ok" : "error" }, icon(yes ? "good" : "bad"), yes ? "Agrees" : "Differs");
const same = (one, other) => one?.key === other?.key && one?.part === other?.part;

/** A table that is filtered by a word and a choice, and shows a part of a long list at first. */
function filtered(id, title, label, choices, rows, draw) {
  let shown = ROWS;
  const word = el("input", { id: `${id}-word`, type: "search", oninput: () => { shown = ROWS; update(); } });
  const choice = el("select", { id: `${id}-choice`, onchange: () => { shown = ROWS; update(); } }, Object.keys(choices).map((it) => el("option", {}, it)));
  const found = el("p", { class: "meta", role: "status" });
  const place = el("div");
  const more = el("button", { type: "button", class: "button", onclick: () => { shown += ROWS; update(); } }, `Show ${ROWS} more`);
  function update() {
    const words = word.value.trim().toLowerCase();
    const them = rows.filter((row) => choices[choice.value](row.it) && (!words || row.text.includes(words)));
    found.textContent = `${them.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
    place.replaceChildren(draw(them.slice(0, shown).map((row) => row.it)));
    more.hidden = them.length <= shown;
  }
  update();
  const bar = el("div", { class: "filter-bar" }, el("div", { class: "field grow" }, el("label", { for: word.id }, label), word), el("div", { class: "field" }, el("label", { for: choice.id }, "Show"), choice));
  return card(id, title, bar, found, place, more);
}

function systems(it) {
  const rows = it.systems.map((row) => ({ it: row, text: [row.system, row.name, row.rule?.join(" "), row.again?.label, row.again?.code].join(" ").toLowerCase() }));
  const inScope = (row) => ["cde", "security_impacting", "connected_to"].includes(row.again?.key);
  const choices = { "All systems": () => true, "In scope": inScope, "Not in scope": (row) => !inScope(row), "What differs": (row) => !same(row.said, row.again) };
  const proof = (row) => {
    const path = row.witness.length > 1 ? row.witness.join(" → ") : row.witness[0] ?? "";
    const button = el("button", { type: "button", class: "button small", "aria-expanded": "false", "aria-label": `Why ${row.name}` }, "Why");
    const cell = el("div", {}, path && el("p", {}, path), button);
    button.onclick = async () => {
      const open = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!open));
      if (open) return cell.querySelector("ol")?.remove();
      const sentences = await engine.ask("why", row.system);
      cell.append(el("ol", { class: "verify-why" }, sentences.map((text) => el("li", {}, text))));
    };
    return cell;
  };
  const draw = (them) =>
    table("The scope of each system", ["System", "In the pack", "Computed again", "Rule", "Path that proves it", "Agreement"], them.map((row) => [
      [row.name, row.name === row.system ? "" : el("div", { class: "key" }, row.system)],
      chip(row.said),
      chip(row.again),
      row.rule ? [el("code", {}, row.rule[0]), el("div", { class: "meta" }, row.rule[1])] : "",
      proof(row),
      agrees(same(row.said, row.again)),
    ]));
  return filtered("systems", "The scope of each system", "Find a system or a rule", choices, rows, draw);
}

function rules(it) {
  const rows = it.rules.map((row) => ({ it: row, text: `${row.rule} ${row.title}`.toLowerCase() }));
  const holds = (row) => row.said === row.same && row.again === row.same;
  const choices = { "All rules": () => true, "What differs": (row) => !holds(row) };
  const how = (one) => (one.same ? agrees(true) : el("span", { class: "verify-agree", "data-tone": "error" }, icon("bad"), !one.said ? "Not in the pack" : one.again ? "Rests on other facts" : "Does not follow"));
  const each = (row) => {
    const rest = Math.max(row.said, row.again) - row.lines.length;
    const summary = el("summary", { "aria-label": `One by one: ${row.rule}` }, "One by one");
    const lines = row.lines.map((one) => el("li", {}, `${one.subject} `, how(one)));
    return el("details", { class: "disclosure verify-each" }, summary, el("ul", { class: "stack tight" }, lines, rest > 0 ? el("li", { class: "meta" }, `and ${rest.toLocaleString("en")} more`) : ""));
  };
  const draw = (them) =>
    table("Findings, questions and gaps by rule", ["Rule", "#In the pack", "#Computed again", "#The same", "Agreement"], them.map((row) => [
      [el("code", {}, row.rule), row.title && el("div", { class: "meta" }, row.title), each(row)],
      String(row.said),
      String(row.again),
      String(row.same),
      agrees(holds(row)),
    ]));
  return filtered("rules", "Findings, questions and gaps by rule", "Find a rule", choices, rows, draw);
}

// ---- Another fact.

const KINDS = { flow: "A flow", system: "A system", segments: "What passes between two segments" };

function whatif() {
  let changes = [];
  let objects;
  let offers = [];
  const kind = el("select", { id: "change-kind", onchange: () => list() }, Object.entries(KINDS).map(([key, text]) => el("option", { value: key }, text)));
  const find = el("input", { id: "change-find", type: "search", oninput: () => list() });
  const object = el("select", { id: "change-object", onchange: () => offer() });
  const change = el("select", { id: "change-fact" });
  const apply = el("button", { type: "submit", class: "button primary" }, "See what moves");
  const applied = el("ul", { class: "verify-changes", "aria-label": "Changed facts" });
  const reset = el("button", { type: "button", class: "button", onclick: () => attempt([]) }, "Reset");
  const error = el("div", { class: "error", role: "alert" });
  const outcome = el("div", { class: "stack" });
  const field = (label, control) => el("div", { class: "field" }, el("label", { for: control.id }, label), control);

  async function list() {
    objects ??= await engine.ask("objects");
    const words = find.value.trim().toLowerCase();
    const them = objects[kind.value].filter(([key, name]) => `${key} ${name}`.toLowerCase().includes(words));
    object.replaceChildren(...them.slice(0, OPTIONS).map(([key, name]) => el("option", { value: key }, name)));
    await offer();
  }

  async function offer() {
    offers = object.value ? await engine.ask("offers", kind.value, object.value) : [];
    change.replaceChildren(...offers.map((it, at) => el("option", { value: String(at) }, it.words)));
    apply.disabled = !offers.length;
  }

  /** Tries these changes; where they cannot be carried out, those before stay. */
  async function attempt(next) {
    error.textContent = "";
    try {
      const moved = next.length ? await engine.ask("moved", next) : undefined;
      changes = next;
      const line = (text, at) => el("li", {}, text, el("button", { type: "button", class: "button small", "aria-label": `Take back: ${text}`, onclick: () => attempt(changes.toSpliced(at, 1)) }, "Take back"));
      applied.replaceChildren(...(moved?.changes ?? []).map(line));
      reset.hidden = !moved;
      outcome.replaceChildren(...(moved ? told(moved) : []));
      say(moved ? outcome.firstChild.textContent : "No fact is changed.");
    } catch (problem) {
      error.textContent = problem.message;
    }
  }

  const form = el("form", {
    class: "stack",
    onsubmit: (event) => {
      event.preventDefault();
      const it = offers[Number(change.value)];
      if (it) attempt([...changes, it.change]);
    },
  }, el("div", { class: "field-row" }, field("What", kind), field("Find", find)), field("Which", object), field("Another fact", change), el("div", { class: "cluster" }, apply, reset));
  reset.hidden = true;
  list();
  return card("whatif", "Change a fact", el("p", {}, "Pick a fact of the model and see which verdicts move. The pack stays as it is."), form, error, applied, outcome);
}

function told(it) {
  const heading = it.count ? `${count(it.count, "verdict")} ${it.count === 1 ? "moves" : "move"}` : "No verdict moves";
  const parts = [el("h3", {}, heading)];
  if (it.count) {
    const rows = it.systems.map((row) => [
      row.name,
      el("span", { class: "verify-move" }, chip(row.before), icon("arrow"), el("span", { class: "visually-hidden" }, "becomes"), chip(row.after)),
      el("ol", { class: "verify-why" }, row.because.map((text) => el("li", {}, text))),
    ]);
    parts.push(table("Verdicts that move", ["System", "Verdict", "Why"], rows));
    parts.push(table("Systems by category", ["Category", "#Before", "#Then"], it.counts.map(([category, before, then]) => [category.label, String(before), String(then)]), { class: "table simple" }));
  }
  for (const [[number, lines], one] of [[it.appear, "appears"], [it.go, "goes"]]) {
    const many = one === "goes" ? "go" : "appear";
    if (!number) continue;
    const more = number > lines.length ? [el("li", {}, `and ${number - lines.length} more`)] : [];
    parts.push(el("details", { class: "disclosure" }, el("summary", {}, `${count(number, "finding")} ${number === 1 ? one : many}`), el("ul", {}, lines.map((text) => el("li", {}, text)), more)));
  }
  if (parts.length === 1) parts.push(el("p", { class: "muted" }, "No finding appears or goes either."));
  return parts;
}
