'use client';
/** Owns the shadow root in which the devtools stand, so that the page's styles and theirs never meet, and how a stylesheet gets into it under a strict CSP. */
import { useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

export interface ShadowHostProps {
  /** It is as tall as what holds it. */
  isFilling?: boolean;
  children: ReactNode;
}

/** An element with a shadow root that holds `children`. On a server it is empty. */
export function ShadowHost({ isFilling = false, children }: ShadowHostProps): ReactNode {
  const [root, setRoot] = useState<ShadowRoot | null>(null);
  const attach = (host: HTMLElement | null) => {
    if (host !== null) setRoot(openShadow(host));
  };
  return (
    <div ref={attach} data-tool-calls-devtools="" {...(isFilling && { style: { blockSize: '100%' } })}>
      {root !== null && createPortal(children, root)}
    </div>
  );
}

export function openShadow(host: HTMLElement): ShadowRoot {
  return host.shadowRoot ?? host.attachShadow({ mode: 'open' });
}

const adopted = new WeakMap<Node, Set<string>>();

/** Gives a shadow root a stylesheet, once. Constructed ones need no permission of a CSP; where a browser has none, an element with `nonce` does it. */
export function adoptStyles(root: Node, css: string, nonce: string | undefined): void {
  const known = adopted.get(root) ?? new Set();
  if (known.has(css) || !isShadowRoot(root)) return;
  adopted.set(root, known.add(css));
  const page = root.ownerDocument;
  // A window of its own takes only sheets that were made in it.
  const Sheet = page.defaultView?.CSSStyleSheet;
  if (Sheet !== undefined && 'replaceSync' in Sheet.prototype && 'adoptedStyleSheets' in root) {
    const sheet = new Sheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return;
  }
  const style = page.createElement('style');
  if (nonce !== undefined) style.nonce = nonce;
  style.textContent = css;
  root.append(style);
}

/** Not by `instanceof`: the root may be of another window. */
function isShadowRoot(node: Node): node is ShadowRoot {
  return 'host' in node && 'mode' in node;
}
