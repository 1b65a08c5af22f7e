// The network by hand: a segment, a system in it, what may pass to it, and what each step does to scope.

import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

test("add a segment, put systems in it, deny a link, see the scope change", async ({ page, server }, info) => {
  test.setTimeout(360_000);
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Network ${info.project.name}`);
  await page.getByRole("radio", { name: "Start empty" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  await page.getByRole("link", { name: "Inventory", exact: true }).click();
  await page.getByRole("navigation", { name: "Inventory" }).getByRole("link", { name: "All kinds" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Inventory" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  // Three fields and a button.
  for (const name of ["Card zone", "Back office"]) {
    await page.goto(`${workspace}/inventory/segments`);
    await page.getByRole("link", { name: "Add a segment" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Trust", { exact: true }).selectOption("internal");
    if (name === "Card zone") {
      await axe(page);
      await noSidewaysScroll(page);
    }
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page.getByText("Saved. No system changed category.")).toBeVisible();
  }
  await page.goto(`${workspace}/inventory/segments`);
  await axe(page);
  await noSidewaysScroll(page);

  // The till keeps card numbers, the ledger stands elsewhere.
  await page.getByRole("link", { name: "Card zone" }).click();
  await page.getByRole("link", { name: "Add a system here" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Till");
  await page.getByText("What it holds", { exact: true }).click();
  await page.getByLabel("Element", { exact: true }).first().selectOption("pan");
  await page.getByLabel("Stores").first().check();
  await page.getByRole("button", { name: "Add the system" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Till" })).toBeVisible();
  await page.goto(`${workspace}/inventory/segments/back-office`);
  await page.getByRole("link", { name: "Add a system here" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Ledger");
  await page.getByRole("button", { name: "Add the system" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Ledger" })).toBeVisible();

  // An open link makes one zone of the two.
  await page.goto(`${workspace}/inventory/segments/back-office`);
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("link", { name: "Say what may pass to Card zone" }).click();
  await page.getByLabel("What may pass").selectOption("open");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("Saved. 1 system changed category.")).toBeVisible();
  await expect(page.locator("section.impact").getByRole("link", { name: "Ledger" }).first()).toBeVisible();
  await axe(page);

  // Denied, it is out of scope again.
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("What may pass").selectOption("denied");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved. 1 system changed category.")).toBeVisible();
  await noSidewaysScroll(page);

  // A segment that systems stand in goes only when that is said.
  await page.goto(`${workspace}/inventory/segments/back-office`);
  await page.locator("summary", { hasText: "Delete this segment" }).click();
  await page.getByLabel("Take these references away with it").check();
  await page.getByRole("button", { name: "Delete this segment" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Segments" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Back office" })).toHaveCount(0);
});

test("a credential with grants, a decision on scope, and a list as it is wanted", async ({ page, server }, info) => {
  test.setTimeout(360_000);
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Records ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  await page.goto(`${workspace}/inventory/credentials/new`);
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByLabel("Name", { exact: true }).fill("Night refund job");
  await page.getByLabel("System", { exact: true }).first().selectOption({ index: 1 });
  await page.getByLabel("Right", { exact: true }).first().selectOption("admin");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Granted, used, needed" })).toBeVisible();
  await expect(page.getByText("No flow uses it here")).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  await page.goto(`${workspace}/inventory/overrides/new`);
  await page.getByLabel("System", { exact: true }).selectOption("checkout");
  await page.getByLabel("Category", { exact: true }).selectOption("out_of_scope");
  await page.getByLabel("Why", { exact: true }).fill("It was moved to the provider and holds no card data.");
  const lastDay = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  await page.getByLabel("Last day").fill(lastDay);
  await page.getByLabel("Evidence", { exact: true }).fill("EV-0007");
  await axe(page);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("heading", { name: "What became of it" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  await page.goto(`${workspace}/inventory/controls?sort=-last_tested`);
  await page.getByText("Columns", { exact: true }).click();
  await page.getByRole("checkbox", { name: "Report", exact: true }).check();
  await page.getByRole("button", { name: "Show these" }).click();
  await expect(page.getByRole("columnheader", { name: "Report", exact: true })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  const file = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as CSV" }).click();
  expect((await file).suggestedFilename()).toMatch(/-controls\.csv$/);
});
