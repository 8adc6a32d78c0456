// What can only be done once all routes are in the document.
import { nameSchemas } from "./name-schemas.ts";
import { shareProblems } from "./share-problems.ts";

/** In place: bodies that have a default may be left out, and what is shared gets components. */
export function completeDocument(document: object): void {
  const { paths, components } = Object(document);
  const operations = Object.values(Object(paths)).flatMap((path) => Object.values(Object(path)));
  for (const { requestBody } of operations.map(Object)) {
    if (requestBody) requestBody.required = !hasDefault(requestBody);
  }
  Object.assign(components.schemas, nameSchemas(paths));
  components.responses = shareProblems(operations.map(Object));
}

function hasDefault({ content }: { content: object }): boolean {
  return Object.values(content).some(({ schema }) => "default" in schema);
}
