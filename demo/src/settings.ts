// Owns what the visitor chose: theme, how slow the shop is, whether exchange rates fail; and the conversation's shop session.
import { create } from 'zustand';
import type { RateFault } from '../shop-contract.ts';
import { readSession, startConversation, watchOtherTabs } from './conversation.ts';

export type Theme = 'light' | 'system' | 'dark';

export interface Settings {
  theme: Theme;
  /** Multiplies the shop's typical answer times. */
  latency: number;
  fault: RateFault;
  /** Whether the panel is open that shows the store. */
  inspector: boolean;
  /** Whether the return slip is on the page, and its tools with it. */
  returnSlip: boolean;
  /** Names the conversation to the shop; a new one finds fresh orders. */
  session: string;
}

const storageKey = 'larkfield-settings';
const defaults: Omit<Settings, 'session'> = {
  theme: 'system',
  latency: 1,
  fault: 'until-retried',
  inspector: false,
  returnSlip: false,
};

const isOneOf = <T>(choices: readonly T[], value: unknown): value is T => choices.some((choice) => choice === value);

const latencies = [0.25, 1, 3] as const;
const faults = ['none', 'until-retried', 'always'] as const satisfies RateFault[];
const themes = ['light', 'system', 'dark'] as const satisfies Theme[];

/** What was stored, checked field by field: another version of the demo may have written it. */
function load(): typeof defaults {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    const { theme, latency, fault, inspector, returnSlip } = Object(stored) as Record<string, unknown>;
    return {
      theme: isOneOf(themes, theme) ? theme : defaults.theme,
      latency: isOneOf(latencies, latency) ? latency : defaults.latency,
      fault: isOneOf(faults, fault) ? fault : defaults.fault,
      inspector: inspector === true,
      returnSlip: returnSlip === true,
    };
  } catch {
    return defaults;
  }
}

export const useSettings = create<Settings>()(() => ({ ...load(), session: readSession() }));

export function changeSettings(change: Partial<Omit<Settings, 'session'>>): void {
  useSettings.setState(change);
  const { session: _, ...kept } = useSettings.getState();
  try {
    localStorage.setItem(storageKey, JSON.stringify(kept));
  } catch {
    // A browser that stores nothing keeps the choice until the page is closed.
  }
}

/** Starts a conversation with fresh orders. */
export function startSession(): void {
  useSettings.setState(({ session }) => ({ session: startConversation(session) }));
}

/** Follows the other tabs to a conversation that one of them has started. Returns the function that stops it. */
export function followOtherTabs(): () => void {
  return watchOtherTabs((session) => useSettings.setState({ session }));
}
