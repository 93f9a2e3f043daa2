using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cdr.Sessions.Tests.Features;

public sealed class DirectoryTests(PrintedCards cards) : IDisposable
{
    private readonly SessionsHost host = new(cards);

    private string DirectoryPath => Path.Combine(host.Folder, "drawer", "directory.json");

    [Fact]
    public async Task Importing_again_changes_nothing()
    {
        var before = await IdsAsync();
        await host.Services.GetRequiredService<DirectoryImport>().ImportAsync(DirectoryPath, TestContext.Current.CancellationToken);
        Assert.NotEmpty(before);
        Assert.Equal(before, await IdsAsync());
    }

    [Fact]
    public async Task What_the_file_changed_is_in_the_trail_and_nothing_where_nothing_changed()
    {
        Task<List<AdministrationRecord>> TrailAsync() => host.InStoreAsync(db => db.AdministrationRecords.Where(record => record.Act == "directory-imported").OrderBy(record => record.At).ToListAsync());
        var import = host.Services.GetRequiredService<DirectoryImport>();
        var first = Assert.Single(await TrailAsync());
        Assert.Equal(Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(DirectoryPath, TestContext.Current.CancellationToken))), first.Target);
        Assert.Matches("^[0-9]+ roles given, 0 changed$", first.Detail);
        Assert.Empty(first.By);
        await import.ImportAsync(DirectoryPath, TestContext.Current.CancellationToken);
        Assert.Single(await TrailAsync());

        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var file = JsonNode.Parse(await File.ReadAllTextAsync(DirectoryPath, TestContext.Current.CancellationToken))!;
        var grant = file["people"]!.AsArray().Select(person => person!["habilitations"]?.AsArray()).First(all => all is { Count: > 0 })![0]!;
        grant["until"] = "2030-01-31";
        await File.WriteAllTextAsync(DirectoryPath, file.ToJsonString(), TestContext.Current.CancellationToken);
        await import.ImportAsync(DirectoryPath, TestContext.Current.CancellationToken);
        Assert.Equal("0 roles given, 1 changed", (await TrailAsync())[^1].Detail);
        Assert.Equal(2, (await TrailAsync()).Count);
    }

    [Fact]
    public async Task An_agent_of_a_caisse_has_it_in_the_token_and_whoever_was_there_before_keeps_their_key()
    {
        async Task<(string? Regime, string? Organism, string Label)> OfAsync(string card)
        {
            var grant = await new TestAgent(host).SignInAsync(card);
            var token = new JsonWebToken(grant.Token.Value);
            return (token.GetClaim("regime").Value, token.TryGetClaim("organism", out var organism) ? organism.Value : null, grant.Activity.Label);
        }

        Assert.Equal(("cnam", "01751", "Agent de caisse (cnam, 01751)"), await OfAsync("cpa-caisse-paris"));
        Assert.Equal(("cnam", "01591", "Agent de caisse (cnam, 01591)"), await OfAsync("cpa-caisse-nord"));
        Assert.Equal(("cnam", null, "Agent de régime (cnam)"), await OfAsync("cpa-regime"));
        Assert.Equal(
            ["regime-agent||||cnam", "regime-agent||||cnam|01591", "regime-agent||||cnam|01751"],
            (await host.InStoreAsync(db => db.Habilitations.Where(one => one.Role == "regime-agent").Select(one => one.Key).ToListAsync())).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_establishment_has_its_departement_and_its_time_zone()
    {
        var departments = await host.InStoreAsync(db => db.Establishments.Select(one => one.Department).Distinct().ToListAsync());
        Assert.Equal(["59", "69", "974"], departments.Order());
        Assert.All(departments, department => Assert.True(Domain.Department.Exists(department)));
    }

    [Fact]
    public async Task A_grant_of_tomorrow_opens_nothing_today_where_the_establishment_is()
    {
        // 21:00 UTC on 30 June is 1 July at La Réunion and still 30 June in Paris.
        await host.InStoreAsync(db => db.Habilitations.Where(one => one.EstablishmentFiness == "970491015" || one.EstablishmentFiness == "690991013")
            .ExecuteUpdateAsync(set => set.SetProperty(h => h.From, new DateOnly(2027, 7, 1))));
        host.Clock.SetUtcNow(new DateTimeOffset(2027, 6, 30, 21, 0, 0, TimeSpan.Zero));
        host.Cards.Publish();
        Assert.Equal(200, (await new TestAgent(host).OpenAsync("cpe-facturation-reunion")).Status);
        Assert.Equal("no-establishment", (await new TestAgent(host).OpenAsync("cpe-urgences-rhone")).Code);
    }

    [Fact]
    public async Task An_employee_nobody_told_of_is_a_clerk_of_the_employer_on_the_card()
    {
        using var card = Print(Deck.Find("cpe-admissions-nord")! with { Number = "3590991014/0000000777" });
        var opening = (await new TestAgent(host).OpenAsync(card)).Value;
        var activity = Assert.Single(opening.Activities);
        Assert.Equal(("clerk", "590991014", null), (activity.Role, activity.Finess, activity.Unit));
        Assert.Single((await new TestAgent(host).OpenAsync(card)).Value.Activities);
    }

    [Theory]
    [InlineData("3590992012", "no-establishment")]
    [InlineData("3690991021", "establishment-not-eligible")]
    [InlineData("6123456789", "liberal-practice")]
    public async Task An_employer_that_is_unknown_not_eligible_or_a_practice_opens_nothing(string structure, string code)
    {
        using var card = Print(Deck.Find("cpe-admissions-nord")! with { Number = structure + "/0000000778", Structure = structure });
        Assert.Equal(code, (await new TestAgent(host).OpenAsync(card)).Code);
    }

    [Fact]
    public async Task A_professional_nobody_told_of_opens_nothing()
    {
        using var card = Print(Deck.Find("cps-infirmier")! with { Number = "881990000993" });
        Assert.Equal("no-establishment", (await new TestAgent(host).OpenAsync(card)).Code);
    }

    [Theory]
    [InlineData("\"role\": \"hotline\"", "\"role\": \"queen\"", "unknown role")]
    [InlineData("\"unit\": \"facturation\", \"from\"", "\"unit\": \"garage\", \"from\"", "unknown unit")]
    [InlineData("\"finess\": \"590991030\"", "\"finess\": \"590991031\"", "not a FINESS")]
    [InlineData("\"organism\": \"01751\"", "\"organism\": \"0175\"", "5 digits")]
    [InlineData("\"role\": \"hotline\"", "\"role\": \"hotline\", \"organism\": \"01751\"", "an agent's of a regime")]
    [InlineData("\"category\": \"124\", \"group\": \"flandre\"", "\"category\": \"124\", \"group\": \"none\"", "unknown group")]
    public async Task A_wrong_file_is_not_taken_and_says_why_without_naming_anybody(string right, string wrong, string why)
    {
        var text = await File.ReadAllTextAsync(DirectoryPath, TestContext.Current.CancellationToken);
        Assert.Contains(right, text, StringComparison.Ordinal);
        var path = Path.Combine(host.Folder, "wrong.json");
        await File.WriteAllTextAsync(path, text.Replace(right, wrong, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var before = await IdsAsync();
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => host.Services.GetRequiredService<DirectoryImport>().ImportAsync(path, TestContext.Current.CancellationToken));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/0000000", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await IdsAsync());
    }

    public void Dispose() => host.Dispose();

    private System.Security.Cryptography.X509Certificates.X509Certificate2 Print(DeckCard card)
    {
        using var authority = DemoAuthority.Ensure(Path.Combine(host.Folder, "drawer"), host.Clock.GetUtcNow());
        return CardPrinter.Print(card, CertificateUse.Authentication, authority, host.Clock.GetUtcNow());
    }

    private Task<List<Guid>> IdsAsync() => host.InStoreAsync(db => db.Habilitations.Select(one => one.Id).OrderBy(id => id).ToListAsync());
}
