// The map beyond looking: its modes, moving a system, taking that back, and a flow in one line.

import type { Page } from "@playwright/test";
import type { Plumbline } from "../support/plumbline.ts";
import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

/** Makes a workspace with the sample estate and answers its path. */
async function sample(page: Page, server: Plumbline, name: string): Promise<string> {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: /sample/i }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  return new URL(page.url()).pathname;
}

test("a blast radius and the way of an element are stills with a table each", async ({ page, server }, info) => {
  const workspace = await sample(page, server, `Modes ${info.project.name}`);
  await page.goto(`${workspace}/map?mode=blast&start=system:crm`);
  await expect(page.getByRole("heading", { name: "If CRM (SaaS) is hostile" })).toBeVisible();
  await expect(page.getByRole("table", { name: /under control, by hops/ })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.goto(`${workspace}/map`);
  await page.getByRole("link", { name: "Lineage", exact: true }).click();
  await page.getByLabel("Element", { exact: true }).selectOption("card_verification_code");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page.getByRole("heading", { name: /^The way of / })).toBeVisible();
  await expect(page.getByRole("table", { name: /holders/ })).toBeVisible();
  await axe(page);
});

test("a system is put elsewhere and comes back", async ({ page, server }, info) => {
  const workspace = await sample(page, server, `Places ${info.project.name}`);
  await page.goto(`${workspace}/map?focus=crm`);
  await page.getByText("Place on the map", { exact: true }).click();
  const column = page.getByLabel("Column", { exact: true });
  const before = Number(await column.inputValue());
  await column.fill(String(before + 2));
  await page.getByRole("button", { name: "Put there" }).click();
  await expect(page.getByText("No system changed category.", { exact: false })).toBeVisible();
  const pinned = page.locator('a[data-key="crm"]');
  await expect(pinned).toHaveAttribute("data-pinned", "true");
  await expect(pinned).toHaveAttribute("data-cell", new RegExp(`^${before + 1} `));
  await axe(page);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "History" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Redo" }).first()).toBeVisible();
  await axe(page);
  await page.goto(`${workspace}/map?focus=crm`);
  await expect(pinned).not.toHaveAttribute("data-pinned", "true");
});

test("a system is carried with the mouse", async ({ page, server, scripts }, info) => {
  test.skip(!scripts, "carrying needs a script; the form beside the map does the same");
  const workspace = await sample(page, server, `Carried ${info.project.name}`);
  await page.goto(`${workspace}/map`);
  await expect(page.getByRole("button", { name: "Fit" })).toBeVisible();
  const node = page.locator('a[data-key="cdn"], a[data-kind="node"]').first();
  const key = await node.getAttribute("data-key");
  const cell = await node.getAttribute("data-cell");
  const box = await node.boundingBox();
  if (!box) throw new Error("the system is not in view");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2, { steps: 3 });
  await page.mouse.move(box.x + box.width / 2 + 260, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(page.getByText("No system changed category.", { exact: false })).toBeVisible();
  await expect(page.locator(`a[data-key="${key}"]`)).toHaveAttribute("data-pinned", "true");
  await expect(page.locator(`a[data-key="${key}"]`)).not.toHaveAttribute("data-cell", cell ?? "");
});

test("a flow in one line is shown and saved, and everything is found", async ({ page, server }, info) => {
  const workspace = await sample(page, server, `Quick ${info.project.name}`);
  await page.getByLabel("Search, or a flow in one line").fill("web > crm : LAST4, email hashed @https mtls");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Understood as" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Save this flow" }).click();
  await expect(page.getByText("Saved.", { exact: false })).toBeVisible();
  await page.goto(`${workspace}/search?q=crm`);
  await expect(page.getByRole("link", { name: "CRM (SaaS)", exact: true })).toBeVisible();
  await axe(page);
});

test("several systems are picked and become a filter, a change or a flow", async ({ page, server, scripts }, info) => {
  const workspace = await sample(page, server, `Picked ${info.project.name}`);
  if (!scripts) {
    // The filter that picking writes can be typed as well.
    await page.goto(`${workspace}/map?q=key%3Acrm%2Cweb`);
    await expect(page.locator("a[data-kind=node]")).toHaveCount(2);
    return;
  }
  await page.goto(`${workspace}/map`);
  await page.getByRole("button", { name: "Pick several" }).click();
  await page.locator('a[data-key="web"]').click();
  await page.locator('a[data-key="crm"]').click();
  await expect(page.getByText("2 systems picked", { exact: true }).first()).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: "New flow between them" }).click();
  await expect(page.getByLabel("From", { exact: true })).toHaveValue("web");
  await expect(page.getByLabel("To", { exact: true })).toHaveValue("crm");
  await page.goBack();
  // By keyboard: space picks the system that has the focus.
  await expect(page.getByRole("button", { name: "Fit" })).toBeVisible();
  await page.locator('a[data-key="crm"]').focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("1 system picked", { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "Draw only them" }).click();
  await expect(page.locator("a[data-kind=node]")).toHaveCount(1);
});

test("letters lead where the buttons lead, and the small map takes one along", async ({ page, server, scripts }, info) => {
  test.skip(!scripts, "keys and the small map need a script; links and scroll bars do the same");
  const workspace = await sample(page, server, `Keys ${info.project.name}`);
  await page.goto(`${workspace}/map`);
  await expect(page.getByRole("button", { name: "Fit" })).toBeVisible();
  const small = page.locator("[data-overview]");
  await expect(small).toBeVisible();
  await small.scrollIntoViewIfNeeded();
  const box = await small.boundingBox();
  if (!box) throw new Error("the small map is not in view");
  await page.mouse.click(box.x + box.width * 0.9, box.y + box.height * 0.5);
  await expect.poll(() => page.locator(".map-frame").evaluate((frame) => frame.scrollLeft)).toBeGreaterThan(200);
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  await expect(small).toBeHidden();
  await page.locator('a[data-key="crm"]').focus();
  await page.keyboard.press("?");
  await expect(page.getByText("A new flow from it", { exact: true })).toBeVisible();
  await axe(page);
  await page.locator('a[data-key="jump"]').focus();
  await page.keyboard.press("b");
  await expect(page.getByRole("heading", { name: "If Jump host is hostile" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  await page.getByRole("button", { name: "Step back" }).click();
  await expect(page.locator("a[data-later]").first()).toBeAttached();
  await page.getByRole("button", { name: "All", exact: true }).click();
  await expect(page.locator("a[data-later]")).toHaveCount(0);
  await page.locator('a[data-key="crm"]').focus();
  await page.keyboard.press("f");
  await expect(page.getByLabel("From", { exact: true })).toHaveValue("crm");
});
