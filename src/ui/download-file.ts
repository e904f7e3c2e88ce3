/** Hands `text` to the browser as a file to be saved. No address of ours is involved: it is a blob. */
export function downloadFile(fileName: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  // Safari reads the blob after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), revokeDelayMs);
}

const revokeDelayMs = 60_000;
