// A process that is killed takes its memory with it. Here all share that of one real process, where a killed one leaves
// what only its own end would take back: one listener keeps its whole world.

type Resource = Disposable | AsyncDisposable | null | undefined;
type Use = (this: AsyncDisposableStack, resource: Resource) => Resource;

/** From now on remembers all that is opened and can be closed at once; closes it when disposed. */
export function freeOwnMemory(): Disposable {
  const remembered = new DisposableStack();
  const { prototype } = AsyncDisposableStack;
  const use = Reflect.get(prototype, "use") as Use;
  const remember: Use = function remember(resource) {
    if (isAtOnce(resource)) remembered.use(resource);
    return use.call(this, resource);
  };
  Reflect.set(prototype, "use", remember);
  remembered.defer(() => void Reflect.set(prototype, "use", use));
  return remembered;
}

function isAtOnce(resource: Resource): resource is Disposable {
  return !!resource && Symbol.dispose in resource && !(Symbol.asyncDispose in resource);
}
