/**
 * How tfjs's thread workers start without `blob:` and under Trusted Types. tfjs opens a blob for each of its nested
 * workers; while it starts, `Worker` is replaced by a subclass that opens our static script instead
 * (tools/build/make-pthread.mjs), through the one policy that nested workers may use.
 */

/** Named in shared/security-headers.ts. */
const policyName = 'tfjs-pthread';

interface ScriptPolicy {
  createScriptURL(address: string): unknown;
}

/** Trusted Types (W3C), not in every browser and not in TypeScript's libraries. */
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): ScriptPolicy;
}

let policy: ScriptPolicy | undefined;
/** What the policy lets through; nothing until threads are started. */
let allowedAddress: string | undefined;

function trusted(address: string): string | URL {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  if (trustedTypes === undefined) return address;
  allowedAddress = address;
  // A policy's name may be used once.
  policy ??= trustedTypes.createPolicy(policyName, {
    createScriptURL: (asked) => {
      if (asked !== allowedAddress) throw new TypeError(`not the thread script: ${asked}`);
      return asked;
    },
  });
  return policy.createScriptURL(address) as string;
}

/**
 * Runs `work` while every new `Worker` of this thread runs the script at `address`, and while this device seems to have
 * `cores` cores: tfjs halves `navigator.hardwareConcurrency` to cap its threads.
 *
 * @param address absolute, of our own origin
 */
export async function withThreadWorkers<T>(address: string, cores: number, work: () => Promise<T>): Promise<T> {
  const NativeWorker = globalThis.Worker;
  class ThreadWorker extends NativeWorker {
    constructor(asked: string | URL) {
      super(trusted(address));
      URL.revokeObjectURL(String(asked));
    }
  }
  globalThis.Worker = ThreadWorker;
  Object.defineProperty(navigator, 'hardwareConcurrency', { configurable: true, value: cores });
  try {
    return await work();
  } finally {
    globalThis.Worker = NativeWorker;
    // The own property hid the browser's, which lies on the prototype.
    Reflect.deleteProperty(navigator, 'hardwareConcurrency');
  }
}
