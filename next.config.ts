import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  serverExternalPackages: ["pg", "undici", "@prisma/client", "@prisma/adapter-pg"],
  // The build checks types in `npm test`, once, with the project's own settings.
  typescript: { ignoreBuildErrors: true },
};

export default config;
