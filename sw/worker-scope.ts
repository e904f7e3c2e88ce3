/** The service worker's global scope, typed once: the WebWorker library types `self` as any worker's. */
export const workerScope = self as unknown as ServiceWorkerGlobalScope;

/** The app's root, with its slash: `https://host/` or `https://host/chester/`. */
export function scopeAddress(): string {
  return workerScope.registration.scope;
}
