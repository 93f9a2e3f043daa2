using Cdr.Domain;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Search;

/// <summary>Questions without a chosen regime.</summary>
internal static class Asked
{
    /// <value>Of the present to every regime's clock, so that none is left out for a past date.</value>
    public static DateOnly Today { get; } = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddHours(2).DateTime);

    public static Question About(string nir, BirthDate? birthDate = null) => About(new RegimeSubject.ByNir(Nir.Parse(nir).Value, birthDate));

    public static Question About(RegimeSubject subject) => new()
    {
        Id = Guid.Empty,
        IdIsCallers = false,
        Subject = subject,
        CareDate = Today,
        Today = Today,
        Reason = ConsultationReason.Emergency,
        Regime = null,
        Refresh = false,
        Caller = From("75"),
        Fingerprint = [],
        At = DateTimeOffset.UnixEpoch,
        Started = 0,
    };

    /// <summary>Somebody of an establishment of this département.</summary>
    public static Caller From(string department) => new("s", "", "person", "clerk", Finess.Parse("750712184").Value, Department.Parse(department).Value, "", "", "");
}
