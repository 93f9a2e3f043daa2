using System.Text.Json.Serialization;

namespace Cdr.EdgeAgent.Resident;

/// <summary>What is asked of the agent that runs.</summary>
/// <param name="Verb"><c>status</c>, <c>login</c>, <c>logout</c>.</param>
/// <param name="Reader">Which reader, where several hold a card.</param>
/// <param name="Browser">Key of the browser that the ticket is for, as the <c>cdr:</c> link told it; null: the caller takes the ticket.</param>
/// <param name="Because">Of a logout: <c>signed-out</c>, <c>locked</c>, <c>logged-off</c>.</param>
internal sealed record AgentRequest(string Verb, string? Reader = null, string? Browser = null, string? Because = null);

/// <summary>What it says.</summary>
/// <param name="Done">It did what was asked.</param>
/// <param name="Code">Stable, kebab-case: for scripts and the hotline.</param>
/// <param name="Words">For the person, in French.</param>
/// <param name="Next">What to do next.</param>
internal sealed record AgentReply(bool Done, string Code, string Words, string? Next = null)
{
    /// <summary>Readers that hold a card, where one has to be chosen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Choices { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AgentState? State { get; init; }

    /// <summary>Where they were asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ReaderState>? Readers { get; init; }

    /// <summary>Only for a caller of the same user who asked for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ticket { get; init; }

    /// <summary>Of the ticket's session.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TicketActivity>? Activities { get; init; }

    /// <summary>What is wrong with the post.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>Masked: it may hold a ticket.</summary>
    public override string ToString() => $"{nameof(AgentReply)} {Code}";
}

/// <summary>What the ticket's holder may act as.</summary>
internal sealed record TicketActivity(Guid Id, string Label);

/// <summary>How the agent is. Nothing of a person.</summary>
/// <param name="Version">Of the agent.</param>
/// <param name="Platform">Its platform; null: not set.</param>
/// <param name="Readers">And what lies in them.</param>
/// <param name="Monitor"><c>ok</c>, or the PC/SC code of a monitor that failed.</param>
/// <param name="Session"><c>none</c>, <c>open</c>, or <c>doubtful</c>: the reader does not answer, and it ends within 15 s.</param>
/// <param name="Since">When it was opened, UTC.</param>
/// <param name="LastEnd">Why the one before ended.</param>
/// <param name="SeesLocks">The system tells it when its session is locked.</param>
internal sealed record AgentState(string Version, string? Platform, IReadOnlyList<ReaderState> Readers, string Monitor, string Session, DateTimeOffset? Since, string? LastEnd, bool SeesLocks)
{
    /// <summary>Code of the last sign-in's outcome: the platform's refusal of this post, where it refused it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastSignIn { get; init; }

    /// <summary>Codes of what the platform's policy said of this post at the last sign-in that it accepted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? PostWarnings { get; init; }
}

/// <param name="Name">Of the reader's slot.</param>
/// <param name="Card">What lies in it, by its answer to reset; null: nothing.</param>
/// <param name="SignsIn">It may sign in.</param>
internal sealed record ReaderState(string Name, string? Card, bool SignsIn);
