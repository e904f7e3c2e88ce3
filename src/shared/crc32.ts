/** Reversed polynomial of CRC-32 (ISO 3309; PNG third edition, Annex D). */
const polynomial = 0xedb88320;

const table = makeTable();

function makeTable(): Uint32Array {
  const values = new Uint32Array(256);
  for (let byte = 0; byte < values.length; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? polynomial ^ (value >>> 1) : value >>> 1;
    values[byte] = value;
  }
  return values;
}

/** CRC-32 of `bytes`, unsigned. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (let index = 0; index < bytes.length; index += 1) value = table[(value ^ bytes[index]!) & 0xff]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
