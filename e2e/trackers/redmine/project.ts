import { redmineClient } from "@/e2e/trackers/redmine/client";
import { KEYS } from "@/e2e/trackers/redmine/server";

/** The elements of both trackers' lists. */
export const LISTS = { components: ["Backend", "Frontend"], versions: ["1.0", "2.0"] };

/**
 * A project of one test's own, as an administrator makes it by REST: what other tests leave behind is none of
 * its business. Our account has the role that the documentation asks for, and no more.
 */
export async function newProject(baseUrl: string) {
  const admin = redmineClient(baseUrl, KEYS.admin);
  const project = `both-${Date.now()}`;
  const fields = await admin.customFields();
  const numberOf = (name: string) => {
    const field = fields.find((each) => each.name === name);
    if (!field) throw new Error(`this Redmine has no custom field ${name}`);
    return field.id;
  };
  const roles = (await admin.made<{ roles: { id: number; name: string }[] }>("GET", "/roles.json"))
    .roles;
  await admin.made("POST", "/projects.json", {
    project: {
      name: project,
      identifier: project,
      is_public: false,
      tracker_ids: [1, 2, 3],
      issue_custom_field_ids: [numberOf("Exalate marker")],
      enabled_module_names: ["issue_tracking", "time_tracking"],
    },
  });
  const people: Record<string, number> = {};
  for (const [name, role] of [
    ["exalate", "Developer"],
    ["ada", "Manager"],
    ["bob", "Manager"],
  ] as const) {
    const { user } = await redmineClient(baseUrl, KEYS[name]).made<{ user: { id: number } }>(
      "GET",
      "/users/current.json",
    );
    people[name] = user.id;
    const ids = roles.filter((each) => each.name === role).map(({ id }) => id);
    const membership = { user_id: user.id, role_ids: ids };
    await admin.made("POST", `/projects/${project}/memberships.json`, { membership });
  }
  const categories: Record<string, number> = {};
  for (const name of LISTS.components) {
    const path = `/projects/${project}/issue_categories.json`;
    const made = await admin.made<{ issue_category: { id: number } }>("POST", path, {
      issue_category: { name },
    });
    categories[name] = made.issue_category.id;
  }
  const versions: Record<string, number> = {};
  for (const name of LISTS.versions) {
    const path = `/projects/${project}/versions.json`;
    const made = await admin.made<{ version: { id: number } }>("POST", path, { version: { name } });
    versions[name] = made.version.id;
  }
  /** Redmine's numbers of fields, people, categories and versions, by name. */
  return { project, numberOf, people, categories, versions };
}
