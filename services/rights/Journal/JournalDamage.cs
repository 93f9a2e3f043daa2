using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Journal;

/// <summary>What is stored is not what was signed, of somebody's consultation: they are told whom to call, and operations where it lies.</summary>
internal static partial class JournalDamage
{
    /// <param name="http">Of who asked.</param>
    /// <param name="consultation">Of what.</param>
    /// <param name="where">Which batch, chain or checkpoint; nothing personal.</param>
    public static ProblemHttpResult Problem(HttpContext http, Guid consultation, string where)
    {
        Tell(http.RequestServices.GetRequiredService<ILoggerFactory>(), consultation, where);
        return Problem();
    }

    /// <summary>Where operations were told already.</summary>
    public static ProblemHttpResult Problem() =>
        Problems.Problem(StatusCodes.Status500InternalServerError, "journal-damaged", "Le journal n'est pas celui qui a été signé.", "Prévenez l'exploitation : la vérification du journal dira où. Pour connaître les droits, posez de nouveau la question.");

    public static void Tell(ILoggerFactory logs, Guid consultation, string where) => Log.Damaged(logs.CreateLogger("Cdr.Rights.Journal"), consultation, where);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "The record of consultation {Consultation} is not what was signed: verify the journal. {Where}")]
        public static partial void Damaged(ILogger logger, Guid consultation, string where);
    }
}
