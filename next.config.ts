import type { NextConfig } from "next";

// For every answer, also those that the proxy does not see.
const HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
  // Browsers heed it over https only.
  { key: "Strict-Transport-Security", value: "max-age=31536000" },
];

const config: NextConfig = {
  poweredByHeader: false,
  serverExternalPackages: ["pg", "undici", "@prisma/client", "@prisma/adapter-pg"],
  // `npm test` checks types, once, with the project's own settings.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    { source: "/:path*", headers: HEADERS },
    // Answers for programs are never pages; the proxy gives pages a policy of their own.
    {
      source: "/api/:path*",
      headers: [
        { key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'" },
      ],
    },
  ],
};

export default config;
