using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.NoteReading;

/// <summary>
/// POST /internal/consultations/{id}/readings: somebody is about to see what Support keeps of an answer, or a file of the ticket that contests
/// it. Journaled as a reading here is, so that the person finds it among the accesses. Not forwarded by the portal's door.
/// </summary>
internal static class NoteReading
{
    public static void MapNoteReading(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/consultations/{id:guid}/readings", HandleAsync).RequireAuthorization(RightsPolicies.Readings);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, EvidenceReading reading, AnsweredConsultations answered)
    {
        if (string.IsNullOrEmpty(reading.Subject))
            return Problems.Invalid("subject", "subject-missing", "Qui lit n'est pas dit.", "Donnez le sujet du jeton de qui va lire.");
        if (!CdrRoles.All.Contains(reading.Role))
            return Problems.Invalid("role", "role-unknown", "Le rôle de qui lit n'est pas connu.", "Choisissez parmi : " + string.Join(", ", CdrRoles.All) + ".");
        try
        {
            // Not 404: an older Rights, which does not have this address, must not pass for a journal that purged it.
            return await answered.NoteReadAsync(id, reading)
                ? TypedResults.NoContent()
                : Problems.Problem(StatusCodes.Status410Gone, "consultation-purged", "Cette consultation n'est plus au journal.", "Passé sa durée de conservation, une consultation est purgée : personne n'y figure plus.");
        }
        catch (JournalUnavailableException)
        {
            return JournalOutage.Problem();
        }
    }
}
