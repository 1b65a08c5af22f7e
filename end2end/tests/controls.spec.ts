// What people say beside what the map shows: where a requirement stands, a framework of one's own, who does what at a
// vendor, and the matrix of controls, which is a list for each system where there is no room for a table.

import type { Page } from "@playwright/test";
import type { Plumbline } from "../support/plumbline.ts";
import { axe, expect, noSidewaysScroll, provoked, signUp, test } from "../support/test.ts";

/** A shop that talks to its provider, which is a vendor. */
const ESTATE = JSON.stringify({
  vendors: [{ id: "provider", name: "Provider" }],
  systems: [
    { id: "checkout", name: "Checkout", boundary: "own" },
    { id: "gateway", name: "Gateway", boundary: "third_party", vendor: "provider" },
  ],
  flows: [{ id: "pay", from: "checkout", to: "gateway", auth: "mtls", encryption: "transport" }],
});

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
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "estate.json", mimeType: "application/json", buffer: Buffer.from(ESTATE) });
  await page.getByRole("button", { name: "Read the file" }).click();
  await page.getByRole("button", { name: "Confirm the import" }).click();
  await page.goto(`${workspace}/systems`);
  await expect(page.getByRole("link", { name: "Checkout", exact: true })).toBeVisible();
  return workspace;
}

test("a requirement gets a status with a worksheet, and its author does not approve it", async ({ page, server, trouble }, info) => {
  const workspace = await workspaceOf(page, server, `Requirements ${info.project.name}`);
  await page.goto(`${workspace}/requirements`);
  await expect(page.getByRole("heading", { name: "0 of 247 in place or not applicable" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.goto(`${workspace}/requirements/3.5.1`);
  await page.getByRole("link", { name: "Say where it stands" }).click();
  await page.getByLabel("Status", { exact: true }).selectOption("in_place_ccw");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("link", { name: /^The further risk: Fill in/ })).toBeVisible();
  provoked(trouble, /422/);
  await axe(page);
  for (const part of ["What keeps you from meeting it as written", "What it is meant to achieve", "The further risk", "What you do instead", "How it was tested", "What keeps it working"]) {
    await page.getByLabel(part, { exact: true }).fill(`About: ${part.toLowerCase()}.`);
  }
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Have a second person approve the compensating control.")).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
});

test("a framework of one's own names every wrong line, and is listed once it is right", async ({ page, server, trouble }, info) => {
  const workspace = await workspaceOf(page, server, `Frameworks ${info.project.name}`);
  await page.goto(`${workspace}/frameworks/new`);
  await page.getByLabel("Name", { exact: true }).fill("House rules");
  await page.getByLabel("Key", { exact: true }).fill("house-rules");
  const table = page.getByLabel("Or the table itself", { exact: false });
  await table.fill("id,title\nA-1,Owners\nA-1,Again\n");
  await page.getByRole("button", { name: "Bring it" }).click();
  await expect(page.getByText("line 3", { exact: false })).toBeVisible();
  provoked(trouble, /422/);
  await axe(page);
  await table.fill("id,title\nA-1,Every integration has an owner\n");
  await page.getByRole("button", { name: "Bring it" }).click();
  await expect(page.getByText("The framework was saved.")).toBeVisible();
  await page.getByRole("link", { name: "Show its requirements" }).click();
  await expect(page.getByText("Every integration has an owner")).toBeVisible();
  await noSidewaysScroll(page);
});

test("who does what is said for every requirement in one table", async ({ page, server }, info) => {
  const workspace = await workspaceOf(page, server, `Vendors ${info.project.name}`);
  await page.goto(`${workspace}/vendors/provider/responsibility?chapter=3`);
  await page.getByLabel("Who does 3.5.1", { exact: true }).selectOption("shared");
  await page.getByLabel("What each does for 3.5.1", { exact: true }).fill("They encrypt, we keep no copy.");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Who does what was saved.")).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("link", { name: "3.5.1", exact: true }).click();
  await expect(page.getByText("They encrypt, we keep no copy.")).toBeVisible();
});

test("the matrix of controls tells what facts say, and is a list where there is no room", async ({ page, server }, info) => {
  const workspace = await workspaceOf(page, server, `Controls ${info.project.name}`);
  await page.goto(`${workspace}/evidence/controls`);
  await expect(page.getByRole("link", { name: /^In place ?: Encryption in transit on Checkout$/ })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.setViewportSize({ width: 320, height: 800 });
  await expect(page.getByRole("link", { name: /Rate limiting on Checkout$/ })).toBeVisible();
  await noSidewaysScroll(page);
  await page.getByRole("link", { name: /Rate limiting on Checkout$/ }).click();
  await page.getByLabel("Whether it is in place", { exact: true }).selectOption("absent");
  await page.getByLabel("Why", { exact: true }).fill("Nobody limits calls yet.");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("It was saved, with your name and the day.")).toBeVisible();
  await expect(page.getByRole("link", { name: /^Absent ?: Rate limiting on Checkout$/ })).toBeVisible();
  await axe(page);
});
