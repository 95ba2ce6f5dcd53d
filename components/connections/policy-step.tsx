import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import type { FirstMeeting, Policy } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";

/** Who wins where both sides have something to say. */
export function PolicyStep({
  names,
  initial,
  onChosen,
}: {
  names: Record<Side, string>;
  initial: { policy: Policy; firstMeeting: FirstMeeting };
  onChosen: (chosen: { policy: Policy; firstMeeting: FirstMeeting }) => void;
}) {
  return (
    <Form
      onSend={(form) =>
        onChosen({
          policy: form.get("policy") as Policy,
          firstMeeting: form.get("firstMeeting") as FirstMeeting,
        })
      }
      className="flex flex-col gap-5"
    >
      <div className="grid max-w-4xl gap-6 md:grid-cols-2">
        <Choice
          name="policy"
          legend="When both sides changed one field"
          initial={initial.policy}
          options={[
            ["hold", "A person decides", "The issue waits in the Sync Queue, with both values."],
            [
              "latest",
              "The later edit wins",
              "By the instances’ histories; a tie waits for a person.",
            ],
            ["local", `${names.local} wins`, ""],
            ["remote", `${names.remote} wins`, ""],
          ]}
        />
        <Choice
          name="firstMeeting"
          legend="When two issues that exist already are linked and differ"
          initial={initial.firstMeeting}
          options={[
            [
              "hold",
              "A person decides",
              "Comments and attachments that exist are known, not sent.",
            ],
            ["local", `${names.local} wins`, ""],
            ["remote", `${names.remote} wins`, ""],
          ]}
        />
      </div>
      <Button type="submit" look="primary" className="w-fit">
        Agree on this
      </Button>
    </Form>
  );
}

function Choice({
  name,
  legend,
  initial,
  options,
}: {
  name: string;
  legend: string;
  initial: string;
  options: [value: string, words: string, more: string][];
}) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">{legend}</legend>
      {options.map(([value, words, more]) => (
        <label key={value} className="flex items-baseline gap-2">
          <input type="radio" name={name} value={value} defaultChecked={value === initial} />
          <span>
            {words}
            {more && <span className="block text-small text-soft">{more}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
