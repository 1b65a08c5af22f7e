// The job that everything else grows on: from nothing to "this system is in scope, and here is the path that proves it".

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import type { Plumbline } from "../support/plumbline.ts";
import { axe, expect, noSidewaysScroll, provoked, signUp, test } from "../support/test.ts";

const FIXTURES = resolve(import.meta.dirname, "../../tests/fixtures");
const SHARED = resolve(process.env.PLUMBLINE_SHARED ?? join(import.meta.dirname, "../../../shared"));
const BOUTIQUE = join(SHARED, "corpus/1-architecture/online-boutique/derived/flows.csv");

/** Makes an empty workspace and answers its path. */
async function newWorkspace(page: Page, server: Plumbline, name: string): Promise<string> {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: "Start empty" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Uploads a file and stops at its preview. */
async function preview(page: Page, workspace: string, file: string): Promise<void> {
  await page.goto(`${workspace}/import`);
  await page.getByLabel("File", { exact: true }).setInputFiles(file);
  await page.getByRole("button", { name: "Read the file" }).click();
}

/** The row of a system in the inventory. */
function row(page: Page, name: string) {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

test("from a CSV of systems and one of flows to a verdict with its path", async ({ page, server }, info) => {
  const workspace = await newWorkspace(page, server, `Bookshop ${info.project.name}`);

  await preview(page, workspace, join(FIXTURES, "shop-systems.csv"));
  await expect(page.getByRole("heading", { level: 1, name: "Import shop-systems.csv" })).toBeVisible();
  await expect(page.getByText("rack", { exact: false }).first()).toBeVisible();
  await page.getByRole("button", { name: "Confirm the import" }).click();
  await expect(page.getByText("Saved.", { exact: false })).toBeVisible();

  await preview(page, workspace, join(FIXTURES, "shop-flows.csv"));
  // The names of card data come with a proposal; a person confirms it by confirming the import.
  await expect(page.getByRole("row").filter({ hasText: "card.number" }).getByRole("combobox")).toHaveValue("pan:clear");
  await expect(page.getByRole("row").filter({ hasText: "card.cvv" }).getByRole("combobox")).toHaveValue("card_verification_code:clear");
  await expect(page.getByLabel("gift-wrapping")).not.toBeChecked();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Confirm the import" }).click();
  await expect(page.getByText(/systems changed category/)).toBeVisible();

  await page.goto(`${workspace}/systems`);
  for (const name of ["Storefront", "Checkout", "Payment adapter", "Log store"]) await expect(row(page, name)).toContainText("CDE");
  // These share a segment with the checkout; nothing says that anything separates them.
  for (const name of ["Catalogue", "Basket", "Mailer"]) await expect(row(page, name)).toContainText("adjacent");
  await expect(row(page, "gift-wrapping")).toContainText("CON");

  await page.goto(`${workspace}/systems/log-store`);
  await expect(page.getByText("it handles the card number in clear")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Payment adapter sends the card number in clear" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  await page.goto(`${workspace}/map?mode=explain&focus=log-store`);
  const map = page.locator("svg.map, .map svg, svg[aria-roledescription='data-flow map']").first();
  await expect(map).toBeVisible();
  await expect(map.locator("[data-kind=node]")).toHaveCount(11);
  await expect(map.locator("[data-kind=node]").filter({ hasText: "open end" })).toHaveCount(1);
  await expect(page.locator(".honesty-line")).toContainText("Showing 11 of 11 systems");
  await axe(page);
  await noSidewaysScroll(page);

  // What nobody mapped is work, and the same file a second time changes nothing.
  await page.goto(workspace);
  await expect(page.getByRole("heading", { name: "Work to do" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await preview(page, workspace, join(FIXTURES, "shop-flows.csv"));
  await expect(page.getByText(/^New\s*0$/)).toBeVisible();
  await expect(page.getByText(/^Changed\s*0$/)).toBeVisible();
});

test("a flow by hand, its impact, and an edit that takes a system out again", async ({ page, server }, info) => {
  const workspace = await newWorkspace(page, server, `By hand ${info.project.name}`);
  for (const name of ["Till", "Ledger"]) {
    await page.goto(`${workspace}/systems/new`);
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Add the system" }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  }

  await page.goto(`${workspace}/flows/new`);
  await page.getByLabel("From", { exact: true }).selectOption({ label: "Till" });
  await page.getByLabel("To", { exact: true }).selectOption({ label: "Ledger" });
  await page.getByRole("textbox", { name: "Carries (optional)" }).fill("pan");
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Add the flow" }).click();
  await expect(page.getByText("2 systems changed category", { exact: false })).toBeVisible();

  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("Form", { exact: true }).first().selectOption("network_token");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("2 systems changed category", { exact: false })).toBeVisible();
  await page.goto(`${workspace}/systems`);
  await expect(row(page, "Ledger")).not.toContainText("CDE");
});

test("what was typed stays when something is wrong with it", async ({ page, server, trouble }, info) => {
  const workspace = await newWorkspace(page, server, `Mistakes ${info.project.name}`);
  await page.goto(`${workspace}/systems/new`);
  await page.getByLabel("Name", { exact: true }).fill("Card 4242 4242 4242 4242");
  await page.getByRole("button", { name: "Add the system" }).click();
  await expect(page.getByRole("alert")).toContainText("full card number");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Card 4242 4242 4242 4242");
  provoked(trouble, /422/);
  await axe(page);
});

test("a bad file is refused with file, line, field and remedy, and nothing is stored", async ({ page, server, trouble }, info) => {
  const workspace = await newWorkspace(page, server, `Bad files ${info.project.name}`);
  const files = [
    ["shop-broken-quote.csv", /shop-broken-quote\.csv.*line \d+/s],
    ["shop-broken-latin-1.csv", /UTF-8/],
  ] as const;
  for (const [file, sentence] of files) {
    await preview(page, workspace, join(FIXTURES, file));
    await expect(page.locator("main")).toContainText(sentence);
    provoked(trouble, /422/);
  }
  await axe(page);

  // A bad row is shown in its place among the good ones, and an import with one cannot be confirmed.
  await preview(page, workspace, join(FIXTURES, "shop-broken-duplicate-id.csv"));
  await expect(page.getByRole("row").filter({ hasText: "Rejected" })).toContainText(/line \d+/);
  await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Confirm the import" })).toHaveCount(0);
  await page.goto(`${workspace}/systems`);
  await expect(page.locator("main")).toContainText(/No systems? yet/);
});

test("the Online Boutique, as somebody else wrote it down", async ({ page, server }, info) => {
  test.skip(!existsSync(BOUTIQUE), `there is no ${BOUTIQUE}`);
  const workspace = await newWorkspace(page, server, `Boutique ${info.project.name}`);
  await preview(page, workspace, BOUTIQUE);
  await expect(page.getByRole("row").filter({ hasText: /^credit_card_number/ }).getByRole("combobox")).toHaveValue("pan:clear");
  // Every service but the one that nobody deployed exists.
  const services = page.getByRole("group", { name: "Systems that nobody declared" });
  // All of them have to be there before the first is ticked: the page may still be arriving.
  await expect(services.getByRole("checkbox")).toHaveCount(14);
  for (const service of await services.getByRole("checkbox").all()) await service.check();
  await services.getByRole("checkbox", { name: "shoppingassistantservice" }).uncheck();
  await page.getByRole("button", { name: "Confirm the import" }).click();
  await expect(page.getByText(/systems changed category/)).toBeVisible();

  await page.goto(`${workspace}/systems`);
  for (const name of ["frontend", "checkoutservice", "paymentservice", "stdout-log"]) await expect(row(page, name)).toContainText("CDE");
  for (const name of ["emailservice", "shippingservice", "currencyservice", "cartservice"]) await expect(row(page, name)).toContainText("CON");
  await page.goto(`${workspace}/systems/paymentservice`);
  await expect(page.getByRole("listitem").filter({ hasText: "checkoutservice sends the card number in clear" })).toBeVisible();
  await page.goto(`${workspace}/map`);
  await expect(page.locator("[data-kind=node]").filter({ hasText: "open end" })).toHaveCount(1);
  await expect(page.locator("[data-key=shoppingassistantservice]")).toContainText("open end");
});
