import type { Metadata } from "next";
import { ApiReference } from "@/components/api-docs/api-reference";
import { ProductName } from "@/components/shell/product-name";
import { apiDocument } from "@/lib/api/registry";
import { readNodeLabel } from "@/lib/data/node-label";

export const metadata: Metadata = { title: "API" };

/** Open to everybody: it tells of the product and not of this node. */
export default async function ApiPage() {
  return (
    <>
      <header className="flex h-12 items-center border-b border-line px-4 md:px-6">
        <ProductName {...(await readNodeLabel())} />
      </header>
      <ApiReference document={apiDocument()} />
    </>
  );
}
