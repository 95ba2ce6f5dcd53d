import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ADVICE, ERROR_CODES } from "@/lib/error-log/advice";
import { SYNC_ERRORS } from "@/lib/errors";

const FOLDER = new URL("../../docs/errors/", import.meta.url);

describe("the page of an error", () => {
  test("is there for each code that the program knows, and for no other", async () => {
    const files = (await readdir(FOLDER)).filter((file) => file !== "README.md");
    expect(files.toSorted()).toEqual(ERROR_CODES.map((code) => `${code}.md`).toSorted());
    expect(ERROR_CODES).toEqual(expect.arrayContaining(Object.keys(SYNC_ERRORS)));
  });

  test.for(ERROR_CODES)(
    "of %s has the console's title, and says what to do and how it ends",
    async (code) => {
      const text = await readFile(new URL(`${code}.md`, FOLDER), "utf8");
      expect(text.split("\n")[0]).toBe(`# ${ADVICE[code].title}`);
      for (const section of ["What to do", "Meanwhile", "How it ends"])
        expect(text).toMatch(new RegExp(`^## ${section}\n\n\\S`, "m"));
    },
  );
});
