import { z } from "zod";

/** What a search of ours sets itself. */
const OURS = ["project_id", "updated_on", "sort", "offset", "limit", "page", "key", "format"];

/**
 * Filters of Redmine's issue list as its addresses have them: `tracker_id=1&status_id=open`, or a saved
 * query by its number: `query_id=5`. All issues of the project: `status_id=*`.
 */
export const triggerQuery = z
  .string()
  .trim()
  .transform((text) => text.replace(/^\?/, ""))
  .pipe(
    z.string().superRefine((text, context) => {
      for (const part of text.split("&")) {
        const [name = "", value] = part.split("=", 2);
        if (!/^[a-z][a-z0-9_.]*$/.test(name) || !value)
          context.addIssue({
            code: "custom",
            message: `"${part}" is no filter: write them as tracker_id=1&status_id=open`,
          });
        else if (OURS.includes(name))
          context.addIssue({ code: "custom", message: `"${name}" cannot be part of a trigger` });
      }
    }),
  );
