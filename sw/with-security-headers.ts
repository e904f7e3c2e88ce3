import { securityHeaders } from '../src/shared/security-headers.ts';

/**
 * The same response with our security headers: on a static host that sends none, the page is cross-origin isolated
 * from its second start on. Worker scripts need them too.
 */
export function withSecurityHeaders(response: Response): Response {
  // A network error has no headers to change.
  if (response.type === 'error' || response.type === 'opaqueredirect') return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
