using System.Text;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Regimes;

/// <summary>What goes out, in the words of the regime.</summary>
public sealed class QuestionTests
{
    private static readonly RegimeQuestion Child = RegimeHarness.ByNir with
    {
        Subject = new RegimeSubject.ByNir(
            Nir.Parse("2550814168025").Value, BirthDate.Parse("1950-20-00").Value, BirthRank.Create(2).Value),
    };

    [Theory]
    [InlineData("cnam", """{"nir":"2550814168025","dateNaissanceBeneficiaire":"1950-20-00","rangNaissance":2,"dateSoins":"2026-11-23"}""")]
    [InlineData("msa", """{"nir":"2550814168025","date_naissance_beneficiaire":"00/20/1950","rang_naissance":2,"date_soins":"23/11/2026"}""")]
    [InlineData("interiale", """{"nir":"2550814168025","beneficiaryBirthDate":"00/20/1950","birthRank":2,"careDate":"23/11/2026"}""")]
    [InlineData("mage", """{"nir":"2550814168025","dateNaissanceBeneficiaire":"00201950","rangNaissance":2,"dateSoins":"23112026"}""")]
    public async Task A_beneficiary_is_named_in_json(string regime, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(await SentAsync(regime, Child)));

    [Fact]
    public async Task Names_are_sent_to_a_regime_that_searches_by_name()
    {
        var body = Encoding.UTF8.GetString(await SentAsync("cnam", RegimeHarness.ByName));

        Assert.Equal("""{"nom":"L\u0153uillet","prenom":"No\u00E9","dateNaissance":"1950-20-00","dateSoins":"2026-11-23"}""", body);
    }

    [Fact]
    public async Task Soap_is_written_in_the_encoding_of_the_regime()
    {
        var body = await SentAsync("canssm", RegimeHarness.ByName);

        var text = CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-15")!.GetString(body);
        Assert.Contains("<NOM>Lœuillet</NOM><PRENOM>Noé</PRENOM><DATE_NAISSANCE>19502000</DATE_NAISSANCE><DATE_SOINS>20261123</DATE_SOINS>", text, StringComparison.Ordinal);
        Assert.Contains("<ConsulterDroits xmlns=\"urn:cdr:regime:1\">", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_the_encoding_does_not_have_is_not_changed()
    {
        var polish = RegimeHarness.ByName with { Subject = new RegimeSubject.ByName("Wałęsa", "Zoé", BirthDate.Parse("1943-09-29").Value) };

        var text = Encoding.ASCII.GetString(await SentAsync("canssm", polish));

        Assert.Contains("Wa&#x142;&#x119;sa", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fhir_holds_a_lunar_birth_date_beside_the_element_that_cannot()
    {
        var text = Encoding.UTF8.GetString(await SentAsync("crpcen", Child));

        Assert.Contains("""{"url":"urn:cdr:regime:birth-date","valueString":"1950-20-00"}""", text, StringComparison.Ordinal);
        Assert.Contains("""{"url":"urn:cdr:regime:birth-rank","valueInteger":2}""", text, StringComparison.Ordinal);
        Assert.Contains("""{"system":"urn:oid:1.2.250.1.213.1.4.10","value":"2550814168025"}""", text, StringComparison.Ordinal);
        Assert.Contains("\"servicedDate\":\"2026-11-23\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("birthDate", text, StringComparison.Ordinal);
    }

    private static async Task<byte[]> SentAsync(string regime, RegimeQuestion question)
    {
        using var harness = new RegimeHarness();
        harness.Plan("", "application/json");
        await harness.AskAsync(regime, question);
        return harness.Last.Body;
    }
}
