export const sourceLocale = `en`;
export const targetLocales = [`en-x-pseudo`] as const;
export const allLocales = [`en`, `en-x-pseudo`] as const;
