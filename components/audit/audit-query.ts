import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type AuditAddress, auditSearch } from "@/components/audit/audit-address";
import { fetchJson } from "@/components/live/fetch-json";
import { FOLLOWS_NOT } from "@/components/live/live-provider";
import type { AuditPage } from "@/lib/audit/record";
import type { VerificationReport } from "@/lib/audit/verification";

/** One page. It stays as it is under the reader's eyes; `newerQuery` says whether there is more by now. */
export function auditQuery(address: AuditAddress) {
  const search = auditSearch(address);
  return queryOptions({
    queryKey: ["audit", search],
    queryFn: ({ signal }) => fetchJson<AuditPage>(`/api/audit${search}`, signal),
    placeholderData: keepPreviousData,
    meta: FOLLOWS_NOT,
  });
}

const LOOK_EVERY_MS = 15_000;

/** What was recorded after the newest that is shown. */
export function newerQuery({ filter }: AuditAddress, newestId: number) {
  const search = auditSearch({ filter, place: { after: newestId } });
  return queryOptions({
    queryKey: ["audit-newer", search],
    queryFn: ({ signal }) => fetchJson<AuditPage>(`/api/audit${search}`, signal),
    refetchInterval: LOOK_EVERY_MS,
    meta: FOLLOWS_NOT,
  });
}

/** Looks at the whole chain, only when somebody asks for it. */
export function verificationQuery() {
  return queryOptions({
    queryKey: ["audit-verification"],
    queryFn: ({ signal }) => fetchJson<VerificationReport>("/api/audit/verification", signal),
    enabled: false,
    retry: false,
    meta: FOLLOWS_NOT,
  });
}
