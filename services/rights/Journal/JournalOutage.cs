using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Journal;

/// <summary>The journal's store does not answer.</summary>
internal static class JournalOutage
{
    /// <summary>Whether that is what an exception says.</summary>
    public static bool Is(Exception e) => e is JournalUnavailableException || StoreOutage.Is(e);

    public static ProblemHttpResult Problem() =>
        Problems.Problem(StatusCodes.Status503ServiceUnavailable, "journal-unavailable", "Le journal n'est pas disponible en ce moment.", "Réessayez dans quelques instants.");
}
