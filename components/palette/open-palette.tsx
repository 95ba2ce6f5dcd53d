"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import {
  type KeyboardEvent,
  useDeferredValue,
  useEffect,
  useEffectEvent,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { fetchJson } from "@/components/live/fetch-json";
import { FOLLOWS_NOT, useGate } from "@/components/live/live-provider";
import { overviewQuery } from "@/components/overview/overview-query";
import { type EarlyKeys, PALETTE, PALETTE_FIELD } from "@/components/palette/early-palette";
import { isIssueKey, type PaletteItem, paletteMatches } from "@/components/palette/matches";
import { PAGES } from "@/components/shell/pages";
import { tell } from "@/components/shell/shell-events";
import { THEMES } from "@/components/shell/theme";
import { THEME_WORDS } from "@/components/shell/theme-choice";
import { chooseTheme } from "@/components/shell/theme-store";
import type { PairPage } from "@/lib/pairs/pair";

const ISSUES = 6;

/** The palette while it is open: what matches what is typed, and what can be done with it. */
export function OpenPalette({
  canOperate,
  canConnect,
  early,
  signOut,
  onClose,
}: {
  canOperate: boolean;
  canConnect: boolean;
  /** What was pressed before this was there; belongs here. */
  early: EarlyKeys;
  signOut: () => Promise<void>;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const router = useRouter();
  const listId = useId();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const [isChosen, setChosen] = useState(false);
  const wanted = typed.trim();
  // Only the server is asked a little later; what is here already follows each key.
  const asked = useDeferredValue(wanted);
  const { gate } = useGate(null);
  const overview = useQuery({ ...overviewQuery(), meta: FOLLOWS_NOT });
  const issues = useQuery({
    queryKey: ["palette-issues", asked],
    queryFn: ({ signal }) =>
      fetchJson<PairPage>(`/api/pairs?q=${encodeURIComponent(asked)}`, signal),
    enabled: asked.length > 1,
    placeholderData: (before) => before,
    meta: FOLLOWS_NOT,
  });
  const isLooking =
    wanted.length > 1 && (asked !== wanted || issues.isPlaceholderData || issues.isLoading);
  // Before the browser can hand out another key. Only the call makes it modal; no attribute does.
  useLayoutEffect(() => {
    dialog.current?.showModal();
    setTyped(early.typed);
    setChosen(early.isEntered);
  }, [early]);

  const gateActions: PaletteItem[] =
    !canOperate || !gate
      ? []
      : gate.state === "active"
        ? [
            {
              id: "deactivate",
              group: "Actions",
              name: "Deactivate…",
              words: "close gate stop sync synchronisation pause",
              target: { act: () => tell("deactivate") },
            },
          ]
        : [
            {
              id: "activate",
              group: "Actions",
              name: "Review and activate",
              words: "open gate start sync synchronisation",
              target: { href: "/activation" },
            },
          ];
  const fixed: PaletteItem[] = [
    ...PAGES.map(({ href, name, key }) => ({
      id: href,
      group: "Pages" as const,
      name,
      hint: `g ${key}`,
      words: href === "/activity" ? "charts throughput backlog" : "",
      target: { href },
    })),
    {
      id: "/settings",
      group: "Pages",
      name: "Settings",
      words: "people tokens password sessions about",
      target: { href: "/settings" },
    },
    {
      id: "/settings/environment",
      group: "Pages",
      name: "Settings: environment",
      words: "label colour name production staging",
      target: { href: "/settings/environment" },
    },
    {
      id: "/settings/history",
      group: "Pages",
      name: "Settings: history",
      words: "retention keep delete old rows prune",
      target: { href: "/settings/history" },
    },
    {
      id: "/settings/mail",
      group: "Pages",
      name: "Settings: mail",
      words: "notifications alerts smtp addresses tell",
      target: { href: "/settings/mail" },
    },
    ...gateActions,
    ...(canConnect
      ? [
          {
            id: "connect",
            group: "Actions" as const,
            name: "Connect two instances",
            words: "new connection wizard create add",
            target: { href: "/connections/new" },
          },
          {
            id: "link",
            group: "Actions" as const,
            name: "Link two issues",
            words: "pair twin connect existing by hand",
            target: { href: "/issues?link=" },
          },
        ]
      : []),
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      group: "Actions" as const,
      name: `Theme: ${THEME_WORDS[theme].toLowerCase()}`,
      words: "appearance colour night day",
      target: { act: () => chooseTheme(theme) },
    })),
    {
      id: "sign-out",
      group: "Actions",
      name: "Sign out",
      words: "log out leave",
      target: { act: () => void signOut() },
    },
    ...(overview.data?.connections ?? []).map(({ id, name, local, remote }) => ({
      id: `connection-${id}`,
      group: "Connections" as const,
      name,
      hint: `${local.instance} and ${remote.instance}`,
      target: { href: `/connections/${id}` },
    })),
    {
      id: "keys",
      group: "Help",
      name: "Keys",
      hint: "?",
      words: "keyboard shortcuts",
      target: { act: () => tell("keys") },
    },
    {
      id: "glossary",
      group: "Help",
      name: "Glossary",
      words: "words terms help meaning",
      target: { href: "/help/glossary" },
    },
    {
      id: "errors-explained",
      group: "Help",
      name: "Errors explained",
      words: "help codes",
      target: { href: "/help/errors" },
    },
    {
      id: "api",
      group: "Help",
      name: "API for programs",
      words: "openapi docs rest",
      target: { href: "/docs/api" },
    },
  ];
  const found: PaletteItem[] =
    asked.length > 1
      ? (issues.data?.rows ?? []).slice(0, ISSUES).map((row) => ({
          id: `issue-${row.id}`,
          group: "Issues",
          name: [row.localKey, row.remoteKey].filter(Boolean).join(" · "),
          hint: row.summary,
          target: { href: `/issues/${row.id}` },
        }))
      : [];
  // What the server found stays found, however its words were matched.
  const matches = [...paletteMatches(fixed, wanted), ...found];
  const current = matches[Math.min(active, matches.length - 1)];

  function choose(item: PaletteItem): void {
    dialog.current?.close();
    if ("href" in item.target) router.push(item.target.href);
    else item.target.act();
  }
  const chooseFound = useEffectEvent(() => {
    setChosen(false);
    if (current) choose(current);
  });
  useEffect(() => {
    if (isChosen && !isLooking) chooseFound();
  }, [isChosen, isLooking]);

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && matches.length > 0) {
      setActive((Math.min(active, matches.length - 1) + step + matches.length) % matches.length);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      // An issue that was found for what stood here before is not what Enter means.
      if (isLooking && (!current || current.group === "Issues")) setChosen(true);
      else if (current) choose(current);
    } else return;
    event.preventDefault();
  }

  return (
    <dialog
      ref={dialog}
      aria-label="Search or go to"
      onClose={onClose}
      closedby="any"
      className={PALETTE}
    >
      <div className="flex flex-col">
        <input
          type="text"
          role="combobox"
          aria-label="Search pages, actions, connections and issues"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={current ? `${listId}-${current.id}` : undefined}
          aria-autocomplete="list"
          autoFocus
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          placeholder="Go to a page, an issue's key, a connection, or do something"
          className={PALETTE_FIELD}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
            setChosen(false);
          }}
          onKeyDown={onKeyDown}
        />
        <div
          id={listId}
          role="listbox"
          aria-label="Matches"
          tabIndex={-1}
          className="max-h-[50dvh] overflow-y-auto p-1.5"
        >
          {matches.map((item, index) => (
            <Option
              key={item.id}
              id={`${listId}-${item.id}`}
              item={item}
              heading={item.group === matches[index - 1]?.group ? null : item.group}
              isActive={item === current}
              onChoose={() => choose(item)}
              onPoint={() => setActive(index)}
            />
          ))}
        </div>
        {matches.length === 0 && (
          <p className="px-3 pb-6 text-center text-soft">
            {isLooking ? "Looking…" : `Nothing is called “${wanted}”.`}
            {!isLooking && isIssueKey(wanted) && " Issues are found here once they are under sync."}
          </p>
        )}
        <p role="status" className="sr-only">
          {matches.length === 0 ? "No match" : `${matches.length} matches`}
        </p>
      </div>
    </dialog>
  );
}

function Option({
  id,
  item,
  heading,
  isActive,
  onChoose,
  onPoint,
}: {
  id: string;
  item: PaletteItem;
  /** The group's name, above its first item. */
  heading: string | null;
  isActive: boolean;
  onChoose: () => void;
  onPoint: () => void;
}) {
  const option = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) option.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return (
    <>
      {heading && (
        <div aria-hidden="true" className="px-3 pt-2 pb-1 text-small text-soft">
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the focus, and its keys */}
      <div
        ref={option}
        id={id}
        role="option"
        aria-selected={isActive}
        tabIndex={-1}
        onClick={onChoose}
        onPointerMove={onPoint}
        className={`flex h-9 cursor-pointer items-center gap-3 rounded-control px-3 ${isActive ? "bg-selected" : ""}`}
      >
        <span className={`shrink-0 ${item.group === "Issues" ? "font-mono" : ""}`}>
          {item.name}
        </span>
        {item.hint && (
          <span
            className={`min-w-0 truncate text-soft ${item.group === "Pages" ? "ml-auto font-mono text-small" : ""}`}
          >
            {item.hint}
          </span>
        )}
      </div>
    </>
  );
}
