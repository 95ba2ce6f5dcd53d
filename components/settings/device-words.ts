/** In this order: most browsers also name those that they wish to be taken for. */
const BROWSERS: [RegExp, string][] = [
  [/\bEdgA?\/(\d+)/, "Edge"],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\b(?:Chrome|CriOS)\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+).*\bSafari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/\bAndroid\b/, "Android"],
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bMac OS X\b/, "macOS"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** What a browser says of itself, short enough to tell one's own devices apart. What is not known stays as it is. */
export function deviceWords(userAgent: string | null): string {
  if (!userAgent) return "An unknown browser";
  const [pattern, browser] = BROWSERS.find(([pattern]) => pattern.test(userAgent)) ?? [];
  if (!pattern) return userAgent;
  const version = pattern.exec(userAgent)?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  return [`${browser} ${version}`, ...(system ? [system] : [])].join(" on ");
}
