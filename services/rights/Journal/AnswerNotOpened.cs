using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Journal;

/// <summary>An answer that is in the journal as it was signed, and does not open: its key is gone, or this process has not that key yet.</summary>
internal static partial class AnswerNotOpened
{
    /// <summary>Said to who asked, and to operations. What was changed is told as damage: no key will ever open it.</summary>
    public static ProblemHttpResult Problem(HttpContext http, Guid consultation, Exception? why = null)
    {
        if (why is AnswerDamagedException)
            return JournalDamage.Problem(http, consultation, why.Message);
        Tell(http.RequestServices.GetRequiredService<ILoggerFactory>(), consultation);
        return Problem();
    }

    /// <summary>Where operations were told already.</summary>
    public static ProblemHttpResult Problem() =>
        Problems.Problem(StatusCodes.Status500InternalServerError, "answer-not-opened", "Cette réponse est au journal et ne s'ouvre pas.",
            "Réessayez dans quelques minutes. Si cela dure, posez de nouveau la question et prévenez l'exploitation : sa clé manque.");

    /// <summary>Whether that, or damage, is what an exception says.</summary>
    public static bool Is(Exception e) => e is InvalidDataException or AnswerDamagedException;

    public static void Tell(ILoggerFactory logs, Guid consultation) => Log.NotOpened(logs.CreateLogger("Cdr.Rights.Journal"), consultation);

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Error, "The answer of consultation {Consultation} does not open: its key is not here yet, or is gone; if this lasts, verify the journal.")]
        public static partial void NotOpened(ILogger logger, Guid consultation);
    }
}
