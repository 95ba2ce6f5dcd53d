/** An answer that is not a success, in the shape Jira gives it. Thrown anywhere, turned into an answer by the server. */
export class JiraError extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super(`${status} ${JSON.stringify(body)}`);
  }
}

/** Something about the request as a whole. */
export function refusal(status: number, ...errorMessages: string[]): JiraError {
  return new JiraError(status, { errorMessages, errors: {} });
}

/** One message per field. */
export function invalidFields(errors: Record<string, string>): JiraError {
  return new JiraError(400, { errorMessages: [], errors });
}

/** No such endpoint; a missing object is a `refusal(404, …)`. The two look different on a real Jira too. */
export function noSuchEndpoint(): JiraError {
  return new JiraError(404, { message: "HTTP 404 Not Found", "sub-code": -1 });
}

export function issueGone(): JiraError {
  return refusal(404, "Issue Does Not Exist");
}

export function loginRequired(): JiraError {
  return new JiraError(401, {
    errorMessages: [
      "You are not authenticated. Authentication required to perform this operation.",
    ],
    errors: {},
  });
}
