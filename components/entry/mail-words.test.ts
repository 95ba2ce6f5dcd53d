import { expect, test } from "vitest";
import { mailTotalWords, mailWords } from "@/components/entry/mail-words";

test("says at least how many people get mail, and for how many writes", () => {
  expect(mailWords({ side: "remote", people: 3, writes: 2 }, "Acme")).toBe(
    "At least 3 people get mail for each of 2 writes, as assignee, reporter or watcher.",
  );
  expect(mailWords({ side: "remote", people: 1, writes: 1 }, "Acme")).toBe(
    "At least 1 person gets mail, as assignee, reporter or watcher.",
  );
});

test("says that nobody is known to get mail, or that none is asked for", () => {
  expect(mailWords({ side: "remote", people: 0, writes: 1 }, "Acme")).toContain("Nobody is known");
  expect(mailWords({ side: "remote", people: 0, writes: 0 }, "Acme")).toBe(
    "Acme is asked to send no mail for it.",
  );
});

test("says why it cannot be known", () => {
  expect(mailWords({ side: "remote", unknown: "new_issue" }, "Acme")).toContain(
    "cannot be known, because Acme decides for each project",
  );
  expect(mailWords({ side: "local", unknown: "not_told" }, "Acme")).toContain(
    "cannot be known, because Acme does not say",
  );
});

test("adds up what is known, and counts what is not", () => {
  expect(mailTotalWords({ mails: 412, mailsUnknown: 37 })).toBe(
    "The instances send people there at least 412 mails; for 37 issues it cannot be known how many.",
  );
  expect(mailTotalWords({ mails: 1, mailsUnknown: 0 })).toBe(
    "The instances send people there at least 1 mail.",
  );
  expect(mailTotalWords({ mails: 0, mailsUnknown: 1 })).toBe(
    "The instances may send people there mail; for 1 issue it cannot be known how many.",
  );
  expect(mailTotalWords({ mails: 0, mailsUnknown: 0 })).toBeNull();
});
