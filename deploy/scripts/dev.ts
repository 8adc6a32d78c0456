// `npm run dev`: as `npm start`, and the services restart whenever one of their files changes.
import { runProduct } from "#deploy/product/run-product.ts";

await runProduct({ isWatching: true });
