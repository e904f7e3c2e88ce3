import type { Page } from 'playwright-core';

/** Functions that a page of the bench offers as `globalThis.bench`. */
type Offered = Readonly<Record<string, (...args: never[]) => unknown>>;

export type PageDriver<Bench extends Offered> = <Name extends keyof Bench & string>(
  name: Name,
  ...args: unknown[]
) => Promise<Awaited<ReturnType<Bench[Name]>>>;

/** Opens the page and gives a way to call what it offers. */
export async function pageDriver<Bench extends Offered>(page: Page, url: string): Promise<PageDriver<Bench>> {
  // tsx wraps named functions in `__name(…)`, also those that `evaluate` sends to the page.
  await page.addInitScript('globalThis.__name ??= (named) => named');
  await page.goto(url);
  await page.waitForFunction(() => 'bench' in globalThis);
  return (name, ...args) =>
    page.evaluate(
      ([method, values]) => {
        const { bench } = globalThis as unknown as { bench: Record<string, (...all: unknown[]) => unknown> };
        return bench[method]!(...values);
      },
      [name, args] as const,
    ) as Promise<never>;
}
