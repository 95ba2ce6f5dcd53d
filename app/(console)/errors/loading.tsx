export default function Loading() {
  return (
    <>
      <h1 className="text-title font-semibold">Errors</h1>
      <div className="h-5" />
      <div className="flex flex-col gap-5 rounded-panel border border-line bg-surface p-4">
        <div className="skeleton h-4" />
        <div className="skeleton h-4 w-3/4" />
        <div className="skeleton h-4 w-1/2" />
      </div>
    </>
  );
}
