import type { SealedLine } from "@/lib/audit/record";

export const EXPORT_FORMATS = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const CONTENT_TYPES: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8",
  jsonl: "application/jsonl; charset=utf-8",
};

const COLUMNS = [
  "id",
  "seq",
  "at",
  "actor",
  "action",
  "subject",
  "reason",
  "detail",
  "prev",
  "keyId",
  "hash",
] as const satisfies readonly (keyof SealedLine)[];

/** What a file begins with. The mark before the CSV tells spreadsheets that it is UTF-8. */
export function exportHead(format: ExportFormat): string {
  return format === "csv" ? `\uFEFF${csvLine(COLUMNS)}` : "";
}

/** Records as lines of the file. JSON lines are exact; CSV is for spreadsheets, see `csvCell`. */
export function exportLines(format: ExportFormat, lines: readonly SealedLine[]): string {
  return lines
    .map((line) =>
      format === "csv"
        ? csvLine(COLUMNS.map((column) => cellOf(line[column])))
        : `${JSON.stringify(Object.fromEntries(COLUMNS.map((column) => [column, line[column]])))}\n`,
    )
    .join("");
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A line after RFC 4180: every cell quoted, CRLF. */
function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/**
 * What a spreadsheet would take for a formula gets an apostrophe in front, so that nobody who writes a
 * reason can run something where the audit is opened
 * (https://owasp.org/www-community/attacks/CSV_Injection). Full-width signs count too.
 */
export function csvCell(text: string): string {
  const isFormula = /^(?:\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n])/.test(text);
  return `"${(isFormula ? `'${text}` : text).replaceAll('"', '""')}"`;
}
