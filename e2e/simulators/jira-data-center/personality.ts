/** The lines of Jira Data Center that the simulator can be, and what differs between them. */
export const VERSIONS = ["9.12", "10.3", "11.3"] as const;
export type Version = (typeof VERSIONS)[number];

export type Personality = {
  version: string;
  buildNumber: number;
  applinksVersion: string;
  /**
   * `old`: /rest/webhooks/1.0/webhook, `${issue.key}` in URLs, no signatures, a JQL filter for each.
   * `new`: /rest/jira-webhook/1.0/webhooks, `{issue.key}`, signed with the configuration's SECRET, no filter.
   */
  webhooks: "old" | "new";
  /** Passwords, by Basic or for a session. Off on a new Jira 11 until an administrator turns it on. */
  basicAuth: boolean;
};

export const PERSONALITIES: Record<Version, Personality> = {
  "9.12": {
    version: "9.12.31",
    buildNumber: 9120031,
    applinksVersion: "9.0.22",
    webhooks: "old",
    basicAuth: true,
  },
  "10.3": {
    version: "10.3.24",
    buildNumber: 10030024,
    applinksVersion: "9.1.4",
    webhooks: "new",
    basicAuth: true,
  },
  "11.3": {
    version: "11.3.2",
    buildNumber: 11030002,
    applinksVersion: "10.0.2",
    webhooks: "new",
    basicAuth: false,
  },
};

export const USUAL_VERSION: Version = "10.3";

export function isVersion(text: string): text is Version {
  return VERSIONS.some((version) => version === text);
}
