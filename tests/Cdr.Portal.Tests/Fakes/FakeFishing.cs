using Cdr.Contracts.Rights;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Cases of enumeration, as small as their page needs.</summary>
public sealed class FakeFishing
{
    public static readonly Guid First = Guid.Parse("01930000-0000-7000-8000-0000000000c1");

    public List<FishingCase> All { get; } = [];

    /// <summary>Which was lifted, and why.</summary>
    public List<(Guid Id, string? Reason)> Lifts { get; } = [];

    public int PageHolds { get; set; } = 100;

    /// <summary>The other processes have not heard of the next lift.</summary>
    public bool NotShared { get; set; }

    public static FishingCase Case(Guid id, string state = "open", string level = "stopped", string sign = "sequence", string scope = "card") => new(
        id, Samples.Now, scope, "ref-7f3a", "clerk", "590991014", "59", "Admissions", "reception", sign, level, Samples.Now.AddHours(1),
        state, state == "lifted" ? Samples.Now.AddMinutes(10) : null, state == "lifted" ? "ref-operator" : null, state == "lifted" ? FishingLift.CauseCorrected : null);

    public void Map(WebApplication app)
    {
        app.MapGet("/api/fishing/cases", (Guid? before) =>
        {
            var rest = before is { } id ? All.Skip(All.FindIndex(one => one.Id == id) + 1).ToList() : All;
            return new FishingCasePage([.. rest.Take(PageHolds)], rest.Count > PageHolds ? rest[PageHolds - 1].Id : null);
        });
        app.MapPost("/api/fishing/cases/{id:guid}/lift", (Guid id, FishingLift lift) =>
        {
            Lifts.Add((id, lift.Reason));
            if (NotShared)
            {
                NotShared = false;
                return Results.Problem("Recommencez dans quelques instants.", statusCode: 503, title: "La suspension n'est pas encore levée partout.");
            }

            All[All.FindIndex(one => one.Id == id)] = Case(id, "lifted") with { LiftReason = lift.Reason };
            return Results.NoContent();
        });
    }
}
