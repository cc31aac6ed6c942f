/** The door of `use-parallel-tools/approvals`: a person's answers that are given to later calls too. */
export { englishApprovalMemoryLabels, type ApprovalMemoryLabels, type ApprovalMemoryLabelsOverride } from './labels.ts';
export { RememberApproval, type RememberApprovalProps } from './remember-approval.tsx';
export {
  rememberedApprovals,
  type ApprovalMemory,
  type ApprovalMemoryState,
  type RememberedApprovalsOptions,
} from './remembered-approvals.ts';
export { RememberedApprovals, type RememberedApprovalsProps } from './remembered-approvals-list.tsx';
export {
  readAppliedRule,
  readApprovalOffer,
  selectCoveredCalls,
  type AppliedRule,
  type ApprovalCoverage,
  type ApprovalOffer,
  type RememberedApproval,
} from './rules.ts';
