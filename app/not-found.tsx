import { buttonClass } from "@/components/ui/button";
import { Link } from "@/components/ui/link";

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-3 p-6">
      <title>Not found · Exalate</title>
      <h1 className="text-title font-semibold">There is no page at this address.</h1>
      <p className="text-soft">It may have been mistyped, or the page has moved.</p>
      <Link href="/" className={`${buttonClass({ look: "primary" })} w-fit`}>
        Go to the Overview
      </Link>
    </main>
  );
}
