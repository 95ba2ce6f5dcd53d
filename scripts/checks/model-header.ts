import type { GateState } from "@/lib/gate/gate";
import { GUARDS, type Guard, TRANSITIONS, type Transition } from "@/lib/gate/transitions";

/** The guards that the model proves to be needed. */
export const MODELLED_GUARDS = (Object.keys(GUARDS) as Guard[]).filter(
  (guard) => GUARDS[guard].proof === "in_model",
);

/** What the model is given of the table: events, guards that can be taken away, and moves of the gate. */
export function modelHeader(): string {
  return `${[
    "/* Made from lib/gate/transitions.ts. */",
    ...TRANSITIONS.map(
      ({ event }) => `#define E_${event} printf("${event} (process %d)\\n", _pid)`,
    ),
    ...MODELLED_GUARDS.flatMap((guard) => [
      `#ifdef NO_${guard}`,
      `#define G_${guard}(condition) true`,
      "#else",
      `#define G_${guard}(condition) (condition)`,
      "#endif",
    ]),
    ...(TRANSITIONS as readonly Transition[]).flatMap(moveMacros),
  ].join("\n")}\n`;
}

function moveMacros({ event, moves }: Transition): string[] {
  const [first] = moves ?? [];
  if (!moves || !first) return [];
  const from = anyOf("st", new Set(moves.map((move) => move.from)));
  const targets = new Set(moves.map((move) => move.to));
  const step = first.epoch === "+1" ? "; ep=ep+1" : "";
  const isNew = first.incarnation === "new";
  const [to] = targets;
  const does =
    targets.size === 1 && to ? `st=${to.toUpperCase()}` : `assert(${anyOf("to", targets)}); st=to`;
  const parameters = [...(targets.size > 1 ? ["to"] : []), ...(isNew ? ["life"] : [])];
  return [
    `#define FROM_${event} (${from})`,
    `#define MOVE_${event}${parameters.length > 0 ? `(${parameters.join(",")})` : ""} ${does}${step}${isNew ? "; inc=life" : ""}`,
  ];
}

function anyOf(variable: string, states: Set<GateState>): string {
  return [...states].map((state) => `${variable}==${state.toUpperCase()}`).join(" || ");
}

/** Where the model and the table differ; empty when they name the same events and guards. */
export function modelGaps(model: string): string[] {
  const events = TRANSITIONS.map(({ event }) => `E_${event}`);
  const guards = MODELLED_GUARDS.map((guard) => `G_${guard}`);
  const used = new Set(model.replace(/\/\*[\s\S]*?\*\//g, "").match(/\b(?:E|G)_\w+/g) ?? []);
  const known = new Set<string>([...events, ...guards]);
  return [
    ...[...events, ...guards]
      .filter((name) => !used.has(name))
      .map((name) => `the model lacks ${name}`),
    ...[...used].filter((name) => !known.has(name)).map((name) => `the table lacks ${name}`),
  ];
}
