import { writeFileSync } from "node:fs";
import { permissionDocument } from "@/lib/api/permission-document";

/** `npm run permissions`: writes `docs/permissions.md` from the tables that the code asks. */
writeFileSync("docs/permissions.md", permissionDocument());
