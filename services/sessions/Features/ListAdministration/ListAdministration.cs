using Cdr.Contracts.Sessions;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.ListAdministration;

/// <summary>Who gave and took which access: all of it, or what touched one's own establishment.</summary>
internal static class ListAdministration
{
    private const int Most = 200;

    public static RouteHandlerBuilder MapListAdministration(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sessions/administration", HandleAsync).RequireAuthorization(SessionsModule.AdministrationReader).ProducesProblem(401).ProducesProblem(403)
            .WithSummary("Who gave and took which access, the latest first.");

    internal static async Task<Ok<IReadOnlyList<AdministrationEntry>>> HandleAsync(DateOnly? until, HttpContext http, SessionsDb db, PersonRegister register, CancellationToken cancellationToken)
    {
        var reader = Administrator.Of(http.User);
        var records = db.AdministrationRecords.AsNoTracking().AsQueryable();
        if (reader.Role == CdrRoles.Referent)
            records = records.Where(record => record.EstablishmentFiness == reader.Establishment && record.EstablishmentFiness != null);
        if (until is { } day && new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) is var end)
            records = records.Where(record => record.At < end);
        var page = await records.OrderByDescending(record => record.At).ThenByDescending(record => record.Id).Take(Most).ToListAsync(cancellationToken);
        var references = page.SelectMany(record => new[] { record.By, record.Person }).OfType<byte[]>().DistinctBy(Convert.ToHexString).ToList();
        var people = (await db.People.AsNoTracking().Where(person => references.Contains(person.Reference)).ToListAsync(cancellationToken)).ToDictionary(person => Convert.ToHexString(person.Reference), register.NameOf);
        string? NameOf(byte[]? reference) => reference is null ? null : people.GetValueOrDefault(Convert.ToHexString(reference), "");
        return TypedResults.Ok<IReadOnlyList<AdministrationEntry>>([.. page.Select(record => new AdministrationEntry(
            record.Id, record.At, record.Act, NameOf(record.By)!, record.Role, record.Target, NameOf(record.Person), record.EstablishmentFiness, record.Detail))]);
    }
}
