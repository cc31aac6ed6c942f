/** Owns the time between the page's telling a chat to send and the request's going out: the chat looks idle, and is not. */
import { settleQuietly } from './bridge-context.ts';

export interface Departures {
  /** A request is on its way from before `send()`, which may let it out at once. Settles when it has gone out, or will not. */
  depart(send: () => PromiseLike<void> | void): Promise<void>;
  /** A request goes out: the chat is at work. */
  leave(): void;
  isDeparting(): boolean;
}

export function createDepartures(onLeave: () => void): Departures {
  const departures = new Set<() => void>();
  return {
    isDeparting: () => departures.size > 0,
    leave() {
      for (const leave of departures) leave();
    },
    depart: (send) =>
      new Promise<void>((resolve) => {
        const leave = () => {
          if (!departures.delete(leave)) return;
          resolve();
          onLeave();
        };
        departures.add(leave);
        void settleQuietly(send()).then(leave);
      }),
  };
}
