import { TextDifference } from "@/components/entry/text-difference";
import { Moment } from "@/components/ui/moment";
import type { Write } from "@/lib/sync/plan-types";

/** A comment that will be added or edited there, with its author. */
export function CommentWrite({
  write,
}: {
  write: Extract<Write, { kind: "add_comment" | "update_comment" }>;
}) {
  return (
    <article
      className="border-t border-line px-4 py-3"
      aria-label={`Comment by ${write.authorName}`}
    >
      <p className="text-soft">
        <span className="font-mono font-semibold text-added-text">
          {write.kind === "add_comment" ? "+ " : "± "}
        </span>
        {write.kind === "add_comment" ? "Comment" : "Edited comment"} by{" "}
        <span className="font-medium text-ink">{write.authorName}</span>
        {write.kind === "add_comment" && (
          <>
            , written <Moment at={write.writtenAt} align="start" />
          </>
        )}
      </p>
      <div className="mt-1.5 border-l-2 border-line pl-3">
        {write.kind === "add_comment" ? (
          <p className="break-words whitespace-pre-wrap">{write.body}</p>
        ) : (
          <TextDifference before={write.before} after={write.body} />
        )}
      </div>
    </article>
  );
}
