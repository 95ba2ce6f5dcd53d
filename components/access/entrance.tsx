import type { ComponentProps, ReactNode } from "react";
import { ProductName } from "@/components/shell/product-name";

/** The frame of the pages before one is signed in. */
export function Entrance({
  node,
  title,
  children,
}: {
  node: ComponentProps<typeof ProductName>;
  title: string;
  children: ReactNode;
}) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 px-5 py-10">
      <ProductName {...node} isLink={false} />
      <div className="flex flex-col gap-4 rounded-panel border border-line bg-surface p-5">
        <h1 className="text-large font-semibold">{title}</h1>
        {children}
      </div>
    </main>
  );
}
