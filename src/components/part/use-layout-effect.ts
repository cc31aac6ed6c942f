'use client';
/** Owns the layout effect that React 18 does not warn about on a server, where there is no layout. */
import { useEffect, useLayoutEffect as useLayoutEffectInBrowser } from 'react';

export const useLayoutEffect: typeof useLayoutEffectInBrowser =
  typeof document === 'undefined' ? useEffect : useLayoutEffectInBrowser;
