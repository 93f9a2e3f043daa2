using Cdr.Portal.Questions;

namespace Cdr.Portal.Identity;

/// <summary>Whether the person of this circuit is still there: once they are not, nothing of the page stays on screen.</summary>
internal sealed class Presence
{
    /// <value>Null while the session lives.</value>
    public string? EndedBecause { get; private set; }

    /// <value>What is being typed, if anything is.</value>
    public Func<QuestionForm?>? Typed { get; set; }

    /// <summary>Raised once.</summary>
    public event Action? Ended;

    public void End(string reason)
    {
        if (EndedBecause is not null)
            return;
        EndedBecause = reason;
        Ended?.Invoke();
    }
}
