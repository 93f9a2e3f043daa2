using Cdr.Rights.Journal.Retention;

namespace Cdr.Rights.Journal.Tool;

/// <summary>Where a command line finds the journal, its keys and its clocks.</summary>
internal sealed record JournalToolSettings
{
    /// <value>PostgreSQL; null: the service's own file.</value>
    public string? Connection { get; init; }

    /// <value>PostgreSQL as the role that may remove.</value>
    public string? OwnerConnection { get; init; }

    public string? DataFolder { get; init; }

    public string? KeysFile { get; init; }

    public RetentionOptions Retention { get; init; } = new();
}
