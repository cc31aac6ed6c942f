/**
 * Owns what a tab is to a chat that several tabs have open, and what it is to do about what happens. Pure: `shared-tabs.ts` does it, and
 * `test/durable/tab.test.ts` has the table.
 */
import type { ChatCommand } from '../core/plugins.ts';
import type { TabMessage, TabNews } from './tab-messages.ts';

/** What a person asked for in a tab that does not lead. */
export interface TabCommand extends ChatCommand {
  readonly id: string;
  /** Until when it may be carried out (epoch ms): after that the person is told that it failed. */
  readonly until: number;
}

export type TabRole =
  /** The browser cannot say who leads: every tab acts by itself. */
  | 'alone'
  /** Not mounted, or hidden by the browser: it wants nothing. */
  | 'away'
  /** It wants to lead, and has heard of no other tab that does. */
  | 'waiting'
  /** Another tab leads. */
  | 'following'
  /** It has taken the lead from another tab, which is let stop first. */
  | 'claiming'
  | 'leading';

export interface Tab {
  readonly role: TabRole;
  /** The number of the leadership that it knows of: later ones are higher. */
  readonly term: number;
  /** The number of the last news of that leadership; `undefined` while it waits for everything, to go on from there. */
  readonly heard: number | undefined;
  /** The number of the last leadership that was its own, and was taken from it. */
  readonly led: number;
  /** Commands of this tab that no leader has taken yet. */
  readonly asked: readonly TabCommand[];
  /** The ids of commands that a leader has taken, the last ones. */
  readonly taken: readonly string[];
}

export type TabEvent =
  /** The chat was mounted, or its page is shown again. */
  | { readonly type: 'arrived' }
  /** The chat was unmounted, or its page is hidden by the browser. */
  | { readonly type: 'left' }
  /** The browser has none of what tabs need. */
  | { readonly type: 'unable' }
  | { readonly type: 'granted'; readonly isStolen: boolean; readonly at: number }
  /** Another tab has the lock. */
  | { readonly type: 'lost' }
  /** A person wants this tab to lead. */
  | { readonly type: 'claimed' }
  /** The tab that led has had its time to stop. */
  | { readonly type: 'waited' }
  | { readonly type: 'asked'; readonly command: TabCommand }
  /** This tab still leads, as of after it heard of the command. */
  | { readonly type: 'confirmed'; readonly command: TabCommand }
  /** It still leads, and another tab knows of a leadership with a higher number: the clock was set back. */
  | { readonly type: 'surpassed'; readonly term: number }
  /** Nobody has taken the command in time. */
  | { readonly type: 'expired'; readonly id: string }
  | { readonly type: 'heard'; readonly message: TabMessage; readonly at: number };

export type TabAction =
  | { readonly type: 'request-lock'; readonly steal: boolean }
  | { readonly type: 'let-go' }
  /** Stop all that runs and streams: another tab acts. */
  | { readonly type: 'stand-down' }
  /** Give the tab that led time to stop. */
  | { readonly type: 'wait' }
  | { readonly type: 'lead' }
  /** Tell the other tabs everything. */
  | { readonly type: 'publish' }
  | { readonly type: 'post'; readonly message: TabMessage }
  | { readonly type: 'apply'; readonly news: TabNews }
  /** Look whether this tab still leads: what came from elsewhere may have waited in a page that slept. */
  | { readonly type: 'confirm'; readonly event: TabEvent }
  | { readonly type: 'perform'; readonly command: TabCommand }
  /** Tell who asked for it. */
  | { readonly type: 'settle'; readonly id: string; readonly isTaken: boolean };

export const AWAY: Tab = { role: 'away', term: 0, led: 0, heard: undefined, asked: [], taken: [] };

/** Whether the tab may start calls, write and send. */
export function isActing({ role }: Tab): boolean {
  return role === 'leading' || role === 'alone';
}

const sayHello = (term: number): TabAction => ({ type: 'post', message: { type: 'hello', term } });
const RELEASED: TabAction = { type: 'post', message: { type: 'released' } };

type Next = readonly [Tab, ...TabAction[]];

/** How many ids of commands are remembered. */
const MOST_TAKEN = 100;

/** The tab after an event, and what it is to do, in this order. The same object where nothing happens. */
export function nextTab(tab: Tab, event: TabEvent): Next {
  const { role, asked } = tab;
  const hasLock = role === 'leading' || role === 'claiming';
  switch (event.type) {
    case 'arrived':
      if (role !== 'away') return [tab];
      return [
        { ...tab, role: 'waiting', heard: undefined },
        { type: 'request-lock', steal: false },
        sayHello(tab.term),
      ];
    case 'left': {
      if (role === 'away' || role === 'alone') return [tab];
      const gone: Tab = { ...tab, role: 'away' };
      return hasLock ? [gone, ...stop(tab), { type: 'let-go' }] : [gone, { type: 'let-go' }];
    }
    case 'unable':
      return [{ ...tab, role: 'alone', asked: [] }, { type: 'lead' }, ...performAll(asked)];
    case 'granted': {
      if (role !== 'waiting' && role !== 'following') return [tab];
      const term = Math.max(tab.term + 1, event.at);
      if (!event.isStolen) return lead({ ...tab, term });
      const message = { type: 'claim', term } as const;
      return [{ ...tab, role: 'claiming', term }, { type: 'post', message }, { type: 'wait' }];
    }
    case 'claimed':
      return role === 'waiting' || role === 'following' ? [tab, { type: 'request-lock', steal: true }] : [tab];
    case 'waited':
      return role === 'claiming' ? lead(tab) : [tab];
    case 'lost':
      return hasLock ? stepAside(tab, tab.term) : [tab];
    case 'asked': {
      const { command } = event;
      return [
        { ...tab, asked: [...asked, command] },
        { type: 'post', message: { type: 'command', command } },
      ];
    }
    case 'confirmed': {
      const { command } = event;
      if (role !== 'leading' || tab.taken.includes(command.id)) return [tab];
      const message = { type: 'taken', id: command.id } as const;
      return [noteTaken(tab, command.id), { type: 'post', message }, { type: 'perform', command }];
    }
    case 'surpassed':
      return role === 'leading' ? [{ ...tab, term: event.term + 1 }, { type: 'publish' }] : [tab];
    case 'expired':
      return settle(tab, event.id, false);
    case 'heard':
      return hear(tab, event.message, event.at);
    default:
      return event satisfies never;
  }
}

function hear(tab: Tab, message: TabMessage, at: number): Next {
  const { role, term, taken } = tab;
  const hasLock = role === 'leading' || role === 'claiming';
  if (role === 'away' || role === 'alone') return [tab];
  switch (message.type) {
    case 'hello':
      if (role !== 'leading') return [tab];
      if (message.term <= term) return [tab, { type: 'publish' }];
      return [tab, { type: 'confirm', event: { type: 'surpassed', term: message.term } }];
    case 'released':
      return role === 'claiming' ? lead(tab) : [tab];
    case 'claim':
      if (message.term <= term) return [tab];
      if (hasLock) return stepAside(tab, message.term);
      // The browser may have told this tab before the other one could.
      return [{ ...tab, term: message.term, heard: undefined }, ...(tab.led === term && term > 0 ? [RELEASED] : [])];
    case 'news': {
      if (hasLock && message.term <= term) return [tab];
      // It slept, and is about to learn so; or it leads, by a clock that was set back.
      if (message.term < term) return [tab, sayHello(term)];
      if (!hasLock) return follow(tab, message);
      const [aside, ...actions] = stepAside(tab, message.term);
      const [following, ...more] = follow(aside, message);
      return [following, ...actions, ...more];
    }
    case 'command': {
      const { command } = message;
      const isDue = role === 'leading' && at < command.until && !taken.includes(command.id);
      return isDue ? [tab, { type: 'confirm', event: { type: 'confirmed', command } }] : [tab];
    }
    case 'taken': {
      const [settled, ...actions] = settle(tab, message.id, true);
      return [noteTaken(settled, message.id), ...actions];
    }
    default:
      return message satisfies never;
  }
}

/** News of the tab that leads: in order, or everything. */
function follow(tab: Tab, news: TabNews): Next {
  const isNewTerm = news.term > tab.term || tab.role !== 'following';
  const following: Tab = { ...tab, role: 'following', term: news.term, heard: news.number };
  const apply = { type: 'apply', news } as const;
  if (news.number === 0) {
    // It may lead since just now, and not have heard what this tab has asked for.
    const again = tab.asked.map((command) => ({ type: 'post', message: { type: 'command', command } }) as const);
    return [following, apply, ...again];
  }
  if (!isNewTerm && tab.heard !== undefined && news.number === tab.heard + 1) return [following, apply];
  // Some were missed, while the browser had the page asleep: once it has asked, everything comes.
  const missed = { ...following, heard: undefined };
  return isNewTerm || tab.heard !== undefined ? [missed, sayHello(tab.term)] : [missed];
}

function lead(tab: Tab): Next {
  const taken = tab.asked.reduce((next, { id }) => noteTaken(next, id), tab);
  return [
    { ...taken, role: 'leading', heard: undefined, asked: [] },
    { type: 'lead' },
    { type: 'publish' },
    ...performAll(tab.asked),
  ];
}

function performAll(commands: readonly TabCommand[]): TabAction[] {
  return commands.flatMap((command): TabAction[] => [
    { type: 'settle', id: command.id, isTaken: true },
    { type: 'perform', command },
  ]);
}

/** Another tab leads, with this number or a later one. */
function stepAside(tab: Tab, term: number): Next {
  const led = tab.role === 'leading' ? tab.term : tab.led;
  return [
    { ...tab, role: 'waiting', term, led, heard: undefined },
    ...stop(tab),
    { type: 'request-lock', steal: false },
    sayHello(term),
  ];
}

/** One that was about to lead has nothing to stop, and cannot speak for the tab that led before. */
function stop({ role }: Tab): TabAction[] {
  if (role !== 'leading') return [];
  return [{ type: 'stand-down' }, RELEASED];
}

function settle(tab: Tab, id: string, isTaken: boolean): Next {
  const asked = tab.asked.filter((command) => command.id !== id);
  return asked.length === tab.asked.length
    ? [tab]
    : [
        { ...tab, asked },
        { type: 'settle', id, isTaken },
      ];
}

function noteTaken(tab: Tab, id: string): Tab {
  return { ...tab, taken: [...tab.taken.filter((each) => each !== id), id].slice(-MOST_TAKEN) };
}
