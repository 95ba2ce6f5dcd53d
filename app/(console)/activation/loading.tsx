import { ActivationSkeleton } from "@/components/activation/activation-skeleton";

export default function Loading() {
  return (
    <>
      <h1 className="text-title font-semibold">Activation</h1>
      <ActivationSkeleton />
    </>
  );
}
