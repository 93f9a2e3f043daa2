using System.Text.Json;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Regimes;

public sealed class EveryDialectTests
{
    [Theory]
    [MemberData(nameof(Recorded.Regimes), MemberType = typeof(Recorded))]
    public async Task The_same_file_means_the_same_rights_in_every_dialect(string regime)
    {
        using var harness = new RegimeHarness(AlwaysOpen);
        harness.Plan(Recorded.Body(regime, "found"), Recorded.ContentType(regime));

        var found = Assert.IsType<RegimeAnswer.Found>(await harness.AskAsync(regime));

        Assert.Equal(Json(new RegimeAnswer.Found(Recorded.Rights(regime))), Json(found));
    }

    [Theory]
    [MemberData(nameof(Recorded.Regimes), MemberType = typeof(Recorded))]
    public async Task Each_regime_says_unknown_in_its_own_way(string regime)
    {
        using var harness = new RegimeHarness(AlwaysOpen);
        harness.Plan(Recorded.Body(regime, "unknown"), Recorded.ContentType(regime), Recorded.UnknownStatus(regime));

        Assert.IsType<RegimeAnswer.Unknown>(await harness.AskAsync(regime));
    }

    [Theory]
    [MemberData(nameof(Recorded.Regimes), MemberType = typeof(Recorded))]
    public async Task The_right_words_with_the_wrong_status_are_not_believed(string regime)
    {
        using var harness = new RegimeHarness(AlwaysOpen);
        var wrong = Recorded.UnknownStatus(regime) == System.Net.HttpStatusCode.OK
            ? System.Net.HttpStatusCode.NotFound
            : System.Net.HttpStatusCode.OK;
        harness.Plan(Recorded.Body(regime, "unknown"), Recorded.ContentType(regime), wrong);

        Assert.IsType<RegimeAnswer.Unavailable>(await harness.AskAsync(regime));
    }

    [Theory]
    [MemberData(nameof(Recorded.Regimes), MemberType = typeof(Recorded))]
    public async Task A_file_of_somebody_else_is_no_answer(string regime)
    {
        using var harness = new RegimeHarness(AlwaysOpen);
        harness.Plan(Recorded.Body(regime, "found"), Recorded.ContentType(regime));
        var another = RegimeHarness.ByNir with { Subject = new RegimeSubject.ByNir(Nir.Parse("2790351215189").Value) };
        var twin = RegimeHarness.ByNir with
        {
            Subject = new RegimeSubject.ByNir(Nir.Parse("2550814168025").Value, BirthDate.Parse("1950-20-00").Value, BirthRank.First),
        };

        Assert.Equal(Unreadable, await harness.AskAsync(regime, another));
        Assert.Equal(Unreadable, await harness.AskAsync(regime, twin));
    }

    [Theory]
    [MemberData(nameof(Recorded.Regimes), MemberType = typeof(Recorded))]
    public async Task Nothing_personal_is_in_the_address_the_headers_or_the_logs(string regime)
    {
        using var harness = new RegimeHarness(AlwaysOpen);
        harness.Plan(Recorded.Body(regime, "found"), Recorded.ContentType(regime));
        var question = RegimeHarness.ByNir with
        {
            Subject = new RegimeSubject.ByNir(
                Nir.Parse("2550814168025").Value, BirthDate.Parse("1950-20-00").Value, BirthRank.Create(2).Value),
        };

        var answer = await harness.AskAsync(regime, question);

        var (request, _) = harness.Last;
        var seen = $"{request.RequestUri} {request.Headers} {request.Content!.Headers} {harness.Logs.All} {answer} {question} {question.Subject}";
        Assert.DoesNotContain("2550814168025", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("1950", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("LŒUILLET", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("019aa0c0-0000-7000-8000-000000000001", Assert.Single(request.Headers.GetValues("X-Consultation")));
        Assert.Equal("750712184", Assert.Single(request.Headers.GetValues("X-Establishment")));
        Assert.Equal("emergency", Assert.Single(request.Headers.GetValues("X-Purpose")));
        Assert.StartsWith($"http://regimes.test/regimes/{regime}/", request.RequestUri!.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_answer_reads_back_as_it_was()
    {
        var answer = new RegimeAnswer.Found(Recorded.Rights("cnam") with { Physician = null, ContractSpecificity = null });

        var back = JsonSerializer.Deserialize(Json(answer), RegimeJson.Default.RegimeAnswer);

        Assert.Equal(Json(answer), Json(back!));
    }

    internal static readonly RegimeAnswer Unreadable = new RegimeAnswer.Unavailable(UnavailableReason.Unreadable);

    internal static RegimeRow AlwaysOpen(RegimeRow row) => row with { ClosedDaily = [] };

    internal static string Json(RegimeAnswer answer) => JsonSerializer.Serialize(answer, RegimeJson.Default.RegimeAnswer);
}
