/** Owns how a tab that follows shows what happens in the tab that leads. */
import type { UIMessage } from 'ai';
import type { PluginHost } from '../core/plugins.ts';
import type { ToolCallState } from '../core/tool-call-store.ts';
import { NAME, type TabNews } from './tab-messages.ts';

export interface NewsReader {
  read(news: TabNews): void;
  /** The chat may be idle by now. */
  look(): void;
}

/** For a tab that follows. */
export function createNewsReader(host: PluginHost): NewsReader {
  let theirs: readonly UIMessage[] = [];
  let isShown = true;

  function look(): void {
    if (isShown) return;
    try {
      host.setMessages(theirs);
      isShown = true;
    } catch {
      // The chat of this tab is at work: once it is not.
    }
  }

  return {
    read({ number, records, keep, rest, isBusy }) {
      const own = host.store.getState().plugins?.[NAME];
      if ('batches' in records) host.mirror(withOwn(records, own));
      else if (records.length > 0) host.mirror(records);
      if (number === 0 || keep < theirs.length || rest.length > 0) {
        theirs = [...theirs.slice(0, keep), ...rest];
        isShown = false;
        look();
      }
      if ((own as { isBusy?: boolean } | undefined)?.isBusy !== isBusy) host.record({ isBusy });
    },
    look,
  };
}

/** Their records with what this tab says of itself. */
function withOwn({ batches, plugins }: ToolCallState, own: object | undefined): ToolCallState {
  return { batches, plugins: { ...plugins, ...(own !== undefined && { [NAME]: own }) } };
}
