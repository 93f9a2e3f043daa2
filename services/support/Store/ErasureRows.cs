using Cdr.Contracts.Support;

namespace Cdr.Support.Store;

/// <summary>What a policy took of a ticket, and when. No words, and nobody: it stays.</summary>
internal sealed class ErasureRow
{
    public required Guid Id { get; init; }

    public required Guid Ticket { get; init; }

    public required string Number { get; init; }

    public required TicketKind Kind { get; init; }

    /// <value>When it was erased.</value>
    public required TicketState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <value>When the ticket was last touched.</value>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <value>With its months: <c>tickets-36m</c>.</value>
    public required string Policy { get; init; }

    /// <value>What is older is past its time.</value>
    public required DateTimeOffset Until { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <value>True: nothing is left of the ticket but who was shown its answer lately.</value>
    public required bool Whole { get; init; }

    /// <value>How many bells went.</value>
    public required int Notices { get; init; }
}

/// <summary>A row that was erased: the database lets none go that is not named here.</summary>
internal sealed class ErasedRow
{
    /// <value>The row's own.</value>
    public required Guid Id { get; init; }

    public required Guid Erasure { get; init; }

    public required ErasedKind Kind { get; init; }

    /// <value>The row's own instant.</value>
    public required DateTimeOffset At { get; init; }

    /// <value>SHA-256: of the answer as it was frozen, of the file, of the sealed words. Empty where there was nothing to hash.</value>
    public required byte[] Hash { get; init; }
}

internal enum ErasedKind
{
    Entry,
    Answer,
    File,

    /// <summary>That somebody was shown an answer, or given a file.</summary>
    Reading,
}
