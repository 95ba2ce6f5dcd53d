const NAMES: Record<string, string> = { textile: "Textile", markdown: "Markdown (CommonMark)" };

/** What people call a text formatting. */
export function formatName(format: string): string {
  return NAMES[format] ?? format;
}
