// What can only be done once all routes are in the document.
import { nameSchemas } from "./name-schemas.ts";

/** In place: bodies that have a default may be left out, and titled schemas get components. */
export function completeDocument(document: object): void {
  const { paths, components } = Object(document);
  for (const path of Object.values(Object(paths))) {
    for (const { requestBody } of Object.values(Object(path)).map(Object)) {
      if (requestBody) requestBody.required = !hasDefault(requestBody);
    }
  }
  Object.assign(components.schemas, nameSchemas(paths));
}

function hasDefault({ content }: { content: object }): boolean {
  return Object.values(content).some(({ schema }) => "default" in schema);
}
