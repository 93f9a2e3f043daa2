using Cdr.Contracts.Rights;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Accesses to a person, as small as their page needs; each asking is remembered.</summary>
public sealed class FakeAccesses
{
    public List<PersonAccess> All { get; } = [];

    /// <summary>What was asked, and whether as a file.</summary>
    public List<(PersonAccessesRequest Request, bool File)> Asked { get; } = [];

    public int ListHolds { get; set; } = 10_000;

    /// <summary>The journal is silent.</summary>
    public bool Silent { get; set; }

    public static PersonAccess Access(int minutes, string what = "answered", string role = "clerk", string reason = "emergency") => new(
        Samples.Now.AddMinutes(minutes), what, Guid.Parse("01930000-0000-7000-8000-0000000000d1"), "ref-7f3a", role, "590991014", "59", "Admissions", "reception", reason, new DateOnly(2026, 11, 20), ["cnam", "unheard-of"]);

    public void Map(WebApplication app) => app.MapPost("/api/persons/accesses", (PersonAccessesRequest request, HttpRequest http) =>
    {
        var file = http.Headers.Accept.ToString().Contains("text/csv", StringComparison.Ordinal);
        Asked.Add((request, file));
        if (Silent)
            return Results.Problem("Recommencez dans quelques instants.", statusCode: 503, title: "Le journal ne répond pas.");
        var lines = All.Where(line => request.Before is not { } end || line.At < end).ToList();
        return file
            ? Results.File("\uFEFFinstant_utc;acte\r\n"u8.ToArray(), "text/csv; charset=utf-8", "acces-2026-11-24.csv")
            : Results.Ok(new PersonAccesses(Samples.Now, request.Purpose!, lines.Count <= ListHolds, [.. lines.TakeLast(ListHolds)]));
    });
}
