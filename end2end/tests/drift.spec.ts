// A specification that becomes a flow, what sources saw beside it, and the rights that were given for a time.

import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

const MODEL = JSON.stringify({
  systems: [{ id: "shop", name: "Web shop" }, { id: "psp", name: "Provider" }, { id: "db", name: "Ledger" }],
  people: [{ id: "lead", name: "Payments lead" }],
  credentials: [
    {
      id: "ops",
      name: "Operations",
      kind: "user",
      location: "vault",
      held_by: ["shop"],
      grants: [
        { on: "db", priv: "read" },
        {
          on: "db",
          priv: "admin",
          temporary: true,
          until: "2020-01-02T08:00:00Z",
          event: "Holiday freeze",
          reason: "No deployment over the holidays",
          rollback_owner: "lead",
        },
      ],
    },
  ],
});

const SPECIFICATION = JSON.stringify({
  openapi: "3.0.0",
  info: { title: "Pay", version: "1" },
  paths: {
    "/pay": {
      post: {
        requestBody: {
          content: {
            "application/json": {
              schema: {
                type: "object",
                properties: {
                  card_number: { type: "string" },
                  card: { type: "object", properties: { name: { type: "string" } } },
                },
              },
            },
          },
        },
        responses: {
          "200": {
            description: "ok",
            content: {
              "application/json": { schema: { type: "object", properties: { last4: { type: "string", maxLength: 4 } } } },
            },
          },
        },
      },
    },
  },
});

const file = (name: string, text: string) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) });

test("from a specification to a flow, an observation and a rollback", async ({ page, server }, info) => {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Drift ${info.project.name}`);
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;
  await page.goto(`${workspace}/import`);
  await page.getByLabel("File", { exact: true }).setInputFiles(file("model.json", MODEL));
  await page.getByRole("button", { name: "Read the file" }).click();
  await page.getByRole("button", { name: "Confirm the import" }).click();

  await page.goto(`${workspace}/import`);
  await page.getByRole("link", { name: "Read a specification or sample" }).click();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByLabel("Or paste it").fill(SPECIFICATION);
  await page.getByRole("button", { name: "Recognise the fields" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Fields of Pay" })).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /^Take / }).first()).toBeChecked();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByLabel("From", { exact: true }).selectOption({ label: "Web shop" });
  await page.getByLabel("To", { exact: true }).selectOption({ label: "Provider" });
  await page.getByRole("button", { name: "Show the difference" }).last().click();
  await expect(page.getByText("A new flow: Pay.")).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Confirm these fields" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Pay" })).toBeVisible();
  await expect(page.getByText(/seen on \d{4}-\d\d-\d\d in pasted text/)).toBeVisible();

  await page.goto(`${workspace}/observations`);
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByLabel("List", { exact: true }).setInputFiles(file("secrets.csv", "id,location\nops,repo\nmystery,vault\n"));
  await page.getByLabel("Source", { exact: true }).fill("Vault");
  await page.getByRole("button", { name: "Store what it saw" }).click();
  await expect(page.getByText(/which no credential of the model is/)).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  await page.goto(`${workspace}/temporary`);
  await expect(page.getByText("1 right: 1 over, 0 without an end, 0 within 14 days")).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("link", { name: /Holiday freeze/ }).first().click();
  await page.getByRole("link", { name: "Look at rolling back all of Holiday freeze" }).click();
  await expect(page.getByRole("heading", { name: "Rolling back 1 right" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Roll back 1 right" }).click();
  await expect(page.getByText("No temporary right")).toBeVisible();

  await page.goto(`${workspace}/systems/psp/gained`);
  await expect(page.getByRole("heading", { level: 1, name: "What Provider gained" })).toBeVisible();
  await expect(page.getByText("Not recorded")).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
});
