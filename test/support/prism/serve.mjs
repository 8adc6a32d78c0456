// Serves the operations of OpenAPI documents on loopback, each of which refuses what its document does
// not take: `node serve.mjs <folder with Prism> <document>...` prints its address.
import { createRequire } from "node:module";
import process from "node:process";

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(`${folder}/package.json`);
const { createLogger } = require("@stoplight/prism-core");
const { getHttpOperationsFromSpec } = require("@stoplight/prism-http");
const { createServer } = require("@stoplight/prism-http-server");

const operations = await Promise.all(files.map((file) => getHttpOperationsFromSpec(file)));
const server = createServer(operations.flat(), {
  cors: false,
  config: {
    isProxy: false,
    checkSecurity: true,
    validateRequest: true,
    validateResponse: false,
    errors: true,
    mock: { dynamic: false },
  },
  components: { logger: createLogger("prism", { level: "silent" }) },
});
console.log(await server.listen(0, "127.0.0.1"));
