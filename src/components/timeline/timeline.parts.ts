/** Owns the names of a timeline's parts under one roof: `ToolCallTimelineParts.Root`, `ToolCallTimelineParts.Axis`, … */
export {
  ToolCallTimelineAxis as Axis,
  ToolCallTimelineLegend as Legend,
  ToolCallTimelineSummary as Summary,
} from './axis.tsx';
export { ToolCallTimelineRoot as Root } from './root.tsx';
export {
  ToolCallTimelineLabel as Label,
  ToolCallTimelineList as List,
  ToolCallTimelineRow as Row,
  ToolCallTimelineTime as Time,
  ToolCallTimelineTrack as Track,
} from './row.tsx';
