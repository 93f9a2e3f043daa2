namespace Cdr.Rights.Journal;

/// <summary>An answer, or the record that holds it, is not what was signed. The message says where, by ids alone.</summary>
internal sealed class AnswerDamagedException(JournalRecord record) : Exception($"The answer in batch {record.Batch} of journal {record.Journal} is not what was signed.");
