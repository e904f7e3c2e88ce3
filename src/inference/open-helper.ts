/**
 * Opens nested workers under Trusted Types: a policy that lets through one address, that of our own script for them
 * (docs/decisions/0022-threads-of-our-own.md).
 */

/** Named in shared/security-headers.ts. */
const policyName = 'kernel-helper';

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

function trusted(address: string): string {
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

/** @param address absolute, of our own origin: ./helper-worker.ts as it was built */
export function openHelper(address: string): Worker {
  return new Worker(trusted(address), { type: 'module', name: 'chester-helper' });
}
