/** Owns the names of a timeline's parts under one roof: `ToolCallTimelineParts.Root`, `ToolCallTimelineParts.Axis`, … */
export {
  ToolCallTimelineAxis as Axis,
  ToolCallTimelineLegend as Legend,
  ToolCallTimelineSummary as Summary,
} from './tool-call-timeline-axis.tsx';
export { ToolCallTimelineRoot as Root } from './tool-call-timeline-root.tsx';
export {
  ToolCallTimelineLabel as Label,
  ToolCallTimelineList as List,
  ToolCallTimelineRow as Row,
  ToolCallTimelineTime as Time,
  ToolCallTimelineTrack as Track,
} from './tool-call-timeline-row.tsx';
