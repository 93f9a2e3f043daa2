using System.Net;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Regimes;

/// <summary>Bodies written from <c>docs/regime-protocols.md</c>, two a regime of the shipped registry: found and unknown.</summary>
internal static class Recorded
{
    public static IEnumerable<TheoryDataRow<string>> Regimes => RegimeHarness.Shipped.Rows.Select(row => new TheoryDataRow<string>(row.Id.Value));

    public static byte[] Body(string regime, string what) => File.ReadAllBytes(Path.Combine(
        AppContext.BaseDirectory, "Regimes", "Recorded",
        $"{regime}.{what}.{(Row(regime).Protocol == RegimeProtocol.Soap ? "xml" : "json")}"));

    public static string ContentType(string regime) => Row(regime) switch
    {
        { Protocol: RegimeProtocol.Rest } => "application/json; charset=utf-8",
        { Dialect.Encoding: WireEncoding.Latin9 } => "text/xml; charset=iso-8859-15",
        { Protocol: RegimeProtocol.Soap } => "text/xml; charset=utf-8",
        _ => "application/fhir+json",
    };

    public static HttpStatusCode UnknownStatus(string regime) => Row(regime).Dialect.Unknown switch
    {
        UnknownStyle.NotFound or UnknownStyle.OperationOutcome => HttpStatusCode.NotFound,
        UnknownStyle.Fault => HttpStatusCode.InternalServerError,
        _ => HttpStatusCode.OK,
    };

    /// <summary>What every recorded file says, whatever the dialect.</summary>
    public static DatedRights Rights(string regime) => new()
    {
        Insured = new(Nir.Parse("2550814168025").Value, "LŒUILLET", "Renée"),
        Beneficiary = new(
            null, "LŒUILLET", "D'HAŸ", "Noé", BirthDate.Parse("1950-20-00").Value, BirthRank.Create(2).Value, BeneficiaryQuality.Child),
        Organism = new(Organism.Parse($"{Row(regime).Codes[0]}7510000").Value, "Caisse de Paris", "10", "0001"),
        BasePeriods = [Period("2020-01-01/2024-12-31"), Period("2025-06-01/..")],
        Exemptions =
        [
            new(Exemption.Maternity, Period("2026-01-01/2026-06-30")), new(Exemption.LongTermIllness13, Period("2019-03-01/..")),
        ],
        Modulations = [new(Modulation.AlsaceMoselleLocalRegime, Period("2020-01-01/.."))],
        Situations =
        [
            new(SpecialSituation.C2sManagedByCaisse2, Period("2026-01-01/2026-12-31"), ComplementaryBody.C2sManagedByCaisse, true),
        ],
        Maternities = [new(Period("2026-01-01/2026-06-30"), Organism.Parse("017510000").Value)],
        WorkAccidents = [new(WorkAccidentNumber.Parse("123456782").Value, new(2023, 5, 4), new(2023, 5, 4), null)],
        Physician = new(true, "Dr Zoé Älvarez", Rpps.Parse("10001234565").Value, new(2021, 2, 1), null),
        ContractSpecificity = "1",
    };

    public static RegimeRow Row(string regime) => RegimeHarness.Shipped.Find(RegimeId.Parse(regime).Value)!;

    private static CarePeriod Period(string text) => CarePeriod.Parse(text).Value;
}
