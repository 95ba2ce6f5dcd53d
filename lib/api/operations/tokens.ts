import { z } from "zod";
import { createToken, listTokens, revokeToken } from "@/lib/access/token-store";
import { tokenAnswer } from "@/lib/api/answers/access";
import { done } from "@/lib/api/answers/common";
import { operation } from "@/lib/api/operation";
import { idParams, tokenBody } from "@/lib/api/schemas";

export const listLivingTokens = operation({
  id: "listTokens",
  method: "GET",
  path: "/tokens",
  group: "Settings",
  summary: "The tokens of programs that still work, without the tokens themselves",
  permission: "access:manage",
  answer: z.object({ tokens: z.array(tokenAnswer) }),
  carryOut: async ({ db }) => ({ tokens: await listTokens(db) }),
});

export const makeToken = operation({
  id: "createToken",
  method: "POST",
  path: "/tokens",
  group: "Settings",
  summary: "Make a token for a program",
  description: "The answer holds it, this once.",
  permission: "access:manage",
  body: tokenBody,
  creation: "in_transaction",
  answer: z.object({ token: z.string() }),
  refuses: { 409: "There is, or was, a token of this name." },
  carryOut: async ({ db, body, by }) => ({
    token: await createToken(db, { ...body, by: by.name }),
  }),
});

export const endToken = operation({
  id: "revokeToken",
  method: "DELETE",
  path: "/tokens/{id}",
  group: "Settings",
  summary: "End a token at once",
  permission: "access:manage",
  params: idParams,
  answer: done,
  refuses: { 404: "There is no such token, or it was revoked already." },
  async carryOut({ db, params, by }) {
    await revokeToken(db, { id: params.id, by: by.name });
    return { id: params.id };
  },
});
