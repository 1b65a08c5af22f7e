// Every page that the program has, as the routes say, is looked at by axe in the light, the dark and forced colours, and at
// 320 px. Pages are found by following links, so a page to which no link leads fails here as well.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import type { Plumbline } from "../support/plumbline.ts";
import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

/** Pages that are reached by something else than a link of somebody who is signed in, each with what looks at it. */
const ELSEWHERE = new Map([
  ["/setup", "the spec of the main job"],
  ["/sign-in", "the spec of signing in"],
  ["/second-factor", "the spec of signing in"],
  ["/re-authenticate", "the spec of people"],
  ["/reset/:token", "the link of a mail"],
  ["/invite/:token", "the spec of people"],
  ["/profile/recovery-codes", "shown once, after a second factor was enrolled"],
  ["/w/:ws/triage", "the answer to a form, in the spec of triage"],
  ["/w/:ws/change/:kind", "the answer to a form, in the spec of lists"],
  ["/w/:ws/paste", "the spec of lists"],
  ["/w/:ws/seals/:key", "the spec of reviews"],
  ["/w/:ws/evidence/samples/:key", "the spec of auditors, because a sample is drawn from what was signed"],
]);

/** The addresses of the pages, with a name in place of each part that varies. */
function routes(): string[] {
  const source = readFileSync(resolve(import.meta.dirname, "../../app/src/pages/routes.rs"), "utf8");
  return [...source.matchAll(/path=path!\("([^"]*)"\)/g)].map((match) => match[1]!);
}

/** The route that an address belongs to: the one with the fewest varying parts. */
function routeOf(path: string, all: string[]): string | undefined {
  const parts = path.split("/");
  const fits = (route: string): boolean => {
    const wanted = route.split("/");
    return wanted.length === parts.length && wanted.every((part, at) => part.startsWith(":") || part === parts[at]);
  };
  const varying = (route: string): number => route.split("/").filter((part) => part.startsWith(":")).length;
  return all.filter(fits).sort((one, other) => varying(one) - varying(other))[0];
}

/** One page of each route is looked at; of the inventory a list and an empty form of each kind, because they differ. */
function sort(path: string, route: string): string {
  const parts = path.split("/");
  const kind = /:kind(\/new)?$/.test(route) ? parts[4] : "";
  const tab = route.endsWith(":tab") && !route.includes("inventory") ? parts.at(-1) : "";
  return `${route} ${kind} ${tab}`;
}

/** Which of the walks looks at a page: the same one however the pages are found. */
function walkOf(kind: string): number {
  return [...kind].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % WALKS;
}

async function sample(page: Page, name: string): Promise<string> {
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** What the sample does not hold: a snapshot, a proposal, something observed, a risk, an incident with what is prepared for one. */
async function furnish(page: Page, workspace: string): Promise<void> {
  await page.goto(`${workspace}/snapshots`);
  await page.getByLabel("Name", { exact: true }).fill("Before the change");
  await page.getByRole("button", { name: "Take a snapshot" }).click();
  await page.goto(`${workspace}/proposals`);
  await page.getByLabel("What changes", { exact: true }).fill("Fewer fields to the support desk");
  await page.getByLabel("Why", { exact: true }).fill("They never look at it.");
  await page.getByRole("button", { name: "Begin it" }).click();
  const file = (name: string, text: string) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) });
  await page.goto(`${workspace}/observations`);
  await page.getByLabel("List", { exact: true }).setInputFiles(file("secrets.csv", "id,location\nmystery,vault\n"));
  await page.getByLabel("Source", { exact: true }).fill("Vault");
  await page.getByRole("button", { name: "Store what it saw" }).click();
  await page.goto(`${workspace}/risks/new`);
  await page.getByLabel("Title", { exact: true }).fill("Somebody reads the queue");
  const inherent = page.getByRole("group", { name: "Inherent rating" });
  await inherent.getByLabel("Likelihood").selectOption("4");
  await inherent.getByLabel("Impact").selectOption("4");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.goto(`${workspace}/incidents/playbooks/new`);
  await page.getByLabel("Title", { exact: true }).fill("A host is lost");
  await page.getByRole("checkbox", { name: "A hostile system" }).check();
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await page.goto(`${workspace}/incidents/drills/new`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.goto(`${workspace}/incidents/new`);
  await page.getByLabel("Title", { exact: true }).fill("A key in the open");
  await page.getByLabel("What is assumed to be hostile").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Open it" }).click();
}

/** What is planned, reviewed and collected: posted as a form without scripts posts it, because those forms have specs of their own. */
async function plan(page: Page, workspace: string): Promise<void> {
  const origin = new URL(page.url()).origin;
  const forms: [string, Record<string, string>][] = [
    ["schedules/new", { name: "Systems", subject: "topic:systems", cadence: "3m", first_due: "2027-01-31" }],
    ["activities/new", { kind: "failover", planned: "2026-12-01", rev: "0" }],
    [
      "analyses/new",
      {
        requirement: "7.2.5.1",
        assets: "Service accounts",
        threats: "Rights that nobody needs",
        factors: "Few changes",
        frequency: "6m",
        justification: "Half a year bounds it",
        change_triggers: "A new product",
        rev: "0",
      },
    ],
    ["evidence/requests/new", { text: "Show the last scan" }],
    ["evidence/policies/new", { title: "Security policy", version: "1.0", owner: "platform-security", rev: "0" }],
    ["evidence/training/new", { kind: "awareness", person: "platform-security", rev: "0" }],
    ["evidence/packs/new", { of: "now", profile: "full" }],
    [
      "reviews/new",
      {
        kind: "integrations",
        name: "2026-Q4",
        due: "2026-12-15",
        statement: "It is as it is written.",
        "signer.0.person": "platform-security",
        "signer.0.part": "attests",
        "signer.0.role": "Head of security",
      },
    ],
  ];
  for (const [path, form] of forms) {
    const answer = await page.request.post(`${workspace}/${path}`, { form, headers: { origin }, maxRedirects: 0 });
    expect(answer.status(), `${path}: ${await answer.text()}`).toBe(303);
  }
  const files: [string, Record<string, string>][] = [
    ["evidence/items", { title: "External scan", requirement: "11.3.2", address: "https://wiki.shop.example/scan" }],
    ["frameworks/new", { name: "House rules", key: "house-rules", rev: "0", text: "id,title\nA-1,Every integration has an owner\n" }],
  ];
  for (const [path, multipart] of files) {
    const answer = await page.request.post(`${workspace}/${path}`, { multipart, headers: { origin }, maxRedirects: 0 });
    expect(answer.status(), `${path}: ${await answer.text()}`).toBe(303);
  }
}

/** Opens a page, has it looked at and answers the addresses to which it leads. One that fails hides nothing of the others. */
async function lookAt(page: Page, address: string, wrong: string[]): Promise<string[]> {
  const answer = await page.goto(address);
  if ((answer?.status() ?? 0) >= 400) wrong.push(`${address}: ${answer?.status()}`);
  for (const look of [axe, noSidewaysScroll]) {
    await look(page).catch((problem: Error) => wrong.push(`${address}: ${problem.message}`));
  }
  return linksIn(page, await page.content(), page.url());
}

/** The addresses to which a page leads, without showing it. */
async function readOnly(page: Page, address: string, wrong: string[]): Promise<string[]> {
  const answer = await page.request.get(address);
  if (answer.status() >= 400) wrong.push(`${address}: ${answer.status()}`);
  return linksIn(page, await answer.text(), answer.url());
}

/** The paths on this site that the links of a document name. */
async function linksIn(page: Page, text: string, base: string): Promise<string[]> {
  const found = await page.evaluate(
    (html) => [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("a[href]")].map((link) => link.getAttribute("href") ?? ""),
    text,
  );
  return found.map((href) => new URL(href, base)).filter((url) => url.origin === new URL(base).origin).map((url) => url.pathname);
}

/** Files that wait for a decision, which are no link to anybody: their addresses. */
async function staged(page: Page, workspace: string): Promise<string[]> {
  await page.goto(`${workspace}/import`);
  const flows = { name: "flows.csv", mimeType: "text/csv", buffer: Buffer.from("source,target,fields\na,b,card_number\n") };
  await page.getByLabel("File", { exact: true }).setInputFiles(flows);
  await page.getByRole("button", { name: "Read the file" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Import flows.csv" })).toBeVisible();
  const job = new URL(page.url()).pathname;
  await page.goto(`${workspace}/recognise`);
  await page.getByLabel("Or paste it").fill('{"card_number": "4111111111111111", "cvv": "123"}');
  await page.getByRole("button", { name: "Recognise the fields" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^Fields of / })).toBeVisible();
  const reading = new URL(page.url()).pathname;
  await page.goto(`${workspace}/risks/import`);
  const register = { name: "register.csv", mimeType: "text/csv", buffer: Buffer.from("Title,Likelihood (1-3),Impact (1-3)\nA leak,3,2\n") };
  await page.getByLabel("File", { exact: true }).setInputFiles(register);
  await page.getByRole("button", { name: "Read the file" }).click();
  await expect(page).toHaveURL(/\/risks\/import\/[0-9a-f]+/);
  return [job, reading, new URL(page.url()).pathname];
}

// A trace of so many pages is too large to be kept; what is wrong is said of every page.
test.use({ trace: "off" });

// The longest of all tests by far: as two that run beside each other, no worker waits for it alone at the end.
const WALKS = 2;
test.describe.configure({ mode: "parallel" });

for (let walk = 0; walk < WALKS; walk++) {
  test(`every page stands up to axe and to a narrow window, walk ${walk + 1} of ${WALKS}`, ({ page, server }, info) =>
    everywhere(page, server, `Everywhere ${info.project.name} ${walk + 1}`, walk));
}

async function everywhere(page: Page, server: Plumbline, name: string, walk: number): Promise<void> {
  test.setTimeout(1_800_000);
  await signUp(page, server);
  const workspace = await sample(page, name);
  await furnish(page, workspace);
  await plan(page, workspace);
  const jobs = await staged(page, workspace);

  const all = routes();
  expect(all.length).toBeGreaterThan(60);
  const seen = new Map<string, string>();
  const wrong: string[] = [];
  const waiting = [workspace, ...jobs, "/profile", "/admin", "/workspaces", "/accessibility"];
  const queued = new Set(waiting);
  while (waiting.length > 0) {
    const address = waiting.shift()!;
    const path = address.replace(/\?.*$/, "");
    const route = routeOf(path, all);
    if (!route) continue;
    if (seen.has(sort(path, route))) continue;
    seen.set(sort(path, route), address);
    // A walk finds the pages of the other one, too, because links on them lead on; those it reads without showing them.
    const mine = walkOf(sort(path, route)) === walk;
    const links = mine ? await lookAt(page, address, wrong) : await readOnly(page, address, wrong);
    for (const link of links) {
      if (queued.has(link)) continue;
      if (link.startsWith("/w/") && !link.startsWith(`${workspace}/`)) continue;
      queued.add(link);
      waiting.push(link);
    }
  }
  expect(wrong, "pages with something wrong").toEqual([]);
  const reached = new Set([...seen.keys()].map((key) => key.split(" ")[0]));
  const missed = all.filter((route) => !reached.has(route) && !ELSEWHERE.has(route));
  expect(missed, "routes to which no link leads").toEqual([]);
}
