/** None of them means a state: amber, red, blue and green are the gate's, the entries' and the errors'. */
export const ENVIRONMENT_COLOURS = ["violet", "magenta", "teal", "olive"] as const;
export type EnvironmentColour = (typeof ENVIRONMENT_COLOURS)[number];

export type Environment = {
  label: string | null;
  colour: EnvironmentColour | null;
  /** What `NODE_LABEL` says: then the label is changed there, and nowhere else. */
  told: string | null;
  /** Nobody has decided yet whether this is the node of that name or a copy of it. */
  isInDoubt: boolean;
};
