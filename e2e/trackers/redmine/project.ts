import { redmineClient } from "@/e2e/trackers/redmine/client";
import { KEYS } from "@/e2e/trackers/redmine/server";

/**
 * A project of one test's own, as an administrator makes it by REST: what other tests leave behind is none of
 * its business. Our account has the role that the documentation asks for, and no more.
 */
export async function newProject(
  baseUrl: string,
  lists: { components: string[]; versions: string[] },
) {
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
  for (const [key, role] of [
    [KEYS.exalate, "Developer"],
    [KEYS.ada, "Manager"],
    [KEYS.bob, "Manager"],
  ] as const) {
    const { user } = await redmineClient(baseUrl, key).made<{ user: { id: number } }>(
      "GET",
      "/users/current.json",
    );
    await admin.made("POST", `/projects/${project}/memberships.json`, {
      membership: {
        user_id: user.id,
        role_ids: roles.filter(({ name }) => name === role).map(({ id }) => id),
      },
    });
  }
  for (const name of lists.components)
    await admin.made("POST", `/projects/${project}/issue_categories.json`, {
      issue_category: { name },
    });
  for (const name of lists.versions)
    await admin.made("POST", `/projects/${project}/versions.json`, { version: { name } });
  return { project, numberOf };
}
