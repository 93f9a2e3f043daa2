using Refit;

namespace Cdr.Contracts.Rights;

/// <summary>For services only (token of kind service): the facts again, from the journal.</summary>
public interface IJournalApi
{
    /// <summary>Every journal with its last batch.</summary>
    [Get("/internal/journals")]
    Task<IReadOnlyList<JournalHead>> HeadsAsync(CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="take"/> batches after number <paramref name="after"/>, in order. Fewer than asked means the end.</summary>
    [Get("/internal/journals/{id}/batches")]
    Task<IReadOnlyList<ConsultationsAnswered>> BatchesAsync(Guid id, [Query] long after, [Query] int take, CancellationToken cancellationToken);
}

/// <summary>A journal and the number of its last committed batch.</summary>
/// <param name="Journal">Its id.</param>
/// <param name="LastBatch">Of its last batch, from 1.</param>
/// <param name="KeptSince">Older consultations may have been purged, and cannot be told again.</param>
public sealed record JournalHead(Guid Journal, long LastBatch, DateTimeOffset KeptSince);
