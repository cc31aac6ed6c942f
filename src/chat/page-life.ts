/**
 * Owns whether the page is being left. A browser that reloads or leaves a page ends its fetches while scripts still run: each tool at
 * work fails, and the dying page would start others in the room that they leave, and tell the model of failures that the next page
 * load does not know.
 */
export interface PageLife {
  isLeaving(): boolean;
  /** Listens from now on. Gives what stops it. */
  watch(): () => void;
}

/** `onChange` hears that the page is left, and that the browser had kept it and shows it again. */
export function createPageLife(onChange: (isLeaving: boolean) => void): PageLife {
  let leaving = false;

  function leave(): void {
    leaving = true;
    onChange(leaving);
  }

  function comeBack(): void {
    leaving = false;
    onChange(leaving);
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
