/** Owns Arabic words, as an example of labels with six plural forms, other digits, and a page from right to left. */
import { createDurationFormat, type ToolCallLabelsOverride } from 'use-parallel-tools';

const number = new Intl.NumberFormat('ar-EG');
const format = (value: number) => number.format(value);
const duration = createDurationFormat('ar-EG', { millisecond: 'م.ث', second: 'ث', minute: 'د', hour: 'س' });
const wholeSeconds = (milliseconds: number) => `${format(Math.floor(milliseconds / 1000))}\u00A0ث`;
const rules = new Intl.PluralRules('ar');

const time = new Intl.DateTimeFormat('ar-EG', { dateStyle: 'medium', timeStyle: 'short' });

/** Arabic counts one and two without a number, a few in the plural, many in the singular. */
function count(value: number, forms: { one: string; two: string; few: string; many: string }): string {
  const form = rules.select(value);
  if (form === 'one' || form === 'two') return forms[form];
  return `${format(value)} ${form === 'few' ? forms.few : forms.many}`;
}

const tools = { one: 'أداة واحدة', two: 'أداتان', few: 'أدوات', many: 'أداة' };
const attempts = { one: 'محاولة واحدة', two: 'محاولتان', few: 'محاولات', many: 'محاولة' };

export const arabic: ToolCallLabelsOverride = {
  group: 'استدعاءات الأدوات',
  status: {
    'input-streaming': 'يُحضَّر',
    queued: 'في الانتظار',
    'awaiting-approval': 'يحتاج موافقة',
    'awaiting-input': 'يحتاج إجابة',
    interrupted: 'انقطع',
    running: 'قيد التشغيل',
    retrying: 'يُعاد',
    succeeded: 'تم',
    failed: 'فشل',
    denied: 'مرفوض',
    cancelled: 'أُلغي',
  },
  readyToRun: 'جاهز للتشغيل',
  toolCount: (total) => count(total, tools),
  doneCount: (done, total) => `اكتمل ${format(done)} من ${format(total)}`,
  failedCount: (failed) => `فشل ${format(failed)}`,
  cancelledCount: (cancelled) => `أُلغي ${format(cancelled)}`,
  deniedCount: (denied) => `رُفض ${format(denied)}`,
  awaitingCount: (awaiting) => `${format(awaiting)} بانتظارك`,
  awaitingConsent: (results) => `يسأل قبل الإرسال، عدد النتائج: ${format(results)}`,
  announcement: (parts) => parts.join('، '),
  duration,
  elapsed: wholeSeconds,
  retryIn: (milliseconds) => `بعد ${wholeSeconds(milliseconds)}`,
  saved: (milliseconds) => `وفّر التشغيل المتوازي ${duration(milliseconds)}`,
  waitingForLock: (lock, holder) => `ينتظر ${lock}، يشغله ${holder}`,
  waitingForSlot: 'ينتظر مكانًا شاغرًا',
  waitingForRateLimit: 'ينتظر حد المعدل',
  waitingForMoreCalls: 'ينتظر استدعاءات أخرى لتعمل معه',
  waitingForCall: (name) => `ينتظر ${name}`,
  waitingForStepEnd: 'يبدأ عند اكتمال الإجابة',
  waitingForPlugin: (name) => `ينتظر ${name}`,
  attemptFailed: (attempt, reason, maxAttempts) =>
    `المحاولة ${format(attempt)}${maxAttempts === undefined ? '' : ` من ${format(maxAttempts)}`}: ${reason}`,
  errorSummary: {
    timeout: 'انتهت المهلة',
    'invalid-input': 'المدخلات لا تناسب الأداة',
    unavailable: 'جزء الصفحة الخاص بها مغلق',
    interrupted: 'أُعيد تحميل الصفحة',
  },
  timedOut: (after) => `انتهت المهلة بعد ${duration(after)}`,
  cancelledBy: {
    user: 'ألغيته أنت',
    'new-message': 'أرسلت رسالة',
    stop: 'أوقفت الإجابة',
    caller: 'ألغاه من استدعاه',
    unavailable: 'أُغلق جزء الصفحة الخاص بها',
  },
  calledBy(from) {
    if (from === 'page') return 'استدعتها هذه الصفحة';
    return from === 'browser-agent' ? 'استدعاها وكيل المتصفح' : from;
  },
  deniedReason: (reason) => `«${reason}»`,
  interrupted: 'أُعيد تحميل الصفحة',
  input: 'المدخلات',
  output: 'المخرجات',
  error: 'الخطأ',
  attempts: 'المحاولات',
  attemptCount: (total) => count(total, attempts),
  actions: {
    retry: 'إعادة المحاولة',
    cancel: 'إلغاء',
    approve: 'موافقة',
    deny: 'رفض',
    run: 'تشغيل',
    runAgain: 'تشغيل مجددًا',
    skip: 'تخطٍّ',
    send: 'إرسال',
    edit: 'تعديل',
    back: 'تجاهل التغييرات',
    undo: 'تراجع',
  },
  signedNote: 'وقّع الخادم هذه المدخلات، فلا يمكن تغييرها',
  changed: 'غيّرتها أنت',
  optional: '(اختياري)',
  asJson: (caption) => `${caption} بصيغة JSON`,
  invalidJson: (message) => `هذا ليس JSON: ${message}`,
  retryFailed: 'إعادة ما فشل',
  cancelAll: 'إلغاء',
  runAll: (total) => `تشغيل الكل (${format(total)})`,
  approveAll: (total) => `الموافقة على الكل (${format(total)})`,
  answer: 'الإجابة',
  destructiveNote: 'قد لا يمكن التراجع عن هذا',
  readyToRunNote: 'لا تعرف هذه الصفحة هل اكتملت الإجابة',
  interruptedNote: 'ربما نُفِّذ قبل إعادة التحميل',
  interruptionNote: {
    started: (at) => `بدأ في ${time.format(at)} ولم يصل رد: ربما نُفِّذ`,
    ended: (at) => `انتهى في ${time.format(at)} ولم تُحفظ نتيجته`,
    'never-started': () => 'لم يُنفَّذ بعد',
  },
  restored: 'استُعيد بعد إعادة التحميل',
  runningElsewhere: 'يعمل في علامة تبويب أخرى',
  reused: (milliseconds) =>
    milliseconds < 1000 ? 'مشتركة مع استدعاء مماثل' : `نتيجة من قبل ${wholeSeconds(milliseconds)}`,
  undoing: 'جارٍ التراجع',
  undone: 'تم التراجع',
  undoFailed: (error) => `تعذّر التراجع: ${error}`,
  undoneCount: (undone) => `تم التراجع عن ${format(undone)}`,
  undoFailedCount: (failed) => `تعذّر التراجع عن ${format(failed)}`,
  modelReads: {
    redacted: 'حُجب جزء منه عن النموذج',
    shortened: 'مختصر للنموذج',
    withheld: 'محجوب عن النموذج',
  },
  retryBlocked: {
    'new-message': 'لا يمكن تشغيله مجددًا: كتبت رسالة لاحقة',
    'later-write': 'لا يمكن تشغيله مجددًا: غيّرت خطوة لاحقة شيئًا',
  },
  timeline: (total) => `الخط الزمني لـ ${count(total, tools)}`,
  timelinePhase: {
    queued: 'انتظار',
    running: 'تشغيل',
    backoff: 'مهلة',
    failed: 'محاولة فاشلة',
    cancelled: 'محاولة ملغاة',
    gap: 'حُذف وقت التوقف',
    request: 'طلب واحد',
  },
  timelineSpan: {
    queued: (time) => `انتظر ${time}`,
    running: (time) => `عمل ${time}`,
    backoff: (time) => `تمهّل ${time}`,
    failed: (time) => `فشل بعد ${time}`,
    cancelled: (time) => `أُلغي بعد ${time}`,
  },
  timelineRow: (status, spans) => [status, ...spans].join('، '),
  sharedRequest: (calls) => `طلب واحد لعدد ${format(calls)} من الاستدعاءات`,
  inParallel: 'بالتوازي',
  oneByOne: 'واحدًا تلو الآخر',
  savedShort: (milliseconds) => `وُفِّر ${duration(milliseconds)}`,
  axisNumber: format,
  axisUnit: { millisecond: 'م.ث', second: 'ث', minute: 'د' },
  renderFailed: (message) => `تعذّر العرض: ${message}`,
  moreEntries: (total) => `${format(total)} أخرى`,
  moreCharacters: (total) => `${format(total)} حرفًا آخر`,
  showMore: 'عرض المزيد',
  fold: 'طي',
  unfold: 'توسيع',
  copy: 'نسخ',
  copied: 'نُسخ',
  showImage: (index) => `عرض الصورة ${format(index)}`,
  hideImage: (index) => `إخفاء الصورة ${format(index)}`,
  image: (index) => `الصورة ${format(index)} من المخرجات`,
  circular: 'دائري',
  unreadable: 'غير مقروء',
};
