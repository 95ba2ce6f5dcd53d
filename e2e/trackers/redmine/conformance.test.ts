import { conformanceBench } from "@/e2e/trackers/redmine/bench";
import { redmine } from "@/lib/connectors/redmine";
import { behavesLikeAConnector } from "@/lib/testing/conformance";

behavesLikeAConnector(redmine, { project: "public", issueType: "Bug" }, async () =>
  conformanceBench(),
);
