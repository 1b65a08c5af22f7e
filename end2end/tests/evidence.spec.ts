// Evidence in a browser: a file is added with what it proves, looked at, gets a second version, is held, and a policy is
// written that somebody else approves.

import { ADMIN, axe, expect, noSidewaysScroll, provoked, signUp, test } from "../support/test.ts";

test("evidence is added, looked at, renewed and held", async ({ page, server, trouble }, info) => {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Evidence ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  // What the rules want to see leads to a form that is filled in.
  await page.goto(`${workspace}/evidence`);
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("link", { name: "Asked for by the rules" }).click();
  await axe(page);
  await page.getByRole("link", { name: "Add evidence" }).nth(1).click();
  await expect(page.getByRole("heading", { level: 1, name: "Add evidence" })).toBeVisible();
  await expect(page.getByLabel("Requirements that it proves")).not.toHaveValue("");
  await axe(page);

  // A page under the name of a picture is not taken, and what was typed stays.
  await page.getByLabel("Title").fill("External scan");
  await page.getByLabel("Requirements that it proves").fill("11.3.2");
  const file = page.getByLabel("File");
  await file.setInputFiles({ name: "scan.png", mimeType: "image/png", buffer: Buffer.from("<!DOCTYPE html><p>clean") });
  await page.getByRole("button", { name: "Save" }).last().click();
  await expect(page.getByRole("heading", { name: "There is a problem" })).toBeVisible();
  await expect(page.getByLabel("Title")).toHaveValue("External scan");
  provoked(trouble, /422/);
  await axe(page);

  await file.setInputFiles({ name: "scan.txt", mimeType: "text/plain", buffer: Buffer.from("host <b>clean</b>\n") });
  await page.getByRole("button", { name: "Save" }).last().click();
  await expect(page.getByText("The evidence was added.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "External scan" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download version 1" }).click();
  expect((await download).suggestedFilename()).toBe("scan.txt");
  await page.getByRole("link", { name: "Look at version 1" }).click();
  await expect(page.getByText("host <b>clean</b>")).toBeVisible();
  // From the top, where the bar covers nothing.
  await page.goto(page.url().replace(/#.*$/, ""));
  await axe(page);

  // A second version; the first stays.
  await page.getByText("Add a version").click();
  await page.getByLabel("Address").fill("https://wiki.shop.example/scan");
  await page.getByRole("button", { name: "Add the version" }).click();
  await expect(page.getByText("The version was added.", { exact: false })).toBeVisible();
  await expect(page.getByRole("link", { name: "Download version 1" })).toBeVisible();

  // What is on hold is not withdrawn.
  await page.getByText("Legal hold, or withdrawal").click();
  await page.getByLabel("Reason").fill("Court order");
  await page.getByRole("button", { name: "Put a legal hold on it" }).click();
  await expect(page.getByText("The legal hold is on.", { exact: false })).toBeVisible();
  await expect(page.getByRole("button", { name: "Withdraw it" })).toHaveCount(0);

  await page.goto(`${workspace}/requirements/11.3.2`);
  await page.getByRole("link", { name: "Evidence (1)" }).click();
  await expect(page.getByRole("link", { name: "External scan" })).toBeVisible();
});

test("a policy waits for somebody else, and a training is due again", async ({ page, server, trouble }, info) => {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Policies ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  await page.goto(`${workspace}/evidence/items/new`);
  await page.getByLabel("Title").fill("Security policy");
  await page.getByLabel("Address").fill("https://wiki.shop.example/policy");
  await page.getByRole("button", { name: "Save" }).last().click();
  await expect(page.getByText("The evidence was added.")).toBeVisible();

  await page.goto(`${workspace}/evidence/policies/new`);
  await page.getByLabel("Title").fill("Security policy");
  await page.getByLabel("Version").fill("1.0");
  await page.getByLabel("Owner").selectOption({ label: ADMIN.name });
  await page.getByLabel("Document").selectOption({ index: 1 });
  await axe(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The policy was saved.", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Approve version 1.0" }).click();
  await expect(page.getByText("Nobody approves their own decision", { exact: false }).first()).toBeVisible();
  provoked(trouble, /422/);
  await axe(page);
  await noSidewaysScroll(page);

  await page.goto(`${workspace}/evidence/training/new`);
  await page.getByLabel(ADMIN.name).check();
  await axe(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The training was saved.")).toBeVisible();
  await page.goto(`${workspace}/evidence/training`);
  await axe(page);
  await noSidewaysScroll(page);
});
