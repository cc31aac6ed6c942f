/** Owns the names of a group's parts under one roof: `ToolCallGroupParts.Root`, `ToolCallGroupParts.List`, … */
export { ToolCallGroupAnnouncer as Announcer } from './tool-call-group-announcer.tsx';
export {
  ToolCallGroupApproveAll as ApproveAll,
  ToolCallGroupCancel as Cancel,
  ToolCallGroupRetryFailed as RetryFailed,
} from './tool-call-group-buttons.tsx';
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
} from './tool-call-group-head.tsx';
export { ToolCallGroupList as List } from './tool-call-group-list.tsx';
export { ToolCallGroupProgress as Progress } from './tool-call-group-progress.tsx';
export { ToolCallGroupRoot as Root } from './tool-call-group-root.tsx';
