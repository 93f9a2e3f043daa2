using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Testing;
using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Features;

/// <summary>Role × endpoint × one's own establishment's or group's counts, or another's; a filter by its number widens nothing.</summary>
public sealed class EstablishmentMatrixTests(SharedHost shared) : UsageQuestions(shared), IClassFixture<SharedHost>
{
    private const string Seen = "seen";
    private const string Hidden = "not in it";

    private static readonly string[] SeeAll = [CdrRoles.Operations, CdrRoles.DataProtection, CdrRoles.Administrator];
    private static readonly string[] SeeTheirs = [CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.FunctionalCorrespondent, CdrRoles.GroupManager];
    private static readonly string[] Followers = [CdrRoles.Referent, CdrRoles.FunctionalCorrespondent, CdrRoles.GroupManager];

    /// <summary>Who sees their own there.</summary>
    private static readonly (string Endpoint, string Query, string[] Theirs)[] Endpoints =
    [
        ("GET /api/usage/daily", "from=2026-09-01&to=2026-11-20", SeeTheirs),
        ("GET /api/usage/series", "from=2026-09-01&to=2026-11-20&step=day&by=department", SeeTheirs),
        ("GET /api/usage/breakdown", "from=2026-09-01&to=2026-11-20&by=department", SeeTheirs),
        ("GET /api/usage/summary", "from=2026-09-01&to=2026-11-20", SeeTheirs),
        ("GET /api/usage/months", "from=2026-09-01&to=2026-11-20", SeeTheirs),
        ("GET /api/usage/export", "from=2026-09-01&to=2026-11-20", SeeTheirs),
        ("GET /api/usage/export.csv", "from=2026-09-01&to=2026-11-20", SeeTheirs),
        ("GET /api/usage/silent", "days=2", Followers),
    ];

    /// <summary>What is of all, or of nobody's establishment: the objectives' own sums (ReadObjectivesTests), the regimes, the campaigns that operations and administrators steer.</summary>
    private static readonly string[] OfNone =
    [
        "GET /api/usage/objectives", "GET /api/usage/regimes", "GET /api/usage/campaigns", "GET /api/usage/campaigns/{id}/rates", "GET /api/usage/campaigns/{id}/targets",
        "POST /api/usage/campaigns", "POST /api/usage/campaigns/{id}/targets", "POST /api/usage/campaigns/{id}/kit", "POST /api/usage/campaigns/{id}/meetings",
    ];

    [Fact]
    public async Task Each_role_counts_its_own_and_no_others()
    {
        await CountAsync([.. Many(3, Paris, "ghu-paris", "75"), .. Many(40, Lyon, "hcl", "69")]);
        List<string> wrong = [];
        foreach (var role in (string[])[.. CdrRoles.All, "nobody"])
        {
            foreach (var (endpoint, query, theirs) in Endpoints)
            {
                foreach (var filter in endpoint is "GET /api/usage/daily" or "GET /api/usage/silent" ? new[] { "" } : ["", "&establishment=" + Lyon, "&department=69"])
                {
                    var said = await AskAsync(role, endpoint, query + filter);
                    var expected = role == "nobody" ? ("401", "401")
                        : SeeAll.Contains(role) ? (filter.Length == 0 ? Seen : Hidden, Seen)
                        : !theirs.Contains(role) ? ("403", "403")
                        : (filter.Length == 0 ? Seen : Hidden, Hidden);
                    // A number that is not one's own may be refused rather than counted as none.
                    if (said != expected && !(filter.Length > 0 && theirs.Contains(role) && said is ("403", "403")))
                        wrong.Add($"{role} {endpoint} {filter}: {said}, not {expected}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_endpoint_is_in_the_matrix_or_is_of_no_establishment() => Assert.Equal(
        MappedEndpoints.Of(Host.Services), Endpoints.Select(one => one.Endpoint).Concat(OfNone).Order(StringComparer.Ordinal));

    /// <summary>Whether the three of Paris, and the forty of Lyon, are in what is answered: by their names, or in its sum.</summary>
    private async Task<(string Own, string Other)> AskAsync(string role, string endpoint, string query)
    {
        using var response = await Host.ClientOf(role == "nobody" ? null : Token(role, role == CdrRoles.GroupManager ? null : Paris, "ghu-paris")).GetAsync($"{endpoint.Split(' ')[1]}?{query}", Cancel);
        if (response.StatusCode != HttpStatusCode.OK)
            return (Code(response), Code(response));
        if (endpoint.EndsWith("/summary", StringComparison.Ordinal))
            return Parts((await response.Content.ReadFromJsonAsync<UsageSummary>(Cancel))!.Count.Consultations ?? 0);
        if (endpoint.EndsWith("/months", StringComparison.Ordinal))
            return Parts((await response.Content.ReadFromJsonAsync<UsageMonths>(Cancel))!.Months.Sum(month => month.Count.Consultations ?? 0));
        var text = await response.Content.ReadAsStringAsync(Cancel);
        bool Has(string establishment, string department) => endpoint.Contains("series", StringComparison.Ordinal) || endpoint.Contains("breakdown", StringComparison.Ordinal)
            ? text.Contains($"\"{department}\"", StringComparison.Ordinal)
            : text.Contains(establishment, StringComparison.Ordinal);
        return (Has(Paris, "75") ? Seen : Hidden, Has(Lyon, "69") ? Seen : Hidden);
    }

    private static (string Own, string Other) Parts(long sum) => sum switch
    {
        0 => (Hidden, Hidden),
        3 => (Seen, Hidden),
        40 => (Hidden, Seen),
        43 => (Seen, Seen),
        _ => (sum.ToString(CultureInfo.InvariantCulture), ""),
    };

    private static string Code(HttpResponseMessage response) => ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<Contracts.Rights.ConsultationFact> Many(int count, string establishment, string group, string department) =>
        Enumerable.Range(0, count).Select(_ => Facts.One(establishment: establishment, group: group, department: department));
}
