import { describe, expect, test } from "vitest";
import { csvCell, exportHead, exportLines } from "@/lib/audit/export";
import type { SealedLine } from "@/lib/audit/record";

const LINE: SealedLine = {
  id: 7,
  seq: 7,
  at: "2026-03-01T02:14:00.000Z",
  actor: "ada@example.com",
  action: "gate.activated",
  subject: null,
  reason: 'after the "02:00" patch,\nall well',
  detail: { epoch: 4 },
  prev: "",
  keyId: "k",
  hash: "k:abc",
};

describe("an export of the audit", () => {
  test.each([
    '=HYPERLINK("http://example.com","open")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "＝1+1",
  ])("a spreadsheet does not take %j for a formula", (text) => {
    expect(csvCell(text).startsWith("\"'")).toBe(true);
  });

  test("quotes, commas and line ends stay inside their cell", () => {
    const [line] = exportLines("csv", [LINE]).split("\r\n");
    expect(line).toContain('"after the ""02:00"" patch,\nall well"');
    expect(line).toContain('"{""epoch"":4}"');
  });

  test("a CSV file names its columns, and says that it is UTF-8", () => {
    expect(exportHead("csv")).toBe(
      '\uFEFF"id","seq","at","actor","action","subject","reason","detail","prev","keyId","hash"\r\n',
    );
    expect(exportHead("jsonl")).toBe("");
  });

  test("JSON lines hold each record as it is, one to a line", () => {
    const text = exportLines("jsonl", [LINE, { ...LINE, id: 6, reason: "=1" }]);
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([LINE, { ...LINE, id: 6, reason: "=1" }]);
  });
});
