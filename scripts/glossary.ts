import { writeFileSync } from "node:fs";
import { glossaryDocument } from "@/lib/glossary";

/** `npm run glossary`: writes `docs/glossary.md` from the table that the console explains its words with. */
writeFileSync("docs/glossary.md", glossaryDocument());
