import { z } from "zod";
import { count, id, moment, side } from "@/lib/api/answers/common";

const trouble = z.object({ code: z.string(), message: z.string() });

const webhookSide = z
  .object({
    side,
    instance: z.string(),
    instanceUrl: z.string(),
    hasWebhooks: z.boolean().describe("False: this kind of instance is asked every few seconds."),
    address: z.string().describe("Where the instance's webhook has to post to, without a key."),
    signs: z
      .boolean()
      .nullable()
      .describe(
        "False: the instance signs nothing, so the address needs its key. Null: not known.",
      ),
    found: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          address: z.string(),
          events: z.array(z.string()),
          lacks: z
            .enum(["enabled", "events", "secret"])
            .nullable()
            .describe("What it lacks to tell us all that we need; null: nothing."),
          whose: z
            .enum(["ours", "elsewhere", "original"])
            .describe(
              "Of this address, of another one, or of the node that this one is a copy of.",
            ),
          since: moment.nullable(),
          failed: count
            .nullable()
            .describe("How many of its events did not arrive lately, as the instance counts."),
        }),
      )
      .nullable()
      .describe("What is registered there, as last seen; null: nobody could look yet."),
    lookedAt: moment.nullable(),
    trouble: trouble.nullable().describe("Why nobody could look."),
    registeredAt: moment.nullable(),
    wish: z
      .object({
        want: z.enum(["register", "remove"]),
        at: moment,
        by: z.string(),
        waitsFor: z.enum([
          "activation",
          "scope",
          "resumption",
          "release",
          "confirmation",
          "sign_of_life",
          "worker",
        ]),
      })
      .nullable(),
    failure: trouble
      .extend({ at: moment })
      .nullable()
      .describe("Why the last wish was not carried out, or not yet."),
    heardAt: moment.nullable().describe("The last event that was proven to come from there."),
    doubted: z
      .object({ at: moment, because: z.string() })
      .nullable()
      .describe("The last event that was not."),
  })
  .meta({ id: "WebhookSide" });

export const webhooksAnswer = z
  .object({ connectionId: id, name: z.string(), sides: z.array(webhookSide) })
  .meta({ id: "Webhooks" });
