using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Journal;

/// <summary>An answer that is in the journal and does not open: it was changed, its key is gone, or this process has not that key yet.</summary>
internal static partial class AnswerNotOpened
{
    /// <summary>Said to who asked, and to operations.</summary>
    public static ProblemHttpResult Problem(HttpContext http, Guid consultation)
    {
        Tell(http.RequestServices.GetRequiredService<ILoggerFactory>(), consultation);
        return Problem();
    }

    /// <summary>Where operations were told already.</summary>
    public static ProblemHttpResult Problem() =>
        Problems.Problem(StatusCodes.Status500InternalServerError, "answer-not-opened", "Cette réponse est au journal et ne s'ouvre pas.",
            "Réessayez dans quelques minutes. Si cela dure, posez de nouveau la question et prévenez l'exploitation : sa clé manque, ou la vérification du journal dira ce qui a été modifié.");

    public static void Tell(ILoggerFactory logs, Guid consultation) => Log.NotOpened(logs.CreateLogger("Cdr.Rights.Journal"), consultation);

    /// <summary>Told to operations beside it: its bytes are not those that were signed.</summary>
    public static void TellChanged(ILoggerFactory logs, Guid consultation) => Log.Changed(logs.CreateLogger("Cdr.Rights.Journal"), consultation);

    private static partial class Log
    {
        [LoggerMessage(3, LogLevel.Critical, "The answer of consultation {Consultation} is not what was signed: verify the journal.")]
        public static partial void Changed(ILogger logger, Guid consultation);

        [LoggerMessage(2, LogLevel.Error, "The answer of consultation {Consultation} does not open: its key is not here yet, or is gone; if this lasts, verify the journal.")]
        public static partial void NotOpened(ILogger logger, Guid consultation);
    }
}
