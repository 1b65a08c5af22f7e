// verify.html as an assessor has it: opened from disk, without a network, beside a pack of the real binary. It says whether
// the pack is what was made, computes every verdict again, names twelve ways to alter a pack, and shows what another fact
// would change.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { test as base, expect, type Page } from "@playwright/test";
import { edit, type Files, list, pack, Signer, text, unpack } from "../support/archive.ts";
import { Plumbline } from "../support/plumbline.ts";
import { axe, noSidewaysScroll, watch } from "../support/test.ts";

/** A pack of the sample workspace, made from the command line. */
type Made = {
  folder: string;
  archive: Buffer;
  files: Files;
  /** Of the key that signed it, as `export-pack` prints it. */
  fingerprint: string;
  checkpoint: string;
};

const test = base.extend<{ page: Page }, { made: Made }>({
  made: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "plumbline-pack-"));
      const data = ["--data", join(folder, "data")];
      const run = (...command: string[]) => execFileSync(Plumbline.binary, command, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      run("user", "add", ...data, "--mail", "security@shop.example", "--name", "Security lead", "--instance-admin");
      const workspace = run("demo", "load", ...data).trim().split("/w/")[1] ?? "";
      // Two changes, so that there is an audit trail from which something can be cut.
      for (const name of ["kiosk", "desk-printer"]) {
        writeFileSync(join(folder, "systems.csv"), `id,name\n${name},${name}\n`);
        run("import", ...data, "--workspace", workspace, join(folder, "systems.csv"));
      }
      const checkpoint = run("audit", "checkpoint", ...data);
      const told = run("export-pack", ...data, "--workspace", workspace, "--out", join(folder, "pack.zip"));
      const archive = readFileSync(join(folder, "pack.zip"));
      const files = unpack(archive);
      for (const [name, content] of files) {
        mkdirSync(dirname(join(folder, "pack", name)), { recursive: true });
        writeFileSync(join(folder, "pack", name), content);
      }
      await use({ folder, archive, files, fingerprint: /SHA256:[^. ]+/.exec(told)?.[0] ?? "", checkpoint });
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: "worker", timeout: 90_000 },
  ],

  // The page on which any error, and any request that is not for the page itself, fails the test.
  page: async ({ page, context, made }, use) => {
    const trouble: string[] = [];
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await watch(page, trouble);
    await context.setOffline(true);
    const address = pathToFileURL(join(made.folder, "pack/verify.html")).href;
    await page.goto(address);
    await use(page);
    expect(trouble, "errors on the page").toEqual([]);
    expect(asked.filter((url) => url !== address && !/^(data|blob):/.test(url)), "requests").toEqual([]);
  },
});

// Without JavaScript the page says so and names the commands; there is nothing to test.
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "the engine is a script");

async function choose(page: Page, archive: Buffer | string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: typeof archive === "string" ? "Choose the folder" : "Choose the ZIP" }).click();
  await (await chooser).setFiles(typeof archive === "string" ? archive : { name: "pack.zip", mimeType: "application/zip", buffer: archive });
}

const verdict = (page: Page, words: string) => expect(page.getByRole("heading", { level: 2, name: words, exact: true })).toBeVisible();

test("a pack is verified from disk, and every verdict follows again", async ({ page, made }) => {
  const outcome = JSON.parse(text(made.files, "outcome.json"));
  const verdicts = Object.keys(outcome.verdicts).length;
  expect(verdicts).toBeGreaterThan(10);

  await choose(page, made.archive);
  await verdict(page, "Intact, signer not known");
  await expect(page.getByText("type in the fingerprint", { exact: false })).toBeVisible();

  await page.getByLabel("Fingerprint or public key").fill("SHA256:short");
  await page.keyboard.press("Enter");
  await expect(page.getByText("This is no public key and no fingerprint", { exact: false })).toBeVisible();
  await page.getByLabel("Fingerprint or public key").fill(made.fingerprint);
  await page.getByLabel("Checkpoint", { exact: false }).first().fill(made.checkpoint);
  await page.getByRole("button", { name: "Verify", exact: true }).click();
  await verdict(page, "Intact");
  await expect(page.getByText(`${verdicts} of ${verdicts} verdicts`).last()).toBeVisible();
  await expect(page.locator("#agreement")).toContainText(`${outcome.findings.length} of ${outcome.findings.length} findings`);
  await expect(page.locator("#agreement")).toContainText("are the same to the byte");
  const systems = page.getByRole("table", { name: "The scope of each system" });
  await expect(systems.getByRole("row")).toHaveCount(verdicts + 1);
  await expect(systems.getByText("Agrees")).toHaveCount(verdicts);
  await expect(page.locator("#about")).toContainText("Draft: nobody signed the scope.");

  await page.locator("#systems").getByLabel("Find a system or a rule").fill("D-PAN-CLEAR");
  const first = systems.getByRole("row").nth(1);
  await first.getByRole("button", { name: "Why" }).click();
  await expect(first.getByRole("listitem").first()).toBeVisible();

  const rules = page.getByRole("table", { name: "Findings, questions and gaps by rule" });
  await expect(rules.getByRole("listitem", { includeHidden: true })).toHaveCount(outcome.findings.length);
  await rules.getByText("One by one").first().click();
  await expect(rules.getByRole("listitem").first()).toContainText("Agrees");

  await axe(page);
  await noSidewaysScroll(page);

  await page.getByLabel("Fingerprint or public key").fill("SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  await page.getByRole("button", { name: "Verify", exact: true }).click();
  await verdict(page, "Altered");
  await expect(page.locator("#faults")).toContainText("Another key signed");
});

test("a folder, and an archive that is dropped, are read as well", async ({ page, made }) => {
  await page.getByLabel("Fingerprint or public key").fill(made.fingerprint);
  await axe(page);
  await choose(page, join(made.folder, "pack"));
  await verdict(page, "Intact");

  const dropped = await page.evaluateHandle((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), (it) => it.charCodeAt(0))], "dropped.zip"));
    return data;
  }, made.archive.subarray(0, made.archive.length - 4).toString("base64"));
  await page.dispatchEvent("#drop", "drop", { dataTransfer: dropped });
  await verdict(page, "Altered");
  await expect(page.locator("#refused")).toContainText("dropped.zip is not what was made");
  await axe(page);
});

test("a large file is read piece by piece, and reading can be cancelled", async ({ page, made }) => {
  const folder = join(made.folder, "large");
  mkdirSync(join(folder, "evidence"), { recursive: true });
  writeFileSync(join(folder, "evidence/large.bin"), "");
  truncateSync(join(folder, "evidence/large.bin"), 3_000_000_000);
  await choose(page, folder);
  await expect(page.getByText(/ of 3\.0 GB$/)).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { name: "Reading the pack" })).toBeHidden();
  await choose(page, made.archive);
  await verdict(page, "Intact, signer not known");
});

test("another fact moves a verdict, and taking it back moves it back", async ({ page, made }) => {
  await choose(page, made.archive);
  const part = page.locator("#whatif");
  const scope = JSON.parse(text(made.files, "02_scope.json")).systems as Record<string, { category: string }>;
  const model = JSON.parse(text(made.files, "23_model.json")) as { flows: { id: string; from: string; to: string }[] };
  // The card number in clear on a flow that ends where none was.
  const flow = model.flows.find((it) => scope[it.to]?.category === "out_of_scope" || scope[it.to]?.category === "connected_to");
  expect(flow, "a flow to a system that handles no account data").toBeDefined();
  await part.getByLabel("Find", { exact: true }).fill(flow!.id);
  await part.getByLabel("Which", { exact: true }).selectOption(flow!.id);
  const fact = part.getByLabel("Another fact", { exact: true });
  const leak = fact.getByRole("option", { name: "Send the card number in clear as well", exact: false });
  await expect(leak).toHaveCount(1);
  await fact.selectOption({ label: (await leak.textContent()) ?? "" });
  await part.getByRole("button", { name: "See what moves" }).click();
  await expect(part.getByRole("heading", { name: /^\d+ verdicts? moves?$/ })).toBeVisible();
  await expect(part.getByRole("table", { name: "Verdicts that move" })).toContainText("CDE");
  await axe(page);
  await noSidewaysScroll(page);

  await part.getByRole("button", { name: "Take back", exact: false }).click();
  await expect(part.getByRole("heading", { level: 3 })).toHaveCount(0);
  await part.getByLabel("Find", { exact: true }).fill("");
  await part.getByLabel("What", { exact: true }).selectOption("system");
  await part.getByRole("button", { name: "See what moves" }).click();
  await expect(part.getByRole("heading", { level: 3 })).toBeVisible();
  await part.getByRole("button", { name: "Reset" }).click();
  await expect(part.getByRole("heading", { level: 3 })).toHaveCount(0);
  await verdict(page, "Intact, signer not known");
});

/** The lines of the audit trail. */
const trail = (files: Files) => text(files, "24_audit_log.jsonl").split("\n").slice(0, -1);

function setTrail(files: Files, lines: string[]): void {
  files.set("24_audit_log.jsonl", Buffer.from(lines.map((line) => `${line}\n`).join("")));
}

/** Takes one row out of a table. */
function without(files: Files, name: string, row: number): void {
  const rows = text(files, name).split("\n");
  files.set(name, Buffer.from(rows.filter((_, at) => at !== row).join("\n")));
}

/** What is done to a pack, and what is named: the file, and words of the sentence. `signer` holds the key that is trusted. */
const ALTERED: [string, (files: Files, signer: Signer) => void, string, string][] = [
  ["a byte in a table", (files) => edit(files, "02_inventory.csv", '"yes"', '"no"'), "02_inventory.csv", "does not have its hash"],
  ["a file removed", (files) => files.delete("16_risks.csv"), "16_risks.csv", "The file is missing"],
  ["a file added", (files) => files.set("seal/note.txt", Buffer.from("All is well.")), "seal/note.txt", "The file was added"],
  [
    "a file renamed",
    (files) => {
      files.set("access_lists.csv", files.get("access_list.csv") ?? Buffer.alloc(0));
      files.delete("access_list.csv");
    },
    "access_lists.csv",
    "The file was added",
  ],
  [
    "the list edited so that a changed file fits",
    (files) => {
      edit(files, "access_list.csv", "owner", "viewer");
      list(files);
    },
    "MANIFEST.sha256.sig",
    "does not fit the list",
  ],
  ["a line of the list edited", (files) => edit(files, "MANIFEST.sha256", "  access_list.csv", " *access_list.csv"), "MANIFEST.sha256", "was edited"],
  [
    "the signature swapped for that of another key",
    (files) => {
      const other = new Signer();
      other.allow(files);
      other.sign(files);
    },
    "MANIFEST.sha256.sig",
    "Another key signed",
  ],
  [
    "an entry cut out of the audit trail",
    (files, signer) => {
      setTrail(files, trail(files).filter((_, at) => at !== 1));
      signer.sign(files);
    },
    "24_audit_log.jsonl",
    "The audit trail was altered",
  ],
  [
    "the end of the audit trail cut off",
    (files, signer) => {
      setTrail(files, trail(files).slice(0, -1));
      signer.sign(files);
    },
    "24_audit_log.jsonl",
    "The audit trail was altered",
  ],
  [
    "the end cut off as if it had never been there, against a checkpoint",
    (files, signer) => {
      const kept = trail(files).slice(0, -1);
      const last = kept.at(-1) ?? "";
      const head = createHash("sha256").update(`plumbline-audit-v1\n${last}`).digest("hex");
      setTrail(files, kept);
      edit(files, "pack.json", /"head":"[0-9a-f]+"/, `"head":"${head}"`);
      edit(files, "pack.json", /"last":(\d+)/, `"last":${JSON.parse(last).seq}`);
      signer.sign(files);
    },
    "24_audit_log.jsonl",
    "its end is cut off",
  ],
  [
    "a fact of the model changed",
    (files, signer) => {
      const model = JSON.parse(text(files, "23_model.json"));
      for (const system of model.systems) delete system.holdings;
      files.set("23_model.json", Buffer.from(JSON.stringify(model)));
      signer.sign(files);
    },
    "outcome.json",
    "The model in the pack says otherwise",
  ],
  [
    "a verdict edited in the scope",
    (files, signer) => {
      edit(files, "02_scope.json", '"category": "cde"', '"category": "out_of_scope"');
      signer.sign(files);
    },
    "02_scope.json",
    "does not follow from the model",
  ],
  [
    "a finding taken out",
    (files, signer) => {
      without(files, "15_findings.csv", 1);
      signer.sign(files);
    },
    "15_findings.csv",
    "does not follow from the model",
  ],
];

test("what was altered is named, also where whoever altered it signed again", async ({ page, made }) => {
  // A key that the test holds takes the place of the installation's, so that a pack can be signed again with it.
  const signer = new Signer();
  await page.getByLabel("Fingerprint or public key").fill(signer.line);
  await page.getByLabel("Checkpoint", { exact: false }).first().fill(made.checkpoint);
  const whole: Files = new Map(made.files);
  signer.allow(whole);
  signer.sign(whole);
  await choose(page, pack(whole));
  await verdict(page, "Intact");
  for (const [how, alter, file, sentence] of ALTERED) {
    await test.step(how, async () => {
      const files: Files = new Map(whole);
      alter(files, signer);
      await choose(page, pack(files));
      await verdict(page, "Altered");
      const row = page.locator("#faults").getByRole("row").filter({ hasText: sentence });
      await expect(row.filter({ has: page.getByText(file, { exact: true }) }).first()).toBeVisible();
    });
  }
});
