/** Owns the names of a group's parts under one roof: `ToolCallGroupParts.Root`, `ToolCallGroupParts.List`, … */
export { ToolCallGroupAnnouncer as Announcer } from './announcer.tsx';
export {
  ToolCallGroupApproveAll as ApproveAll,
  ToolCallGroupCancel as Cancel,
  ToolCallGroupRetryFailed as RetryFailed,
} from './buttons.tsx';
export {
  ToolCallGroupActions as Actions,
  ToolCallGroupChevron as Chevron,
  ToolCallGroupHeader as Header,
  ToolCallGroupIcon as Icon,
  ToolCallGroupMeta as Meta,
  ToolCallGroupSaved as Saved,
  ToolCallGroupSummary as Summary,
  ToolCallGroupTime as Time,
  ToolCallGroupTitle as Title,
  ToolCallGroupTrigger as Trigger,
} from './head.tsx';
export { ToolCallGroupList as List } from './list.tsx';
export { ToolCallGroupProgress as Progress } from './progress.tsx';
export { ToolCallGroupRoot as Root } from './root.tsx';
