/** Hands `blob` to the browser as a file to be saved. Its address is a blob's: nothing is sent anywhere. */
export function downloadFile(fileName: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  // Safari reads the blob after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), revokeDelayMs);
}

const revokeDelayMs = 60_000;
