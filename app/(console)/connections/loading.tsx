import { PanelsSkeleton } from "@/components/ui/panels-skeleton";

export default function Loading() {
  return <PanelsSkeleton title="Connections" />;
}
