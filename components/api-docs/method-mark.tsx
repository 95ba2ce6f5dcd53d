/** Reading is quiet; what changes something stands out. */
export function MethodMark({ method }: { method: string }) {
  const look =
    method === "GET" ? "text-soft" : method === "DELETE" ? "text-error-text" : "text-running-text";
  return (
    <span className={`inline-block w-14 shrink-0 font-mono text-small font-semibold ${look}`}>
      {method}
    </span>
  );
}
