namespace Cdr.Rights.Statements;

/// <summary>That a statement was made. It leads to no consultation and names nobody: it outlives the record that it was made of.</summary>
internal sealed class StatementRow
{
    /// <value>SHA-256 of the code: 120 drawn bits are found by trying neither from outside nor from a copy of this table.</value>
    public required byte[] CodeHash { get; init; }

    /// <value>Instant of the answer.</value>
    public required DateTimeOffset AnsweredAt { get; init; }

    /// <value>Instant at which the statement was first made.</value>
    public required DateTimeOffset MadeAt { get; init; }
}
