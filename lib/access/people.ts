// What the settings show of people, their sessions and of programs' tokens.

export type PersonLine = {
  id: number;
  name: string;
  email: string;
  role: string;
  createdAt: string;
  disabledAt: string | null;
  /** Open ones. */
  sessions: number;
  seenAt: string | null;
};

export type InvitationLine = {
  email: string;
  name: string;
  role: string;
  invitedBy: string;
  expiresAt: string;
};

export type SessionLine = {
  id: string;
  createdAt: string;
  seenAt: string;
  userAgent: string | null;
  isPresent: boolean;
};

export type TokenLine = {
  id: number;
  name: string;
  role: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
};

export type About = {
  version: string;
  node: string;
  database: string;
  schema: string;
  workers: { host: string; pid: number; startedAt: string; seenAt: string; doing: string }[];
};
