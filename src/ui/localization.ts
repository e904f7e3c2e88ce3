/**
 * Languages. The source is English; every other locale is a module of `locales/`, loaded when it is asked for.
 * `?lang=CODE` in the address chooses; `en-x-pseudo` is a generated one that shows what was not translated.
 */

import { configureLocalization } from '@lit/localize';
import { allLocales, sourceLocale, targetLocales } from './locales/locale-codes.ts';

type TargetLocale = (typeof targetLocales)[number];

const loaders: Readonly<Record<TargetLocale, () => Promise<{ readonly templates: Record<string, never> }>>> = {
  'en-x-pseudo': async () => asModule(await import('./locales/en-x-pseudo.ts')),
};

/** Generated modules have the type of their content; the library wants any record of templates. */
function asModule(module: { readonly templates: object }): { readonly templates: Record<string, never> } {
  return { templates: module.templates as Record<string, never> };
}

function isTargetLocale(code: string): code is TargetLocale {
  return (targetLocales as readonly string[]).includes(code);
}

export const { getLocale, setLocale } = configureLocalization({
  sourceLocale,
  targetLocales,
  loadLocale: async (code) => {
    if (!isTargetLocale(code)) throw new Error(`unknown locale ${code}`);
    return loaders[code]();
  },
});

/** The locale that the address asks for, else the source. */
export function localeFromAddress(search: string): string {
  const asked = new URLSearchParams(search).get('lang');
  return asked !== null && (allLocales as readonly string[]).includes(asked) ? asked : sourceLocale;
}
