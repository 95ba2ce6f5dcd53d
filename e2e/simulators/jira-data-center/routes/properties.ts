import { restUrl } from "@/e2e/simulators/jira-data-center/beans";
import {
  type Answer,
  type Call,
  issueOf,
  noContent,
  ok,
  param,
  type Route,
  route,
  signedIn,
  visibleProject,
} from "@/e2e/simulators/jira-data-center/call";
import { findComment, setCommentProperties } from "@/e2e/simulators/jira-data-center/comments";
import { setProperties } from "@/e2e/simulators/jira-data-center/issues";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { Properties, User } from "@/e2e/simulators/jira-data-center/records";
import { findUser, isNamedAdministrator } from "@/e2e/simulators/jira-data-center/state";

/** Something that carries properties: where it is, what it has, and how to replace what it has. */
type Carrier = {
  path: string;
  /** What its addresses end in. */
  search?: string;
  properties: Properties;
  /** Whether the caller may only read. */
  isReadOnly?: boolean;
  replace: (properties: Properties) => void;
};

export const propertyRoutes: Route[] = [
  ...routesFor("/issue/:issue", (call) => {
    const issue = issueOf(call);
    return {
      path: `/issue/${issue.id}`,
      properties: issue.properties,
      replace: (properties) => setProperties(call.jira.state, issue, properties),
    };
  }),
  ...routesFor("/comment/:comment", (call) => {
    const { state } = call.jira;
    const id = param(call, "comment");
    const issue = issueOf({ ...call, params: { issue: state.issueIdByComment.get(id) ?? "" } });
    const comment = findComment(signedIn(call), issue, id);
    return {
      path: `/comment/${id}`,
      properties: comment.properties,
      replace: (properties) => setCommentProperties(state, issue, comment, properties),
    };
  }),
  ...routesFor("/project/:project", (call) => {
    const { state } = call.jira;
    const project = visibleProject(call, param(call, "project"));
    if (!project)
      throw refusal(404, `No project could be found with key '${param(call, "project")}'.`);
    const isOpen = project.administeredBy === null;
    return {
      path: `/project/${project.key}`,
      properties: project.properties,
      isReadOnly: !isOpen && !isNamedAdministrator(signedIn(call), project),
      replace(properties) {
        project.properties = properties;
        state.changed();
      },
    };
  }),
  ...routesFor("/user", (call) => {
    const { state } = call.jira;
    const by = signedIn(call);
    const user = userOfQuery(call);
    if (!by.admin && by.key !== user.key) throw refusal(403, NOT_YOURS);
    return {
      path: "/user",
      search: `?${new URLSearchParams({ userKey: user.key })}`,
      properties: user.properties,
      replace(properties) {
        state.users.set(user.key, { ...user, properties });
        state.changed();
      },
    };
  }),
];

const NOT_YOURS = "You do not have the permission to see or change the properties of this user.";

/** By exactly one of `userKey` and `username`. */
function userOfQuery({ jira: { state }, query }: Call): User {
  const key = query.get("userKey");
  const name = query.get("username");
  if ((key === null) === (name === null)) {
    throw refusal(400, "Either the 'username' or the 'userKey' query parameter must be provided.");
  }
  const user = key === null ? findUser(state, name ?? "") : state.users.get(key);
  if (!user) throw refusal(404, `The user '${key ?? name}' does not exist.`);
  return user;
}

/** Jira's own limit, counted on the JSON text. */
const LONGEST = 32_768;

/** The value itself, or a 400: a key of at most 255 characters, a value that is there and not too long. */
export function checkedProperty(key: string, value: unknown): unknown {
  if (key === "" || key.length > 255) {
    throw refusal(400, "The property key must be between 1 and 255 characters long.");
  }
  if (value === undefined) throw refusal(400, "The property value cannot be empty.");
  if (JSON.stringify(value).length > LONGEST) {
    throw refusal(400, `The property value is too long. It must be at most ${LONGEST} characters.`);
  }
  return value;
}

function routesFor(path: string, carrierOf: (call: Call) => Carrier): Route[] {
  return [
    route("GET", `${path}/properties`, (call) => {
      const carrier = carrierOf(call);
      const self = (key: string) =>
        restUrl(
          call.jira.state,
          `${carrier.path}/properties/${encodeURIComponent(key)}${carrier.search ?? ""}`,
        );
      return ok({ keys: Object.keys(carrier.properties).map((key) => ({ self: self(key), key })) });
    }),
    route("GET", `${path}/properties/:property`, (call) => {
      const { key, value } = present(call, carrierOf(call));
      return ok({ key, value });
    }),
    route("PUT", `${path}/properties/:property`, (call): Answer => {
      const carrier = writable(call, carrierOf);
      const key = param(call, "property");
      const isNew = !(key in carrier.properties);
      carrier.replace({ ...carrier.properties, [key]: checkedProperty(key, call.body) });
      return { status: isNew ? 201 : 200 };
    }),
    route("DELETE", `${path}/properties/:property`, (call) => {
      const carrier = writable(call, carrierOf);
      const { key } = present(call, carrier);
      const { [key]: _gone, ...rest } = carrier.properties;
      carrier.replace(rest);
      return noContent();
    }),
  ];
}

function writable(call: Call, carrierOf: (call: Call) => Carrier): Carrier {
  signedIn(call);
  const carrier = carrierOf(call);
  if (!carrier.isReadOnly) return carrier;
  throw refusal(403, "You do not have the permission to administer this project.");
}

function present(call: Call, { properties }: Carrier): { key: string; value: unknown } {
  const key = param(call, "property");
  if (key in properties) return { key, value: properties[key] };
  throw refusal(404, `The property with key '${key}' does not exist.`);
}
