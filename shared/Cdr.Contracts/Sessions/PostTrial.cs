namespace Cdr.Contracts.Sessions;

/// <summary>How a post did on which the package was tried for one function: passed, it is deployed there; failed, it becomes a ticket.</summary>
/// <param name="Post">The post's id, or the name by which its referent knows it: at most 64 letters, digits, spaces, « - _ . / ». Nothing of a person.</param>
/// <param name="Function">One of <see cref="TrialFunctions"/>.</param>
/// <param name="Passed">Everything went well.</param>
/// <param name="Failed">What did not, of <see cref="TrialChecks"/>; empty or absent where it passed. There is no text of one's own: it would hold a person sooner or later.</param>
public sealed record PostTrial(string Post, string Function, bool Passed, IReadOnlyList<string>? Failed = null);

/// <summary>Values of <see cref="PostTrial.Function"/>: those of units in the directory.</summary>
public static class TrialFunctions
{
    /// <summary>Admissions.</summary>
    public const string Reception = "reception";

    /// <summary>Emergencies.</summary>
    public const string Emergencies = "emergencies";

    /// <summary>Invoicing.</summary>
    public const string Invoicing = "invoicing";

    /// <summary>All three.</summary>
    public static IReadOnlyList<string> All { get; } = [Reception, Emergencies, Invoicing];
}

/// <summary>What is tried, in the order in which it is: values of <see cref="PostTrial.Failed"/>.</summary>
public static class TrialChecks
{
    /// <summary>The agent is installed and starts.</summary>
    public const string Agent = "agent";

    /// <summary>The reader is seen.</summary>
    public const string Reader = "reader";

    /// <summary>Cryptolib is found, in the version that is asked for.</summary>
    public const string Cryptolib = "cryptolib";

    /// <summary>The card is recognised.</summary>
    public const string Card = "card";

    /// <summary>The PIN is asked for and taken.</summary>
    public const string Pin = "pin";

    /// <summary>The portal opens in the browser.</summary>
    public const string Portal = "portal";

    /// <summary>A session opens.</summary>
    public const string Session = "session";

    /// <summary>A question is answered.</summary>
    public const string Question = "question";

    /// <summary>The card's withdrawal closes the page.</summary>
    public const string Withdrawal = "withdrawal";

    /// <summary>A statement is printed.</summary>
    public const string Printing = "printing";

    /// <summary>None of these: the hotline is told on the telephone.</summary>
    public const string Other = "other";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Agent, Reader, Cryptolib, Card, Pin, Portal, Session, Question, Withdrawal, Printing, Other];
}

/// <summary>The trial was kept.</summary>
/// <param name="Trial">Its id.</param>
/// <param name="Ticket">Null where it passed.</param>
public sealed record PostTrialAnswer(Guid Trial, TicketDraft? Ticket);

/// <summary>A ticket as the hotline gets it; where the installation has no Support, to be copied to it. Nothing of a person.</summary>
/// <param name="Kind">One of <see cref="TicketKinds"/>.</param>
/// <param name="Title">In French, one line.</param>
/// <param name="Text">In French, whole: it can be read without the other fields.</param>
/// <param name="Establishment">FINESS géographique.</param>
/// <param name="Post">As the trial named it.</param>
/// <param name="Function">Of the trial.</param>
/// <param name="Failed">Of <see cref="TrialChecks"/>.</param>
/// <param name="Trial">By which the trial is found again; and the ticket, whose id it is.</param>
/// <param name="At">Of the trial, UTC.</param>
public sealed record TicketDraft(
    string Kind, string Title, string Text, string Establishment, string Post, string Function, IReadOnlyList<string> Failed, Guid Trial, DateTimeOffset At);

/// <summary>Values of <see cref="TicketDraft.Kind"/>.</summary>
public static class TicketKinds
{
    /// <summary>Something does not work.</summary>
    public const string Technical = "technical";
}

/// <summary>A trial, as a referent sees it.</summary>
/// <param name="Trial">Its id.</param>
/// <param name="At">UTC.</param>
/// <param name="Post">As it was named.</param>
/// <param name="Label">Of the post of that id in their establishment, or null.</param>
/// <param name="Function">One of <see cref="TrialFunctions"/>.</param>
/// <param name="Failed">What did not go well; empty: passed.</param>
/// <param name="Requester">Who had asked for the access that told it.</param>
/// <param name="Ticket">Null where it passed.</param>
public sealed record PostTrialEntry(
    Guid Trial, DateTimeOffset At, string Post, string? Label, string Function, IReadOnlyList<string> Failed, string Requester, TicketDraft? Ticket)
{
    /// <summary>Masked: names a person.</summary>
    public override string ToString() => $"{nameof(PostTrialEntry)} {Trial}";
}
