// The routes that a server has, read from the tree that Fastify prints: each line is a piece of a path, four
// columns deeper than the one that it goes on from.
const LINE = /^(?<indent>[│├└─ ]+)(?<piece>[^ ]+)(?: \((?<methods>[^)]+)\))?$/gm;

/** Each as `METHOD /path/:parameter`, without HEAD, which comes with every GET. */
export function servedRoutes(tree: string): string[] {
  const pieces: string[] = [];
  const routes = [...tree.matchAll(LINE)].flatMap(({ groups: { indent, piece, methods } = {} }) => {
    const depth = indent!.length / 4;
    pieces.splice(depth - 1, Infinity, piece!);
    const path = pieces.join("").replace(/(.)\/$/, "$1");
    return (methods?.split(", ") ?? []).map((method) => `${method} ${path}`);
  });
  return [...new Set(routes)].filter((route) => !route.startsWith("HEAD "));
}
