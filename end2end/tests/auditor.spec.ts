// Somebody who audits: lands on the evidence, sees nothing before something is signed, asks, is answered, draws a sample of
// what was signed, and finds nothing of what is being worked on.

import type { Browser, Page } from "@playwright/test";
import { ADMIN, axe, expect, noSidewaysScroll, provoked, signUp, test, watch } from "../support/test.ts";

const SECRET = "lantern over a quiet canal 9";

/** A second person: a browser of their own, as this project has it. */
async function somebodyElse(browser: Browser, origin: string, trouble: string[], scripts: boolean): Promise<Page> {
  const context = await browser.newContext({ baseURL: origin, javaScriptEnabled: scripts });
  const page = await context.newPage();
  await watch(page, trouble);
  return page;
}

/** Two systems of which nothing is missing, so that they can be signed. */
function estate(): string {
  const people = [{ id: "pat", name: "Payments engineer" }, { id: "dan", name: "Duty engineer" }];
  const systems = ["Till", "Ledger"].map((name) => ({ id: name.toLowerCase(), name, owner: "pat", deputy: "dan" }));
  return JSON.stringify({ people, systems });
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

async function signed(page: Page, workspace: string, trouble: string[]): Promise<void> {
  await page.goto(`${workspace}/import`);
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "estate.json", mimeType: "application/json", buffer: Buffer.from(estate()) });
  await page.getByRole("button", { name: "Read the file" }).click();
  await page.getByRole("button", { name: "Confirm the import" }).click();
  await page.goto(`${workspace}/reviews/new`);
  await page.getByRole("button", { name: "Open", exact: true }).last().click();
  await page.getByRole("link", { name: "One by one" }).click();
  for (let number = 1; number <= 2; number += 1) {
    await page.getByRole("button", { name: /^Confirm: / }).click();
    await expect(page.getByText(`${number} of 2 looked at`, { exact: false })).toBeVisible();
  }
  await page.getByRole("link", { name: "Sign review" }).click();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  await provenIfAsked(page, trouble);
  await expect(page.getByText("Everybody has signed, and it is sealed.", { exact: false })).toBeVisible();
}

test("who audits asks, is answered and draws a sample of what was signed", async ({ page, browser, server, scripts, trouble }, info) => {
  test.setTimeout(420_000);
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Audit ${info.project.name}`);
  await page.getByRole("radio", { name: "Start empty" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  await page.goto(`${workspace}/members`);
  await page.getByLabel("E-mail address").fill(`qsa-${info.project.name}@firm.example`);
  await page.getByLabel("Role", { exact: true }).selectOption("auditor");
  await page.locator("[name=engaged_from]").fill(day(-1));
  await page.locator("[name=engaged_until]").fill(day(30));
  await page.getByRole("button", { name: "Make the invitation" }).click();
  const link = await page.getByLabel("Link", { exact: true }).inputValue();

  const auditor = await somebodyElse(browser, server.origin, trouble, scripts);
  await auditor.goto(link);
  await auditor.getByLabel("Your name").fill("Assessor");
  await auditor.getByLabel("Password", { exact: true }).fill(SECRET);
  await auditor.getByRole("button", { name: "Make the account and join" }).click();
  await expect(auditor.getByRole("heading", { level: 1, name: "Evidence" })).toBeVisible();
  await expect(auditor.getByText("Nothing was signed yet", { exact: false }).first()).toBeVisible();
  await expect(auditor.getByRole("link", { name: "Risks", exact: true })).toHaveCount(0);
  await axe(auditor);
  await noSidewaysScroll(auditor);

  await signed(page, workspace, trouble);
  await auditor.goto(workspace);
  await expect(auditor.getByText(/As signed in REV-1 on/)).toBeVisible();
  await axe(auditor);

  await auditor.goto(`${workspace}/evidence/requests/new`);
  await auditor.getByLabel("What is wanted").fill("Show the last scan");
  await axe(auditor);
  await noSidewaysScroll(auditor);
  await auditor.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(auditor.getByText("It was asked.", { exact: false })).toBeVisible();
  await page.goto(`${workspace}/evidence/requests`);
  await page.getByRole("link", { name: "Show the last scan" }).click();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByLabel("Words").first().fill("It is in the binder of November.");
  await page.getByRole("button", { name: "Answer", exact: true }).click();
  await expect(page.getByText("It was saved, and stands in the conversation.")).toBeVisible();
  await auditor.reload();
  await auditor.getByRole("button", { name: "Accept the answer" }).click();
  await expect(auditor.getByText("Accepted", { exact: true })).toBeVisible();
  await axe(auditor);

  await auditor.goto(`${workspace}/evidence/samples`);
  await auditor.getByLabel("Name", { exact: true }).fill("Systems");
  await auditor.getByLabel("How many").fill("1");
  await axe(auditor);
  await noSidewaysScroll(auditor);
  await auditor.getByRole("button", { name: "Draw", exact: true }).click();
  await expect(auditor.getByText("1 of 2 that pass the filter")).toBeVisible();
  await auditor.getByRole("button", { name: "Freeze it" }).click();
  await auditor.getByLabel("What is wanted").fill("Show its build record");
  await auditor.getByRole("button", { name: "Make the requests" }).click();
  await expect(auditor.getByText("One request was made for each object.")).toBeVisible();
  await axe(auditor);
  await noSidewaysScroll(auditor);

  await auditor.goto(`${workspace}/risks`);
  await expect(auditor.getByRole("heading", { level: 1, name: "Not allowed" })).toBeVisible();
  provoked(trouble, /403/);
});
