using System.Net;
using System.Security.Claims;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Refit;

namespace Cdr.Support.Evidence;

/// <summary>Names to the journal whoever is about to be shown what a ticket keeps of an answer: the person's list of accesses is made there.</summary>
internal sealed partial class EvidenceReadings([FromKeyedServices(SupportModule.Name)] IEvidenceReadingsApi journal, ILogger<EvidenceReadings> log)
{
    /// <summary>Null once they are named, or where the journal has purged the consultation and there is nobody to name them to; else why nothing may be shown.</summary>
    public async Task<ProblemHttpResult?> NoteAsync(Guid consultation, ClaimsPrincipal reader, CancellationToken cancellationToken)
    {
        string Claim(string type) => reader.FindFirst(type)?.Value ?? "";
        var reading = new EvidenceReading
        {
            Subject = Claim(CdrClaims.Subject), Session = Claim(CdrClaims.Session), Role = Claim(CdrClaims.Role), Establishment = Claim(CdrClaims.Finess), Group = Claim(CdrClaims.Group),
            Department = Claim(CdrClaims.Department), Unit = Claim(CdrClaims.Unit), Function = Claim(CdrClaims.Function), Regime = Claim(CdrClaims.Regime),
        };
        try
        {
            using var noted = await journal.NoteAsync(consultation, reading, cancellationToken);
            if (noted.IsSuccessStatusCode)
                return null;
            if (noted.StatusCode == HttpStatusCode.Gone)
            {
                Log.Purged(log, consultation);
                return null;
            }

            Log.Unnoted(log, consultation, ((int)noted.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is HttpRequestException or ApiExceptionBase or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.Unnoted(log, consultation, e.GetType().Name);
        }

        return Problems.Problem(StatusCodes.Status503ServiceUnavailable, "reading-unnoted", "Le journal n'a pas pu noter cette lecture : rien n'est montré.", "Réessayez dans quelques instants.");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The journal has purged consultation {Consultation}, whose frozen answer was read: the reading is noted with the ticket alone.")]
        public static partial void Purged(ILogger logger, Guid consultation);

        [LoggerMessage(2, LogLevel.Warning, "A reading of what is kept of consultation {Consultation} could not be journaled ({Error}): nothing was shown.")]
        public static partial void Unnoted(ILogger logger, Guid consultation, string error);
    }
}
