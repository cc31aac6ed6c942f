/** Owns the names of a card's parts under one roof: `ToolCallCardParts.Root`, `ToolCallCardParts.Trigger`, … */
export {
  ToolCallCardAttempts as Attempts,
  ToolCallCardContent as Content,
  ToolCallCardError as Error,
  ToolCallCardFooter as Footer,
  ToolCallCardInput as Input,
  ToolCallCardNote as Note,
  ToolCallCardOutput as Output,
  ToolCallCardQuestion as Question,
  ToolCallCardSection as Section,
} from './body.tsx';
export {
  ToolCallCardApprove as Approve,
  ToolCallCardCancel as Cancel,
  ToolCallCardDeny as Deny,
  ToolCallCardRetry as Retry,
  ToolCallCardRun as Run,
  ToolCallCardSend as Send,
  ToolCallCardSkip as Skip,
  ToolCallCardUndo as Undo,
} from './buttons.tsx';
export { ToolCallCardCopy as Copy } from './copy.tsx';
export { ToolCallCardDetail as Detail } from './detail.tsx';
export { ToolCallCardChange as Change, ToolCallCardEdit as Edit, ToolCallCardEditForm as EditForm } from './edit.tsx';
export {
  ToolCallCardActions as Actions,
  ToolCallCardChevron as Chevron,
  ToolCallCardHeader as Header,
  ToolCallCardIcon as Icon,
  ToolCallCardName as Name,
  ToolCallCardProgress as Progress,
  ToolCallCardStatus as Status,
  ToolCallCardTime as Time,
  ToolCallCardTrigger as Trigger,
} from './head.tsx';
export { ToolCallCardRenderer as Renderer } from './renderer.tsx';
export { ToolCallCardRespond as Respond } from './respond.tsx';
export { ToolCallCardRoot as Root } from './root.tsx';
