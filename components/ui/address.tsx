import { Fragment } from "react";

/** Longer than this, a part would not fit on a phone: it may break wherever it has to. */
const WHOLE = 30;

/** An address or a path, which breaks only after its slashes and before its dots. */
export function Address({ of: address }: { of: string }) {
  return addressParts(address).map((part, index) => {
    // The parts have no identity but their place.
    const key = `${index}`;
    return (
      <Fragment key={key}>
        {index > 0 && <wbr />}
        <span className={part.length > WHOLE ? "[overflow-wrap:anywhere]" : "whitespace-nowrap"}>
          {part}
        </span>
      </Fragment>
    );
  });
}

/** "https://", "jira", ".example", ".com/", "browse": where an address may break. */
export function addressParts(address: string): string[] {
  return address.split(/(?<=\/)(?!\/)|(?=\.[^.\s])|(?<=\s)/).filter((part) => part !== "");
}
