using System.ComponentModel.DataAnnotations;

namespace Cdr.Support.Retention;

/// <summary>How long what tickets hold is kept. Nothing that is under way goes, but the answer of a ticket that nobody ended.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Support:Retention";

    /// <summary>Months that nothing goes below: a trace of access is kept at least six, by CNIL 2021-122.</summary>
    public const int Floor = 6;

    /// <summary>Months that the journal keeps a proof by default, its margin included (0022).</summary>
    public const int JournalProofMonths = 42;

    /// <value>Default 36: months of a frozen answer and of a file since they came, whatever the ticket does. At most 42, so that they do not outlive the journal's own proof; less where that is kept less.</value>
    [Range(Floor, JournalProofMonths)]
    public int AnswerMonths { get; init; } = 36;

    /// <value>Default 36: months of a ticket since it was last touched, solved, closed or merged.</value>
    [Range(Floor, 120)]
    public int TicketMonths { get; init; } = 36;

    /// <value>Default 12: months of what was never sent, since it was last touched.</value>
    [Range(Floor, 120)]
    public int DraftMonths { get; init; } = 12;

    /// <value>Default 12: months of a trace: who was shown an answer, bells, e-mail and calls that are over.</value>
    [Range(Floor, 36)]
    public int TraceMonths { get; init; } = 12;
}

/// <summary>What the service does by itself, once a day. By default nothing: operations schedule the command then.</summary>
internal sealed class TicketUpkeepOptions
{
    public const string Section = "Support:Upkeep";

    /// <value>Default false. On PostgreSQL the service then holds the owner's role (<c>ConnectionStrings:SupportOwner</c>), which alone may remove.</value>
    public bool Purge { get; init; }

    /// <value>Default 03:00, UTC.</value>
    [Range(typeof(TimeSpan), "00:00:00", "23:59:59")]
    public TimeSpan At { get; init; } = new(3, 0, 0);
}
