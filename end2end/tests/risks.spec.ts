// From a finding to an accepted risk: asked for in three clicks, approved by somebody else in two, lapsed when the flow
// changes, and still readable with the facts of then.

import type { Browser, Page } from "@playwright/test";
import { ADMIN, axe, expect, noSidewaysScroll, signUp, test, watch } from "../support/test.ts";

/** A second person: a browser of their own, as this project has it. */
async function somebodyElse(browser: Browser, origin: string, trouble: string[], scripts: boolean): Promise<Page> {
  const context = await browser.newContext({ baseURL: origin, javaScriptEnabled: scripts });
  const page = await context.newPage();
  await watch(page, trouble);
  return page;
}

test("a finding is accepted as a risk, and the acceptance lapses with the flow", async ({ page, browser, server, scripts, trouble }, info) => {
  test.setTimeout(360_000);
  const mail = `approver-${info.project.name}@shop.example`;
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Risks ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  // Somebody whose tier reaches every level.
  await page.goto(`${workspace}/members`);
  await page.getByLabel("E-mail address").fill(mail);
  await page.getByLabel("Role", { exact: true }).selectOption("reviewer");
  await page.getByLabel("Approval tier").selectOption("4");
  await page.getByRole("button", { name: "Make the invitation" }).click();
  const link = await page.getByLabel("Link", { exact: true }).inputValue();
  const other = await somebodyElse(browser, server.origin, trouble, scripts);
  await other.goto(link);
  await other.getByLabel("Your name").fill("Head of risk");
  await other.getByLabel("Password", { exact: true }).fill("lantern over a quiet canal 7");
  await other.getByRole("button", { name: "Make the account and join" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();

  // Three clicks: the finding, accept as risk, request. What is typed is the reason; the rest is filled in.
  await page.goto(`${workspace}/findings?q=on:gateway-webhook`);
  await page.getByRole("table").getByRole("rowheader").getByRole("link").first().click();
  await page.getByRole("link", { name: "Accept as risk" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Accept as risk" })).toBeVisible();
  await expect(page.getByLabel("Owner")).not.toHaveValue("");
  await page.getByLabel("Likelihood").selectOption("3");
  await page.getByLabel("Impact").selectOption("3");
  await page.getByLabel("Why it can be lived with").fill("The gateway signs its calls from January on.");
  await page.getByText("What the map suggests").click();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Request" }).click();
  await expect(page.getByText("The acceptance was asked for", { exact: false })).toBeVisible();
  await expect(page.getByText("You asked for it, so others approve it.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
  await axe(page);
  await noSidewaysScroll(page);
  const risk = new URL(page.url()).pathname;

  // Two clicks: what waits, approve.
  await other.goto(`${workspace}/risks`);
  await axe(other);
  await noSidewaysScroll(other);
  await other.getByRole("region", { name: "Decisions that wait" }).getByRole("link").first().click();
  await axe(other);
  await other.getByRole("button", { name: "Approve" }).click();
  await expect(other.getByText("Your decision was saved.")).toBeVisible();
  await expect(other.getByRole("article", { name: "Acceptance A-1" }).getByText("Active", { exact: true })).toBeVisible();
  await page.goto(`${workspace}/findings?list=decided`);
  await expect(page.getByText("Accepted until", { exact: false }).first()).toBeVisible();

  // The flow changes, and with it falls the acceptance.
  await page.goto(`${workspace}/flows/gateway-webhook/edit`);
  const encryption = page.getByLabel("Encryption", { exact: true });
  if (!(await encryption.isVisible())) {
    const folded = page.locator("details").filter({ has: encryption });
    await folded.locator("summary").first().click();
  }
  await encryption.selectOption("none");
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
  await page.goto(`${workspace}/risks`);
  const waits = page.getByRole("region", { name: "Decisions that wait" });
  await expect(waits.getByText("Lapsed")).toBeVisible();
  await expect(waits.getByText("Decide again, or treat the risk")).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await waits.getByRole("link").first().click();
  await expect(page).toHaveURL(new RegExp(`${risk}$`));
  await expect(page.getByText("It lapsed because facts that it rests on got worse", { exact: false })).toBeVisible();
  const decision = page.getByRole("article", { name: "Acceptance A-1" });
  await expect(decision.getByText("The gateway signs its calls from January on.")).toBeVisible();
  await expect(decision.getByRole("link", { name: "Head of risk" }).first()).toBeVisible();
  await expect(decision.getByRole("link", { name: ADMIN.name }).first()).toBeVisible();
  await decision.getByText("The facts of then").click();
  await expect(decision.getByRole("cell", { name: "encryption" }).first()).toBeVisible();
  await decision.getByText("What happened to it").click();
  await axe(page);
  await noSidewaysScroll(page);
  await page.goto(`${workspace}/findings?q=on:gateway-webhook`);
  await expect(page.getByRole("table").getByText("Open", { exact: true }).first()).toBeVisible();

  // Decided again on the facts of now; the old decision stays below.
  await page.goto(risk);
  await page.getByRole("link", { name: "Ask to accept it" }).click();
  await page.getByLabel("Why it can be lived with").fill("The new certificate is ordered for Monday.");
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Request" }).click();
  await expect(page.getByRole("article", { name: "Acceptance A-2" })).toBeVisible();
  await page.getByText("Earlier, 1 decision").click();
  await expect(page.getByRole("article", { name: "Acceptance A-1" })).toBeVisible();
});

test("a risk is written, seen in table and matrix, and several findings become one", async ({ page, server }, info) => {
  test.setTimeout(240_000);
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Register ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  await page.getByRole("link", { name: "Risks", exact: true }).click();
  await expect(page.getByRole("heading", { name: "No risks yet" })).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Add a risk" }).first().click();
  await page.getByLabel("Title").fill("Somebody reads the queue");
  await page.getByRole("group", { name: "Inherent rating" }).getByLabel("Likelihood").selectOption("4");
  await page.getByRole("group", { name: "Inherent rating" }).getByLabel("Impact").selectOption("5");
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Somebody reads the queue" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  // Several findings into one risk: ticked in the list, made one.
  await page.goto(`${workspace}/findings?q=severity:critical`);
  const rows = page.getByRole("table").getByRole("row").filter({ has: page.getByRole("checkbox") });
  await rows.nth(0).getByRole("checkbox").check();
  await rows.nth(1).getByRole("checkbox").check();
  await page.getByLabel("With those selected").selectOption("Make one risk of them");
  await page.getByRole("button", { name: "Look at what would change" }).click();
  await expect(page.getByLabel("Title")).not.toHaveValue("");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("The risk is in the register.")).toBeVisible();
  await expect(page.getByRole("link", { name: /^Finding / })).toHaveCount(2);

  await page.goto(`${workspace}/risks`);
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("link", { name: "Matrix" }).click();
  await page.getByRole("link", { name: "Inherent" }).click();
  await expect(page.getByText("1 risk", { exact: false }).first()).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.locator("summary", { hasText: "likelihood High, impact Very high" }).click();
  await expect(page.getByRole("link", { name: "R-1", exact: true })).toBeVisible();
});

test("a register from a file is mapped, its scale laid over that of the workspace, looked at and imported", async ({ page, server }, info) => {
  test.setTimeout(240_000);
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Import ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  await page.goto(`${workspace}/risks`);
  await page.getByRole("link", { name: "Import", exact: true }).last().click();
  await expect(page.getByRole("heading", { level: 1, name: "Import a register" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  const register = [
    "Ref,Title,What could happen,Likelihood (1-3),Impact (1-3),Status",
    "P-1,Cards in the log,Full card numbers are written to the log,2,3,Open",
    "P-2,Keys in a ticket,A key is pasted into a ticket,1,2,Open",
    "P-3,Old terminal,A terminal is used beyond its end,4,2,Open",
  ].join("\n");
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "register.csv", mimeType: "text/csv", buffer: Buffer.from(register) });
  await page.getByRole("button", { name: "Read the file" }).click();

  // The file rates in three steps, this register in five: that is asked, and nothing is confirmed before.
  await expect(page.getByRole("heading", { level: 1, name: "Import register.csv" })).toBeVisible();
  await expect(page.getByText("This file rates on another scale", { exact: false })).toBeVisible();
  await expect(page.getByRole("button", { name: "Confirm the import" })).toHaveCount(0);
  await page.getByLabel("What What could happen means").selectOption("event");
  const sides = page.getByLabel("What its steps become");
  await sides.nth(0).selectOption("spread");
  await sides.nth(1).selectOption("centre");
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Show what would change" }).last().click();

  // A row beyond the scale is shown as such; it is left out because somebody says so.
  const rejected = page.getByRole("region", { name: "1 problem", exact: true });
  await expect(rejected.getByText("lies outside the scale from 1 to 3", { exact: false })).toBeVisible();
  await expect(page.getByText("Rejected rows stop the whole import", { exact: false })).toBeVisible();
  await page.getByLabel("Leave 1 rejected row out and import the others").check();
  await page.getByRole("button", { name: "Show what would change" }).last().click();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Confirm the import" }).click();
  await expect(page.getByText("The risks of the file are in the register.")).toBeVisible({ timeout: 30_000 });

  await page.goto(`${workspace}/risks`);
  await expect(page.getByRole("link", { name: "Cards in the log" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Old terminal" })).toHaveCount(0);
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("link", { name: "Cards in the log" }).click();
  await expect(page.getByText("likelihood moderate, impact high", { exact: false })).toBeVisible();

  // What the list shows is what its file has.
  await page.goto(`${workspace}/risks?q=log&cols=inherent&cols=reference`);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as CSV" }).click();
  expect((await download).suggestedFilename()).toMatch(/-risks\.csv$/);
});
