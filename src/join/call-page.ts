/** Owns how the page's own callbacks are called where the SDK would wait for them, and end the stream with what they throw. */

/** Calls without waiting. An error surfaces by itself, as an unhandled rejection. */
export function callPage(callback: () => unknown): void {
  void (async () => callback())();
}
