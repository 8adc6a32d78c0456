// Our way of using avsc: what it decodes are plain objects, whose arrays, maps and texts are what their bytes say.
import avsc from "avsc";
import { guardReaders } from "./guarded-readers.ts";
import { quickenShortTexts } from "./short-texts.ts";

guardReaders();
quickenShortTexts();

/** Compiles a schema's text. A union of null and one type is not wrapped; instants are numbers. */
export function compileSchema(schema: string): avsc.Type {
  const options = { omitRecordMethods: true };
  return readPlainObjects(avsc.Type.forSchema(JSON.parse(schema), options));
}

/** In place, for the type and everything inside it. */
function readPlainObjects(type: avsc.Type): avsc.Type {
  if (type instanceof avsc.types.RecordType) {
    // avsc builds records with a constructor per type; its own prototype would keep them from being
    // equal to the plain objects that they are.
    type.recordConstructor.prototype = Object.prototype;
    for (const { type: inner } of type.fields) readPlainObjects(inner);
  } else if (type instanceof avsc.types.UnwrappedUnionType) {
    type.types.forEach(readPlainObjects);
  } else if (type instanceof avsc.types.ArrayType) {
    readPlainObjects(type.itemsType);
  } else if (type instanceof avsc.types.MapType) {
    readPlainObjects(type.valuesType);
  }
  return type;
}
