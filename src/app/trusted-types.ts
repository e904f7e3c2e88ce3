/**
 * Script addresses under Trusted Types (`require-trusted-types-for 'script'`): `new Worker` and
 * `serviceWorker.register` take only what the policy `app` has let through, which is scripts of our own folder.
 */

interface ScriptAddressPolicy {
  createScriptURL(address: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): ScriptAddressPolicy;
}

let policy: ScriptAddressPolicy | undefined;

function ownScript(address: string): string {
  const url = new URL(address, document.baseURI);
  if (url.origin !== location.origin) throw new TypeError(`not a script of this app: ${url.href}`);
  return url.href;
}

/**
 * The absolute address of one of our scripts, as the browser wants it: a `TrustedScriptURL` where there are such
 * things (Chromium, Safari 26), else the string itself. Typed as a string, for that is how the DOM's types name it.
 */
export function trustedScriptUrl(address: string): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (factory === undefined) return ownScript(address);
  policy ??= factory.createPolicy('app', { createScriptURL: ownScript });
  return policy.createScriptURL(address) as string;
}
