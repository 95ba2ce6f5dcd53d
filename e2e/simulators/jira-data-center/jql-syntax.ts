import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";

export type Operator =
  | "="
  | "!="
  | "~"
  | "!~"
  | ">="
  | ">"
  | "<="
  | "<"
  | "in"
  | "not in"
  | "is"
  | "is not";

/** A literal, or the name of a function such as `currentUser()`. */
export type Operand = { text: string; isFunction: boolean };

export type Clause =
  | { kind: "and" | "or"; parts: Clause[] }
  | { kind: "not"; part: Clause }
  | { kind: "term"; field: string; operator: Operator; operands: Operand[] };

type Sort = { field: string; descending: boolean };
export type Query = { where: Clause | null; sorts: Sort[] };

/** Reads the subset of JQL that a connector uses. A sentence it cannot read is a 400, as with Jira. */
export function parseJql(jql: string): Query {
  const tokens = tokenise(jql);
  let position = 0;
  const peek = () => tokens[position];
  const isWord = (word: string) => !peek()?.quoted && peek()?.text.toLowerCase() === word;
  const accept = (...words: string[]) => {
    const found = words.some(isWord);
    if (found) position += 1;
    return found;
  };
  const take = (wanted: string) => {
    const token = tokens[position++];
    if (!token) throw syntaxError(`Expecting ${wanted} before the end of the query.`);
    return token;
  };
  const expect = (word: string) => {
    const token = take(`'${word}'`);
    if (token.quoted || token.text.toLowerCase() !== word) throw unexpected(`'${word}'`, token);
  };

  const or = (): Clause => list("or", and, ["or", "||", "|"]);
  const and = (): Clause => list("and", not, ["and", "&&", "&"]);
  function list(kind: "and" | "or", part: () => Clause, words: string[]): Clause {
    const first = part();
    const parts = [first];
    while (accept(...words)) parts.push(part());
    return parts.length === 1 ? first : { kind, parts };
  }
  function not(): Clause {
    if (accept("not", "!")) return { kind: "not", part: not() };
    if (!accept("(")) return term();
    const inner = or();
    expect(")");
    return inner;
  }
  function term(): Clause {
    const field = take("a field name");
    if (!field.quoted && PUNCTUATION.test(field.text)) throw unexpected("a field name", field);
    return { kind: "term", field: field.text, ...comparison() };
  }
  function comparison(): { operator: Operator; operands: Operand[] } {
    if (accept("not")) {
      expect("in");
      return { operator: "not in", operands: operandList() };
    }
    if (accept("in")) return { operator: "in", operands: operandList() };
    if (accept("is")) {
      const operator = accept("not") ? "is not" : "is";
      if (!accept("empty", "null"))
        throw unexpected("'EMPTY' or 'NULL'", take("'EMPTY' or 'NULL'"));
      return { operator, operands: [] };
    }
    const token = take("an operator");
    const operator = COMPARISONS.find((known) => !token.quoted && known === token.text);
    if (!operator) throw unexpectedOperator(token);
    if (accept("empty", "null")) {
      return { operator: operator === "!=" ? "is not" : "is", operands: [] };
    }
    return { operator, operands: [operand()] };
  }
  function operandList(): Operand[] {
    expect("(");
    const operands = [operand()];
    while (accept(",")) operands.push(operand());
    expect(")");
    return operands;
  }
  function operand(): Operand {
    const token = take("either a value, list or function");
    if (!token.quoted && PUNCTUATION.test(token.text))
      throw unexpected("either a value, list or function", token);
    if (token.quoted || !accept("(")) return { text: token.text, isFunction: false };
    expect(")");
    return { text: token.text, isFunction: true };
  }
  function sorts(): Sort[] {
    expect("by");
    const found: Sort[] = [];
    do {
      const field = take("a field name").text;
      const descending = accept("desc");
      if (!descending) accept("asc");
      found.push({ field, descending });
    } while (accept(","));
    return found;
  }

  const where = !peek() || isWord("order") ? null : or();
  const order = accept("order") ? sorts() : [];
  const rest = peek();
  if (rest) throw unexpected("either 'OR' or 'AND'", rest);
  return { where, sorts: order };
}

type Token = { text: string; quoted: boolean; at: number };

const COMPARISONS: Operator[] = ["=", "!=", "~", "!~", ">=", ">", "<=", "<"];
const PUNCTUATION = /^[()=!~<>,|&]+$/;
const TOKEN =
  /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|!~|>=|<=|&&|\|\||[=~<>!(),|&])|([^\s"'=~<>!(),|&]+))/y;

function tokenise(jql: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (jql.slice(TOKEN.lastIndex).trim() !== "") {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(jql);
    if (!match) {
      throw syntaxError(
        `The quoted string '${jql.slice(start).trim()}' has not been completed. (line 1, character ${start + 1})`,
      );
    }
    const quoted = match[1] ?? match[2];
    const text = quoted?.replace(/\\(.)/g, "$1") ?? match[3] ?? match[4] ?? "";
    tokens.push({ text, quoted: quoted !== undefined, at: start + 1 });
  }
  return tokens;
}

function syntaxError(message: string) {
  return refusal(400, `Error in the JQL Query: ${message}`);
}

function unexpected(wanted: string, token: Token) {
  return syntaxError(
    `Expecting ${wanted} but got '${token.text}'. (line 1, character ${token.at})`,
  );
}

function unexpectedOperator(token: Token) {
  return syntaxError(
    `Expecting operator but got '${token.text}'. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'. (line 1, character ${token.at})`,
  );
}
