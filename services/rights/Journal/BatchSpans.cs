using System.Diagnostics;
using Cdr.Contracts.Rights;

namespace Cdr.Rights.Journal;

/// <summary>
/// The trace of a batch: told, sent, counted by whoever listens. It is nobody's child, as it is of many questions, and linked to each of theirs.
/// </summary>
internal static class BatchSpans
{
    public const string Name = "Cdr.Rights.Journal";

    // What OpenTelemetry keeps of one span.
    private const int Most = 128;

    private static readonly ActivitySource Source = new(Name);

    /// <summary>The question that is being answered here and now; null where nobody listens, or its own trace is not kept.</summary>
    public static ActivityContext? Question() => Source.HasListeners() && Activity.Current is { Recorded: true } here ? here.Context : null;

    /// <summary>One attempt to tell a batch; null where nobody listens.</summary>
    public static Activity? Tell(CommittedBatch batch) => Source.StartActivity(
        "tell batch",
        ActivityKind.Internal,
        default(ActivityContext),
        [new("cdr.journal.batch", batch.Message.Batch), new("cdr.journal.facts", batch.Message.Facts.Length)],
        batch.Questions.Distinct().Take(Most).Select(question => new ActivityLink(question)));
}

/// <summary>A batch to tell, and the questions that it answers, as far as their traces are known here: one that is read again has none.</summary>
internal sealed record CommittedBatch(ConsultationsAnswered Message, IReadOnlyList<ActivityContext> Questions);
