// What a tab does about what happens: the table of leadership and commands.
import { describe, expect, it } from 'vitest';
import {
  AWAY,
  isActing,
  nextTab,
  type Tab,
  type TabAction,
  type TabCommand,
  type TabEvent,
} from '../../src/durable/tab.ts';
import type { TabMessage, TabNews } from '../../src/durable/tab-messages.ts';

const command: TabCommand = { id: 'c1', name: 'approve', args: ['m/0/a'], until: 500 };
const news = (number: number, term = 7): TabNews => {
  return { type: 'news', term, number, records: [], keep: 0, rest: [], isBusy: false };
};
const heard = (message: TabMessage, at = 100): TabEvent => ({ type: 'heard', message, at });

const away = AWAY;
const waiting: Tab = { ...AWAY, role: 'waiting', term: 5 };
const following: Tab = { ...AWAY, role: 'following', term: 7, heard: 3 };
const behind: Tab = { ...following, heard: undefined };
const claiming: Tab = { ...AWAY, role: 'claiming', term: 8 };
const leading: Tab = { ...AWAY, role: 'leading', term: 7 };
const alone: Tab = { ...AWAY, role: 'alone' };
const asking = (tab: Tab): Tab => ({ ...tab, asked: [command] });

/** An action as a word or two. */
function say(action: TabAction): string {
  switch (action.type) {
    case 'post':
      return `post ${action.message.type}${action.message.type === 'claim' ? ` ${action.message.term}` : ''}`;
    case 'request-lock':
      return action.steal ? 'take lock' : 'request lock';
    case 'apply':
      return `apply ${action.news.number}`;
    case 'settle':
      return action.isTaken ? 'tell taken' : 'tell failed';
    default:
      return action.type;
  }
}

type Row = [what: string, tab: Tab, event: TabEvent, next: Partial<Tab>, actions: string[]];

const ROWS: Row[] = [
  // ── To come and to go
  [
    'a tab that opens asks for the lock',
    away,
    { type: 'arrived' },
    { role: 'waiting' },
    ['request lock', 'post hello'],
  ],
  ['a tab that is there does not arrive again', leading, { type: 'arrived' }, {}, []],
  [
    'a leader that goes stops first',
    leading,
    { type: 'left' },
    { role: 'away' },
    ['stand-down', 'post released', 'let-go'],
  ],
  ['a follower that goes waits no more', following, { type: 'left' }, { role: 'away' }, ['let-go']],
  ['one that was about to lead speaks for nobody', claiming, { type: 'left' }, { role: 'away' }, ['let-go']],
  [
    'without locks each tab acts',
    asking(waiting),
    { type: 'unable' },
    { role: 'alone', asked: [] },
    ['lead', 'tell taken', 'perform'],
  ],
  ['alone it stays', alone, { type: 'left' }, {}, []],
  // ── To lead
  [
    'the lock makes a leader',
    waiting,
    { type: 'granted', isStolen: false, at: 90 },
    { role: 'leading', term: 90 },
    ['lead', 'publish'],
  ],
  [
    'a later leadership has a higher number, whatever the clock says',
    following,
    { type: 'granted', isStolen: false, at: 2 },
    { role: 'leading', term: 8, heard: undefined },
    ['lead', 'publish'],
  ],
  [
    'what was asked here is done here then, once',
    asking(following),
    { type: 'granted', isStolen: false, at: 90 },
    { role: 'leading', term: 90, heard: undefined, asked: [], taken: ['c1'] },
    ['lead', 'publish', 'tell taken', 'perform'],
  ],
  ['a lock for a tab that has gone is nobody’s', away, { type: 'granted', isStolen: false, at: 90 }, {}, []],
  ['a person’s word takes the lock', following, { type: 'claimed' }, { role: 'following' }, ['take lock']],
  ['a leader has nothing to take', leading, { type: 'claimed' }, {}, []],
  [
    'a taken lock lets the old leader stop',
    following,
    { type: 'granted', isStolen: true, at: 90 },
    { role: 'claiming', term: 90 },
    ['post claim 90', 'wait'],
  ],
  [
    'the old leader has stopped',
    claiming,
    heard({ type: 'released' }),
    { role: 'leading', term: 8 },
    ['lead', 'publish'],
  ],
  ['the old leader does not answer', claiming, { type: 'waited' }, { role: 'leading', term: 8 }, ['lead', 'publish']],
  ['its time is over when it has answered', leading, { type: 'waited' }, {}, []],
  ['somebody else’s leader has stopped', following, heard({ type: 'released' }), {}, []],
  // ── To lead no more
  [
    'the lock was taken',
    leading,
    { type: 'lost' },
    { role: 'waiting', term: 7, led: 7 },
    ['stand-down', 'post released', 'request lock', 'post hello'],
  ],
  ['the lock was taken before it led', claiming, { type: 'lost' }, { role: 'waiting' }, ['request lock', 'post hello']],
  [
    'another tab says so first',
    leading,
    heard({ type: 'claim', term: 9 }),
    { role: 'waiting', term: 9, led: 7 },
    ['stand-down', 'post released', 'request lock', 'post hello'],
  ],
  ['an older claim is over', leading, heard({ type: 'claim', term: 6 }), {}, []],
  [
    'news of a later leader reach one that slept',
    leading,
    heard(news(0, 9)),
    { role: 'following', term: 9, heard: 0, led: 7 },
    ['stand-down', 'post released', 'request lock', 'post hello', 'apply 0'],
  ],
  ['news of an earlier leader change nothing', leading, heard(news(4, 6)), {}, []],
  [
    'a follower forgets the leader from whom the lead was taken',
    following,
    heard({ type: 'claim', term: 9 }),
    { term: 9, heard: undefined },
    [],
  ],
  ['a lock that was let go cannot be lost', following, { type: 'lost' }, {}, []],
  [
    'the browser told it before the other tab could',
    { ...waiting, led: 5 },
    heard({ type: 'claim', term: 9 }),
    { term: 9 },
    ['post released'],
  ],
  // ── To follow
  ['the first news tell everything', waiting, heard(news(0)), { role: 'following', term: 7, heard: 0 }, ['apply 0']],
  ['the first news are in the middle', waiting, heard(news(5)), { role: 'following', term: 7 }, ['post hello']],
  ['the next news', following, heard(news(4)), { heard: 4 }, ['apply 4']],
  ['everything again', following, heard(news(0)), { heard: 0 }, ['apply 0']],
  ['news were missed', following, heard(news(6)), { heard: undefined }, ['post hello']],
  ['it has asked already', behind, heard(news(7)), { heard: undefined }, []],
  ['and then it hears everything', behind, heard(news(0)), { heard: 0 }, ['apply 0']],
  ['news of a leader that slept', following, heard(news(4, 6)), { term: 7, heard: 3 }, ['post hello']],
  [
    'a new leader has not heard what was asked',
    asking(following),
    heard(news(0, 9)),
    { term: 9, heard: 0, asked: [command] },
    ['apply 0', 'post command'],
  ],
  [
    'nor has one that has said before that it takes the lead',
    { ...asking(following), term: 9, heard: undefined },
    heard(news(0, 9)),
    { heard: 0 },
    ['apply 0', 'post command'],
  ],
  ['a leader tells who asks', leading, heard({ type: 'hello', term: 7 }), {}, ['publish']],
  ['a follower has nothing to tell', following, heard({ type: 'hello', term: 7 }), {}, []],
  ['a tab that is away hears nothing', away, heard(news(0)), {}, []],
  [
    'a leader by a clock that was set back makes sure that it leads',
    leading,
    heard({ type: 'hello', term: 9 }),
    {},
    ['confirm'],
  ],
  ['and leads on, with a higher number', leading, { type: 'surpassed', term: 9 }, { term: 10 }, ['publish']],
  ['unless it does not', waiting, { type: 'surpassed', term: 9 }, {}, []],
  // ── Commands
  ['what is asked here is told', following, { type: 'asked', command }, { asked: [command] }, ['post command']],
  ['a leader makes sure that it leads', leading, heard({ type: 'command', command }), { taken: [] }, ['confirm']],
  ['and carries it out', leading, { type: 'confirmed', command }, { taken: ['c1'] }, ['post taken', 'perform']],
  ['once', { ...leading, taken: ['c1'] }, { type: 'confirmed', command }, {}, []],
  ['not if it leads no more', waiting, { type: 'confirmed', command }, {}, []],
  ['not when somebody has', { ...leading, taken: ['c1'] }, heard({ type: 'command', command }), {}, []],
  ['not when the person was told that it failed', leading, heard({ type: 'command', command }, 500), {}, []],
  ['a follower leaves it to the leader', following, heard({ type: 'command', command }), {}, []],
  ['it was taken', asking(following), heard({ type: 'taken', id: 'c1' }), { asked: [], taken: ['c1'] }, ['tell taken']],
  ['another tab’s was taken', following, heard({ type: 'taken', id: 'c2' }), { taken: ['c2'] }, []],
  ['nobody has taken it', asking(following), { type: 'expired', id: 'c1' }, { asked: [] }, ['tell failed']],
  ['it was taken in time', following, { type: 'expired', id: 'c1' }, {}, []],
];

describe('a tab', () => {
  it.each(ROWS)('%s', (_, tab, event, expected, actions) => {
    const [next, ...done] = nextTab(tab, event);
    expect(next).toEqual({ ...tab, ...expected });
    expect(done.map(say)).toEqual(actions);
  });

  it('remembers the last hundred commands that were taken', () => {
    let tab = leading;
    for (let id = 0; id < 150; id++) [tab] = nextTab(tab, { type: 'confirmed', command: { ...command, id: `c${id}` } });
    expect(tab.taken).toHaveLength(100);
    expect(nextTab(tab, heard({ type: 'command', command: { ...command, id: 'c149' } }))).toEqual([tab]);
  });

  it('acts where it leads or is alone', () => {
    const acting = [away, waiting, following, claiming, leading, alone].filter(isActing);
    expect(acting.map(({ role }) => role)).toEqual(['leading', 'alone']);
  });
});
