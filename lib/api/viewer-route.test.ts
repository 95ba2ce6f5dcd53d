import { describe, expect, test, vi } from "vitest";
import { json } from "@/lib/api/problem";
import { forViewer } from "@/lib/api/viewer-route";
import { BadCursor } from "@/lib/sync-queue/cursor";

const request = () => new Request("https://console.example.com/api/queue/7");
const context = { params: Promise.resolve({ id: "7" }) };
const signedIn = async () => ({ name: "Ana" });

describe("what a page asks for", () => {
  test("is not read for somebody who may not see it", async () => {
    const read = vi.fn(async () => json({}));
    const route = forViewer(async () => new Response(null, { status: 401 }), "queue:read", read);
    expect((await route(request(), context)).status).toBe(401);
    expect(read).not.toHaveBeenCalled();
  });

  test("is asked for with the permission of the route, and never kept by a browser", async () => {
    const check = vi.fn(signedIn);
    const route = forViewer(check, "queue:read", async (_request, { id }, viewer) =>
      json({ id, name: viewer.name }),
    );
    const answer = await route(request(), context);
    expect(check).toHaveBeenCalledWith("queue:read");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toEqual({ id: "7", name: "Ana" });
  });

  test("a place of another filter is told in words; a failure is told without its insides", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const fails = async (error: Error) => {
      const route = forViewer(signedIn, "queue:read", () => Promise.reject(error));
      const answer = await route(request(), context);
      return { status: answer.status, text: await answer.text() };
    };
    expect(await fails(new BadCursor("start from the first page"))).toMatchObject({
      status: 400,
      text: expect.stringContaining("start from the first page"),
    });
    const lost = await fails(new Error("password authentication failed for user exalate"));
    expect(lost.status).toBe(503);
    expect(lost.text).not.toContain("password");
    vi.restoreAllMocks();
  });
});
