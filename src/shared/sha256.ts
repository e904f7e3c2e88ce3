/**
 * SHA-256 of `bytes` as 64 lower-case hexadecimal digits (FIPS 180-4), through Web Crypto.
 * Works in pages and workers of a secure context and in Node.
 */
export async function sha256Hex(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
