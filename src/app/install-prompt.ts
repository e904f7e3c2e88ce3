import type { InstallStatus } from './app-model.ts';
import { isStandalone } from './capabilities.ts';

/** Chromium's own event; not in the DOM's types, for no other engine has it. */
interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<void>;
  readonly userChoice: Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

export interface InstallPrompt {
  /** Shows the browser's dialog; call it from a click. */
  install(): Promise<void>;
}

export function createInstallPrompt(setStatus: (status: InstallStatus) => void): InstallPrompt {
  let offered: BeforeInstallPromptEvent | undefined;

  window.addEventListener('beforeinstallprompt', (event) => {
    // We offer it ourselves, where and when it does not disturb.
    event.preventDefault();
    offered = event as BeforeInstallPromptEvent;
    setStatus({ kind: 'offered' });
  });
  window.addEventListener('appinstalled', () => {
    offered = undefined;
    setStatus({ kind: 'installed' });
  });
  setStatus(statusAtStart());

  return {
    async install() {
      const event = offered;
      if (event === undefined) return;
      // One event may ask once; Chromium sends another when it may be asked again.
      offered = undefined;
      setStatus({ kind: 'unavailable' });
      await event.prompt();
      const { outcome } = await event.userChoice;
      if (outcome === 'accepted') setStatus({ kind: 'installed' });
    },
  };
}

function statusAtStart(): InstallStatus {
  if (isStandalone()) return { kind: 'installed' };
  return isAppleTouchDevice() ? { kind: 'by-hand-ios' } : { kind: 'unavailable' };
}

/** iPadOS calls itself a Macintosh, but no Macintosh has a touch screen. */
function isAppleTouchDevice(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /\b(?:iPhone|iPad|iPod)\b/.test(userAgent) || (/\bMacintosh\b/.test(userAgent) && maxTouchPoints > 1);
}
