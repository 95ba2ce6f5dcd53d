import { Panel } from "@/components/ui/panel";

/** Before the first connection: what this console is for, and the two calls that make it useful. */
export function FirstRun({ consoleUrl }: { consoleUrl: string | null }) {
  const base = consoleUrl ?? "http://localhost:3000";
  return (
    <Panel title="No connection yet">
      <div className="flex max-w-3xl flex-col gap-4 p-4">
        <p>
          A connection keeps issues of two instances in step. Once there is one, its backlog, its
          health and what was sent appear on this page. Nothing is sent until an administrator
          activates synchronisation.
        </p>
        <ol className="flex list-decimal flex-col gap-4 pl-5">
          <li>
            Name each of the two instances. <code className="font-mono">$TOKEN</code> is an API
            token with the role administrator.
            <Example
              text={`curl ${base}/api/v1/instances -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" -d '{
    "kind": "jira-data-center", "name": "Production",
    "baseUrl": "https://jira.example.com", "token": "…" }'`}
            />
          </li>
          <li>
            Connect them. The answer holds the secret for the webhooks.
            <Example
              text={`curl ${base}/api/v1/connections -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" -d '{
    "name": "Production and Partner",
    "local": { "instance": "Production", "project": "ACME", "trigger": "labels = partner" },
    "remote": { "instance": "Partner", "project": "PART" } }'`}
            />
          </li>
        </ol>
        <p className="text-soft">README.md shows both calls with all their settings.</p>
      </div>
    </Panel>
  );
}

function Example({ text }: { text: string }) {
  return (
    <pre className="mt-2 rounded-control border border-line bg-canvas p-3 font-mono text-small break-words whitespace-pre-wrap">
      {text}
    </pre>
  );
}
