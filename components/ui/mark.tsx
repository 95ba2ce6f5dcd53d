const LINE = {
  fill: "none",
  stroke: "currentColor",
  strokeWidth: 1.5,
  strokeLinecap: "round",
  strokeLinejoin: "round",
} as const;

/** Small signs that can be told apart by shape alone. Decorative: the word stands beside them. */
const SHAPES = {
  queued: <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.75" />,
  running: (
    <>
      <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.75" />
      <path d="M8 3a5 5 0 0 1 0 10z" fill="currentColor" />
    </>
  ),
  retrying: (
    <path
      d="M12.6 9.5A5 5 0 1 1 12 5m.6-2.6V5.6H9.4"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  held: <path d="M4.5 3h2.75v10H4.5zM8.75 3h2.75v10H8.75z" fill="currentColor" />,
  failed: <path d="m4 4 8 8m0-8-8 8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  done: (
    <path
      d="m3 8.5 3.2 3.2L13 5"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  differs: <path d="M3 6h10M3 10h10M10.5 3l-5 10" {...LINE} />,
  inherited: <path d="M5 5V2.5h8.5V11H11M2.5 5H11v8.5H2.5z" {...LINE} />,
  listening: <path d="M8 8.5v5m-3.2-3.6a4.2 4.2 0 1 1 6.4 0M2.9 12A7 7 0 1 1 13.1 12" {...LINE} />,
  gone: <path d="M4 8h8" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />,
  closedGate: (
    <path
      d="M2.5 2v12m11-12v12m-11-9.5h11m-11 3.5h11m-11 3.5h11"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
    />
  ),
  openGate: (
    <path
      d="M2.5 2v12m11-12v12M2.5 4.5l3 1.5m-3 2 3 1.5m-3 2 3 1.5m8-8.5-3 1.5m3 2-3 1.5m3 2-3 1.5"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      fill="none"
    />
  ),
  error: (
    <path
      d="M8 1.6 15 14H1zm0 4.6v3.6m0 2v.4"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  toRemote: <path d="M2 8h11M9 4l4 4-4 4" {...LINE} />,
  toLocal: <path d="M14 8H3m4-4L3 8l4 4" {...LINE} />,
  both: <path d="M2 5.5h11m-3-3 3 3-3 3M14 10.5H3m3-3-3 3 3 3" {...LINE} />,
  overview: (
    <path d="M2.5 2.5h4.5v5H2.5zm6.5 0h4.5v3H9zm0 5h4.5v6H9zm-6.5 2h4.5v4H2.5z" {...LINE} />
  ),
  connection: <path d="M6.5 5H5a3 3 0 0 0 0 6h1.5m3-6H11a3 3 0 0 1 0 6H9.5M5.5 8h5" {...LINE} />,
  queue: <path d="M2.5 4h11m-11 4h11m-11 4h6" {...LINE} />,
  activity: <path d="M1.5 9h3l2-6 3 10 2-6 1 2h2" {...LINE} />,
  audit: <path d="M3 2.5h7l3 3v8H3zm2.5 5h5m-5 3h5" {...LINE} />,
  help: (
    <path
      d="M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M6.2 6.3a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.8.5-.8 1.1v.1m0 2.1v.1"
      {...LINE}
    />
  ),
  search: <path d="M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9m3.3 7.8L14 14" {...LINE} />,
  more: (
    <path
      d="M3.5 8h.01M8 8h.01M12.5 8h.01"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeLinecap="round"
    />
  ),
  away: <path d="M6 3.5H3v9.5h9.5V10M9 2.5h4.5V7M13 3 7.5 8.5" {...LINE} />,
  chevron: <path d="m6 3.5 4.5 4.5L6 12.5" {...LINE} />,
  ascending: <path d="M8 13V3.5M4.5 7 8 3.5 11.5 7" {...LINE} />,
  descending: <path d="M8 3v9.5M4.5 9 8 12.5 11.5 9" {...LINE} />,
} as const;

export type MarkName = keyof typeof SHAPES;

export function Mark({ name, className = "size-3.5" }: { name: MarkName; className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" className={`shrink-0 ${className}`}>
      {SHAPES[name]}
    </svg>
  );
}
