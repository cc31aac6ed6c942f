/** Owns the words of `use-parallel-tools/disclosure` in German, Japanese and Arabic, as examples of another language. */
import type { DisclosureLabels } from 'use-parallel-tools/disclosure';

/** What differs from language to language, and is put together in the same way. */
function createLabels(
  locale: string,
  words: Omit<DisclosureLabels, 'guardReason' | 'list' | 'size'> & {
    tainted: (privateFrom: string, labels: string, untrustedFrom: string) => string;
    carried: (carriedFrom: string) => string;
  },
): DisclosureLabels {
  const { tainted, carried, ...rest } = words;
  const names = new Intl.ListFormat(locale);
  const bytes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'byte', unitDisplay: 'long' });
  const kilobytes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 });
  return {
    ...rest,
    guardReason: ({ privateFrom, labels, untrustedFrom, carriedFrom }) =>
      [privateFrom && tainted(privateFrom, labels, untrustedFrom), carriedFrom && carried(carriedFrom)]
        .filter(Boolean)
        .join(' '),
    list: (list) => names.format(list),
    size: (count) => (count < 1000 ? bytes.format(count) : kilobytes.format(count / 1000)),
  };
}

export const germanDisclosure = createLabels('de', {
  tainted: (privateFrom, labels, untrustedFrom) =>
    `Im Gespräch stehen private Daten (${labels}, aus ${privateFrom}) und Text, den andere geschrieben haben (aus ${untrustedFrom}). Dieser Text kann den Aufruf verlangt haben.`,
  carried: (carriedFrom) => `Die Eingabe wiederholt private Daten aus ${carriedFrom}.`,
  guardNotReady: 'Es ist noch nicht bekannt, welche privaten Daten im Gespräch stehen.',
  sources: (calls, withLabels) =>
    `Aus ${calls} ${calls === 1 ? 'Aufruf' : 'Aufrufen'}${withLabels > 0 ? ` · ${withLabels} mit persönlichen Daten` : ''}`,
  untrusted: 'Text, den andere geschrieben haben',
  approved: 'Von dir bestätigt',
  failed: 'Fehlgeschlagen',
  changed: { redacted: 'Teilweise zurückgehalten', shortened: 'Gekürzt' },
  withheld: {
    'by-person': 'Von dir zurückgehalten',
    'by-page': 'Von dieser Seite zurückgehalten',
    unsent: 'Nicht gesendet: du hast eine neue Nachricht geschrieben',
    'too-large': 'Zurückgehalten: zu groß',
    'redaction-failed': 'Zurückgehalten: private Daten ließen sich nicht entfernen',
    'labels-failed': 'Zurückgehalten: was darin privat ist, ist nicht bekannt',
  },
  consent: (calls) =>
    calls === 1
      ? 'Ergebnis von 1 Aufruf an das Modell senden?'
      : `Ergebnisse von ${calls} Aufrufen an das Modell senden?`,
  include: (name) => `Ergebnis von ${name} senden`,
  remember: 'Bei solchen Daten in diesem Gespräch nicht mehr fragen',
  send: 'Senden',
  sendNothing: 'Nichts senden',
});

export const japaneseDisclosure = createLabels('ja', {
  tainted: (privateFrom, labels, untrustedFrom) =>
    `この会話には個人データ（${labels}、${privateFrom} から）と、他者が書いた文章（${untrustedFrom} から）が含まれています。その文章がこの呼び出しを求めた可能性があります。`,
  carried: (carriedFrom) => `入力に ${carriedFrom} の個人データが含まれています。`,
  guardNotReady: 'この会話にどの個人データが含まれるか、まだ分かりません。',
  sources: (calls, withLabels) =>
    `${calls} 件の呼び出しに基づく${withLabels > 0 ? ` · うち個人データ ${withLabels} 件` : ''}`,
  untrusted: '他者が書いた文章',
  approved: 'あなたが承認',
  failed: '失敗',
  changed: { redacted: '一部を非公開', shortened: '短縮' },
  withheld: {
    'by-person': 'あなたが非公開にしました',
    'by-page': 'このページが非公開にしました',
    unsent: '未送信：新しいメッセージが送られました',
    'too-large': '非公開：大きすぎます',
    'redaction-failed': '非公開：個人データを取り除けませんでした',
    'labels-failed': '非公開：個人データの有無が分かりません',
  },
  consent: (calls) => `${calls} 件の結果をモデルに送信しますか？`,
  include: (name) => `${name} の結果を送信`,
  remember: 'この会話では同種のデータについて再度確認しない',
  send: '送信',
  sendNothing: '何も送信しない',
});

export const arabicDisclosure = createLabels('ar', {
  tainted: (privateFrom, labels, untrustedFrom) =>
    `تحتوي المحادثة على بيانات خاصة (${labels}، من ${privateFrom}) وعلى نص كتبه آخرون (من ${untrustedFrom}). قد يكون ذلك النص هو من طلب هذا الاستدعاء.`,
  carried: (carriedFrom) => `يكرر الإدخال بيانات خاصة من ${carriedFrom}.`,
  guardNotReady: 'لا يُعرف بعد ما في المحادثة من بيانات خاصة.',
  sources: (calls, withLabels) =>
    `عدد الاستدعاءات: ${calls}${withLabels > 0 ? ` · منها ببيانات شخصية: ${withLabels}` : ''}`,
  untrusted: 'نص كتبه آخرون',
  approved: 'وافقت عليه',
  failed: 'فشل',
  changed: { redacted: 'حُجب جزء منه', shortened: 'مختصر' },
  withheld: {
    'by-person': 'حجبته أنت',
    'by-page': 'حجبته هذه الصفحة',
    unsent: 'لم يُرسل: كتبتَ رسالة جديدة',
    'too-large': 'محجوب: كبير جدًا',
    'redaction-failed': 'محجوب: تعذرت إزالة البيانات الخاصة',
    'labels-failed': 'محجوب: لا يُعرف ما فيه من بيانات خاصة',
  },
  consent: (calls) => `هل تُرسل النتائج إلى النموذج؟ عددها: ${calls}`,
  include: (name) => `إرسال نتيجة ${name}`,
  remember: 'لا تسأل مجددًا عن مثل هذه البيانات في هذه المحادثة',
  send: 'إرسال',
  sendNothing: 'عدم إرسال شيء',
});
