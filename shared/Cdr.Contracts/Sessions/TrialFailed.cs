namespace Cdr.Contracts.Sessions;

/// <summary>A post was tried with the installation package, and something did not work: a ticket of the hotline. Told once at least, after it is durable; nothing of a person.</summary>
/// <param name="Trial">UUIDv7, and the ticket's own: whoever has that ticket already does nothing.</param>
/// <param name="At">Of the trial, UTC.</param>
/// <param name="Establishment">FINESS géographique.</param>
/// <param name="Title">In French, one line.</param>
/// <param name="Text">In French, whole.</param>
public sealed record TrialFailed(Guid Trial, DateTimeOffset At, string Establishment, string Title, string Text)
{
    /// <summary>Without its words, of which one is somebody's own.</summary>
    public override string ToString() => $"{nameof(TrialFailed)} {Trial}";
}
