/**
 * Whether the live camera is worth opening: the browser lists one, and has not been told to refuse it. Asks the person
 * nothing. Where it says no, the `capture` input is there: it needs no permission of the page.
 */
export async function cameraAtHand(): Promise<boolean> {
  // Absent in an insecure context, whatever TypeScript says.
  const { mediaDevices, permissions } = navigator as Partial<Navigator>;
  if (mediaDevices === undefined) return false;
  try {
    const devices = await mediaDevices.enumerateDevices();
    if (!devices.some(({ kind }) => kind === 'videoinput')) return false;
    return (await permissions?.query({ name: 'camera' }))?.state !== 'denied';
  } catch {
    // Firefox knows no permission named camera (before 131): opening it will tell.
    return true;
  }
}
