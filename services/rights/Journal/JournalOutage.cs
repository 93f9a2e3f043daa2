using System.Data.Common;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Journal;

/// <summary>The journal's store does not answer.</summary>
internal static class JournalOutage
{
    /// <summary>Whether that is what an exception says.</summary>
    public static bool Is(Exception e) =>
        e is JournalUnavailableException or DbException or TimeoutException or InvalidOperationException { InnerException: DbException or TimeoutException };

    public static ProblemHttpResult Problem() =>
        Problems.Problem(StatusCodes.Status503ServiceUnavailable, "journal-unavailable", "Le journal n'est pas disponible en ce moment.", "Réessayez dans quelques instants.");
}
