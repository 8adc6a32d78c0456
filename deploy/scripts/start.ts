// `npm start`: everything that the product needs, and the product, until Ctrl-C.
import { runProduct } from "#deploy/product/run-product.ts";

await runProduct({ isWatching: false });
