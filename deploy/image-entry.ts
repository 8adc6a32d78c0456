// What a container of our image runs: `migrate`, or the service of the given name.
await (process.argv[2] === "migrate"
  ? import("./scripts/migrate.ts")
  : import("./scripts/service.ts"));
