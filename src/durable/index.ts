/** The door of `use-parallel-tools/durable`: what survives a reload. A page that does not import it pays nothing. */
export { indexedDbStorage, type IndexedDbStorageOptions } from './indexed-db-storage.ts';
export type { JournalEnding, JournalEntry, JournalError, JournalRow } from './journal-entry.ts';
export { memoryStorage, type JournalStorage } from './journal-storage.ts';
export { selectSharedTab, sharedTabs, type SharedTab, type SharedTabs, type SharedTabsOptions } from './shared-tabs.ts';
export type { TabChannel } from './chat-tab.ts';
export type { TabLocks } from './tab-lock.ts';
export type { TabRole } from './tab.ts';
export { toolCallJournal, type ToolCallJournal, type ToolCallJournalOptions } from './tool-call-journal.ts';
/** The types that those above mention. */
export type * from '../core/index.ts';
