/** What was typed makes no sense; the usage is shown with it. */
export class UsageError extends Error {}
