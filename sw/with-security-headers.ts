import { securityHeaders } from '../src/shared/security-headers.ts';

/**
 * The same response with our security headers: on a static host that sends none, the page is cross-origin isolated
 * from its second start on. Worker scripts need them too.
 *
 * One that has them all (as entries of the shell's cache do) is returned as it is: the browser then reads it by itself, while a
 * response made here passes through this thread piece by piece.
 */
export function withSecurityHeaders(response: Response): Response {
  // A network error has no headers to change.
  if (response.type === 'error' || response.type === 'opaqueredirect') return response;
  const wanted = Object.entries(securityHeaders);
  if (wanted.every(([name, value]) => response.headers.get(name) === value)) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of wanted) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
