import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { modelGaps, modelHeader } from "@/scripts/checks/model-header";

const model = await readFile("e2e/model/gate.pml", "utf8");

describe("the model and the table of transitions", () => {
  test("name the same events and guards", () => {
    expect(modelGaps(model)).toEqual([]);
  });

  test("an event that only the table has is missed, also when a comment names it", () => {
    const without = model.replaceAll("E_rescue", "/* E_rescue */");
    expect(modelGaps(without)).toEqual(["the model lacks E_rescue"]);
  });

  test("an event or a guard that only the model has is named", () => {
    expect(modelGaps(`${model}\nE_reopen; G_HOPE(true)`)).toEqual([
      "the table lacks E_reopen",
      "the table lacks G_HOPE",
    ]);
  });

  test("the model moves the gate as the table does, and each guard can be taken away", () => {
    const header = modelHeader();
    expect(header).toContain("#define MOVE_open st=ACTIVE; ep=ep+1");
    expect(header).toContain("#define FROM_settle_closing (st==CLOSING)");
    expect(header).toContain("#ifdef NO_START_LOCK");
  });
});
