import type { Side } from "@/lib/sync/plan-types";
import type { FirstMeeting, Policy } from "@/lib/sync/policies";

type Agreed = { policy: Policy; firstMeeting: FirstMeeting };

/** The two questions of who wins where both sides have something to say. */
export function PolicyChoices({
  names,
  value,
  onChange,
}: {
  names: Record<Side, string>;
  value: Agreed;
  onChange: (chosen: Agreed) => void;
}) {
  return (
    <div className="grid max-w-4xl gap-6 md:grid-cols-2">
      <Choice
        name="policy"
        legend="When both sides changed one field"
        value={value.policy}
        onChange={(policy) => onChange({ ...value, policy })}
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
        value={value.firstMeeting}
        onChange={(firstMeeting) => onChange({ ...value, firstMeeting })}
        options={[
          [
            "hold",
            "A person decides",
            "Comments and attachments that exist already are not sent; new ones are.",
          ],
          ["local", `${names.local} wins`, ""],
          ["remote", `${names.remote} wins`, ""],
        ]}
      />
    </div>
  );
}

function Choice<T extends string>({
  name,
  legend,
  value,
  onChange,
  options,
}: {
  name: string;
  legend: string;
  value: T;
  onChange: (chosen: T) => void;
  options: [value: T, words: string, more: string][];
}) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">{legend}</legend>
      {options.map(([option, words, more]) => (
        <label key={option} className="flex items-baseline gap-2">
          <input
            type="radio"
            name={name}
            value={option}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          <span>
            {words}
            {more && <span className="block text-small text-soft">{more}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
