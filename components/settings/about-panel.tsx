import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import type { About } from "@/lib/access/people";

/** What runs here. */
export function AboutPanel({ about }: { about: About }) {
  return (
    <Panel title="About this node">
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-2 p-4 [&>dt]:text-soft">
        <dt>Console</dt>
        <dd>
          {about.version}, Node {about.node}
        </dd>
        <dt>Database</dt>
        <dd>{about.database}</dd>
        <dt>Schema</dt>
        <dd className="font-mono">{about.schema}</dd>
        <dt>Workers</dt>
        <dd>
          {about.workers.length === 0
            ? "None is running. Start one with npm run worker, or the node with npm start."
            : about.workers.map(({ host, pid, startedAt, doing }) => (
                <span key={`${host} ${pid}`} className="block">
                  <span className="font-mono">
                    {host}:{pid}
                  </span>
                  , {doing}, since <Moment at={startedAt} align="start" />
                </span>
              ))}
        </dd>
      </dl>
    </Panel>
  );
}
