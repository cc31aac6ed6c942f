/**
 * Owns whether the page is being left. A browser that reloads or leaves a page ends its fetches while scripts still run: each tool at
 * work fails, and the dying page would tell the model of failures that the next page load does not know.
 */
export interface PageLife {
  isLeaving(): boolean;
  /** Listens from now on. Gives what stops it. */
  watch(): () => void;
}

/** `onReturn`: the browser had kept the page, and shows it again. */
export function createPageLife(onReturn: () => void): PageLife {
  let leaving = false;

  function leave(): void {
    leaving = true;
  }

  function comeBack(): void {
    leaving = false;
    onReturn();
  }

  return {
    isLeaving: () => leaving,
    watch() {
      const { window } = globalThis;
      window?.addEventListener('pagehide', leave);
      window?.addEventListener('pageshow', comeBack);
      return () => {
        window?.removeEventListener('pagehide', leave);
        window?.removeEventListener('pageshow', comeBack);
      };
    },
  };
}
