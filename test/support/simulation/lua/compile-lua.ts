// Lua 5.1 as our scripts use it, made into JavaScript: the in-memory Redis runs the product's own
// scripts, not a retelling of them. A string is a JavaScript string with a character for each byte,
// nil is undefined, a function gives the list of what it returns. What is not known here fails loudly.
import luaparse, {
  type Chunk,
  type Expression,
  type FunctionDeclaration,
  type Identifier,
  type Statement,
} from "luaparse";
import { libraries } from "./libraries.ts";
import { runtime } from "./runtime.ts";
import type { LuaFunction, LuaTable, LuaValue } from "./table.ts";

/** What `redis` is to a script. */
export type RedisLibrary = Readonly<Record<string, LuaFunction>>;
export type LuaScript = (redis: RedisLibrary, keys: LuaTable, argv: LuaTable) => LuaValue[];

/** Compiles once; throws for syntax that the scripts have had no use for so far. */
export function compileLua(source: string): LuaScript {
  const bytes = Buffer.from(source).toString("latin1");
  const chunk: Chunk = luaparse.parse(bytes, {
    luaVersion: "5.1",
    encodingMode: "pseudo-latin1",
    comments: false,
  });
  const scope = new Scope();
  const body = block(chunk.body, scope);
  const names = Object.keys(libraries).map((name) => `${name}=L.${name}`);
  const whole = `function(redis,KEYS,ARGV){let ${scope.temporaries()};${body}return [];}`;
  const code = `"use strict";const ${names.join(",")};return ${whole}`;
  // oxlint-disable-next-line typescript/no-implied-eval -- a compiler makes code
  return new Function("R", "L", code)(runtime, libraries) as LuaScript;
}

/** Which JavaScript name a local has where, and what a function needs for its `and`s and `or`s. */
class Scope {
  readonly #names = new Map<string, string>();
  readonly #outer: Scope | undefined;
  readonly #frame: { temporaryCount: number; nameCount: number };

  constructor(outer?: Scope, isFunction = false) {
    this.#outer = outer;
    const nameCount = outer?.frameNameCount() ?? 0;
    this.#frame = outer && !isFunction ? outer.#frame : { temporaryCount: 0, nameCount };
  }

  frameNameCount(): number {
    return this.#frame.nameCount + 1_000;
  }

  declare(name: string): string {
    const unique = `${name}$${this.#frame.nameCount++}`;
    this.#names.set(name, unique);
    return unique;
  }

  find(name: string): string {
    const own = this.#names.get(name);
    if (own !== undefined) return own;
    return this.#outer ? this.#outer.find(name) : globalOf(name);
  }

  /** Whether a name means what Redis gives every script. */
  isGlobal(name: string): boolean {
    return !this.#names.has(name) && (this.#outer?.isGlobal(name) ?? true);
  }

  temporary(): string {
    return `t$${this.#frame.temporaryCount++}`;
  }

  temporaries(): string {
    const { temporaryCount } = this.#frame;
    return Array.from({ length: temporaryCount + 1 }, (_, index) => `t$${index}`).join(",");
  }
}

/** What no script may change, and none has changed so far: a global is what Redis gives. */
function globalOf(name: string): string {
  if (name in libraries || LENT.has(name)) return name;
  throw new SyntaxError(`No script had a global ${name} so far.`);
}

const LENT = new Set(["redis", "KEYS", "ARGV"]);
const COMPARISONS = { "<": "isLess", "<=": "isLessOrSame", ">": "isMore", ">=": "isMoreOrSame" };

/** Libraries are JavaScript's own objects: what they have is found without a table. */
function isLibrary(base: Expression, scope: Scope): base is Identifier {
  if (base.type !== "Identifier" || !scope.isGlobal(base.name)) return false;
  return base.name === "redis" || typeof libraries[base.name] === "object";
}

function block(body: readonly Statement[], scope: Scope): string {
  return body.map((each) => statement(each, scope)).join("\n");
}

function inner(body: readonly Statement[], scope: Scope): string {
  return `{${block(body, new Scope(scope))}}`;
}

function statement(node: Statement, scope: Scope): string {
  switch (node.type) {
    case "LocalStatement":
      return local(node.variables, node.init, scope);
    case "AssignmentStatement":
      return assignment(node.variables, node.init, scope);
    case "CallStatement":
      return `${many(node.expression, scope)};`;
    case "FunctionDeclaration":
      return functionStatement(node, scope);
    case "ReturnStatement":
      return `return ${list(node.arguments, scope)};`;
    case "BreakStatement":
      return "break;";
    case "DoStatement":
      return inner(node.body, scope);
    case "WhileStatement":
      return `while(${condition(node.condition, scope)})${inner(node.body, scope)}`;
    case "IfStatement":
      return node.clauses
        .map((clause, index) => {
          const body = inner(clause.body, scope);
          if (clause.type === "ElseClause") return `else ${body}`;
          return `${index === 0 ? "" : "else "}if(${condition(clause.condition, scope)})${body}`;
        })
        .join("");
    case "ForNumericStatement": {
      const loop = new Scope(scope);
      const [start, end] = [one(node.start, scope), one(node.end, scope)];
      const step = node.step ? one(node.step, scope) : "1";
      const [counter, limit, by] = [loop.declare("at"), loop.declare("to"), loop.declare("by")];
      const name = loop.declare(node.variable.name);
      const goesOn = `${by}>0?${counter}<=${limit}:${counter}>=${limit}`;
      const head = `let ${counter}=R.number(${start}),${limit}=R.number(${end}),${by}=R.number(${step})`;
      const body = block(node.body, loop);
      return `for(${head};${goesOn};${counter}+=${by}){let ${name}=${counter};${body}}`;
    }
    case "ForGenericStatement": {
      const loop = new Scope(scope);
      const entries = list(node.iterators, scope);
      const names = node.variables.map(({ name }) => loop.declare(name));
      return `for(let [${names.join(",")}] of R.iterate(${entries})){${block(node.body, loop)}}`;
    }
    default:
      throw new SyntaxError(`No script had a ${node.type} so far.`);
  }
}

/** The values are worked out before the names are there: `local x = x` means the outer one. */
function local(names: readonly Identifier[], init: readonly Expression[], scope: Scope): string {
  const values = init.length === 1 && names.length === 1 ? one(init[0]!, scope) : list(init, scope);
  const declared = names.map(({ name }) => scope.declare(name));
  if (names.length === 1 && init.length === 1) return `let ${declared[0]}=${values};`;
  return `let [${declared.join(",")}]=${values};`;
}

function assignment(
  targets: readonly Expression[],
  init: readonly Expression[],
  scope: Scope,
): string {
  if (targets.length === 1 && init.length === 1) {
    return assign(targets[0]!, one(init[0]!, scope), scope);
  }
  // Where they go is worked out before any of them is set: `t[#t + 1], t[#t + 2] = a, b`.
  const values = scope.temporary();
  const places = targets.map((target) => {
    if (target.type !== "IndexExpression") return { before: "", target };
    const [base, index] = [scope.temporary(), scope.temporary()];
    const before = `${base}=${one(target.base, scope)};${index}=${one(target.index, scope)};`;
    return { before, set: (value: string) => `R.set(${base},${index},${value});`, target };
  });
  const sets = places.map(({ set, target }, index) => {
    const value = `${values}[${index}]`;
    return set ? set(value) : assign(target, value, scope);
  });
  const before = places.map((place) => place.before).join("");
  return `${values}=${list(init, scope)};${before}${sets.join("")}`;
}

function assign(target: Expression, value: string, scope: Scope): string {
  switch (target.type) {
    case "Identifier":
      return `${scope.find(target.name)}=${value};`;
    case "IndexExpression":
      return `R.set(${one(target.base, scope)},${one(target.index, scope)},${value});`;
    case "MemberExpression": {
      const name = JSON.stringify(target.identifier.name);
      return `R.set(${one(target.base, scope)},${name},${value});`;
    }
    default:
      throw new SyntaxError(`A ${target.type} takes no value.`);
  }
}

function functionStatement(node: FunctionDeclaration, scope: Scope): string {
  const { identifier } = node;
  if (identifier?.type !== "Identifier") throw new SyntaxError("A function has a plain name.");
  const name = scope.declare(identifier.name);
  return `let ${name}=${functionValue(node, scope)};`;
}

function functionValue({ parameters, body }: FunctionDeclaration, scope: Scope): string {
  const own = new Scope(scope, true);
  const names = parameters.map((each) => {
    if (each.type === "Identifier") return own.declare(each.name);
    throw new SyntaxError("No script had a function of any number of arguments so far.");
  });
  const code = block(body, own);
  return `function(${names.join(",")}){let ${own.temporaries()};${code}return [];}`;
}

/** All values of several expressions: of the last one all, of the others the first. */
function list(all: readonly Expression[], scope: Scope): string {
  const last = all.at(-1);
  if (last && all.length === 1 && isCall(last)) return many(last, scope);
  return `[${spread(all, scope)}]`;
}

function spread(all: readonly Expression[], scope: Scope): string {
  return all
    .map((each, index) =>
      index === all.length - 1 && isCall(each) ? `...${many(each, scope)}` : one(each, scope),
    )
    .join(",");
}

function isCall({ type }: Expression): boolean {
  return type === "CallExpression" || type === "StringCallExpression";
}

function many(node: Expression, scope: Scope): string {
  if (node.type === "StringCallExpression") {
    return `${one(node.base, scope)}(${one(node.argument, scope)})`;
  }
  if (node.type !== "CallExpression") return `[${one(node, scope)}]`;
  const { base } = node;
  if (base.type === "MemberExpression" && base.indexer === ":") {
    throw new SyntaxError("No script had a method so far.");
  }
  return `${one(base, scope)}(${spread(node.arguments, scope)})`;
}

function condition(node: Expression, scope: Scope): string {
  return `R.isTrue(${one(node, scope)})`;
}

const ARITHMETIC = new Set(["+", "-", "*", "/"]);

function one(node: Expression, scope: Scope): string {
  switch (node.type) {
    case "Identifier":
      return scope.find(node.name);
    case "StringLiteral":
    case "NumericLiteral":
    case "BooleanLiteral":
      return JSON.stringify(node.value);
    case "NilLiteral":
      return "undefined";
    case "CallExpression":
    case "StringCallExpression":
      return `${many(node, scope)}[0]`;
    case "MemberExpression":
      if (isLibrary(node.base, scope)) return `${node.base.name}.${node.identifier.name}`;
      return `R.get(${one(node.base, scope)},${JSON.stringify(node.identifier.name)})`;
    case "IndexExpression":
      return `R.get(${one(node.base, scope)},${one(node.index, scope)})`;
    case "FunctionDeclaration":
      return functionValue(node, scope);
    case "LogicalExpression": {
      const held = scope.temporary();
      const [left, right] = [one(node.left, scope), one(node.right, scope)];
      const test = `R.isTrue(${held}=${left})`;
      return node.operator === "and" ? `(${test}?${right}:${held})` : `(${test}?${held}:${right})`;
    }
    case "UnaryExpression": {
      const value = one(node.argument, scope);
      if (node.operator === "not") return `!R.isTrue(${value})`;
      if (node.operator === "-") return `(-R.number(${value}))`;
      if (node.operator === "#") return `R.lengthOf(${value})`;
      throw new SyntaxError(`No script had a ${node.operator} so far.`);
    }
    case "BinaryExpression":
      return binary(node.operator, one(node.left, scope), one(node.right, scope));
    case "TableConstructorExpression":
      return table(node.fields, scope);
    default:
      throw new SyntaxError(`No script had a ${node.type} so far.`);
  }
}

function binary(operator: string, left: string, right: string): string {
  if (ARITHMETIC.has(operator)) return `(R.number(${left})${operator}R.number(${right}))`;
  switch (operator) {
    case "==":
      return `(${left}===${right})`;
    case "~=":
      return `(${left}!==${right})`;
    case "..":
      return `(R.text(${left})+R.text(${right}))`;
    case "%":
      return `R.modulo(${left},${right})`;
    case "<":
    case "<=":
    case ">":
    case ">=":
      return `R.${COMPARISONS[operator]}(${left},${right})`;
    default:
      throw new SyntaxError(`No script had a ${operator} so far.`);
  }
}

type Fields = Extract<Expression, { type: "TableConstructorExpression" }>["fields"];

function table(fields: Fields, scope: Scope): string {
  const positional = fields.flatMap((each) => (each.type === "TableValue" ? [each.value] : []));
  const named = fields.flatMap((each) => {
    if (each.type === "TableValue") return [];
    const key =
      each.type === "TableKeyString" ? JSON.stringify(each.key.name) : one(each.key, scope);
    return [`[${key},${one(each.value, scope)}]`];
  });
  return `R.table([${spread(positional, scope)}],[${named.join(",")}])`;
}
