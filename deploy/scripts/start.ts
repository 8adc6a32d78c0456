// `npm start [-- <settings file>]`: everything that the product needs, and the product, until Ctrl-C. A
// settings file is applied as `fallthrough settings apply --yes` does it: its connections are used beside
// the simulated carriers.
import { runProduct } from "#deploy/product/run-product.ts";

const [settingsFile] = process.argv.slice(2);
await runProduct({ isWatching: false, ...(settingsFile !== undefined && { settingsFile }) });
