using System.Text.RegularExpressions;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Tickets;

/// <summary>To whom a ticket is given. Both are kept in plain: a person's code and a team's, and never what somebody typed of a name.</summary>
internal static partial class Assignment
{
    private const string Me = "me";

    public static string? Given(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();

    /// <summary>Null: a team alone.</summary>
    public static string? Subject(TicketMove move, Actor actor) => Given(move.Assignee) is var who && who == Me ? actor.Subject : who;

    public static async Task<ProblemHttpResult?> RefuseAsync(SupportDb db, TicketMove move, Actor actor, CancellationToken cancellationToken)
    {
        var (who, team) = (Subject(move, actor), Given(move.Team));
        if (who is null && team is null)
            return Problems.Invalid("assignee", "assignee-missing", "Dites à qui le ticket est confié : une personne de la hotline ou une équipe.");
        if (team is not null && !Code().IsMatch(team))
            return Problems.Invalid("team", "team-invalid", "Le code d'une équipe a de 1 à 30 lettres, chiffres ou tirets.");
        return who is null || who == actor.Subject || await IsOfTheHotlineAsync(db, who, cancellationToken)
            ? null
            : Problems.Invalid("assignee", "assignee-unknown", "La hotline ne connaît personne de cet identifiant.", "Donnez l'identifiant qu'un ticket montre : celui de qui l'a ou l'a eu.");
    }

    // There is no list of its people here: who did something, or has a ticket before them.
    private static async Task<bool> IsOfTheHotlineAsync(SupportDb db, string who, CancellationToken cancellationToken) =>
        await db.Entries.AnyAsync(row => row.Actor == who && row.Role == CdrRoles.Hotline, cancellationToken)
        || await db.Looks.AnyAsync(row => row.Subject == who && row.Role == CdrRoles.Hotline, cancellationToken);

    [GeneratedRegex("^[A-Za-z0-9-]{1,30}$", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
