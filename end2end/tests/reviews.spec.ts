// The quarter: twelve systems that did not change are signed in at most ten clicks, and with the keyboard alone; three that
// did are looked at one by one; an acceptance that lapsed is decided again inside the session; and a signature is refused
// with a list while something is open.

import type { Browser, Page } from "@playwright/test";
import type { Plumbline } from "../support/plumbline.ts";
import { ADMIN, axe, expect, noSidewaysScroll, provoked, signUp, test, watch } from "../support/test.ts";

/** A dozen systems and their flows, of which nothing is missing: owners, deputies, protection, both ends confirmed. */
function estate(): string {
  const at = new Date(Date.now() - 86_400_000).toISOString().replace(/\.\d+Z$/, "Z");
  const names = ["Till", "Ledger", "Desk", "Catalogue", "Basket", "Orders", "Stock", "Mailer", "Search", "Returns", "Prices", "Reports"];
  const systems = names.map((name) => ({ id: name.toLowerCase(), name, owner: "pat", deputy: "dan" }));
  const confirmed = [["source", "pat"], ["target", "dan"]].map(([end, person]) => ({ end, person, answer: "agrees", at }));
  const flow = (from: string, to: string) => ({ id: `${from}-${to}`, from, to, encryption: "transport", auth: "mtls", confirmations: confirmed });
  const people = [{ id: "pat", name: "Payments engineer" }, { id: "dan", name: "Duty engineer" }];
  return JSON.stringify({ people, systems, flows: [flow("till", "orders"), flow("orders", "ledger")] });
}

/** A workspace with that estate. */
async function workspaceOf(page: Page, server: Plumbline, name: string): Promise<string> {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: "Start empty" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;
  await page.goto(`${workspace}/import`);
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "estate.json", mimeType: "application/json", buffer: Buffer.from(estate()) });
  await page.getByRole("button", { name: "Read the file" }).click();
  await page.getByRole("button", { name: "Confirm the import" }).click();
  await page.goto(`${workspace}/systems`);
  await expect(page.getByRole("link", { name: "Reports", exact: true })).toBeVisible();
  return workspace;
}

/** Whether the page asks for a proof; then gives it and goes on. */
async function provenIfAsked(page: Page, trouble: string[]): Promise<void> {
  const password = page.getByLabel("Password", { exact: true });
  if (!(await password.isVisible())) return;
  provoked(trouble, /403/);
  await password.fill(ADMIN.password);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Go on with what you entered" }).click();
}

/** Signs, and is told that something is open. */
async function refused(page: Page, trouble: string[]): Promise<void> {
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await provenIfAsked(page, trouble);
  await expect(page.getByText("A gate is still open.", { exact: false })).toBeVisible();
  provoked(trouble, /422/);
}

async function sealed(page: Page, key: string, trouble: string[]): Promise<void> {
  await provenIfAsked(page, trouble);
  await expect(page.getByText("Everybody has signed, and it is sealed.", { exact: false })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/seals/${key}`));
  await expect(page.getByText("fit together", { exact: false })).toBeVisible();
}

/** The first review of a workspace: nobody has signed anything, so each system is confirmed, one after the other. */
async function first(page: Page, workspace: string, trouble: string[]): Promise<void> {
  await page.goto(`${workspace}/reviews`);
  await page.getByRole("link", { name: "Open a review" }).first().click();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Open", exact: true }).last().click();
  await expect(page.getByText("The review is open.", { exact: false })).toBeVisible();
  await page.getByRole("link", { name: "One by one" }).click();
  for (let number = 1; number <= 12; number += 1) {
    await page.getByRole("button", { name: /^Confirm: / }).click();
    await expect(page.getByText(`${number} of 12 looked at`, { exact: false })).toBeVisible();
  }
  await expect(page.getByText("Every item was looked at.", { exact: false })).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Sign review" }).click();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await sealed(page, "SEAL-1", trouble);
  await axe(page);
  await noSidewaysScroll(page);
}

/** Changes what a system is called in words that people sign for. */
async function exposed(page: Page, workspace: string, system: string): Promise<void> {
  await page.goto(`${workspace}/systems/${system}/edit`);
  const name = page.getByLabel("Name", { exact: true });
  await name.fill(`${await name.inputValue()} two`);
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
}

test("an unchanged quarter of twelve systems takes ten clicks at most, and a changed one is looked at", async ({ page, server, trouble }, info) => {
  test.setTimeout(600_000);
  const workspace = await workspaceOf(page, server, `Quarter ${info.project.name}`);
  await first(page, workspace, trouble);

  // Unchanged: counted from the list of reviews to the seal.
  let clicks = 0;
  const click = async (role: "link" | "button", name: string | RegExp) => {
    clicks += 1;
    await page.getByRole(role, { name, exact: typeof name === "string" }).last().click();
  };
  await page.goto(`${workspace}/reviews`);
  await click("link", "Open a review");
  await click("button", "Open");
  await expect(page.getByText("12 systems: 12 unchanged, 0 changed.", { exact: false })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await click("button", "Attest 12 as still correct");
  await expect(page.getByText("12 of 12 looked at", { exact: false })).toBeVisible();
  await click("link", "Sign review");
  await click("button", "Sign");
  await sealed(page, "SEAL-2", trouble);
  expect(clicks).toBeLessThanOrEqual(10);

  // Three changed: nine at once, three one by one, and the signature says what is open until then.
  for (const system of ["till", "desk", "stock"]) await exposed(page, workspace, system);
  await page.goto(`${workspace}/reviews/new`);
  await page.getByRole("button", { name: "Open", exact: true }).last().click();
  await expect(page.getByText("12 systems: 9 unchanged, 3 changed.", { exact: false })).toBeVisible();
  const review = new URL(page.url()).pathname;
  clicks = 0;
  await click("button", "Attest 9 as still correct");
  await expect(page.getByText("9 of 12 looked at", { exact: false })).toBeVisible();
  await expect(page.getByRole("deletion").filter({ hasText: "Till" }).first()).toBeVisible();
  await page.goto(`${review}/sign`);
  await refused(page, trouble);
  await expect(page.getByRole("table", { name: "3 things" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Look at Desk two" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.goto(review);
  for (const name of ["Desk two", "Stock two", "Till two"]) {
    await click("button", `Confirm: ${name}`);
    await expect(page.getByRole("button", { name: `Look again at ${name}` })).toBeVisible();
  }
  // What changes after it was ticked falls off, and is listed.
  await exposed(page, workspace, "till");
  await page.goto(review);
  await expect(page.getByRole("heading", { name: "Fell off" })).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Look again at Till two two" }).click();
  await page.getByRole("button", { name: "Confirm: Till two two" }).click();
  await click("link", "Sign review");
  await click("button", "Sign");
  await sealed(page, "SEAL-3", trouble);
  expect(clicks).toBeLessThanOrEqual(10);
  await page.getByRole("link", { name: "Verify now" }).click();
  await expect(page.getByText("identical, to the last finding", { exact: false })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.goto(`${workspace}/reviews`);
  await axe(page);
  await noSidewaysScroll(page);
});

/** Moves with Tab until something with this name has the focus. */
async function reach(page: Page, role: "link" | "button", name: string): Promise<void> {
  const target = page.getByRole(role, { name, exact: true }).last();
  await expect(target).toBeVisible();
  for (let pressed = 0; pressed < 150; pressed += 1) {
    if (await target.evaluate((it) => it === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${name} is not reached with Tab`);
}

test("an unchanged quarter is signed with the keyboard alone", async ({ page, server, trouble }, info) => {
  test.setTimeout(600_000);
  const workspace = await workspaceOf(page, server, `Keys of a quarter ${info.project.name}`);
  await first(page, workspace, trouble);
  await page.goto(`${workspace}/reviews`);
  for (const [role, name] of [["link", "Open a review"], ["button", "Open"], ["button", "Attest 12 as still correct"], ["link", "Sign review"], ["button", "Sign"]] as const) {
    await reach(page, role, name);
    await page.keyboard.press("Enter");
    await page.waitForLoadState();
  }
  await sealed(page, "SEAL-2", trouble);
});

/** Somebody whose tier reaches every level, in a browser of their own. */
async function approver(page: Page, browser: Browser, server: Plumbline, workspace: string, trouble: string[], scripts: boolean, name: string): Promise<Page> {
  await page.goto(`${workspace}/members`);
  await page.getByLabel("E-mail address").fill(`${name}@shop.example`);
  await page.getByLabel("Role", { exact: true }).selectOption("reviewer");
  await page.getByLabel("Approval tier").selectOption("4");
  await page.getByRole("button", { name: "Make the invitation" }).click();
  const link = await page.getByLabel("Link", { exact: true }).inputValue();
  const context = await browser.newContext({ baseURL: server.origin, javaScriptEnabled: scripts });
  const other = await context.newPage();
  await watch(other, trouble);
  await other.goto(link);
  await other.getByLabel("Your name").fill("Head of risk");
  await other.getByLabel("Password", { exact: true }).fill("lantern over a quiet canal 7");
  await other.getByRole("button", { name: "Make the account and join" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  return other;
}

async function rate(page: Page, step: string): Promise<void> {
  await page.locator("[name=inherent_likelihood]").selectOption(step);
  await page.locator("[name=inherent_impact]").selectOption(step);
}

async function asksToAccept(page: Page, why: string): Promise<void> {
  await page.getByLabel("Why it can be lived with").fill(why);
  await page.getByRole("button", { name: "Request" }).click();
  await expect(page.getByText("The acceptance was asked for", { exact: false })).toBeVisible();
}

test("an acceptance that lapsed is decided again inside the session", async ({ page, browser, server, scripts, trouble }, info) => {
  test.setTimeout(600_000);
  const workspace = await workspaceOf(page, server, `Lapsed ${info.project.name}`);
  const other = await approver(page, browser, server, workspace, trouble, scripts, `lapsed-${info.project.name}`);
  await page.goto(`${workspace}/risks/new`);
  await page.getByLabel("Title", { exact: true }).fill("Orders are read");
  await rate(page, "2");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("The risk is in the register.")).toBeVisible();
  await page.goto(`${workspace}/risks/R-1/accept`);
  await asksToAccept(page, "The order system is replaced in spring.");
  await other.goto(`${workspace}/risks/R-1`);
  await other.getByRole("button", { name: "Approve" }).click();
  await expect(other.getByText("Your decision was saved.")).toBeVisible();
  await first(page, workspace, trouble);

  // The risk gets worse than what was accepted, so the acceptance lapses; the session carries both over.
  await page.goto(`${workspace}/risks/R-1/edit`);
  await rate(page, "4");
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await expect(page.getByText("The risk was saved.", { exact: false })).toBeVisible();
  await page.goto(`${workspace}/reviews/new`);
  await page.getByRole("button", { name: "Open", exact: true }).last().click();
  const review = new URL(page.url()).pathname;
  const carried = page.getByRole("table", { name: "2 decisions" });
  await expect(carried.getByText("The acceptance A-1 of R-1 ended", { exact: false })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Attest 12 as still correct" }).click();
  await page.getByRole("link", { name: "Sign review" }).click();
  await refused(page, trouble);
  await expect(page.getByText("Decide again, or say why it stands.").first()).toBeVisible();
  await page.goto(review);
  await carried.getByRole("link", { name: "Re-decide" }).click();
  await asksToAccept(page, "The new order system comes a month earlier.");
  await page.goto(review);
  await carried.getByRole("button", { name: "Asked again as A-2" }).click();
  await expect(carried.getByText("Asked again", { exact: true })).toBeVisible();
  await carried.getByRole("link", { name: /^It stands: R-1/ }).click();
  await page.getByLabel("Why it stands as it is now").fill("It was rated again, and is asked for as A-2.");
  await axe(page);
  await page.getByRole("button", { name: "It stands", exact: true }).click();
  await expect(carried.getByText("Stands", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Sign review" }).click();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await sealed(page, "SEAL-2", trouble);
});
