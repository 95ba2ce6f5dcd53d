import { mayDo, PERMISSIONS, ROLES } from "@/lib/access/permissions";
import { WALKED } from "@/lib/access/walked";
import { OPERATIONS } from "@/lib/api/registry";

/** `docs/permissions.md`: who may do what, from the tables that the code asks. */
export function permissionDocument(): string {
  const roles = PERMISSIONS.map((permission) => [
    `\`${permission}\``,
    ...ROLES.map((role) => (mayDo(role, permission) ? "yes" : "")),
  ]);
  const walked = Object.entries(WALKED).map(([name, asked]) => [`\`${name}\``, asked]);
  const operations = OPERATIONS.map(({ method, path, permission }) => [
    `\`${method} /api/v1${path}\``,
    permission === "open" ? "anybody" : permission,
  ]);
  return `# Permissions

Who may do what. Written by \`npm run permissions\` from \`lib/access/permissions.ts\`, \`lib/access/walked.ts\` and the
operations of the API; \`lib/access/walk.test.ts\` and \`lib/api/contract.test.ts\` try each with every role and with none.

## Roles

${table(["permission", ...ROLES], roles)}
## Pages, actions, routes and what pages read through

${table(["what", "asks for"], walked)}
## Operations of the API

${table(["operation", "asks for"], operations)}`;
}

/** In columns of one width, as the formatter of this project leaves them. */
function table(head: readonly string[], rows: readonly string[][]): string {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((cells) => cells[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? "").padEnd(width)).join(" | ")} |\n`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("");
}
