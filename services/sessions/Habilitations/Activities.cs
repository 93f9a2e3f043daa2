using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Habilitations;

/// <summary>Habilitations, in words, in the order of a list to choose from.</summary>
internal static class Activities
{
    public static async Task<IReadOnlyList<Activity>> OfAsync(SessionsDb db, IEnumerable<Habilitation> habilitations, CancellationToken cancellationToken)
    {
        var activities = new List<Activity>();
        foreach (var habilitation in habilitations)
            activities.Add(await OfAsync(db, habilitation, cancellationToken));
        return [.. activities.OrderBy(activity => CdrRoles.All.ToList().IndexOf(activity.Role))
            .ThenBy(activity => activity.Establishment, StringComparer.Ordinal).ThenBy(activity => activity.Label, StringComparer.Ordinal)];
    }

    public static async Task<Activity> OfAsync(SessionsDb db, Habilitation habilitation, CancellationToken cancellationToken)
    {
        var place = habilitation.Establishment?.Name;
        if (habilitation.GroupId is { } id)
            place = (await db.Groups.FirstOrDefaultAsync(group => group.Id == id, cancellationToken))?.Name ?? place;
        var unit = habilitation.Establishment?.Units.FirstOrDefault(one => one.Code == habilitation.Unit);
        var what = habilitation.Role == CdrRoles.Clerk && unit is not null ? unit.Name : Words(habilitation);
        return new Activity(
            habilitation.Id,
            habilitation.Role,
            place is null ? what : $"{what} — {place}",
            habilitation.EstablishmentFiness,
            habilitation.Establishment?.Name,
            habilitation.Unit,
            habilitation.Function);
    }

    private static string Words(Habilitation habilitation) => habilitation.Role switch
    {
        CdrRoles.Clerk => "Consultation des droits",
        CdrRoles.Referent => "Référent technique",
        CdrRoles.FunctionalCorrespondent => "Correspondant fonctionnel",
        CdrRoles.GroupManager => "Responsable de groupe",
        CdrRoles.Hotline => "Assistance (hotline)",
        CdrRoles.Operations => "Exploitation de la plateforme",
        CdrRoles.DataProtection => "Protection des données",
        CdrRoles.RegimeAgent when habilitation.Organism is { } organism => $"Agent de caisse ({habilitation.Regime}, {organism})",
        CdrRoles.RegimeAgent => $"Agent de régime ({habilitation.Regime})",
        CdrRoles.Administrator => "Administration de la plateforme",
        var other => other,
    };
}
