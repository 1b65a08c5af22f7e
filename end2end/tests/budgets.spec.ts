// How many clicks and keys the everyday jobs take: adding a system, adding a flow with its fields, seeing what that does to
// scope. Typing a name or a list of fields is no click; every other key counts.

import type { Page } from "@playwright/test";
import type { Plumbline } from "../support/plumbline.ts";
import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

/** Counts what a person does on the way to a result. */
class Hands {
  clicks = 0;
  keys = 0;

  constructor(private readonly page: Page) {}

  /** A click on the only thing with this role and name. */
  async click(role: "link" | "button", name: string): Promise<void> {
    this.clicks += 1;
    await this.page.getByRole(role, { name, exact: true }).first().click();
  }

  /** Choosing from a list: one click opens it, and the choice ends it. */
  async choose(label: string, option: string): Promise<void> {
    this.clicks += 1;
    await this.page.getByLabel(label, { exact: true }).selectOption({ label: option });
  }

  async press(key: string): Promise<void> {
    this.keys += 1;
    await this.page.keyboard.press(key);
  }

  /** A key with Alt that a link of the page answers to. The driver sends no letter with Alt, so the browser is asked itself. */
  async accessKey(letter: string): Promise<void> {
    this.keys += 1;
    const session = await this.page.context().newCDPSession(this.page);
    const code = letter.toUpperCase();
    const key = { key: letter, code: `Key${code}`, modifiers: 1, unmodifiedText: letter, windowsVirtualKeyCode: code.charCodeAt(0) };
    await session.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
    await session.send("Input.dispatchKeyEvent", { type: "char", text: letter, ...key });
    await session.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
    await session.detach();
  }

  /** Typing words into what has the focus. It takes keys, but no decision, so it is not counted. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }
}

async function workspaceOf(page: Page, server: Plumbline, name: string): Promise<string> {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: "Start empty" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;
  for (const segment of ["Card zone", "Office"]) {
    await page.goto(`${workspace}/inventory/segments/new`);
    await page.getByLabel("Name", { exact: true }).fill(segment);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: segment })).toBeVisible();
  }
  return workspace;
}

/** The page of the system that was just added. */
async function added(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByText(/^Saved\./)).toBeVisible();
}

test("three clicks add a system, four a flow with its fields, none shows the scope change", async ({ page, server }, info) => {
  const workspace = await workspaceOf(page, server, `Clicks ${info.project.name}`);
  for (const [name, segment] of [["Till", "Card zone"], ["Target", "Office"]] as const) {
    await page.goto(`${workspace}/systems`);
    const hands = new Hands(page);
    await hands.click("link", "Add a system");
    // The page begins in the name, so that takes no click.
    await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
    await hands.type(name);
    await hands.choose("Segment", segment);
    await hands.click("button", "Add the system");
    await added(page, name);
    expect(hands.clicks).toBeLessThanOrEqual(3);
  }

  await page.goto(`${workspace}/systems/till`);
  const hands = new Hands(page);
  await hands.click("link", "Add a flow");
  await hands.choose("To", "Target");
  hands.clicks += 1;
  await page.getByRole("textbox", { name: "Carries" }).click();
  await hands.type("pan, cvv");
  await hands.click("button", "Add the flow");
  expect(hands.clicks).toBeLessThanOrEqual(4);
  // The scope change stands there with its reason, without another click.
  await expect(page.getByText("Saved. 2 systems changed category.")).toBeVisible();
  await expect(page.locator(".impact").getByRole("link", { name: "Target", exact: true }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
});

test("with the keyboard alone", async ({ page, server }, info) => {
  const workspace = await workspaceOf(page, server, `Keys ${info.project.name}`);
  for (const name of ["Till", "Target"]) {
    await page.goto(`${workspace}/systems`);
    const hands = new Hands(page);
    await hands.accessKey("s");
    await expect(page.getByRole("heading", { level: 1, name: "Add a system" })).toBeVisible();
    await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
    await hands.type(name);
    await hands.press("Tab");
    await hands.type("Car");
    await hands.press("Tab");
    await hands.press("Shift+Tab");
    await hands.press("Shift+Tab");
    await hands.press("Enter");
    await added(page, name);
    expect(hands.keys).toBeLessThanOrEqual(6);
  }

  await page.goto(`${workspace}/systems/till`);
  const hands = new Hands(page);
  await hands.accessKey("f");
  await expect(page.getByLabel("To", { exact: true })).toBeFocused();
  await hands.type("Tar");
  await hands.press("Tab");
  await expect(page.getByRole("textbox", { name: "Carries" })).toBeFocused();
  await hands.type("pan, cvv");
  await hands.press("Enter");
  await expect(page.getByText("Saved. 2 systems changed category.")).toBeVisible();
  expect(hands.keys).toBeLessThanOrEqual(3);
});

test("one line in the palette adds a flow, and its twin without scripts does the same", async ({ page, server, scripts }, info) => {
  const workspace = await workspaceOf(page, server, `Line ${info.project.name}`);
  for (const name of ["Till", "Target"]) {
    await page.goto(`${workspace}/systems/new`);
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Add the system" }).click();
    await added(page, name);
  }
  await page.goto(`${workspace}/systems`);
  const hands = new Hands(page);
  if (scripts) {
    await expect(page.locator("html[data-palette=ready]")).toHaveCount(1);
    await hands.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Search and commands" });
    await expect(palette.getByRole("heading", { name: "Commands" })).toBeVisible();
    await axe(page);
    await hands.type("till > target : pan, shoes");
    await expect(palette.getByText("There is no element", { exact: false })).toBeVisible();
    for (let letter = 0; letter < "shoes".length; letter += 1) await page.keyboard.press("Backspace");
    await hands.type("cvv @https mtls");
    await expect(palette.getByRole("heading", { name: "Understood as" })).toBeVisible();
    await axe(page);
    await hands.press("Enter");
    expect(hands.keys).toBeLessThanOrEqual(2);
  } else {
    await page.getByRole("searchbox", { name: "Search, or a flow in one line" }).fill("till > target : pan, cvv @https mtls");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Understood as" })).toBeVisible();
    await hands.click("button", "Save this flow");
    expect(hands.clicks).toBeLessThanOrEqual(1);
  }
  await expect(page.getByText("Saved. 2 systems changed category.")).toBeVisible();

  if (scripts) {
    // Ctrl+Z takes the save back, and a command is found by its letters.
    await page.locator("h1").click();
    await page.keyboard.press("Control+z");
    await expect(page.getByRole("heading", { level: 1, name: "History" })).toBeVisible();
    await page.goto(`${workspace}/flows`);
    await expect(page.getByText("No flows yet")).toBeVisible();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("c s");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "Add a system" })).toBeVisible();
  }
});
