"use client";
import { useState } from "react";
import { rowFor } from "@/components/connections/mapping-words";
import { Button } from "@/components/ui/button";
import { fieldClass } from "@/components/ui/reason-field";
import type { Compared } from "@/lib/connections/setup";
import { fieldTitle } from "@/lib/sync/field-names";
import type { FieldMapping, Mapping } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";

/** Two more fields that correspond: the other side offers only those of the same kind. */
export function AddRow({
  sides,
  mapping,
  names,
  onAdd,
}: {
  sides: Compared["sides"];
  mapping: Mapping;
  names: Record<Side, string>;
  onAdd: (row: FieldMapping) => void;
}) {
  const [local, setLocal] = useState("");
  const [remote, setRemote] = useState("");
  const free = (side: Side) =>
    sides[side].fields.filter(
      ({ id, canWrite }) =>
        canWrite && id !== "type" && !mapping.fields.some((row) => row[side] === id),
    );
  const here = free("local").find(({ id }) => id === local);
  const offered = here ? free("remote").filter((there) => rowFor(here, there)) : [];
  const there = offered.find(({ id }) => id === remote);
  const row = here && there ? rowFor(here, there) : null;
  if (free("local").length === 0 || free("remote").length === 0) return null;
  return (
    <details>
      <summary className="w-fit">Add a field, or bring one back that was left out</summary>
      <div className="mt-2 flex max-w-3xl flex-wrap items-end gap-3">
        <label className="flex min-w-48 flex-1 flex-col gap-1">
          <span className="text-small text-soft">{names.local}</span>
          <select
            value={local}
            onChange={(event) => setLocal(event.target.value)}
            className={fieldClass}
          >
            <option value="">Choose a field</option>
            {free("local").map(({ id, name }) => (
              <option key={id} value={id}>
                {fieldTitle(id, name)}
              </option>
            ))}
          </select>
        </label>
        <label className="flex min-w-48 flex-1 flex-col gap-1">
          <span className="text-small text-soft">{names.remote}</span>
          <select
            value={remote}
            onChange={(event) => setRemote(event.target.value)}
            disabled={!here}
            className={fieldClass}
          >
            <option value="">
              {here && offered.length === 0 ? "None of that kind" : "Choose a field"}
            </option>
            {offered.map(({ id, name }) => (
              <option key={id} value={id}>
                {fieldTitle(id, name)}
              </option>
            ))}
          </select>
        </label>
        <Button
          disabled={!row}
          onClick={() => {
            if (!row) return;
            onAdd(row);
            setLocal("");
            setRemote("");
          }}
        >
          Add it
        </Button>
      </div>
    </details>
  );
}
