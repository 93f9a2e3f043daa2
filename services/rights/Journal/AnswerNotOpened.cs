using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Journal;

/// <summary>An answer that is in the journal and does not open: it was changed, its key is gone, or this process has not that key yet.</summary>
internal static partial class AnswerNotOpened
{
    public static ProblemHttpResult Problem(HttpContext http, Guid consultation)
    {
        Log.NotOpened(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Cdr.Rights.Journal"), consultation);
        return Problems.Problem(StatusCodes.Status500InternalServerError, "answer-not-opened", "Cette réponse est au journal et ne s'ouvre pas.",
            "Réessayez dans quelques minutes. Si cela dure, posez de nouveau la question et prévenez l'exploitation : sa clé manque, ou la vérification du journal dira ce qui a été modifié.");
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Critical, "The answer of consultation {Consultation} does not open: its key is not here, or the record is not what was signed: verify the journal.")]
        public static partial void NotOpened(ILogger logger, Guid consultation);
    }
}
