// The lists, the pages of one object, the guide and the table that is pasted, each with and without scripts.

import type { Page } from "@playwright/test";
import type { Plumbline } from "../support/plumbline.ts";
import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

async function sample(page: Page, server: Plumbline, name: string): Promise<string> {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  return new URL(page.url()).pathname;
}

test("a list is narrowed, kept as a view, changed together and taken away", async ({ page, server }, info) => {
  test.setTimeout(360_000);
  const workspace = await sample(page, server, `Lists ${info.project.name}`);
  for (const [list, heading] of [["systems", "Systems"], ["flows", "Flows"]] as const) {
    await page.goto(`${workspace}/${list}`);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await axe(page);
    await noSidewaysScroll(page);
  }

  await page.goto(`${workspace}/flows`);
  await page.getByLabel("Filter").fill("field:pan");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.locator("summary", { hasText: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Stage of life", exact: true }).check();
  await page.getByRole("button", { name: "Show these" }).click();
  await expect(page.getByRole("columnheader", { name: "Stage of life", exact: true })).toBeVisible();

  await page.locator("summary", { hasText: "Views" }).click();
  await page.getByLabel("Keep what is shown as").fill("Card numbers on the move");
  await page.getByRole("checkbox", { name: "Everybody in the workspace sees it" }).check();
  await page.getByRole("button", { name: "Keep this view" }).click();
  await expect(page.getByText("The view was kept.", { exact: false })).toBeVisible();
  const view = page.getByRole("navigation", { name: "Saved views" }).getByRole("link", { name: /Card numbers on the move/ });
  await expect(view).toHaveAttribute("aria-current", "page");
  await axe(page);

  for (const [link, name] of [["Download as CSV", /-flows\.csv$/], ["Download as XLSX", /-flows\.xlsx$/]] as const) {
    const file = page.waitForEvent("download");
    await page.getByRole("link", { name: link }).click();
    expect((await file).suggestedFilename()).toMatch(name);
  }

  await page.getByRole("link", { name: "Change several", exact: true }).click();
  await page.getByLabel("Change", { exact: true }).selectOption({ label: "Encryption" });
  await page.getByRole("button", { name: "Choose the value" }).click();
  await page.getByLabel("Becomes", { exact: true }).selectOption("both");
  await page.getByRole("button", { name: "Show what would change" }).click();
  await expect(page.getByRole("heading", { name: "What would change" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: /^Change \d+ flows$/ }).click();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
});

test("the pages of one system, with what people say about it", async ({ page, server }, info) => {
  test.setTimeout(360_000);
  const workspace = await sample(page, server, `Pages ${info.project.name}`);
  await page.goto(`${workspace}/systems/checkout`);
  const tabs = page.getByRole("navigation", { name: "About it" });
  for (const tab of ["Flows", "Fields", "Findings", "History", "Comments"]) {
    await tabs.getByRole("link", { name: new RegExp(`^${tab}`) }).click();
    await expect(tabs.getByRole("link", { name: new RegExp(`^${tab}`) })).toHaveAttribute("aria-current", "page");
    await axe(page);
    await noSidewaysScroll(page);
  }
  await page.getByLabel("Comment", { exact: true }).fill("The adapter is replaced in spring.");
  await page.getByRole("button", { name: "Write the comment" }).click();
  await expect(page.getByText("The comment was written.")).toBeVisible();
  await page.locator("summary", { hasText: "Change or delete" }).click();
  await page.getByLabel("Comment as it should be").fill("The adapter is replaced in summer.");
  await page.getByRole("button", { name: "Save the comment" }).click();
  await expect(page.getByText("The adapter is replaced in summer.").first()).toBeVisible();
  await axe(page);
  await page.locator("summary", { hasText: "Change or delete" }).click();
  await page.getByRole("button", { name: "Delete the comment" }).click();
  await expect(page.getByText("Nobody has said anything about it yet.")).toBeVisible();

  await page.goto(`${workspace}/systems/checkout`);
  await page.getByRole("link", { name: "Duplicate", exact: true }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Checkout service (copy)");
  await page.getByRole("button", { name: "Add the system" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Checkout service (copy)" })).toBeVisible();
});

test("the guide, a pasted table, an element, and what nobody needs", async ({ page, server }, info) => {
  test.setTimeout(360_000);
  const workspace = await sample(page, server, `Guide ${info.project.name}`);
  for (const path of ["guide", "elements/pan", "fields", "search?q=checkout", "search?q=%3E+add"]) {
    await page.goto(`${workspace}/${path}`);
    await axe(page);
    await noSidewaysScroll(page);
  }

  await page.goto(`${workspace}/paste`);
  await page.getByLabel("Table", { exact: true }).fill("name\tkind\tboundary\nGift cards\tservice\town\nPrint shop\tsaas\tthird_party");
  await axe(page);
  await page.getByRole("button", { name: "Look at what it would change" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^Import pasted-table/ })).toBeVisible();
  await page.getByRole("button", { name: "Confirm the import" }).click();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
  await page.goto(`${workspace}/systems?q=gift`);
  await expect(page.getByRole("link", { name: "Gift cards", exact: true })).toBeVisible();

  // A flow that sends more than its target needs, dropped with a look at it first.
  await page.goto(`${workspace}/least-data`);
  await axe(page);
  await noSidewaysScroll(page);
  const change = page.getByRole("button", { name: /^Change \d+ flows?$/ });
  await expect(change).toBeVisible();
  await change.click();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
  await expect(page.getByText("No flow sends a system of ours more than it declares it needs.")).toBeVisible();
});
