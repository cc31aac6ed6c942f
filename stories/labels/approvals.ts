/** Owns the words of `use-parallel-tools/approvals` in German, Japanese and Arabic, as examples of another language. */
import type { ApprovalMemoryLabels } from 'use-parallel-tools/approvals';

/** What differs from language to language, and is put together in the same way. */
function createLabels(
  locale: string,
  words: Omit<ApprovalMemoryLabels, 'lasts' | 'answered' | 'until'> & {
    lastsFor: (limits: string) => string;
    most: (calls: number) => string;
    said: Record<'approve' | 'deny', (date: string) => string>;
    untilDate: (date: string) => string;
  },
): ApprovalMemoryLabels {
  const { lastsFor, most, said, untilDate, ...rest } = words;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const days = new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' });
  const list = new Intl.ListFormat(locale, { type: 'unit' });
  return {
    ...rest,
    lasts: (ttl, maxUses) =>
      lastsFor(
        list.format([
          ...(ttl === undefined ? [] : [days.format(Math.round(ttl / 86_400_000))]),
          ...(maxUses === undefined ? [] : [most(maxUses)]),
        ]),
      ),
    answered: (answer, at) => said[answer](date.format(at)),
    until: (at) => untilDate(date.format(at)),
  };
}

export const germanApprovals = createLabels('de', {
  remember: 'Antwort merken',
  rememberNamed: (name) => `Antwort merken: ${name}`,
  covers: (name) => `Gilt für jeden Aufruf von ${name} für`,
  coversInput: (name) => `Gilt nur für Aufrufe von ${name} mit genau dieser Eingabe.`,
  alsoAnswers: (count) =>
    count === 1
      ? 'Beantwortet auch 1 wartenden Aufruf in diesem Gespräch.'
      : `Beantwortet auch ${count} wartende Aufrufe in diesem Gespräch.`,
  lastsFor: (limits) => `Gemerkt für höchstens ${limits}.`,
  most: (calls) => `${calls} ${calls === 1 ? 'Aufruf' : 'Aufrufe'}`,
  untilLeft: 'Vergessen, wenn du diese Seite verlässt.',
  scope: 'Wo',
  scopes: { chat: 'In diesem Gespräch', always: 'In jedem Gespräch' },
  oneChat: 'In einem Gespräch',
  approve: 'Zustimmen und merken',
  deny: 'Ablehnen und merken',
  said: {
    approve: (date) => `Zugestimmt durch deine Antwort vom ${date}`,
    deny: (date) => `Abgelehnt durch deine Antwort vom ${date}`,
  },
  list: 'Gemerkte Antworten',
  nothing: 'Es sind keine Antworten gemerkt.',
  answers: { approve: 'Zugestimmt', deny: 'Abgelehnt' },
  exactInput: 'Genau diese Eingabe',
  untilDate: (date) => `Bis ${date}`,
  usesLeft: (count) => `Noch für ${count} ${count === 1 ? 'Aufruf' : 'Aufrufe'}`,
  forget: 'Vergessen',
  forgetNamed: (name, covered) => `Antwort auf ${name} vergessen: ${covered}`,
});

export const japaneseApprovals = createLabels('ja', {
  remember: '回答を記憶する',
  rememberNamed: (name) => `回答を記憶する：${name}`,
  covers: (name) => `次に対する ${name} のすべての呼び出しに適用：`,
  coversInput: (name) => `まったく同じ入力による ${name} の呼び出しにのみ適用します。`,
  alsoAnswers: (count) => `このチャットで待機中のほかの呼び出し ${count} 件にも回答します。`,
  lastsFor: (limits) => `記憶する上限：${limits}`,
  most: (calls) => `${calls} 件`,
  untilLeft: 'このページを離れると削除されます。',
  scope: '範囲',
  scopes: { chat: 'このチャット', always: 'すべてのチャット' },
  oneChat: '1 つのチャット',
  approve: '承認して記憶',
  deny: '拒否して記憶',
  said: {
    approve: (date) => `${date} のあなたの回答により承認`,
    deny: (date) => `${date} のあなたの回答により拒否`,
  },
  list: '記憶した回答',
  nothing: '記憶した回答はありません。',
  answers: { approve: '承認', deny: '拒否' },
  exactInput: 'まったく同じ入力',
  untilDate: (date) => `${date} まで`,
  usesLeft: (count) => `残り ${count} 件`,
  forget: '削除',
  forgetNamed: (name, covered) => `${name} への回答を削除：${covered}`,
});

export const arabicApprovals = createLabels('ar', {
  remember: 'تذكُّر الإجابة',
  rememberNamed: (name) => `تذكُّر الإجابة: ${name}`,
  covers: (name) => `تسري على كل استدعاء لـ ${name} يخص`,
  coversInput: (name) => `تسري فقط على استدعاءات ${name} بهذا الإدخال نفسه.`,
  alsoAnswers: (count) => `تجيب أيضًا عن استدعاءات تنتظر في هذه المحادثة، عددها: ${count}`,
  lastsFor: (limits) => `الحد الأقصى للتذكُّر: ${limits}`,
  most: (calls) => `عدد الاستدعاءات ${calls}`,
  untilLeft: 'تُنسى عند مغادرة هذه الصفحة.',
  scope: 'النطاق',
  scopes: { chat: 'في هذه المحادثة', always: 'في كل المحادثات' },
  oneChat: 'في محادثة واحدة',
  approve: 'موافقة وتذكُّر',
  deny: 'رفض وتذكُّر',
  said: {
    approve: (date) => `تمت الموافقة بإجابتك بتاريخ ${date}`,
    deny: (date) => `تم الرفض بإجابتك بتاريخ ${date}`,
  },
  list: 'الإجابات المحفوظة',
  nothing: 'لا توجد إجابات محفوظة.',
  answers: { approve: 'موافقة', deny: 'رفض' },
  exactInput: 'هذا الإدخال نفسه',
  untilDate: (date) => `حتى ${date}`,
  usesLeft: (count) => `الاستدعاءات المتبقية: ${count}`,
  forget: 'نسيان',
  forgetNamed: (name, covered) => `نسيان الإجابة عن ${name}: ${covered}`,
});
