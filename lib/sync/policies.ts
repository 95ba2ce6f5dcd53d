export const POLICIES = ["local", "remote", "latest", "hold"] as const;
/** Who wins when both sides changed one field. */
export type Policy = (typeof POLICIES)[number];

export const FIRST_MEETINGS = ["local", "remote", "hold"] as const;
/** Who wins where two issues that existed before they were connected differ. */
export type FirstMeeting = (typeof FIRST_MEETINGS)[number];
