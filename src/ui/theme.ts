/**
 * Daylight or reading room. Kept in localStorage and not with the settings: it must be known before anything is
 * drawn, and nothing is lost with it.
 */

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const storageKey = 'chester:theme';

/** May throw where storage is forbidden. */
function shelf(): Storage {
  // eslint-disable-next-line no-restricted-globals -- read before the first paint, and nothing is lost with it
  return localStorage;
}

export function readTheme(): Theme {
  try {
    const kept = shelf().getItem(storageKey);
    return themes.find((theme) => theme === kept) ?? 'system';
  } catch {
    // Storage may be forbidden; the system's theme is right then.
    return 'system';
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function chooseTheme(theme: Theme): void {
  applyTheme(theme);
  try {
    if (theme === 'system') shelf().removeItem(storageKey);
    else shelf().setItem(storageKey, theme);
  } catch {
    // Kept for this visit only.
  }
}

/** What is on the screen now. */
export function isDark(theme: Theme): boolean {
  return theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
}
