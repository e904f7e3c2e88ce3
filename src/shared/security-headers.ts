/**
 * The security headers, once: `npm start` and the service worker send them, build.mjs writes them into
 * `_headers` for static hosts and, as far as a `<meta>` can carry it, into the page.
 */

/** Trusted Types policies: ours, Lit's, and the one of the script that our kernels' other threads run. */
export const trustedTypesPolicies = ['app', 'lit-html', 'kernel-helper'] as const;

const contentSecurityPolicyDirectives: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'none'"],
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'worker-src': ["'self'"],
  'connect-src': ["'self'"],
  'img-src': ["'self'", 'blob:'],
  'style-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'require-trusted-types-for': ["'script'"],
  'trusted-types': trustedTypesPolicies,
};

function serialize(directives: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join('; ');
}

/**
 * For `<meta http-equiv>`: the same without `frame-ancestors`, which browsers ignore there (CSP 3, §3.3).
 *
 * @public build.mjs writes it into the page
 */
export const metaContentSecurityPolicy: string = serialize(contentSecurityPolicyDirectives);

export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': serialize({ ...contentSecurityPolicyDirectives, 'frame-ancestors': ["'none'"] }),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': [
    'camera=(self)',
    'cross-origin-isolated=(self)',
    'geolocation=()',
    'microphone=()',
    'payment=()',
    'usb=()',
    'serial=()',
    'hid=()',
    'midi=()',
    'display-capture=()',
    'browsing-topics=()',
  ].join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};
