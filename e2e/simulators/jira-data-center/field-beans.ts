import {
  authorBean,
  componentBean,
  issueTypeBean,
  priorityBean,
  projectBean,
  resolutionBean,
  restUrl,
  securityBean,
  statusBean,
  versionBean,
} from "@/e2e/simulators/jira-data-center/beans";
import { customSchema, findCustomField } from "@/e2e/simulators/jira-data-center/custom-fields";
import { RESOLUTIONS } from "@/e2e/simulators/jira-data-center/defaults";
import {
  FIELD_NAMES,
  FIELD_SCHEMAS,
  SCREEN_FIELDS,
} from "@/e2e/simulators/jira-data-center/field-names";
import { statusOf } from "@/e2e/simulators/jira-data-center/issues";
import type {
  CustomField,
  CustomValue,
  IssueType,
  Project,
  Transition,
} from "@/e2e/simulators/jira-data-center/records";
import type { JiraState } from "@/e2e/simulators/jira-data-center/state";

/** What the create and edit screens of a project show for a type: the usual fields and what the project has. */
export function screenOf(project: Project, type: IssueType | undefined): string[] {
  return [
    ...SCREEN_FIELDS,
    ...(project.components.length > 0 ? ["components"] : []),
    ...(project.versions.length > 0 ? ["fixVersions", "versions"] : []),
    ...(project.securityLevels.length > 0 ? ["security"] : []),
    ...(type?.subtask ? ["parent"] : []),
    ...project.customFields.map(({ id }) => id),
  ];
}

const REQUIRED = ["project", "issuetype", "summary", "reporter", "parent"];
const SETS = ["labels", "components", "fixVersions", "versions"];

/** One field of a screen, with the values that this project allows. */
export function fieldMeta(
  state: JiraState,
  project: Project,
  fieldId: string,
  required = REQUIRED.includes(fieldId),
) {
  const custom = findCustomField(project, fieldId);
  const isSet = SETS.includes(fieldId) || custom?.kind === "multiselect";
  const allowedValues = allowed(state, project, fieldId);
  return {
    required: required || (custom?.required ?? false),
    schema: custom ? customSchema(custom) : FIELD_SCHEMAS[fieldId],
    name: custom?.name ?? FIELD_NAMES[fieldId] ?? fieldId,
    fieldId,
    hasDefaultValue: fieldId === "priority",
    operations: isSet ? ["add", "set", "remove"] : ["set"],
    ...(allowedValues ? { allowedValues } : {}),
  };
}

function allowed(state: JiraState, project: Project, fieldId: string): unknown[] | undefined {
  switch (fieldId) {
    case "project":
      return [projectBean(state, project)];
    case "issuetype":
      return project.issueTypes.map((type) => issueTypeBean(state, type));
    case "priority":
      return project.priorities.map((priority) => priorityBean(state, priority));
    case "components":
      return project.components.map((component) => componentBean(state, component));
    case "fixVersions":
    case "versions":
      return project.versions.map((version) => versionBean(state, version));
    case "security":
      return project.securityLevels.map((level) => securityBean(state, level));
    case "resolution":
      return RESOLUTIONS.map((resolution) => resolutionBean(state, resolution));
    default: {
      const custom = findCustomField(project, fieldId);
      if (custom?.kind !== "select" && custom?.kind !== "multiselect") return undefined;
      return custom.options.map((option) => optionBean(state, option));
    }
  }
}

export function transitionBean(
  state: JiraState,
  project: Project,
  transition: Transition,
  withFields = false,
) {
  const to = project.statuses.find(({ name }) => name === transition.to);
  return {
    id: transition.id,
    name: transition.name,
    opsbarSequence: Number(transition.id),
    to: statusBean(state, to ?? statusOf(project, "")),
    ...(withFields
      ? {
          fields: Object.fromEntries(
            (transition.screen ?? []).map((each) => [
              each.field,
              fieldMeta(state, project, each.field, each.required),
            ]),
          ),
        }
      : {}),
  };
}

function optionBean(state: JiraState, { id, value }: { id: string; value: string }) {
  return { self: restUrl(state, `/customFieldOption/${id}`), value, id, disabled: false };
}

/** The value as an issue shows it; `null` when there is none. */
export function customBean(
  state: JiraState,
  field: CustomField,
  value: CustomValue | undefined,
): unknown {
  if (value === undefined) return null;
  const option = (id: string) => field.options.find((each) => each.id === id);
  if (Array.isArray(value)) {
    return value.flatMap((id) => {
      const found = option(id);
      return found ? [optionBean(state, found)] : [];
    });
  }
  if (field.kind === "select") {
    const found = option(String(value));
    return found ? optionBean(state, found) : null;
  }
  return field.kind === "user" ? authorBean(state, String(value)) : value;
}
